"""The typed form of a spectral autoencoder's configuration. Standard library only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from sa_studio.engine.config_fields import HINT, read_fields
from sa_studio.errors import ModelError


@dataclass(frozen=True, slots=True)
class SpectralConfig:
    """An autoencoder that describes sound by bands of sinusoids and noise.

    Attributes:
        latent_channels: channels of a latent frame.
        sample_rate: Hz.
        hop: samples between spectra.
        frames_per_latent: spectra that a latent frame covers.
        features: numbers that describe the sound of a latent frame before the code.
    """

    type: ClassVar[str] = "spectral"

    latent_channels: int
    features: int
    sample_rate: int = 44100
    hop: int = 512
    frames_per_latent: int = 2
    audio_channels: int = 2

    @property
    def downsampling_ratio(self) -> int:
        """Audio samples of a latent frame."""
        return self.hop * self.frames_per_latent


@dataclass(frozen=True, slots=True)
class _Spectral:
    """The keys of ``config``: a spectral autoencoder is described by its encoder."""

    encoder: Mapping[str, Any]
    latent_dim: int
    downsampling_ratio: int
    io_channels: int


@dataclass(frozen=True, slots=True)
class _Encoder:
    type: str
    config: Mapping[str, Any]


def read_spectral(mapping: Mapping[str, Any], where: str) -> SpectralConfig:
    """The typed form of ``model.pretransform.config``; raises ModelError."""
    section = read_fields(_Spectral, mapping, where)
    encoder = read_fields(_Encoder, section.encoder, f"{where}.encoder")
    config = read_fields(SpectralConfig, encoder.config, f"{where}.encoder.config")
    facts = (
        ("latent_dim", section.latent_dim, config.latent_channels),
        ("downsampling_ratio", section.downsampling_ratio, config.downsampling_ratio),
        ("io_channels", section.io_channels, config.audio_channels),
        ("audio_channels", config.audio_channels, 2),
        # the analysis and the bands are made for these
        ("sample_rate", config.sample_rate, 44100),
        ("hop", config.hop, 512),
        ("frames_per_latent", config.frames_per_latent, 2),
    )
    for name, stated, needed in facts:
        if stated != needed:
            raise ModelError(f"{where}: {name} is {stated}, but must be {needed}", HINT)
    return config
