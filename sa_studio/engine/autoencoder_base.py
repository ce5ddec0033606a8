"""What every autoencoder has in common: shapes, scale, precision, and working in chunks.

Apart from the registry in ``autoencoder.py``, so that each kind can import its base class.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from sa_studio.engine.allocation_meter import AllocationMeter
from sa_studio.engine.autoencoder_config import AutoencoderConfig


@dataclass(frozen=True, slots=True)
class Context:
    """Whole latent frames before and after a stretch that its result depends on."""

    left: int
    right: int


class Autoencoder(nn.Module, ABC):
    """Audio [B, channels, samples] to latents [B, latent_channels, frames] and back.

    A subclass says how features, latents and audio are computed (:meth:`features`,
    :meth:`latents`, :meth:`audio`) and how far its layers reach (:attr:`encode_context`,
    :attr:`decode_context`). Both ways accept any floating dtype, compute in the dtype of the
    weights and return float32.

    Args:
        config: the shapes.
        scale: what latents are divided by after encoding and multiplied with before decoding.
    """

    def __init__(self, config: AutoencoderConfig, scale: float = 1.0) -> None:
        super().__init__()
        self.latent_channels = config.latent_channels
        self.downsampling_ratio = config.downsampling_ratio
        self.audio_channels = config.audio_channels
        self.scale = scale

    @property
    def encode_chunk_size(self) -> int:
        """Latent frames that are encoded at once, unless a caller asks for another number."""
        return 32

    @property
    def decode_chunk_sizes(self) -> tuple[int, ...]:
        """Latent frames that can be decoded at once: the usual number, then ever smaller ones."""
        return (64, 32, 16, 8)

    def work_on(self, device_type: str) -> None:
        """Prepare for a device of this type, once the weights are there; nothing by default."""

    @property
    def envelope_is_sketch(self) -> bool:
        """Whether :meth:`envelope` tells where something happens, but not how loud it is."""
        return True

    def envelope(self, latents: Tensor) -> Tensor:
        """The course of the loudness of latents [1, c, T], without decoding them.

        A sketch, unless a kind of autoencoder knows better, for a learned code says nothing of
        levels: how far each frame lies from zero, the nearest as 0 and the furthest as 1.

        Returns:
            Peaks to be expected in n stretches of equal length, 0 … 1: [channels, n], float32.
        """
        self._check_latents(latents)
        strength = latents[0].float().square().mean(dim=0).sqrt()
        low, high = strength.aminmax()
        return ((strength - low) / (high - low).clamp_min(1e-6)).expand(self.audio_channels, -1)

    @property
    @abstractmethod
    def encode_context(self) -> Context:
        """Frames of audio around a latent frame that its features depend on."""

    @property
    @abstractmethod
    def decode_context(self) -> Context:
        """Latent frames around a frame that its samples depend on."""

    @abstractmethod
    def features(self, audio: Tensor) -> Tensor:
        """Audio [B, channels, T·ratio] to what the bottleneck reads, [B, any, T]."""

    @abstractmethod
    def latents(self, features: Tensor, noise: Tensor | None) -> Tensor:
        """The bottleneck: features [B, any, T] to unscaled latents, frame by frame."""

    @abstractmethod
    def audio(self, latents: Tensor) -> Tensor:
        """Unscaled latents [B, c, T] to audio [B, channels, T·ratio]."""

    def audio_between(self, latents: Tensor, start: int, stop: int) -> Tensor:
        """The audio of the frames ``start`` … ``stop - 1`` of unscaled latents [B, c, T].

        It is decoded together with the frames around it that it depends on. A kind of
        autoencoder that can do with less work than that overrides this.
        """
        window = _window(start, stop, latents.shape[-1], self.decode_context)
        return self.audio(latents[..., window.outer])[..., self._samples(window.inner)]

    def encode(self, audio: Tensor, noise: Tensor | None = None) -> Tensor:
        """Encode all of ``audio`` at once.

        Args:
            audio: [B, channels, samples]; samples are a multiple of the downsampling ratio.
            noise: standard normal [B, latent_channels, frames] to sample the latents with; the
                most likely latents if ``None``.

        Returns:
            Latents [B, latent_channels, frames], float32.
        """
        self._check_audio(audio)
        return self._bottleneck(self.features(self._cast(audio)), noise)

    def encode_in_chunks(
        self, audio: Tensor, noise: Tensor | None = None, chunk_size: int | None = None
    ) -> Tensor:
        """Encode as :meth:`encode` does, but ``chunk_size`` frames at a time.

        Every chunk sees as much of its surroundings as the layers reach, so the result is that
        of :meth:`encode` up to rounding, in the memory of one chunk.
        """
        self._check_audio(audio)
        frames = audio.shape[-1] // self.downsampling_ratio
        size = self.encode_chunk_size if chunk_size is None else chunk_size
        windows = (
            _window(start, stop, frames, self.encode_context)
            for start, stop in stretches(frames, size)
        )
        features = [
            self.features(self._cast(audio[..., self._samples(window.outer)]))[..., window.inner]
            for window in windows
        ]
        return self._bottleneck(torch.cat(features, dim=-1), noise)

    def decode(self, latents: Tensor) -> Tensor:
        """Decode all of ``latents`` [B, c, T] at once to audio [B, channels, T·ratio], float32."""
        self._check_latents(latents)
        return self.audio(self._cast(latents * self.scale)).float()

    def decode_chunks(
        self, latents: Tensor, chunk_size: int | None = None
    ) -> Iterator[tuple[int, Tensor]]:
        """Decode as :meth:`decode` does, but ``chunk_size`` frames at a time.

        Every chunk is decoded together with the frames around it that the layers reach, and
        those are cut away again: the chunks joined are what :meth:`decode` returns, up to
        rounding, without a cross-fade.

        Yields:
            The first sample of the chunk, and its audio [B, channels, samples], float32; the
            chunks follow each other without a gap from sample 0.
        """
        self._check_latents(latents)
        unscaled = self._cast(latents * self.scale)
        size = self.decode_chunk_sizes[0] if chunk_size is None else chunk_size
        for start, stop in stretches(latents.shape[-1], size):
            audio = self.audio_between(unscaled, start, stop)
            yield start * self.downsampling_ratio, audio.float()

    def chunk_bytes(self, chunk_size: int) -> int:
        """Memory that decoding a chunk takes beside the weights, counted on the device "meta"."""
        # two chunks: while one is decoded, somebody holds the one before
        frames = self.decode_context.left + 2 * chunk_size + self.decode_context.right
        with torch.inference_mode(), AllocationMeter() as meter:
            latents = torch.empty(1, self.latent_channels, frames, device="meta")
            for _ in self.decode_chunks(latents, chunk_size):
                pass
        return meter.peak

    def _bottleneck(self, features: Tensor, noise: Tensor | None) -> Tensor:
        # in float32: the network may run in half precision, latents never do
        return self.latents(features.float(), noise) / self.scale

    def _samples(self, frames: slice) -> slice:
        ratio = self.downsampling_ratio
        return slice(frames.start * ratio, frames.stop * ratio)

    def _cast(self, tensor: Tensor) -> Tensor:
        return tensor.to(next(self.parameters()).dtype)

    def _check_audio(self, audio: Tensor) -> None:
        shape = tuple(audio.shape)
        if len(shape) != 3 or shape[1] != self.audio_channels or shape[2] == 0:
            raise ValueError(f"audio must be [batch, {self.audio_channels}, samples], not {shape}")
        if shape[2] % self.downsampling_ratio:
            raise ValueError(
                f"{shape[2]} samples are no multiple of {self.downsampling_ratio}: pad the audio"
            )

    def _check_latents(self, latents: Tensor) -> None:
        shape = tuple(latents.shape)
        if len(shape) != 3 or shape[1] != self.latent_channels or shape[2] == 0:
            raise ValueError(
                f"latents must be [batch, {self.latent_channels}, frames], not {shape}"
            )


def stretches(frames: int, size: int) -> Iterator[tuple[int, int]]:
    """Where each chunk starts, and where the next one does."""
    if size < 1:
        raise ValueError(f"a chunk has at least one frame, not {size}")
    return ((start, min(start + size, frames)) for start in range(0, frames, size))


@dataclass(frozen=True, slots=True)
class _Window:
    """Frames to work on, ``outer``, and where the wanted ones lie in the result, ``inner``."""

    outer: slice
    inner: slice


def _window(start: int, stop: int, frames: int, context: Context) -> _Window:
    # At the true ends the layers' own zero padding is the context.
    first = max(start - context.left, 0)
    last = min(stop + context.right, frames)
    return _Window(slice(first, last), slice(start - first, stop - first))
