"""An autoencoder of magnitudes: a linear code of log spectra, decoded with reconstructed phase.

Cheap to fit (in closed form) and to run on a CPU. A latent frame is the projection of a few
spectra, folded into bands, onto the directions that matter most. It does not store phase, so the
decoded sound resembles the original without equalling it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import torch
from torch import Tensor, nn

from sa_studio.engine.autoencoder_base import Autoencoder, Context
from sa_studio.engine.phase import FUTURE, PAST, PhaseReconstructor, overlap_add
from sa_studio.engine.spectral_bands import folding, unfolding
from sa_studio.engine.spectral_config import SpectralConfig

# The side signal gets phases of its own at random, in every spectrum. Such frames fill the whole
# window evenly and add up incoherently: √(Σw²·mean w²)/Σw² of the amplitude is left (Hann window,
# four hops: Σw² = 1.5, mean w² = 3/8).
SIDE_LOSS = 0.5
# the foreseen peak that no sound exceeds; -1 dBFS, as in the training sounds
LOUDEST = 0.891
# samples above this are bent, so that none goes beyond full scale
KNEE = 0.8
# complex arrays of all frames and bins that a round of the reconstruction holds at once: spectra,
# previous, consistent, ahead, the factor of the new phases, and the windowed frames in between
ARRAYS_IN_A_ROUND = 8
# hops that half a window reaches
AHEAD = 2
# decades above the floor over which a band fades in
GATE = (0.2, 0.7)
# decades above a full-scale sine beyond which no band goes
MAX_LEVEL = 0.3


class SpectralAutoencoder(Autoencoder):
    """Mid and side spectra to latents and back."""

    decode_chunk_sizes = (43,)  # a second of sound

    def __init__(self, config: SpectralConfig, scale: float = 1.0) -> None:
        super().__init__(config, scale)
        self.config = config
        self.bins = config.window // 2 + 1
        self.mean = nn.Parameter(torch.zeros(config.features))
        self.analysis = nn.Parameter(torch.zeros(config.latent_channels, config.features))
        self.synthesis = nn.Parameter(torch.zeros(config.features, config.latent_channels))

    @property
    def encode_context(self) -> Context:
        """Half a window on each side."""
        frames = math.ceil(self.config.window / 2 / self.downsampling_ratio)
        return Context(frames, frames)

    @property
    def decode_context(self) -> Context:
        """Reconstruction looks a window ahead, and continues what came before."""
        return Context(0, math.ceil(FUTURE / self.config.frames_per_latent))

    def features(self, audio: Tensor) -> Tensor:
        """Log amplitudes of the bands, [B, features, T], in units of ten decades below 0 dBFS."""
        window = torch.hann_window(self.config.window, device=audio.device)
        left, right = audio.float()[:, 0], audio.float()[:, 1]
        parts = []
        for signal, bands, linear in (
            ((left + right) / 2, self.config.bands, self.config.linear_bands),
            ((left - right) / 2, self.config.side_bands, 2),
        ):
            half = self.config.window // 2
            padded = nn.functional.pad(signal, (half, half))
            spectra = torch.stft(
                padded,
                self.config.window,
                self.config.hop,
                window=window,
                center=False,
                return_complex=True,
            )[..., :-1]
            # a full-scale sine has amplitude 1
            power = (spectra.abs() * (2 / window.sum())).square()
            folded = folding(self.bins, bands, linear).to(audio.device) @ power
            parts.append(folded.sqrt().clamp_min(self.config.floor).log10())
        stacked = torch.cat(parts, dim=1)  # [B, bands + side_bands, frames]
        batch, features, _ = stacked.shape
        per_latent = stacked.view(batch, features, -1, self.config.frames_per_latent)
        joined: Tensor = per_latent.permute(0, 3, 1, 2).flatten(1, 2)
        return joined

    def latents(self, features: Tensor, noise: Tensor | None) -> Tensor:  # noqa: ARG002
        """The code, [B, latent_channels, T]; there is no bottleneck noise."""
        centred = features - self.mean.float()[:, None]
        return self.analysis.float() @ centred

    def amplitudes(self, latents: Tensor) -> tuple[Tensor, Tensor]:
        """Unscaled latents [c, T] to mid and side amplitudes, [frames, bins] each, float32."""
        features = self.synthesis.float() @ latents.float() + self.mean.float()[:, None]
        frames = features.view(self.config.frames_per_latent, -1, features.shape[-1])
        frames = frames.permute(2, 0, 1).flatten(0, 1)  # [frames, bands + side_bands]
        bands = self.config.bands
        return (
            self._unfold(frames[:, :bands], bands, self.config.linear_bands),
            self._unfold(frames[:, bands:], self.config.side_bands, 2),
        )

    def _unfold(self, levels: Tensor, bands: int, linear: int) -> Tensor:
        weights = unfolding(self.bins, bands, linear).to(levels.device)
        levels = levels @ weights.T
        # what lies near the floor was silent
        audible = (levels - math.log10(self.config.floor) - GATE[0]) / (GATE[1] - GATE[0])
        return 10 ** levels.clamp(max=MAX_LEVEL) * audible.clamp(0, 1)

    def audio(self, latents: Tensor) -> Tensor:
        """Unscaled latents [B, c, T] to audio [B, 2, T·ratio]: all chunks, joined."""
        pieces = [piece for _, piece in self._stream(latents, self.decode_chunk_sizes[0])]
        return torch.cat(pieces, dim=-1)

    def decode_chunks(
        self, latents: Tensor, chunk_size: int | None = None
    ) -> Iterator[tuple[int, Tensor]]:
        """Decode as :meth:`decode` does, a chunk at a time.

        The reconstruction of a chunk continues the one before, so the size is part of the
        result; it is always that of ``decode_chunk_sizes``.
        """
        self._check_latents(latents)
        (size,) = self.decode_chunk_sizes
        if chunk_size not in (None, size):
            raise ValueError(f"a chunk has {size} frames, not {chunk_size}")
        yield from self._stream(latents * self.scale, size)

    def chunk_bytes(self, chunk_size: int) -> int:
        """Memory that a chunk takes, nearly all of it in the rounds of the reconstruction."""
        frames = PAST + chunk_size * self.config.frames_per_latent + FUTURE
        return ARRAYS_IN_A_ROUND * frames * self.bins * torch.complex64.itemsize

    def _stream(self, latents: Tensor, chunk_size: int) -> Iterator[tuple[int, Tensor]]:
        streams = [_Stream(self, item) for item in latents]
        ratio = self.downsampling_ratio
        for first in range(0, latents.shape[-1], chunk_size):
            last = min(first + chunk_size, latents.shape[-1])
            yield first * ratio, torch.stack([stream.piece(first, last) for stream in streams])


class _Stream:
    """One item on its way from amplitudes to samples.

    The amplitudes are computed where the weights are, what follows on the CPU, where small FFTs
    are fast.
    """

    def __init__(self, model: SpectralAutoencoder, latents: Tensor) -> None:
        config = model.config
        self.per_latent, self.hop = config.frames_per_latent, config.hop
        mid, side = (part.cpu() for part in model.amplitudes(latents))
        gain = safe_gain(mid, side)
        self.mid, self.side = gain * mid, gain * side
        self.unit = torch.hann_window(config.window).sum().item() / 2
        self.generator = torch.Generator("cpu").manual_seed(1)
        self.reconstructor = PhaseReconstructor(config.window, config.phase_iterations)
        # overlap-add in progress: three hops and what follows, for both channels
        self.tail = torch.zeros(2, 3 * config.hop)
        self.norm = torch.zeros(3 * config.hop)

    def piece(self, first: int, last: int) -> Tensor:
        """Samples of latent frames ``first`` … ``last`` - 1: [2, samples].

        A spectrum's window is centred on its frame, so two hops before a sample and two after
        make it. Those after the piece come from frames that the next piece begins with: the
        frames that are synthesised run two ahead of the samples that are given out.
        """
        start, stop = first * self.per_latent, last * self.per_latent
        end = min(stop + AHEAD, self.mid.shape[0])
        begin = min(start + AHEAD, end) if start else 0
        spectra = self.reconstructor.spectra(
            self.mid[begin:end] * self.unit, self.mid[end:] * self.unit
        )
        phases = 2 * torch.pi * torch.rand(spectra.shape, generator=self.generator)
        difference = torch.polar(self.side[begin:end] * (self.unit / SIDE_LOSS), phases)
        window = self.reconstructor.window
        added, norm = self.tail, self.norm
        if end > begin:
            frames = torch.fft.irfft(
                torch.stack((spectra + difference, spectra - difference)), n=window.shape[0]
            )
            added = torch.stack([overlap_add(channel * window, self.hop) for channel in frames])
            norm = overlap_add((window**2).expand(end - begin, -1), self.hop)
            overlap = self.tail.shape[-1]
            added[:, :overlap] += self.tail
            norm[:overlap] += self.norm
        # sample 0 of the sound lies at the centre of the first window
        skip = 0 if start else AHEAD * self.hop
        done = (stop - start) * self.hop
        out = added[:, skip : skip + done] / norm[skip : skip + done].clamp_min(1e-3)
        self.tail, self.norm = added[:, skip + done :], norm[skip + done :]
        return nn.functional.pad(soft_clip(out), (0, done - out.shape[-1]))


def safe_gain(mid: Tensor, side: Tensor) -> Tensor:
    """How much to turn amplitudes [frames, bins] down, so that their sound fits into full scale.

    Guidance pushes a sound away from the average sound, and that is also: louder. The peak is
    foreseen from the loudest spectrum: its r.m.s. value (ΣA²/3 for a Hann window), times a crest
    factor between that of a sine and that of noise, by how many bins share the energy.
    """
    power = mid.square() + side.square()
    total = power.sum(dim=-1).clamp_min(1e-12)
    shared_by = total.square() / power.square().sum(dim=-1).clamp_min(1e-24)
    crest = (2**0.5 + 0.45 * shared_by.log()).clamp_max(4.0)
    peak = (total / 3).sqrt() * crest
    return (LOUDEST / peak.max()).clamp_max(1.0)


def soft_clip(x: Tensor) -> Tensor:
    """``x`` as it is up to the knee, bent towards 1 above it."""
    over = (x.abs() - KNEE).clamp_min(0)
    bent = KNEE + (1 - KNEE) * torch.tanh(over / (1 - KNEE))
    return torch.where(over > 0, bent * x.sign(), x)
