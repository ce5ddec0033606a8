"""A diffusers folder's configs in the words of ``model_config.json``. Standard library only."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sa_studio.engine.config_fields import HINT, read_fields
from sa_studio.engine.layouts import DIFFUSERS_CONFIG
from sa_studio.errors import ModelError
from sa_studio.json_file import read_json


@dataclass(frozen=True, slots=True)
class _Transformer:
    """``transformer/config.json``, with the defaults of diffusers' StableAudioDiTModel."""

    sample_size: int = 1024
    in_channels: int = 64
    num_layers: int = 24
    attention_head_dim: int = 64
    num_attention_heads: int = 24
    num_key_value_attention_heads: int = 12
    out_channels: int = 64
    cross_attention_dim: int = 768
    time_proj_dim: int = 256
    global_states_input_dim: int = 1536
    cross_attention_input_dim: int = 768


@dataclass(frozen=True, slots=True)
class _Vae:
    """``vae/config.json``, with the defaults of diffusers' AutoencoderOobleck."""

    encoder_hidden_size: int = 128
    downsampling_ratios: tuple[int, ...] = (2, 4, 4, 8, 8)
    channel_multiples: tuple[int, ...] = (1, 2, 4, 8, 16)
    decoder_channels: int = 128
    decoder_input_channels: int = 64
    audio_channels: int = 2
    sampling_rate: int = 44100


@dataclass(frozen=True, slots=True)
class _Projection:
    """``projection_model/config.json``."""

    text_encoder_dim: int
    conditioning_dim: int
    min_value: float
    max_value: float


DEFAULT_TOKENS = 128
MAX_TOKENS = 4096

_EXPECTED_CLASSES = {
    "transformer": "StableAudioDiTModel",
    "vae": "AutoencoderOobleck",
    "projection_model": "StableAudioProjectionModel",
}


def diffusers_model_config(folder: Path) -> dict[str, Any]:
    """What ``model_config.json`` would say of the model in a diffusers folder.

    Raises:
        ModelError: a part is missing, damaged, or belongs to another pipeline.
    """
    transformer = read_fields(_Transformer, *_read_part(folder, "transformer"))
    vae = read_fields(_Vae, *_read_part(folder, "vae"))
    projection = read_fields(_Projection, *_read_part(folder, "projection_model"))
    _check(transformer, vae, projection)
    ratio = math.prod(vae.downsampling_ratios)
    coder = {
        "c_mults": list(vae.channel_multiples),
        "strides": list(vae.downsampling_ratios),
        "use_snake": True,
    }
    seconds = {"min_val": projection.min_value, "max_val": projection.max_value}
    return {
        "model_type": "diffusion_cond",
        "sample_size": transformer.sample_size * ratio,
        "sample_rate": vae.sampling_rate,
        "audio_channels": vae.audio_channels,
        "model": {
            "io_channels": transformer.in_channels,
            "pretransform": {
                "type": "autoencoder",
                "config": {
                    "encoder": {
                        "type": "oobleck",
                        "config": coder
                        | {
                            # one number there: the width of the first layer and of the features
                            "channels": vae.encoder_hidden_size,
                            "latent_dim": vae.encoder_hidden_size,
                            "in_channels": vae.audio_channels,
                        },
                    },
                    "decoder": {
                        "type": "oobleck",
                        "config": coder
                        | {
                            "channels": vae.decoder_channels,
                            "latent_dim": vae.decoder_input_channels,
                            "out_channels": vae.audio_channels,
                            "final_tanh": False,
                        },
                    },
                    "bottleneck": {"type": "vae"},
                    "latent_dim": vae.decoder_input_channels,
                    "downsampling_ratio": ratio,
                    "io_channels": vae.audio_channels,
                },
            },
            "conditioning": {
                "cond_dim": projection.conditioning_dim,
                "configs": [
                    {
                        "id": "prompt",
                        "type": "t5",
                        "config": {"max_length": _tokenizer_length(folder)},
                    },
                    {"id": "seconds_start", "type": "number", "config": seconds},
                    {"id": "seconds_total", "type": "number", "config": seconds},
                ],
            },
            "diffusion": {
                "type": "dit",
                "diffusion_objective": "v",
                "cross_attention_cond_ids": ["prompt", "seconds_start", "seconds_total"],
                "global_cond_ids": ["seconds_start", "seconds_total"],
                "config": {
                    "io_channels": transformer.in_channels,
                    "embed_dim": transformer.attention_head_dim * transformer.num_attention_heads,
                    "depth": transformer.num_layers,
                    "num_heads": transformer.num_attention_heads,
                    "cond_token_dim": transformer.cross_attention_input_dim,
                    "global_cond_dim": transformer.global_states_input_dim,
                    "project_cond_tokens": False,
                    "transformer_type": "continuous_transformer",
                },
            },
        },
    }


def _read_part(folder: Path, part: str) -> tuple[dict[str, Any], str]:
    """The config of a part without diffusers' own remarks, and its name for messages."""
    content = _read_json(folder / part / DIFFUSERS_CONFIG)
    expected = _EXPECTED_CLASSES[part]
    if content.get("_class_name") != expected:
        raise ModelError(
            f"{part} in {str(folder)!r} is of the class {content.get('_class_name')!r}, "
            f"not {expected!r}",
            HINT,
        )
    return {key: value for key, value in content.items() if not key.startswith("_")}, part


def _tokenizer_length(folder: Path) -> int:
    """How many tokens a prompt is padded to: the tokenizer's own limit."""
    path = folder / "tokenizer" / "tokenizer_config.json"
    if not path.is_file():
        return DEFAULT_TOKENS
    length = _read_json(path).get("model_max_length")
    # transformers writes 1e30 for "no limit"
    return length if isinstance(length, int) and 0 < length <= MAX_TOKENS else DEFAULT_TOKENS


def _read_json(path: Path) -> dict[str, Any]:
    try:
        content = read_json(path)
    except (OSError, ValueError) as error:
        missing = isinstance(error, FileNotFoundError)
        raise ModelError(
            f"{str(path)!r} {'is missing' if missing else 'cannot be read'}",
            "The model folder is incomplete or damaged: download the model again.",
        ) from error
    if not isinstance(content, dict):
        raise ModelError(f"{str(path)!r} holds no JSON object", "Download the model again.")
    return content


def _check(transformer: _Transformer, vae: _Vae, projection: _Projection) -> None:
    """Refuse what the native form has no words for, or what contradicts itself."""
    facts = (
        ("out_channels of the transformer", transformer.out_channels, transformer.in_channels),
        ("decoder_input_channels of the vae", vae.decoder_input_channels, transformer.in_channels),
        (
            "encoder_hidden_size of the vae",
            vae.encoder_hidden_size,
            2 * vae.decoder_input_channels,
        ),
        (
            "num_key_value_attention_heads of the transformer",
            transformer.num_key_value_attention_heads * transformer.attention_head_dim,
            transformer.cross_attention_dim,
        ),
        (
            "cross_attention_dim of the transformer",
            transformer.cross_attention_dim,
            transformer.cross_attention_input_dim,
        ),
        (
            "conditioning_dim of the projection_model",
            projection.conditioning_dim,
            transformer.cross_attention_input_dim,
        ),
        (
            "global_states_input_dim of the transformer",
            transformer.global_states_input_dim,
            2 * projection.conditioning_dim,
        ),
        ("time_proj_dim of the transformer", transformer.time_proj_dim, 256),
    )
    problems = [
        f"{name} makes {found} where {wanted} is needed"
        for name, found, wanted in facts
        if found != wanted
    ]
    if problems:
        raise ModelError(f"The diffusers model cannot be run: {'; '.join(problems)}", HINT)
