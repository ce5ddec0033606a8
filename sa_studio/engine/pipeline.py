"""From a request to audio: conditioning, denoiser, autoencoder.

Source: engine specification §3 – §5. The pipeline knows nothing of threads: whoever iterates shows
progress, and stops by not asking for more.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from sa_studio.engine.config import BEAT_CLOCK, ModelConfig
from sa_studio.engine.denoiser import ConditionTensors, Guidance, GuidedNetwork
from sa_studio.engine.devices import DTYPES, release_memory
from sa_studio.engine.diffusion_model import DiffusionModel, stored_as
from sa_studio.engine.frame_conditions import beat_clock, inpainting_input
from sa_studio.engine.lora.file import read_lora
from sa_studio.engine.lora.merger import LoraMerger, LoraUse
from sa_studio.engine.lora.names import CONDITIONERS, NETWORK
from sa_studio.engine.memory_plan import FULL_PRECISION, MemoryPlan
from sa_studio.engine.preview import Previewer
from sa_studio.engine.prompt_reader import PromptReader
from sa_studio.engine.samplers import SAMPLERS, Range
from sa_studio.errors import NotFinite
from sa_studio.generation import (
    MAX_SEED,
    DecodedChunk,
    GeneratedAudio,
    GenerationRequest,
    ModelInfo,
    PipelineEvent,
    SamplingStep,
)
from sa_studio.vocabulary.music import note_in, tempo_in


class AudioPipeline:
    """A loaded model that makes sound; :func:`~sa_studio.engine.loading.load_model` makes one.

    Args:
        info: what it is called and what it offers.
        config: its configuration.
        model: its parts, with weights as ``plans[0]`` has them.
        prompts: reads prompts.
        plans: how to run it in the memory there is, the way to begin with first; behind it what
            takes less and less.
        device: where to compute.

    Attributes:
        plan: the way it is run now.
    """

    def __init__(
        self,
        info: ModelInfo,
        config: ModelConfig,
        model: DiffusionModel,
        prompts: PromptReader,
        plans: Sequence[MemoryPlan],
        device: torch.device,
    ) -> None:
        self.info = info
        self.config = config
        self.network = model.network
        self.autoencoder = model.autoencoder
        self.conditioner = model.conditioner
        self.prompts = prompts
        self.device = device
        self.plan, *self._smaller = plans
        self._model = model
        self._loras = LoraMerger({NETWORK: self.network, CONDITIONERS: self.conditioner})
        self._use(self.plan)

    @property
    def dtype(self) -> torch.dtype:
        """How precisely the network runs."""
        return self.network.preprocess_conv.weight.dtype

    @property
    def is_full_precision(self) -> bool:
        """Whether nothing is computed less precisely than it could be."""
        return {self.plan.dtype, self.plan.autoencoder_dtype} == {FULL_PRECISION}

    @property
    def can_shrink(self) -> bool:
        """Whether there is a plan that takes less memory."""
        return bool(self._smaller)

    def shrink(self) -> None:
        """Change to the next smaller plan.

        Sounds that are being made must be given up first.

        Raises:
            ValueError: there is none.
        """
        if not self._smaller:
            raise ValueError(f"nothing is smaller than: {self.plan}")
        self._use(self._smaller.pop(0))
        release_memory()

    def _use(self, plan: MemoryPlan) -> None:
        for name, tensor in self._model.state_dict(keep_vars=True).items():
            if tensor.is_floating_point() and tensor.dtype != stored_as(name, plan):
                tensor.data = tensor.data.to(stored_as(name, plan))
        self.plan = plan
        self.prompts.dtype = DTYPES[plan.dtype]
        self.prompts.keeps_encoder = plan.keeps_text_encoder
        if not plan.keeps_text_encoder:
            self.prompts.free()
        if plan.offloads:
            for part in (self.network, self.autoencoder):
                part.to("cpu")

    def _bring(self, part: nn.Module) -> None:
        """Have ``part`` ready on the device; under a plan that offloads, others make room first."""
        if self.plan.offloads:
            for other in (self.network, self.autoencoder):
                if other is not part:
                    other.to("cpu")
            part.to(self.device)
        if part is self.autoencoder:
            self.autoencoder.work_on(self.device.type)

    @property
    def loras(self) -> tuple[LoraUse, ...]:
        """The LoRAs that the weights are merged with now, and their strengths."""
        return self._loras.used

    def use_loras(self, loras: Sequence[LoraUse]) -> None:
        """Merge the weights with these LoRAs and no others, for what is generated from now on.

        :meth:`generate` does so itself with the LoRAs of its request. What comes with it in
        memory and time: :class:`~sa_studio.engine.lora.merger.LoraMerger`.

        Raises:
            LoraError: one of them is for another model; those in use stay.
        """
        self._loras.use(loras)

    def generate(
        self,
        request: GenerationRequest,
        init_audio: np.ndarray | None = None,
        lora_files: Sequence[Path] | None = None,
        previews: bool = False,
    ) -> Generator[PipelineEvent, None, None]:
        """Make the takes of ``request`` one after the other, each as it would come out alone.

        Args:
            request: what to make; what it leaves open is filled in by the model's defaults.
            init_audio: float32 [channels, samples] at the model's rate, to start from. Of a file
                that the request names, whoever calls has to read it.
            lora_files: the file of each LoRA that the request names, in the same order; if
                ``None``, their names are the paths of files.
            previews: let steps carry the envelope of the sound as it is foreseen, where that
                costs little; the sound is the same.

        Yields:
            For every take a :class:`SamplingStep` a step, a :class:`DecodedChunk` a chunk and the
            :class:`GeneratedAudio`, which is the chunks joined.

        Raises:
            RequestError: the model cannot use a value of the request.
            LoraError: a LoRA cannot be read, or is for another model.
            NotFinite: the model made values that are no numbers.
            ValueError: the request names init audio, but none is given, or other LoRAs.
        """
        problems = self.info.problems(request)
        if problems:
            raise problems[0]
        if request.init_audio is not None and init_audio is None:
            raise ValueError(f"the samples of {str(request.init_audio)!r} are not given")
        resolved = self.info.resolved(request, seed=random.SystemRandom().randint(0, MAX_SEED))
        if init_audio is not None and resolved.init_noise_level is None:
            level = request.init_noise_level or self.info.defaults.init_noise_level
            resolved = replace(resolved, init_noise_level=level)
        return self._takes(resolved, init_audio, _read_loras(request, lora_files), previews)

    def _takes(
        self,
        request: GenerationRequest,
        init_audio: np.ndarray | None,
        loras: Sequence[LoraUse],
        previews: bool,
    ) -> Generator[PipelineEvent, None, None]:
        self.use_loras(loras)
        with torch.inference_mode():
            conditions = self._conditions(request)
        for index, take in enumerate(request.takes()):
            yield from self._take(index, take, conditions, init_audio, previews)

    # torch switches inference mode on for each resumption of a decorated generator alone
    @torch.inference_mode()
    def _take(
        self,
        index: int,
        request: GenerationRequest,
        conditions: ConditionTensors,
        init_audio: np.ndarray | None,
        previews: bool,
    ) -> Iterator[PipelineEvent]:
        seconds, seed, steps = request.seconds, request.seed, request.steps
        assert seconds is not None and seed is not None and steps is not None
        samples = round(seconds * self.config.sample_rate)
        generator = torch.Generator("cpu").manual_seed(seed)
        shape = (1, self.config.network.io_channels, self._frames(seconds))

        # on the CPU and in float32, so that a seed means the same on every device
        def draw() -> Tensor:
            return torch.randn(shape, generator=generator).to(self.device)

        noise = draw()
        init = None
        if init_audio is not None:
            self._bring(self.autoencoder)
            init = self.autoencoder.encode_in_chunks(self._canvas(init_audio, shape[-1]), draw())
        latents = noise
        self._bring(self.network)
        previewer = Previewer(self.autoencoder, samples) if previews else None
        see = previewer.see if previewer else None
        walk = self.sample(request, conditions, noise, init, draw, see)
        for step, x in enumerate(walk, start=1):
            latents = x
            envelope = previewer.envelope() if previewer else None
            is_sketch = previewer is not None and previewer.is_sketch
            yield SamplingStep(index, step, max(step, steps), envelope, is_sketch)
        if not torch.isfinite(latents).all():
            raise NotFinite("latents")
        self._bring(self.autoencoder)
        pieces: list[np.ndarray] = []
        for chunk in self._decode(index, latents, samples):
            pieces.append(chunk.audio)
            yield chunk
        audio = np.concatenate(pieces, axis=-1)
        yield GeneratedAudio(
            index, request, audio, self.config.sample_rate, f"{self.device}, {self.plan}"
        )

    def sample(
        self,
        request: GenerationRequest,
        conditions: ConditionTensors,
        noise: Tensor,
        init: Tensor | None,
        draw: Callable[[], Tensor],
        see: Callable[[Tensor], None] | None = None,
    ) -> Iterator[Tensor]:
        """The sampler on its way.

        Args:
            request: resolved, for one take.
            conditions: what steers the network, for B items.
            noise: standard normal, [B, C, T].
            init: latents to start from, [B, C, T], or ``None``.
            draw: fresh noise like ``noise``, for samplers that want it.
            see: called with what the denoiser makes of each x.

        Yields:
            x [B, C, T] after each step; the last are the latents.
        """
        assert request.sampler is not None and request.guidance_scale is not None
        assert request.steps is not None and request.sigma_min is not None
        assert request.sigma_max is not None and request.rho is not None
        sampler = SAMPLERS[request.sampler]
        sigma_max = request.sigma_max
        if init is not None and request.init_noise_level is not None:
            sigma_max = request.init_noise_level
        levels = sampler.schedule(request.steps, Range(request.sigma_min, sigma_max, request.rho))
        guidance = Guidance(
            request.guidance_scale, request.guidance_rescale, request.guidance_interval
        )
        network = GuidedNetwork(
            self.network, conditions, guidance, splits=self.plan.splits_guidance
        )
        denoiser = sampler.denoiser(network)
        denoiser.see = see
        start = denoiser.start(noise, levels[0], init)
        return sampler.function(denoiser, start, levels, draw)

    def _decode(self, take: int, latents: Tensor, samples: int) -> Iterator[DecodedChunk]:
        """The first ``samples`` samples, chunk by chunk."""
        ratio = self.autoencoder.downsampling_ratio
        # Frames beyond the end matter as far as the decoder reaches; the rest is never decoded.
        needed = math.ceil(samples / ratio)
        reach = needed + self.autoencoder.decode_context.right
        size = self.plan.decode_chunk
        chunks = math.ceil(needed / size)
        decoded = self.autoencoder.decode_chunks(latents[..., :reach], size)
        for index, (start, audio) in zip(range(1, chunks + 1), decoded, strict=False):
            if not torch.isfinite(audio).all():
                raise NotFinite("audio")
            piece = audio[0, :, : samples - start].cpu().numpy()
            yield DecodedChunk(take, index, chunks, start, samples, piece)

    def _conditions(self, request: GenerationRequest) -> ConditionTensors:
        """What the conditioners make of the request, for one take."""
        encoded = self.conditioner.encode(self._inputs(request, request.prompt))
        negative_tokens = negative_global = None
        if request.guidance_scale != 1.0:
            prompt = request.negative_prompt if request.negative_prompt.strip() else None
            negative = self.conditioner.encode(self._inputs(request, prompt))
            negative_global = self.conditioner.global_condition(negative)
            if prompt is not None:
                negative_tokens = self.conditioner.cross_attention(negative)
        return ConditionTensors(
            tokens=self._cast(self.conditioner.cross_attention(encoded)),
            global_cond=self._cast(self.conditioner.global_condition(encoded)),
            negative_tokens=self._cast(negative_tokens),
            negative_global=self._cast(negative_global),
            input_concat=self._frame_conditions(request),
        )

    def _frame_conditions(self, request: GenerationRequest) -> Tensor | None:
        """What the network reads beside the latents, [1, input_concat_dim, frames or 1]."""
        if not self.config.input_concat_ids:
            return None
        if self.config.input_concat_ids == (BEAT_CLOCK,):
            assert request.seconds is not None
            frame_seconds = self.autoencoder.downsampling_ratio / self.config.sample_rate
            clock = beat_clock(
                tempo_in(request.prompt), self._frames(request.seconds), frame_seconds
            )
            return clock[None].to(self.device)
        # a model for inpainting makes everything anew where nothing is kept
        blank = torch.zeros(1, self.config.network.io_channels, 1, device=self.device)
        return inpainting_input(torch.zeros(1, 1, device=self.device), blank)

    def _inputs(self, request: GenerationRequest, prompt: str | None) -> dict[str, list[Any]]:
        """The value of every condition, by its id; without a prompt there is none of it."""
        assert request.seconds is not None
        whole = self.config.studio.whole_seconds
        seconds = math.ceil(request.seconds) if whole else request.seconds
        # what a prompt does not tell is zero
        numbers = {
            "seconds_start": 0,
            "seconds_total": seconds,
            "note": note_in(prompt or "") or 0,
            "tempo": tempo_in(prompt or "") or 0,
        }
        inputs: dict[str, list[Any]] = {}
        for item in self.config.conditioners:
            if item.id in numbers:
                inputs[item.id] = [numbers[item.id]]
            elif prompt is not None:
                inputs[item.id] = [self.prompts.states(prompt)]
        return inputs

    def _frames(self, seconds: float) -> int:
        """How many latent frames are made for a sound of this length."""
        ratio = self.autoencoder.downsampling_ratio
        samples = self.config.sample_size
        if self.config.studio.canvas == "request":
            wanted = math.ceil(seconds * self.config.sample_rate)
            samples = min(samples, max(wanted, self.config.studio.min_canvas))
        patch = self.config.network.patch_size
        return math.ceil(samples / (ratio * patch)) * patch

    def _canvas(self, audio: np.ndarray, frames: int) -> Tensor:
        """Init audio [channels, samples], fitted to the canvas: [1, channels, frames·ratio]."""
        channels = self.autoencoder.audio_channels
        if audio.shape[0] == 1:
            audio = np.repeat(audio, channels, axis=0)
        length = frames * self.autoencoder.downsampling_ratio
        canvas = torch.zeros(1, channels, length)
        fitting = torch.from_numpy(np.ascontiguousarray(audio[:channels, :length]))
        canvas[0, :, : fitting.shape[-1]] = fitting
        return canvas.to(self.device)

    def _cast(self, tensor: Tensor | None) -> Tensor | None:
        return None if tensor is None else tensor.to(self.dtype)


def _read_loras(request: GenerationRequest, files: Sequence[Path] | None) -> list[LoraUse]:
    if files is None:
        files = [Path(name) for name, _ in request.loras]
    if len(files) != len(request.loras):
        raise ValueError(f"{len(files)} files for {len(request.loras)} LoRAs")
    return [
        (read_lora(file), strength)
        for file, (_, strength) in zip(files, request.loras, strict=True)
    ]
