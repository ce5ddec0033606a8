"""Oobleck, the convolutional autoencoder of Stable Audio Open.

Names of submodules follow the published checkpoints (``layers.<n>``), whose weight-normalised
convolutions are folded into plain weights while they are loaded.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional

from sa_studio.engine.autoencoder_base import Autoencoder, Context
from sa_studio.engine.autoencoder_config import (
    OobleckConfig,
    OobleckDecoderConfig,
    OobleckEncoderConfig,
)
from sa_studio.engine.receptive_field import input_interval

DILATIONS = (1, 3, 9)


class Snake(nn.Module):
    """Snake with a logarithmic frequency α and magnitude β for each channel.

    y = x + sin²(e^α·x) / (e^β + 1e-9), after Ziyin et al. 2020 (arXiv:2006.08195), eq. 1, with
    the magnitude apart as in BigVGAN (arXiv:2206.04658).
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.alpha = nn.Parameter(torch.zeros(channels))
        self.beta = nn.Parameter(torch.zeros(channels))

    def forward(self, x: Tensor) -> Tensor:
        """[B, C, N] to [B, C, N]."""
        # In float32: the exponentials of half-precision parameters are worth their three launches.
        frequency = self.alpha.float().exp().to(x.dtype)[:, None]
        gain = (self.beta.float().exp() + 1e-9).reciprocal().to(x.dtype)[:, None]
        if torch.is_grad_enabled():
            return x + gain * (x * frequency).sin().square()
        # One buffer and four passes; these activations are as large as the convolutions are slow.
        wave = (x * frequency).sin_().square_()
        return torch.addcmul(x, wave, gain, out=wave)


def _activation(channels: int, use_snake: bool) -> nn.Module:
    return Snake(channels) if use_snake else nn.ELU()


class ResidualUnit(nn.Module):
    """x + conv1(act(conv7(act(x)))), the wide convolution dilated."""

    def __init__(self, channels: int, dilation: int, use_snake: bool) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            _activation(channels, use_snake),
            nn.Conv1d(channels, channels, 7, dilation=dilation, padding=3 * dilation),
            _activation(channels, use_snake),
            nn.Conv1d(channels, channels, 1),
        )

    def forward(self, x: Tensor) -> Tensor:
        """[B, C, N] to [B, C, N]."""
        y: Tensor = self.layers(x)
        return y + x if torch.is_grad_enabled() else y.add_(x)


class EncoderBlock(nn.Module):
    """Three residual units, then a strided convolution to the next width."""

    def __init__(self, inner: int, outer: int, stride: int, use_snake: bool) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            *(ResidualUnit(inner, dilation, use_snake) for dilation in DILATIONS),
            _activation(inner, use_snake),
            nn.Conv1d(inner, outer, 2 * stride, stride=stride, padding=-(-stride // 2)),
        )

    def forward(self, x: Tensor) -> Tensor:
        """[B, inner, N] to [B, outer, N / stride]."""
        y: Tensor = self.layers(x)
        return y


class DecoderBlock(nn.Module):
    """A transposed convolution to the next width, then three residual units."""

    def __init__(self, inner: int, outer: int, stride: int, use_snake: bool) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            _activation(inner, use_snake),
            nn.ConvTranspose1d(inner, outer, 2 * stride, stride=stride, padding=-(-stride // 2)),
            *(ResidualUnit(outer, dilation, use_snake) for dilation in DILATIONS),
        )

    def forward(self, x: Tensor) -> Tensor:
        """[B, inner, N] to [B, outer, N·stride]."""
        y: Tensor = self.layers(x)
        return y


class OobleckEncoder(nn.Module):
    """Audio [B, channels, N] to the features of the bottleneck [B, 2·latent, N / ratio]."""

    def __init__(self, config: OobleckEncoderConfig) -> None:
        super().__init__()
        widths = [config.channels * multiple for multiple in (1, *config.c_mults)]
        self.layers = nn.Sequential(
            nn.Conv1d(config.in_channels, widths[0], 7, padding=3),
            *(
                EncoderBlock(inner, outer, stride, config.use_snake)
                for (inner, outer), stride in zip(pairwise(widths), config.strides, strict=True)
            ),
            _activation(widths[-1], config.use_snake),
            nn.Conv1d(widths[-1], config.latent_dim, 3, padding=1),
        )

    def forward(self, audio: Tensor) -> Tensor:
        """[B, channels, N] to [B, 2·latent, N / ratio]."""
        features: Tensor = self.layers(audio)
        return features


class OobleckDecoder(nn.Module):
    """Latents [B, latent, T] to audio [B, channels, T·ratio]."""

    def __init__(self, config: OobleckDecoderConfig) -> None:
        super().__init__()
        widths = [config.channels * multiple for multiple in (1, *config.c_mults)][::-1]
        self.layers = nn.Sequential(
            nn.Conv1d(config.latent_dim, widths[0], 7, padding=3),
            *(
                DecoderBlock(inner, outer, stride, config.use_snake)
                for (inner, outer), stride in zip(
                    pairwise(widths), reversed(config.strides), strict=True
                )
            ),
            _activation(widths[-1], config.use_snake),
            nn.Conv1d(widths[-1], config.out_channels, 7, padding=3, bias=False),
            nn.Tanh() if config.final_tanh else nn.Identity(),
        )

    def forward(self, latents: Tensor) -> Tensor:
        """[B, latent, T] to [B, channels, T·ratio]."""
        audio: Tensor = self.layers(latents)
        return audio


class OobleckAutoencoder(Autoencoder):
    """Oobleck encoder and decoder around a variational bottleneck."""

    def __init__(self, config: OobleckConfig, scale: float = 1.0) -> None:
        super().__init__(config, scale)
        self.encoder = OobleckEncoder(config.encoder)
        self.decoder = OobleckDecoder(config.decoder)
        self.soft_clip = config.soft_clip
        self._encode_context = self._reach_of_encoder()
        self._decode_context = self._reach_of_decoder()

    @property
    def encode_context(self) -> Context:
        """Frames of audio around a latent frame that its features depend on."""
        return self._encode_context

    @property
    def decode_context(self) -> Context:
        """Latent frames around a frame that its samples depend on."""
        return self._decode_context

    def features(self, audio: Tensor) -> Tensor:
        """Mean and raw scale of each latent, [B, 2·latent_channels, T]."""
        features: Tensor = self.encoder(audio)
        return features

    def latents(self, features: Tensor, noise: Tensor | None) -> Tensor:
        """Mean + (softplus(raw scale) + 1e-4)·noise."""
        mean, raw_scale = features.chunk(2, dim=1)
        if noise is None:
            return mean
        return mean + (functional.softplus(raw_scale) + 1e-4) * noise

    def audio(self, latents: Tensor) -> Tensor:
        """Unscaled latents [B, c, T] to audio [B, channels, T·ratio]."""
        audio: Tensor = self.decoder(latents)
        return audio.tanh() if self.soft_clip else audio

    def _reach_of_encoder(self) -> Context:
        ratio = self.downsampling_ratio
        first, last = input_interval(_chain(self.encoder.layers), 0, 0)
        return Context(left=-(first // ratio), right=last // ratio)

    def _reach_of_decoder(self) -> Context:
        last_sample = self.downsampling_ratio - 1
        first, last = input_interval(_chain(self.decoder.layers), 0, last_sample)
        return Context(left=-first, right=last)


def _chain(layers: nn.Sequential) -> Iterator[nn.Module]:
    """The longest path through ``layers``, along the convolutions of the residual units."""
    for layer in layers:
        inner = getattr(layer, "layers", None)
        if isinstance(inner, nn.Sequential):
            yield from _chain(inner)
        else:
            yield layer
