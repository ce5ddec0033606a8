"""Oobleck autoencoders for tests: any width, random weights with something in every tensor."""

from __future__ import annotations

import math
from dataclasses import replace

import torch

from sa_studio.engine.autoencoder_config import (
    OobleckConfig,
    OobleckDecoderConfig,
    OobleckEncoderConfig,
)
from sa_studio.engine.oobleck import OobleckAutoencoder

TRUE_STRIDES = (2, 4, 4, 8, 8)
TRUE_MULTIPLES = (1, 2, 4, 8, 16)


def oobleck_config(
    channels: int = 128,
    latent_channels: int = 64,
    strides: tuple[int, ...] = TRUE_STRIDES,
    multiples: tuple[int, ...] = TRUE_MULTIPLES,
    *,
    use_snake: bool = True,
) -> OobleckConfig:
    """The published configuration, or one of other sizes."""
    encoder = OobleckEncoderConfig(
        channels=channels,
        latent_dim=2 * latent_channels,
        c_mults=multiples,
        strides=strides,
        use_snake=use_snake,
    )
    decoder = OobleckDecoderConfig(
        channels=channels,
        latent_dim=latent_channels,
        c_mults=multiples,
        strides=strides,
        use_snake=use_snake,
        final_tanh=False,
    )
    return OobleckConfig(encoder, decoder)


def random_oobleck(config: OobleckConfig, seed: int = 0) -> OobleckAutoencoder:
    """Weights that keep the size of a signal about the same through all layers."""
    torch.manual_seed(seed)
    model = OobleckAutoencoder(config).requires_grad_(False).eval()
    for name, parameter in model.named_parameters():
        if name.endswith((".alpha", ".beta", ".bias")):
            parameter.copy_(0.3 * torch.randn_like(parameter))
        else:
            # a transposed convolution of stride s adds up two of its 2·s taps
            _, inner, taps = parameter.shape
            # … and what a residual unit adds shall be less than what it is added to: a snake
            # of large values turns rounding errors into other numbers
            gain = 0.7 if ".layers.3.weight" in name and taps == 1 else 1.0
            parameter.copy_(gain * torch.randn_like(parameter) / math.sqrt(inner * taps))
    return model


def small_oobleck(*, true_strides: bool = False, seed: int = 0) -> OobleckAutoencoder:
    """A quick model; at the true strides every reach is the published one."""
    if true_strides:
        return random_oobleck(oobleck_config(4, 4, multiples=(1, 1, 1, 2, 2)), seed)
    return random_oobleck(oobleck_config(4, 4, (2, 4), (1, 2)), seed)


def with_decoder(config: OobleckConfig, **changes: bool) -> OobleckConfig:
    """``config`` with other switches of the decoder."""
    return replace(config, decoder=replace(config.decoder, **changes))
