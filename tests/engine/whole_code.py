"""A spectral autoencoder whose code keeps everything."""

from __future__ import annotations

import torch

from sa_studio.engine.autoencoder import build_autoencoder
from sa_studio.engine.spectral import SpectralAutoencoder
from sa_studio.engine.spectral_config import SpectralConfig
from sa_studio.engine.spectral_features import feature_count

# as many channels as features: an identity is possible
CONFIG = SpectralConfig(latent_channels=feature_count(), features=feature_count())


def keeping_everything() -> SpectralAutoencoder:
    """Its latents are the features themselves."""
    model = build_autoencoder(CONFIG)
    assert isinstance(model, SpectralAutoencoder)
    with torch.no_grad():
        model.analysis.copy_(torch.eye(CONFIG.features))
        model.synthesis.copy_(torch.eye(CONFIG.features))
    return model.requires_grad_(False)
