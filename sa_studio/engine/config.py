"""``model_config.json`` as typed values; standard library only, so that lists need no torch.

Source of the schema: engine specification §1 (the published configurations of Stable Audio Open).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sa_studio.engine.autoencoder_config import PretransformConfig, read_pretransform
from sa_studio.engine.config_fields import HINT, read_fields
from sa_studio.engine.diffusers_config import MAX_TOKENS, diffusers_model_config
from sa_studio.engine.families import refuse_foreign_family
from sa_studio.engine.layouts import NATIVE_CONFIG, Layout, recognise_layout
from sa_studio.engine.network_config import DiTConfig, read_dit_config
from sa_studio.errors import ModelError
from sa_studio.generation import ModelInfo, SamplingDefaults
from sa_studio.json_file import read_json
from sa_studio.vocabulary.sounds import SoundClass, Vocabulary

CONFIG_FILE = NATIVE_CONFIG
NUMBER_TYPES = ("number", "int")
# the ids of the numbers that follow from a request, and of those that its prompt tells
REQUEST_NUMBERS = ("seconds_start", "seconds_total")
PROMPT_NUMBERS = ("note", "tempo")
# the input_concat_ids of a model that is told where in the bar each frame is, by the beats in a
# turn of each hand of its clock: two bars, a bar, a half, a quarter, an eighth, a sixteenth note
BEAT_CLOCK = "beat_clock"
BEAT_CLOCK_HANDS = (8.0, 4.0, 2.0, 1.0, 0.5, 0.25)
MODEL_TYPES = ("diffusion_cond", "diffusion_cond_inpaint")

# objective → the samplers it offers, its usual one first (specification §4)
SAMPLERS: dict[str, tuple[str, ...]] = {
    "v": (
        "dpmpp-3m-sde",
        "dpmpp-2m-sde",
        "dpmpp-2m",
        "k-heun",
        "k-dpm-2",
        "k-dpmpp-2s-ancestral",
        "k-lms",
        "k-dpm-fast",
        "k-dpm-adaptive",
        "v-ddim",
        "v-ddim-cfgpp",
    ),
    "rectified_flow": ("euler", "dpmpp", "rk4", "pingpong"),
    "rf_denoiser": ("pingpong", "euler", "dpmpp", "rk4"),
}
# steps and guidance scale of the model cards (specification §4.2)
USUAL_STEPS = {"v": (100, 7.0), "rectified_flow": (50, 7.0), "rf_denoiser": (8, 1.0)}


@dataclass(frozen=True, slots=True)
class ConditionerConfig:
    """One conditioner: a text encoder ("t5", "minilm") or a learned "number" or "int".

    Attributes:
        max_length: tokens of a text encoder, padding included.
        min_val, max_val: range of a number; values outside are clamped.
        output_dim: width of what it gives.
        project_out: a learned projection follows the text encoder even if the widths agree.
        pooled: the mean of the states of a text encoder comes first, as a token of its own.
    """

    id: str
    type: str
    output_dim: int
    max_length: int = 128
    min_val: float = 0.0
    max_val: float = 1.0
    project_out: bool = False
    pooled: bool = False

    @property
    def tokens(self) -> int:
        """How many it gives to cross-attention."""
        return 1 if self.type in NUMBER_TYPES else self.max_length + self.pooled


@dataclass(frozen=True, slots=True)
class StudioSection:
    """The optional section ``"sa_studio"``: what a model says of itself to this application.

    Attributes:
        defaults: fields of :class:`SamplingDefaults` that differ from the objective's usual ones.
        canvas: "training" always makes ``sample_size`` samples and crops; "request" makes only
            the latents that the seconds asked for need, at least ``min_canvas`` samples.
        whole_seconds: condition on the next whole number of seconds, as Stable Audio Open was
            trained, or on the exact number.
        classes: the sounds that it makes, with the fields of :class:`SoundClass`.
        words: what else it heeds: "bright", "in a hall".
    """

    title: str = ""
    defaults: Mapping[str, Any] = field(default_factory=dict)
    canvas: str = "training"
    min_canvas: int = 0
    whole_seconds: bool = True
    example_prompts: tuple[str, ...] = ()
    classes: tuple[Mapping[str, Any], ...] = ()
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ModelConfig:
    """A whole model.

    Attributes:
        sample_size: the canvas in samples; the longest sound. Fine-tunes have any length, such as
            bars at a tempo; what is made is cropped to it.
        objective: "v", "rectified_flow" or "rf_denoiser".
        cross_attention_ids, global_ids, input_concat_ids: which conditions go where, in order.
    """

    model_type: str
    sample_rate: int
    sample_size: int
    audio_channels: int
    pretransform: PretransformConfig
    conditioners: tuple[ConditionerConfig, ...]
    objective: str
    cross_attention_ids: tuple[str, ...]
    global_ids: tuple[str, ...]
    input_concat_ids: tuple[str, ...]
    network: DiTConfig
    studio: StudioSection = StudioSection()

    @property
    def defaults(self) -> SamplingDefaults:
        """What a request uses where it says nothing."""
        steps, guidance_scale = USUAL_STEPS[self.objective]
        values: dict[str, Any] = {
            "sampler": SAMPLERS[self.objective][0],
            "steps": steps,
            "guidance_scale": guidance_scale,
            "seconds": min(10.0, self.max_seconds),
            "init_noise_level": 5.0 if self.objective == "v" else 0.7,
            **self.studio.defaults,
        }
        return read_fields(SamplingDefaults, values, "sa_studio.defaults")

    @property
    def vocabulary(self) -> Vocabulary:
        """The sounds and words that the model knows, as far as it says."""
        return Vocabulary(
            tuple(
                read_fields(SoundClass, item, f"sa_studio.classes[{number}]")
                for number, item in enumerate(self.studio.classes)
            ),
            self.studio.words,
        )

    @property
    def longest_sequence(self) -> int:
        """What the network sees at once: patches of the canvas and what is put before them."""
        ratio = self.pretransform.autoencoder.downsampling_ratio * self.network.patch_size
        before = self.network.num_memory_tokens + (self.network.global_cond_type == "prepend")
        return math.ceil(self.sample_size / ratio) + before

    @property
    def max_seconds(self) -> float:
        """Length of the canvas in seconds."""
        return self.sample_size / self.sample_rate


@dataclass(frozen=True, slots=True)
class _TopLevel:
    model_type: str
    sample_size: int
    sample_rate: int
    model: Mapping[str, Any]
    audio_channels: int = 2
    sa_studio: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Model:
    pretransform: Mapping[str, Any]
    conditioning: Mapping[str, Any]
    diffusion: Mapping[str, Any]
    io_channels: int


@dataclass(frozen=True, slots=True)
class _Conditioning:
    configs: tuple[Mapping[str, Any], ...]
    cond_dim: int


@dataclass(frozen=True, slots=True)
class _Diffusion:
    type: str
    config: Mapping[str, Any]
    diffusion_objective: str = "v"
    cross_attention_cond_ids: tuple[str, ...] = ()
    global_cond_ids: tuple[str, ...] = ()
    input_concat_ids: tuple[str, ...] = ()
    prepend_cond_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Conditioner:
    id: str
    type: str
    config: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _TextEncoder:
    max_length: int = 128
    project_out: bool = False
    pooled: bool = False
    output_dim: int | None = None


@dataclass(frozen=True, slots=True)
class _NumberRange:
    min_val: float = 0.0
    max_val: float = 1.0
    output_dim: int | None = None


def read_model_folder(folder: Path) -> ModelConfig:
    """Read and check the configuration of the model in ``folder``, native or diffusers.

    Raises:
        ModelError: there is no model, or :func:`read_model_config`'s reasons.
    """
    if recognise_layout(folder) is Layout.DIFFUSERS:
        return parse_model_config(diffusers_model_config(folder))
    return read_model_config(folder / CONFIG_FILE)


def read_model_config(path: Path) -> ModelConfig:
    """Read and check ``model_config.json``.

    Raises:
        ModelError: the file is missing or no JSON, the model belongs to another family, or a
            value is unknown, missing or out of place.
    """
    try:
        content = read_json(path)
    except FileNotFoundError:
        raise ModelError(
            f"There is no {CONFIG_FILE} in {str(path.parent)!r}",
            "Choose a model folder with model_config.json and model.safetensors.",
        ) from None
    except (OSError, ValueError) as error:
        raise ModelError(f"{str(path)!r} cannot be read: {error}", HINT) from error
    return parse_model_config(content)


def parse_model_config(content: object) -> ModelConfig:
    """The typed form of the content of ``model_config.json``; raises ModelError."""
    if isinstance(content, Mapping) and content.get("model_type") not in MODEL_TYPES:
        raise ModelError(
            f"Models of type {content.get('model_type')!r} cannot be run; this application runs "
            f"{' and '.join(MODEL_TYPES)}",
            HINT,
        )
    if isinstance(content, Mapping):
        refuse_foreign_family(content.get("model"))
    top = read_fields(_TopLevel, content, "The top level", ignored=("training", "lora"))
    model = read_fields(_Model, top.model, "model")
    diffusion = read_fields(
        _Diffusion,
        model.diffusion,
        "model.diffusion",
        ignored=("distribution_shift_options",),  # for training
    )
    if diffusion.type != "dit":
        raise ModelError(f"A diffusion network of type {diffusion.type!r} cannot be run", HINT)
    if diffusion.diffusion_objective not in SAMPLERS:
        raise ModelError(
            f"The diffusion objective {diffusion.diffusion_objective!r} cannot be run", HINT
        )
    if diffusion.prepend_cond_ids:
        raise ModelError("model.diffusion: prepend_cond_ids cannot be run", HINT)
    conditioning = read_fields(
        _Conditioning,
        model.conditioning,
        "model.conditioning",
        ignored=("default_keys", "pre_encoded_keys"),
    )
    config = ModelConfig(
        model_type=top.model_type,
        sample_rate=top.sample_rate,
        sample_size=top.sample_size,
        audio_channels=top.audio_channels,
        pretransform=read_pretransform(model.pretransform, "model.pretransform"),
        conditioners=tuple(
            _read_conditioner(item, conditioning.cond_dim) for item in conditioning.configs
        ),
        objective=diffusion.diffusion_objective,
        cross_attention_ids=diffusion.cross_attention_cond_ids,
        global_ids=diffusion.global_cond_ids,
        input_concat_ids=diffusion.input_concat_ids,
        network=read_dit_config(diffusion.config),
        studio=read_fields(StudioSection, top.sa_studio, "sa_studio"),
    )
    _check_consistency(config, model.io_channels)
    return config


def _read_conditioner(mapping: Mapping[str, Any], cond_dim: int) -> ConditionerConfig:
    section = read_fields(_Conditioner, mapping, "model.conditioning.configs")
    where = f"model.conditioning.configs: {section.id}"
    if section.type in ("t5", "minilm"):
        text = read_fields(
            _TextEncoder, section.config, where, ignored=("t5_model_name", "enable_grad")
        )
        if not 1 <= text.max_length <= MAX_TOKENS:
            raise ModelError(f"{where}: a prompt of {text.max_length} tokens cannot be run", HINT)
        return ConditionerConfig(
            section.id,
            section.type,
            text.output_dim or cond_dim,
            max_length=text.max_length,
            project_out=text.project_out,
            pooled=text.pooled,
        )
    if section.type in NUMBER_TYPES:
        span = read_fields(_NumberRange, section.config, where)
        if span.min_val >= span.max_val:
            raise ModelError(f"{where}: {span.min_val:g} to {span.max_val:g} is no range", HINT)
        return ConditionerConfig(
            section.id,
            section.type,
            span.output_dim or cond_dim,
            min_val=span.min_val,
            max_val=span.max_val,
        )
    raise ModelError(f"{where}: a conditioner of type {section.type!r} cannot be run", HINT)


def _check_consistency(config: ModelConfig, io_channels: int) -> None:
    """Refuse values that contradict each other, before any weight is read."""
    latent = config.pretransform.autoencoder.latent_channels
    widths = {item.id: item.output_dim for item in config.conditioners}
    unknown = sorted({*config.cross_attention_ids, *config.global_ids} - set(widths))
    problems = []
    texts = [item.id for item in config.conditioners if item.type not in NUMBER_TYPES]
    if len(texts) != 1:
        problems.append(f"one conditioner has to read the prompt, not {len(texts)}")
    strange = sorted(set(widths) - set(texts) - {*REQUEST_NUMBERS, *PROMPT_NUMBERS})
    if strange:
        problems.append(f"no request says what {', '.join(strange)} shall be")
    if unknown:
        problems.append(f"no conditioner is called {', '.join(unknown)}")
    if not latent == io_channels == config.network.io_channels:
        problems.append(
            f"the latents have {latent} channels in the autoencoder, {io_channels} in the model "
            f"and {config.network.io_channels} in the network"
        )
    if config.sample_rate < 1 or config.sample_size < 1:
        problems.append(
            f"{config.sample_size} samples at {config.sample_rate} Hz are no length of a sound"
        )
    hands = 2 * len(BEAT_CLOCK_HANDS)
    if config.input_concat_ids == (BEAT_CLOCK,) and config.network.input_concat_dim != hands:
        problems.append(
            f"the beat clock has {hands} channels, input_concat_dim says "
            f"{config.network.input_concat_dim}"
        )
    if config.network.preconditioned and config.objective != "rectified_flow":
        problems.append(f"a network that predicts {config.objective} cannot be preconditioned")
    if (
        config.network.use_abs_pos_emb
        and config.longest_sequence > config.network.abs_pos_emb_max_length
    ):
        problems.append(
            f"the longest sound has {config.longest_sequence} places, abs_pos_emb_max_length says "
            f"{config.network.abs_pos_emb_max_length}"
        )
    if not unknown:
        wide = sum(widths[name] for name in config.global_ids)
        if config.network.global_cond_dim != wide:
            problems.append(
                f"the global condition is {wide} wide, global_cond_dim says "
                f"{config.network.global_cond_dim}"
            )
    if config.studio.canvas not in ("training", "request"):
        problems.append(f"the canvas {config.studio.canvas!r} is unknown")
    if problems:
        raise ModelError(
            f"The model's configuration contradicts itself: {'; '.join(problems)}", HINT
        )
    if config.defaults.sampler not in SAMPLERS[config.objective]:
        raise ModelError(
            f"sa_studio.defaults: no sampler of {config.objective} models is called "
            f"{config.defaults.sampler!r}",
            HINT,
        )


def model_info(folder: Path, model_id: str, config: ModelConfig | None = None) -> ModelInfo:
    """What lists and forms need to know of the model in ``folder``; raises ModelError."""
    config = config or read_model_folder(folder)
    return ModelInfo(
        id=model_id,
        title=config.studio.title or folder.name,
        path=folder,
        objective=config.objective,
        samplers=SAMPLERS[config.objective],
        defaults=config.defaults,
        max_seconds=config.max_seconds,
        sample_rate=config.sample_rate,
        channels=config.pretransform.autoencoder.audio_channels,
        example_prompts=config.studio.example_prompts,
        vocabulary=config.vocabulary,
    )
