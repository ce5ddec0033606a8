"""Oobleck, the convolutional autoencoder of Stable Audio Open.

Names of submodules follow the published checkpoints (``layers.<n>``), whose weight-normalised
convolutions are folded into plain weights while they are loaded.

Between the first and the last convolution a signal is [B, C, 1, N] with the channels innermost in
memory: the processor's convolutions are up to twice as fast that way (measured with oneDNN and
AVX-512 at the full rate: 230 against 120 GFLOP/s).
"""

from __future__ import annotations

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
from sa_studio.engine.receptive_field import Stretch, input_interval, upsample_between

DILATIONS = (1, 3, 9)
# On a processor the decoder's last layers (two blocks, the activation, the last convolution and
# what follows it) work on tiles of so many samples. Tiles of 8,192 to 32,768 samples and one block
# more or less are equally fast within 5 %; the whole decoder at once takes a third longer.
TILED_LAYERS = 5
TILE_SAMPLES = 16_384


class LaidOut:
    """Something whose memory layout depends on the kind of device that computes.

    It starts as a processor wants it.
    """

    memory_format = torch.channels_last

    def widened(self, signal: Tensor) -> Tensor:
        """[B, C, N] to [B, C, 1, N] in that layout."""
        return signal.unsqueeze(2).contiguous(memory_format=self.memory_format)


def _channels_innermost(weight: Tensor) -> nn.Parameter:
    """The same [a, b, k] with b innermost in memory, so that no call has to rearrange it."""
    return nn.Parameter(weight.detach().transpose(1, 2).contiguous().transpose(1, 2))


class Conv(LaidOut, nn.Conv1d):
    """A one-dimensional convolution of [B, C, 1, N]."""

    def __init__(
        self,
        inner: int,
        outer: int,
        kernel: int,
        *,
        stride: int = 1,
        dilation: int = 1,
        padding: int = 0,
        bias: bool = True,
    ) -> None:
        super().__init__(
            inner, outer, kernel, stride=stride, padding=padding, dilation=dilation, bias=bias
        )
        self.weight = _channels_innermost(self.weight)

    def forward(self, x: Tensor) -> Tensor:
        """[B, inner, 1, N] to [B, outer, 1, M]."""
        return functional.conv2d(
            x,
            self.widened(self.weight),
            self.bias,
            stride=(1, self.stride[0]),
            padding=(0, int(self.padding[0])),
            dilation=(1, self.dilation[0]),
        )


class ConvTranspose(LaidOut, nn.ConvTranspose1d):
    """A one-dimensional transposed convolution of [B, C, 1, N] that multiplies N by ``stride``."""

    def __init__(self, inner: int, outer: int, stride: int) -> None:
        super().__init__(inner, outer, 2 * stride, stride=stride, padding=stride // 2)
        self.weight = _channels_innermost(self.weight)

    def forward(self, x: Tensor, output_size: list[int] | None = None) -> Tensor:  # noqa: ARG002
        """[B, inner, 1, N] to [B, outer, 1, N·stride]."""
        return functional.conv_transpose2d(
            x,
            self.widened(self.weight),
            self.bias,
            stride=(1, self.stride[0]),
            padding=(0, int(self.padding[0])),
        )


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
        """[B, C, 1, N] to the same shape."""
        # In float32, whatever the weights are: these are few numbers, and exponentials of them.
        frequency = self.alpha.float().exp().to(x.dtype)[:, None, None]
        gain = (self.beta.float().exp() + 1e-9).reciprocal().to(x.dtype)[:, None, None]
        if torch.is_grad_enabled():
            return x + gain * (x * frequency).sin().square()
        # One buffer for all passes: allocating as much again takes as long as the sine.
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
            Conv(channels, channels, 7, dilation=dilation, padding=3 * dilation),
            _activation(channels, use_snake),
            # One tap has nothing to dilate. But torch hands a plain 1×1 convolution on a single
            # thread to a matrix product at less than half the speed of oneDNN's convolution.
            Conv(channels, channels, 1, dilation=2),
        )

    def forward(self, x: Tensor) -> Tensor:
        """[B, C, 1, N] to the same shape."""
        y: Tensor = self.layers(x)
        return y + x if torch.is_grad_enabled() else y.add_(x)


class EncoderBlock(nn.Module):
    """Three residual units, then a strided convolution to the next width."""

    def __init__(self, inner: int, outer: int, stride: int, use_snake: bool) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            *(ResidualUnit(inner, dilation, use_snake) for dilation in DILATIONS),
            _activation(inner, use_snake),
            Conv(inner, outer, 2 * stride, stride=stride, padding=stride // 2),
        )

    def forward(self, x: Tensor) -> Tensor:
        """[B, inner, 1, N] to [B, outer, 1, N / stride]."""
        y: Tensor = self.layers(x)
        return y


class DecoderBlock(nn.Module):
    """A transposed convolution to the next width, then three residual units."""

    def __init__(self, inner: int, outer: int, stride: int, use_snake: bool) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            _activation(inner, use_snake),
            ConvTranspose(inner, outer, stride),
            *(ResidualUnit(outer, dilation, use_snake) for dilation in DILATIONS),
        )

    def forward(self, x: Tensor) -> Tensor:
        """[B, inner, 1, N] to [B, outer, 1, N·stride]."""
        y: Tensor = self.layers(x)
        return y


class OobleckEncoder(LaidOut, nn.Module):
    """Audio [B, channels, N] to the features of the bottleneck [B, 2·latent, N / ratio]."""

    def __init__(self, config: OobleckEncoderConfig) -> None:
        super().__init__()
        widths = [config.channels * multiple for multiple in (1, *config.c_mults)]
        self.layers = nn.Sequential(
            Conv(config.in_channels, widths[0], 7, padding=3),
            *(
                EncoderBlock(inner, outer, stride, config.use_snake)
                for (inner, outer), stride in zip(pairwise(widths), config.strides, strict=True)
            ),
            _activation(widths[-1], config.use_snake),
            Conv(widths[-1], config.latent_dim, 3, padding=1),
        )

    def forward(self, audio: Tensor) -> Tensor:
        """[B, channels, N] to [B, 2·latent, N / ratio]."""
        features: Tensor = self.layers(self.widened(audio))
        return features.squeeze(2)


class OobleckDecoder(LaidOut, nn.Module):
    """Latents [B, latent, T] to audio [B, channels, T·ratio].

    Attributes:
        tiled: whether :meth:`between` takes the late layers tile by tile.
    """

    tiled = True

    def __init__(self, config: OobleckDecoderConfig) -> None:
        super().__init__()
        widths = [config.channels * multiple for multiple in (1, *config.c_mults)][::-1]
        self.layers = nn.Sequential(
            Conv(config.latent_dim, widths[0], 7, padding=3),
            *(
                DecoderBlock(inner, outer, stride, config.use_snake)
                for (inner, outer), stride in zip(
                    pairwise(widths), reversed(config.strides), strict=True
                )
            ),
            _activation(widths[-1], config.use_snake),
            Conv(widths[-1], config.out_channels, 7, padding=3, bias=False),
            nn.Tanh() if config.final_tanh else nn.Identity(),
        )

    def forward(self, latents: Tensor) -> Tensor:
        """[B, latent, T] to [B, channels, T·ratio]."""
        audio: Tensor = self.layers(self.widened(latents))
        return audio.squeeze(2)

    def between(self, latents: Tensor, first: int, last: int) -> Tensor:
        """Samples ``first`` … ``last`` of what :meth:`forward` makes of ``latents``.

        The early layers, whose reach makes up nearly all of the context, run once; the late
        ones, whose activations are large, run tile by tile in memory that a processor's caches
        hold. A GPU has more to do at once with all of them.
        """
        layers = list(self.layers)
        head, tail = layers[:-TILED_LAYERS], layers[-TILED_LAYERS:]
        source = Stretch(self.widened(latents), 0, latents.shape[-1])
        middle = upsample_between(head, source, *input_interval(tail, first, last))
        size = TILE_SAMPLES if self.tiled else last + 1 - first
        tiles = [
            upsample_between(tail, middle, start, min(start + size - 1, last)).values
            for start in range(first, last + 1, size)
        ]
        return torch.cat(tiles, dim=-1).squeeze(2)


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
    def decode_chunk_sizes(self) -> tuple[int, ...]:
        """Latent frames that are decoded at once, the usual number first.

        32 frames, 1.5 s of sound, keep a processor core busy for about a second, the time that
        Cancel takes; 96 would be 7 % faster. A GPU needs more of them to be busy at all.
        """
        return (32, 16, 8) if self.decoder.tiled else (128, 64, 32, 16, 8)

    def work_on(self, device_type: str) -> None:
        """Lay out weights and work for a device of this type; at first, it is a processor."""
        is_processor = device_type == "cpu"
        if self.decoder.tiled == is_processor:
            return
        self.decoder.tiled = is_processor
        for part in self.modules():
            if isinstance(part, LaidOut):
                part.memory_format = (
                    torch.channels_last if is_processor else torch.contiguous_format
                )
            if isinstance(part, Conv | ConvTranspose):
                weight = part.weight.detach()
                part.weight = (
                    _channels_innermost(weight)
                    if is_processor
                    else nn.Parameter(weight.contiguous())
                ).requires_grad_(part.weight.requires_grad)

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

    def audio_between(self, latents: Tensor, start: int, stop: int) -> Tensor:
        """Audio of the frames ``start`` … ``stop - 1``, each layer computing what that needs."""
        ratio = self.downsampling_ratio
        audio = self.decoder.between(latents, start * ratio, stop * ratio - 1)
        return audio.tanh() if self.soft_clip else audio

    def _reach_of_encoder(self) -> Context:
        ratio = self.downsampling_ratio
        first, last = input_interval(self.encoder.layers, 0, 0)
        return Context(left=-(first // ratio), right=last // ratio)

    def _reach_of_decoder(self) -> Context:
        last_sample = self.downsampling_ratio - 1
        first, last = input_interval(self.decoder.layers, 0, last_sample)
        return Context(left=-first, right=last)
