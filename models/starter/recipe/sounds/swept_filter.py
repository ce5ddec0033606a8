"""Filters whose frequencies move: causal responses applied to overlapping short frames."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import fft

from sounds.dsp import RATE, Array

_WINDOW = 1024
_HOP = 256
_SHORT, _LONG = 2048, 4096  # transform sizes: 23 and 70 ms for the filter to ring


def _filter(x: Array, size: int, respond: Callable[..., Array], *curves: Array | float) -> Array:
    """Mono [n] or stereo [2, n].

    ``respond`` gets the frequencies [1, bins] and each curve as [frames, 1] at frame centres.
    """
    count = x.shape[-1]
    frequency = fft.rfftfreq(size, 1 / RATE).astype(np.float32)[None]
    frames = count // _HOP + 1 + _WINDOW // _HOP
    padded = np.zeros((*x.shape[:-1], (frames - 1) * _HOP + _WINDOW), np.float32)
    padded[..., _WINDOW : _WINDOW + count] = x[..., : padded.shape[-1] - _WINDOW]
    window = np.sin(np.pi * np.arange(_WINDOW, dtype=np.float32) / _WINDOW) ** 2 / 2
    views = np.lib.stride_tricks.sliding_window_view(padded, _WINDOW, axis=-1)[..., ::_HOP, :]
    centres = np.clip(np.arange(frames) * _HOP - _WINDOW // 2, 0, count - 1)
    values = [
        (np.full(frames, c) if np.ndim(c) == 0 else c[centres]).astype(np.float32)[:, None]
        for c in curves
    ]
    spectra = fft.rfft(views * window, n=size, axis=-1) * respond(frequency, *values)
    pieces = fft.irfft(spectra, n=size, axis=-1)
    blocks = size // _HOP
    out = np.zeros((*x.shape[:-1], frames + blocks, _HOP), np.float32)
    for block in range(blocks):
        out[..., block : block + frames, :] += pieces[..., block * _HOP : (block + 1) * _HOP]
    flat = out.reshape(*x.shape[:-1], -1)
    return flat[..., _WINDOW : _WINDOW + count].astype(np.float64)


def _ladder(frequency: Array, cutoff: Array, resonance: Array) -> Array:
    pole = 1 + 1j * (frequency / cutoff)
    pole *= pole
    pole *= pole
    return (1 + 0.5 * resonance) / (pole + resonance)


def swept_lowpass(x: Array, cutoff: Array | float, resonance: Array | float = 0.0) -> Array:
    """A four-pole ladder; ``cutoff`` in Hz, ``resonance`` from 0 to 3.6 (it whistles at 4)."""
    return _filter(x, _LONG, _ladder, np.clip(cutoff, 40, 20000), resonance)


def _band(frequency: Array, low: Array, high: Array) -> Array:
    rise = 1j * (frequency / low)
    rise = rise / (1 + rise)
    both = rise / (1 + 1j * (frequency / high))
    return both * both * both


def swept_band(x: Array, low: Array | float, high: Array | float) -> Array:
    """Three poles on each side of a band whose edges in Hz move."""
    return _filter(x, _SHORT, _band, np.clip(low, 15, 20000), np.clip(high, 15, 20000))


def _resonator(frequency: Array, centre: Array, quality: Array) -> Array:
    ratio = frequency / centre
    return 1j * ratio / (quality * (1 - ratio * ratio) + 1j * ratio)


def swept_peak(x: Array, centre: Array | float, quality: Array | float) -> Array:
    """One narrow band around a centre in Hz; a higher ``quality`` whistles more."""
    return _filter(x, _LONG, _resonator, np.clip(centre, 15, 20000), quality)
