"""From a request to audio: conditioning, denoiser, autoencoder.

Source: engine specification §3 – §5. The pipeline knows nothing of threads: whoever iterates shows
progress, and stops by not asking for more.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from torch import Tensor, nn

from sa_studio.engine.autoencoder import build_autoencoder
from sa_studio.engine.autoencoder_base import Autoencoder
from sa_studio.engine.checkpoint import load_weights
from sa_studio.engine.conditioning import MultiConditioner, inpainting_input
from sa_studio.engine.config import ModelConfig, model_info, read_model_folder
from sa_studio.engine.denoiser import ConditionTensors, Guidance, GuidedNetwork
from sa_studio.engine.devices import resolve_device, resolve_dtype, use_worker_threads
from sa_studio.engine.dit import DiffusionTransformer
from sa_studio.engine.samplers import SAMPLERS, Range
from sa_studio.engine.text_encoder import TextEncoder, text_encoder_width
from sa_studio.engine.text_encoders import TEXT_ENCODERS
from sa_studio.errors import ModelError, StudioError
from sa_studio.generation import (
    MAX_SEED,
    DecodedChunk,
    GeneratedAudio,
    GenerationRequest,
    ModelInfo,
    PipelineEvent,
    SamplingStep,
)


class _Wrapper(nn.Module):
    """One level of nesting in the published names: ``model.model``, ``pretransform.model``."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model = model


class DiffusionModel(nn.Module):
    """All learned parts under the names of the published checkpoints, without the text encoder."""

    def __init__(self, config: ModelConfig, text_width: int) -> None:
        super().__init__()
        pretransform = config.pretransform
        self.model = _Wrapper(DiffusionTransformer(config.network))
        self.pretransform = _Wrapper(
            build_autoencoder(pretransform.autoencoder, pretransform.scale)
        )
        self.conditioner = MultiConditioner(config, text_width)

    @property
    def network(self) -> DiffusionTransformer:
        """The denoiser network."""
        return cast(DiffusionTransformer, self.model.model)

    @property
    def autoencoder(self) -> Autoencoder:
        """Between latents and audio."""
        return cast(Autoencoder, self.pretransform.model)


class AudioPipeline:
    """A loaded model that makes sound; :func:`load_model` makes one.

    Attributes:
        info: what it is called and what it offers.
        config: its configuration.
        device, dtype: where and how precisely the network runs.
    """

    def __init__(
        self, info: ModelInfo, config: ModelConfig, model: DiffusionModel, text: TextEncoder
    ) -> None:
        self.info = info
        self.config = config
        self.network = model.network
        self.autoencoder = model.autoencoder
        self.conditioner = model.conditioner
        self.text_encoder = text
        weight = model.network.preprocess_conv.weight
        self.device, self.dtype = weight.device, weight.dtype

    def generate(
        self, request: GenerationRequest, init_audio: np.ndarray | None = None
    ) -> Generator[PipelineEvent, None, None]:
        """Make the takes of ``request`` one after the other, each as it would come out alone.

        Args:
            request: what to make; what it leaves open is filled in by the model's defaults.
            init_audio: float32 [channels, samples] at the model's rate, to start from. Of a file
                that the request names, whoever calls has to read it.

        Yields:
            For every take a :class:`SamplingStep` a step, a :class:`DecodedChunk` a chunk and the
            :class:`GeneratedAudio`, which is the chunks joined.

        Raises:
            RequestError: the model cannot use a value of the request.
            StudioError: the model made something that is no sound.
            ValueError: the request names init audio, but none is given.
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
        return self._takes(resolved, init_audio)

    def _takes(
        self, request: GenerationRequest, init_audio: np.ndarray | None
    ) -> Generator[PipelineEvent, None, None]:
        with torch.inference_mode():
            conditions = self._conditions(request)
        for index, take in enumerate(request.takes()):
            yield from self._take(index, take, conditions, init_audio)

    # torch switches inference mode on for each resumption of a decorated generator alone
    @torch.inference_mode()
    def _take(
        self,
        index: int,
        request: GenerationRequest,
        conditions: ConditionTensors,
        init_audio: np.ndarray | None,
    ) -> Iterator[PipelineEvent]:
        seconds, seed, steps = request.seconds, request.seed, request.steps
        assert seconds is not None and seed is not None and steps is not None
        generator = torch.Generator("cpu").manual_seed(seed)
        shape = (1, self.config.network.io_channels, self._frames(seconds))

        # on the CPU and in float32, so that a seed means the same on every device
        def draw() -> Tensor:
            return torch.randn(shape, generator=generator).to(self.device)

        noise = draw()
        init = None
        if init_audio is not None:
            init = self.autoencoder.encode_in_chunks(self._canvas(init_audio, shape[-1]), draw())
        latents = noise
        for step, x in enumerate(self.sample(request, conditions, noise, init, draw), start=1):
            latents = x
            yield SamplingStep(index, step, max(step, steps))
        if not torch.isfinite(latents).all():
            raise _not_finite("latents")
        samples = round(seconds * self.config.sample_rate)
        pieces: list[np.ndarray] = []
        for chunk in self._decode(index, latents, samples):
            pieces.append(chunk.audio)
            yield chunk
        audio = np.concatenate(pieces, axis=-1)
        yield GeneratedAudio(index, request, audio, self.config.sample_rate)

    def sample(
        self,
        request: GenerationRequest,
        conditions: ConditionTensors,
        noise: Tensor,
        init: Tensor | None,
        draw: Callable[[], Tensor],
    ) -> Iterator[Tensor]:
        """The sampler on its way.

        Args:
            request: resolved, for one take.
            conditions: what steers the network, for B items.
            noise: standard normal, [B, C, T].
            init: latents to start from, [B, C, T], or ``None``.
            draw: fresh noise like ``noise``, for samplers that want it.

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
        denoiser = sampler.denoiser(GuidedNetwork(self.network, conditions, guidance))
        start = denoiser.start(noise, levels[0], init)
        return sampler.function(denoiser, start, levels, draw)

    def _decode(self, take: int, latents: Tensor, samples: int) -> Iterator[DecodedChunk]:
        """The first ``samples`` samples, chunk by chunk."""
        ratio = self.autoencoder.downsampling_ratio
        # Frames beyond the end matter as far as the decoder reaches; the rest is never decoded.
        needed = math.ceil(samples / ratio)
        reach = needed + self.autoencoder.decode_context.right
        size = self.autoencoder.decode_chunk_sizes[0]
        chunks = math.ceil(needed / size)
        decoded = self.autoencoder.decode_chunks(latents[..., :reach], size)
        for index, (start, audio) in zip(range(1, chunks + 1), decoded, strict=False):
            if not torch.isfinite(audio).all():
                raise _not_finite("audio")
            piece = audio[0, :, : samples - start].cpu().numpy()
            yield DecodedChunk(take, index, chunks, start, samples, piece)

    def _conditions(self, request: GenerationRequest) -> ConditionTensors:
        """What the conditioners make of the request, for one take."""
        encoded = self.conditioner.encode(self._inputs(request, request.prompt))
        negative = None
        if request.negative_prompt.strip() and request.guidance_scale != 1.0:
            negative = self.conditioner.encode(self._inputs(request, request.negative_prompt))
        concat = None
        if self.config.input_concat_ids:
            # a model for inpainting makes everything anew where nothing is kept
            blank = torch.zeros(1, self.config.network.io_channels, 1, device=self.device)
            concat = inpainting_input(torch.zeros(1, 1, device=self.device), blank)
        return ConditionTensors(
            tokens=self._cast(self.conditioner.cross_attention(encoded)),
            global_cond=self._cast(self.conditioner.global_condition(encoded)),
            negative_tokens=(
                None if negative is None else self._cast(self.conditioner.cross_attention(negative))
            ),
            input_concat=concat,
        )

    def _inputs(self, request: GenerationRequest, prompt: str) -> dict[str, list[Any]]:
        """The value of every condition, by its id."""
        assert request.seconds is not None
        whole = self.config.studio.whole_seconds
        seconds = math.ceil(request.seconds) if whole else request.seconds
        numbers = {"seconds_start": 0, "seconds_total": seconds}
        return {
            item.id: [numbers[item.id]]
            if item.id in numbers
            else self.text_encoder.encode([prompt])
            for item in self.config.conditioners
        }

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


def _not_finite(what: str) -> StudioError:
    return StudioError(
        f"The model made {what} with values that are no numbers",
        "Use the precision float32; if it goes on, the model's files may be damaged.",
    )


def _stored_as(name: str, precision: torch.dtype) -> torch.dtype:
    """The small parts that numbers go through stay float32: half would merge neighbours."""
    is_small = name.startswith("conditioner.") or name.endswith("timestep_features.weight")
    return torch.float32 if is_small else precision


def load_model(
    path: Path | str, *, device: str = "auto", dtype: str = "auto", model_id: str | None = None
) -> AudioPipeline:
    """Load the model in a folder.

    Args:
        path: the model folder.
        device, dtype: as in :class:`~sa_studio.generation.GenerationRequest`.
        model_id: what to call it; the folder's name if ``None``.

    Raises:
        ModelError: the folder is missing, incomplete, damaged or of a family that cannot be run.
        StudioError: there is no such device or precision.
    """
    folder = Path(path)
    if not folder.is_dir():
        raise ModelError(f"There is no model folder {str(folder)!r}", "Check the path.")
    place = resolve_device(device)
    precision = resolve_dtype(dtype, place)
    use_worker_threads()
    config = read_model_folder(folder)
    info = model_info(folder, model_id or folder.name, config)
    with torch.device("meta"):
        model = DiffusionModel(config, text_encoder_width(folder))
    load_weights(model, folder, device=place, dtype=lambda name: _stored_as(name, precision))
    text = next(item for item in config.conditioners if item.type in TEXT_ENCODERS)
    encoder = TEXT_ENCODERS[text.type].load(folder, text, device=place, dtype=precision)
    return AudioPipeline(info, config, model.eval().requires_grad_(False), encoder)
