"""Which class makes which kind of autoencoder."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sa_studio.engine.autoencoder_base import Autoencoder, Context
from sa_studio.engine.autoencoder_config import AutoencoderConfig, OobleckConfig
from sa_studio.engine.oobleck import OobleckAutoencoder
from sa_studio.engine.spectral import SpectralAutoencoder
from sa_studio.engine.spectral_config import SpectralConfig

__all__ = ["AUTOENCODERS", "Autoencoder", "Context", "build_autoencoder"]

AUTOENCODERS: dict[str, Callable[[Any, float], Autoencoder]] = {
    OobleckConfig.type: OobleckAutoencoder,
    SpectralConfig.type: SpectralAutoencoder,
}


def build_autoencoder(config: AutoencoderConfig, scale: float = 1.0) -> Autoencoder:
    """The untrained module for ``config``; under ``torch.device("meta")`` it takes no memory.

    Args:
        config: its kind and shapes.
        scale: the pretransform's factor between the autoencoder's latents and the model's.

    Raises:
        ValueError: no class is registered for ``config.type``.
    """
    if config.type not in AUTOENCODERS:
        raise ValueError(f"no autoencoder for {config.type!r}, only {sorted(AUTOENCODERS)}")
    return AUTOENCODERS[config.type](config, scale)
