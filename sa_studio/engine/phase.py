"""A waveform from magnitudes alone, piece by piece.

Fast Griffin-Lim (Perraudin, Balazs & Søndergaard 2013, "A fast Griffin-Lim algorithm", §3) on
pieces that overlap: the spectra of what was already made are held fixed while the next piece is
found, so that its phases continue them.
"""

from __future__ import annotations

import torch
from torch import Tensor

MOMENTUM = 0.99
# spectra before a piece that are held fixed, and after it that are made and thrown away; a
# window is four hops long
PAST, FUTURE = 6, 4


class PhaseReconstructor:
    """Magnitudes [frames, bins], in order and piece by piece, to complex spectra.

    Args:
        window: samples of the Hann window; four hops.
        iterations: rounds for each piece.
        seed: of the phases to begin with: the same magnitudes always give the same sound.
    """

    def __init__(self, window: int, iterations: int, seed: int = 0) -> None:
        self.window = torch.hann_window(window)
        self.hop = window // 4
        self.iterations = iterations
        self.generator = torch.Generator("cpu").manual_seed(seed)
        self._past = torch.zeros(0, window // 2 + 1, dtype=torch.complex64)

    def spectra(self, magnitudes: Tensor, future: Tensor) -> Tensor:
        """Complex spectra of the next piece.

        Args:
            magnitudes: of the piece, [n, bins].
            future: of what follows, as far as it is known, [m, bins]; at most ``FUTURE`` are used.

        Returns:
            [n, bins], complex.
        """
        if magnitudes.shape[0] == 0:
            return magnitudes.to(torch.complex64)
        wanted = torch.cat((magnitudes, future[:FUTURE]))
        past = self._past
        phases = 2 * torch.pi * torch.rand(wanted.shape, generator=self.generator)
        spectra = torch.cat((past, torch.polar(wanted, phases)))
        known = past.shape[0]
        magnitude = spectra.abs()
        previous = spectra
        for _ in range(self.iterations):
            consistent = self.analyse(self.synthesise(spectra), spectra.shape[0])
            # extrapolate beyond the projection, then put the magnitudes back
            ahead = consistent + MOMENTUM * (consistent - previous)
            previous = consistent
            spectra = magnitude * torch.exp(1j * ahead.angle())
            spectra[:known] = past
        made = spectra[known : known + magnitudes.shape[0]]
        self._past = torch.cat((past, made))[-PAST:]
        return made

    def synthesise(self, spectra: Tensor) -> Tensor:
        """Overlap-add spectra [n, bins] to samples [(n + 3)·hop], least squares."""
        frames = torch.fft.irfft(spectra, n=self.window.shape[0]) * self.window
        return overlap_add(frames, self.hop) / overlap_add(
            (self.window**2).expand_as(frames), self.hop
        ).clamp_min(1e-3)

    def analyse(self, samples: Tensor, frames: int) -> Tensor:
        """Spectra [frames, bins] of samples [(frames + 3)·hop]."""
        pieces = samples.unfold(0, self.window.shape[0], self.hop)[:frames]
        spectra: Tensor = torch.fft.rfft(pieces * self.window)
        return spectra


def overlap_add(frames: Tensor, hop: int) -> Tensor:
    """Sum frames [n, 4·hop] that start a hop apart, to [(n + 3)·hop]."""
    count = frames.shape[0]
    blocks = frames.view(count, 4, hop)
    out = frames.new_zeros(count + 3, hop)
    for part in range(4):
        out[part : part + count] += blocks[:, part]
    return out.flatten()
