"""From stereo samples to bands of sinusoids and noise.

Where a sinusoid lies is read from the phase: the frequency of a bin is its centre corrected by a
second transform with the derivative of the window (Auger & Flandrin 1995, "Improving the
readability of time-frequency and time-scale representations by the reassignment method", §III).
Neighbouring bins agree on it where there is a tone, and differ where there is noise.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from sa_studio.engine.spectra import Spectra
from sa_studio.engine.spectral_bands import (
    RATE,
    centres,
    folding,
    stereo_weights,
)

HOP = 512
# Windows in samples, and the Hz between which each may be chosen: a long one tells low partials
# apart, a short one follows what moves.
WINDOWS = ((4096, 0.0, 1200.0), (2048, 0.0, 4500.0), (1024, 250.0, math.inf))
# what a window half as long may lack in tonal share and is chosen all the same
SHORTER_IS_BETTER = 0.05
# variance, in bins², of the frequency that neighbouring bins report, at which a sound is as much
# noise as e to 1; white noise lies at about 0.1
DISAGREEMENT = 0.08
# Windows in samples that look where within a longer one the energy lies, and the Hz for each.
CLOSER_LOOKS = (
    (4096, 1024, 0.0, 1200.0),
    (2048, 512, 1200.0, 4500.0),
    (1024, 256, 4500.0, 22050.0),
)
# a short window's energy ripples with slow waves
TOLERANCE = 1.5
STEREO_WINDOW = 2048
WIDEST = 0.95
TINY = 1e-20


def analyse(audio: Tensor) -> Spectra:
    """The spectra of ``audio`` [2, n], n a multiple of the hop, float32: n/hop frames."""
    mid, side = (audio[0] + audio[1]) / 2, (audio[0] - audio[1]) / 2
    frames = audio.shape[-1] // HOP
    power, tonality, deviation = _tones(mid, frames)
    width, pan = _stereo(mid, side, frames)
    # of both channels, of which the mid signal holds a part
    power = _sharpened(power, mid) / (1 - (stereo_weights().to(mid) @ width).square())
    return Spectra(power, tonality, deviation, width, pan)


def transform(signal: Tensor, window: Tensor, hop: int) -> Tensor:
    """Spectra of ``signal`` [n], windows centred on multiples of ``hop``: [frames, bins]."""
    half = window.shape[0] // 2
    padded = nn.functional.pad(signal, (half, half))
    spectra: Tensor = torch.fft.rfft(padded.unfold(-1, window.shape[0], hop) * window)
    return spectra


def _scale(window: Tensor) -> float:
    """Squared bins to mean squares: over the bins of a sine of amplitude 1 they sum to 0.5."""
    return 2 / (window.shape[0] * window.square().sum().item())


def _summed(values: Tensor, dim: int, count: int = 3) -> Tensor:
    """Sums over ``count`` neighbours, the outermost counting for those beyond the edge."""
    moved = values.movedim(dim, -1)
    half = count // 2
    padded = nn.functional.pad(moved[None], (half, half), mode="replicate")[0]
    return padded.unfold(-1, count, 1).sum(-1).movedim(-1, dim)


def _tones(mid: Tensor, frames: int) -> tuple[Tensor, Tensor, Tensor]:
    """Power, tonality and deviation, [bands, frames] each, with the window that suits best."""
    middle = centres().to(mid)
    candidates = []
    for rank, (size, low, high) in enumerate(WINDOWS):
        power, tonal, position = _through_window(mid, size, frames)
        around = _summed(_summed(tonal, 0, 9), 1)
        share = around / (_summed(_summed(power, 0, 9), 1) + 1e-16) + rank * SHORTER_IS_BETTER
        allowed = (middle >= low) & (middle < high)
        share = torch.where(allowed[:, None], share, -1.0)
        candidates.append((power, tonal, position, share))
    best = torch.stack([share for *_, share in candidates]).argmax(dim=0)[None]
    power, tonal, position = (
        torch.stack([candidate[part] for candidate in candidates]).gather(0, best)[0]
        for part in range(3)
    )
    deviation = 12 * (position / (tonal + TINY) - middle.log2()[:, None])
    return power, tonal / (power + TINY), torch.where(tonal > TINY, deviation, 0.0)


def _through_window(mid: Tensor, size: int, frames: int) -> tuple[Tensor, Tensor, Tensor]:
    """Through one window: power, its tonal part, and that times log2 of its frequency."""
    window = torch.hann_window(size, device=mid.device)
    slope = math.pi / size * torch.sin(2 * math.pi * torch.arange(size, device=mid.device) / size)
    spectra = transform(mid, window, HOP)[:frames]
    moved = transform(mid, slope, HOP)[:frames]
    square = spectra.abs().square()
    bins = torch.arange(size // 2 + 1, device=mid.device, dtype=mid.dtype)
    # in bins: how far from its centre each bin finds its sinusoid
    offset = -(moved * spectra.conj()).imag / (square + 1e-12) * size / (2 * math.pi)
    offset = torch.where(offset.abs() < 3, offset, 0.0)
    where = bins + offset
    power = square * _scale(window)
    weight = _summed(power, 1) + TINY
    mean = _summed(power * where, 1) / weight
    spread = (_summed(power * where.square(), 1) / weight - mean.square()).clamp_min(0)
    spread = _summed(spread * weight, 0) / _summed(weight, 0)
    tonal = power * torch.exp(-spread / DISAGREEMENT)
    frequency = (where * (RATE / size)).clamp_min(10)
    fold = folding(size).to(mid)
    return fold @ power.T, fold @ tonal.T, fold @ (tonal * frequency.log2()).T


def _sharpened(power: Tensor, mid: Tensor) -> Tensor:
    """Power [bands, frames] without what a long window smears around an attack.

    Before it, the short window's energy is the limit; right behind it, where the long window is
    still half empty, the short one tells what the power is about to become.
    """
    middle = centres().to(mid)
    frames = power.shape[1]
    sharpened = power.clone()
    for long, short, low, high in CLOSER_LOOKS:
        smeared = _energy(mid, long, HOP, low, high)[:frames]
        step = min(short // 2, HOP)
        per_hop = HOP // step
        near = _energy(mid, short, step, low, high)
        near = nn.functional.max_pool1d(near[None, None], per_hop + 1, per_hop, per_hop // 2)[0, 0]
        ratio = near[:frames] / (smeared + 1e-14)
        rows = (middle >= low) & (middle < high)
        own = power[rows]
        ahead = nn.functional.pad(own, (0, long // 2 // HOP))
        ahead = ahead.unfold(-1, long // 2 // HOP + 1, 1).amax(dim=-1)
        lowered = own * (ratio * TOLERANCE).clamp_max(1)
        sharpened[rows] = torch.where(ratio < 1, lowered, torch.minimum(own * ratio, ahead))
    return sharpened


def _energy(mid: Tensor, size: int, hop: int, low: float, high: float) -> Tensor:
    """Mean square between two frequencies, [frames]."""
    window = torch.hann_window(size, device=mid.device)
    bins = torch.arange(size // 2 + 1, device=mid.device) * (RATE / size)
    chosen = transform(mid, window, hop)[:, (bins >= low) & (bins < high)]
    return chosen.abs().square().sum(dim=-1) * _scale(window)


def _stereo(mid: Tensor, side: Tensor, frames: int) -> tuple[Tensor, Tensor]:
    """Width and pan, [wide bands, frames]."""
    window = torch.hann_window(STEREO_WINDOW, device=mid.device)
    wide = stereo_weights().to(mid).T @ folding(STEREO_WINDOW).to(mid)
    mids = transform(mid, window, HOP)[:frames]
    sides = transform(side, window, HOP)[:frames]
    mid_power, side_power, shared = (
        _summed(wide @ values.T, 1)
        for values in (
            mids.abs().square(),
            sides.abs().square(),
            (mids * sides.conj()).real,
        )
    )
    width = (side_power / (mid_power + side_power + 1e-9)).sqrt().clamp_max(WIDEST)
    pan = shared / ((mid_power * side_power).sqrt() + 1e-9)
    return width, pan.clamp(-1, 1)
