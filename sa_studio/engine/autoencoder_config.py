"""The typed form of ``model.pretransform`` in ``model_config.json``. Standard library only.

The kind of an autoencoder is named by the type of its encoder; :data:`READERS` has a row for each
kind that the engine knows.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from sa_studio.engine.config_fields import HINT, read_fields
from sa_studio.engine.spectral_config import SpectralConfig, read_spectral
from sa_studio.errors import ModelError


class AutoencoderConfig(Protocol):
    """What the rest of the engine may ask of the config of any kind of autoencoder."""

    @property
    def type(self) -> str:
        """The kind: a key of :data:`READERS`."""

    @property
    def latent_channels(self) -> int:
        """Channels of a latent frame."""

    @property
    def downsampling_ratio(self) -> int:
        """Audio samples of a latent frame."""

    @property
    def audio_channels(self) -> int:
        """1 for mono, 2 for stereo."""


@dataclass(frozen=True, slots=True)
class PretransformConfig:
    """The autoencoder and how the pipeline uses it.

    Attributes:
        scale: latents are divided by it after encoding and multiplied with it before decoding.
    """

    autoencoder: AutoencoderConfig
    scale: float


@dataclass(frozen=True, slots=True)
class OobleckEncoderConfig:
    """``encoder.config``, with the defaults of stable-audio-tools.

    ``latent_dim`` is twice the latent channels: a mean and a scale for each.
    """

    in_channels: int = 2
    channels: int = 128
    latent_dim: int = 32
    c_mults: tuple[int, ...] = (1, 2, 4, 8)
    strides: tuple[int, ...] = (2, 4, 8, 8)
    use_snake: bool = False
    antialias_activation: bool = False


@dataclass(frozen=True, slots=True)
class OobleckDecoderConfig:
    """``decoder.config``, with the defaults of stable-audio-tools.

    ``final_tanh`` is on unless it is switched off, as the open models do.
    """

    out_channels: int = 2
    channels: int = 128
    latent_dim: int = 32
    c_mults: tuple[int, ...] = (1, 2, 4, 8)
    strides: tuple[int, ...] = (2, 4, 8, 8)
    use_snake: bool = False
    antialias_activation: bool = False
    use_nearest_upsample: bool = False
    final_tanh: bool = True


@dataclass(frozen=True, slots=True)
class OobleckConfig:
    """A convolutional autoencoder of waveforms with a variational bottleneck.

    ``soft_clip`` is a tanh on the decoded audio, on top of the decoder's own ``final_tanh``.
    """

    type: ClassVar[str] = "oobleck"

    encoder: OobleckEncoderConfig
    decoder: OobleckDecoderConfig
    soft_clip: bool = False

    @property
    def latent_channels(self) -> int:
        """Channels of a latent frame."""
        return self.decoder.latent_dim

    @property
    def downsampling_ratio(self) -> int:
        """Audio samples of a latent frame."""
        return math.prod(self.decoder.strides)

    @property
    def audio_channels(self) -> int:
        """1 for mono, 2 for stereo."""
        return self.decoder.out_channels


@dataclass(frozen=True, slots=True)
class _Pretransform:
    """The keys of ``model.pretransform``."""

    type: str
    config: Mapping[str, Any]
    scale: float = 1.0


@dataclass(frozen=True, slots=True)
class _Oobleck:
    """The keys of ``config``. What the parts say themselves is stated again, and must agree."""

    encoder: Mapping[str, Any]
    decoder: Mapping[str, Any]
    bottleneck: Mapping[str, Any]
    latent_dim: int
    downsampling_ratio: int
    io_channels: int
    in_channels: int | None = None
    out_channels: int | None = None


@dataclass(frozen=True, slots=True)
class _Part:
    """The keys of an encoder, a decoder or a bottleneck."""

    type: str
    config: Mapping[str, Any] | None = None
    soft_clip: bool = False


# How the reference batches, what it trains and how precisely it computes: all decided elsewhere.
_IGNORED_OUTSIDE = ("iterate_batch", "chunked", "enable_grad", "model_half")
_IGNORED_IN_PARTS = ("requires_grad",)


def _read_oobleck(mapping: Mapping[str, Any], where: str) -> OobleckConfig:
    section = read_fields(_Oobleck, mapping, where)
    parts = {
        name: read_fields(
            _Part, getattr(section, name), f"{where}.{name}", ignored=_IGNORED_IN_PARTS
        )
        for name in ("encoder", "decoder", "bottleneck")
    }
    encoder = read_fields(
        OobleckEncoderConfig, parts["encoder"].config or {}, f"{where}.encoder.config"
    )
    decoder = read_fields(
        OobleckDecoderConfig, parts["decoder"].config or {}, f"{where}.decoder.config"
    )
    config = OobleckConfig(encoder, decoder, parts["decoder"].soft_clip)

    if parts["decoder"].type != OobleckConfig.type:
        raise ModelError(
            f"{where}: a decoder of type {parts['decoder'].type!r} cannot be run", HINT
        )
    if parts["bottleneck"].type != "vae" or parts["bottleneck"].config:
        raise ModelError(
            f"{where}: a bottleneck of type {parts['bottleneck'].type!r} cannot be run", HINT
        )
    sized: dict[str, OobleckEncoderConfig | OobleckDecoderConfig]
    sized = {"encoder": encoder, "decoder": decoder}
    for name, part in sized.items():
        if min(part.channels, part.latent_dim, *part.c_mults, *part.strides) < 1:
            raise ModelError(f"{where}.{name}: layers of no size cannot be run", HINT)
    odd = [stride for stride in (*encoder.strides, *decoder.strides) if stride % 2]
    if odd:
        # a transposed convolution of an odd stride makes a sample less than a frame has
        raise ModelError(f"{where}: the odd strides {odd} cannot be run", HINT)
    switches = {
        "encoder.config.antialias_activation": encoder.antialias_activation,
        "decoder.config.antialias_activation": decoder.antialias_activation,
        "decoder.config.use_nearest_upsample": decoder.use_nearest_upsample,
    }
    for name, switched_on in switches.items():
        if switched_on:
            raise ModelError(f"{where}: {name} cannot be run", HINT)
    encoder_ratio = math.prod(encoder.strides)
    facts = (
        ("latent_dim", section.latent_dim, config.latent_channels),
        ("encoder.config.latent_dim", encoder.latent_dim, 2 * config.latent_channels),
        ("encoder.config.in_channels", encoder.in_channels, config.audio_channels),
        ("downsampling_ratio", section.downsampling_ratio, config.downsampling_ratio),
        ("the product of encoder.config.strides", encoder_ratio, config.downsampling_ratio),
        ("the number of encoder.config.c_mults", len(encoder.c_mults), len(encoder.strides)),
        ("the number of decoder.config.c_mults", len(decoder.c_mults), len(decoder.strides)),
        ("io_channels", section.io_channels, config.audio_channels),
        ("in_channels", section.in_channels, config.audio_channels),
        ("out_channels", section.out_channels, config.audio_channels),
    )
    for name, stated, found in facts:
        if stated is not None and stated != found:
            raise ModelError(
                f"{where}: {name} is {stated}, but the other parts make it {found}", HINT
            )
    return config


READERS: dict[str, Callable[[Mapping[str, Any], str], AutoencoderConfig]] = {
    OobleckConfig.type: _read_oobleck,
    SpectralConfig.type: read_spectral,
}


def read_autoencoder_config(mapping: Mapping[str, Any], where: str) -> AutoencoderConfig:
    """The typed form of ``model.pretransform.config``.

    Args:
        mapping: the section of ``model_config.json``.
        where: its place in the file, for messages.

    Raises:
        ModelError: the autoencoder is of a kind without a row in :data:`READERS`, or a key is
            unknown, missing or wrong.
    """
    encoder = mapping.get("encoder")
    kind = encoder.get("type") if isinstance(encoder, Mapping) else None
    if kind not in READERS:
        raise ModelError(f"{where}: an autoencoder of type {kind!r} cannot be run", HINT)
    return READERS[kind](mapping, where)


def read_pretransform(mapping: Mapping[str, Any], where: str) -> PretransformConfig:
    """The typed form of ``model.pretransform``; raises ModelError."""
    section = read_fields(_Pretransform, mapping, where, ignored=_IGNORED_OUTSIDE)
    if section.type != "autoencoder":
        raise ModelError(f"{where}: a pretransform of type {section.type!r} cannot be run", HINT)
    autoencoder = read_autoencoder_config(section.config, f"{where}.config")
    return PretransformConfig(autoencoder, section.scale)
