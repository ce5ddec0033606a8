"""What trailer sounds are layered from: wide noise, ringing metal, clean ends."""

from __future__ import annotations

import numpy as np
from scipy import fft

from sounds.dsp import RATE, Array, Rng, decay
from sounds.oscillators import pan


def edges(x: Array, rise: float = 0.005, fall: float = 0.01) -> Array:
    """Short fades at both ends, in seconds, so that nothing clicks."""
    t = np.arange(x.shape[-1]) / RATE
    return x * np.clip(t / rise, 0, 1) * np.clip((t[-1] - t) / fall, 0, 1)


def wide_noise(rng: Rng, count: int, slope: float, shared: float) -> Array:
    """Coloured noise [2, n]; ``shared`` (0 to 1) of it is the same on both sides."""
    size = fft.next_fast_len(count, real=True)
    # each bin is drawn at random, which saves the way there
    bins = rng.standard_normal((3, size // 2 + 1, 2), np.float32).view(np.complex64)[..., 0]
    frequency = np.maximum(np.arange(size // 2 + 1, dtype=np.float32) * (RATE / size), 20)
    tilt = frequency ** (-slope / 2)
    tilt /= np.sqrt((tilt**2).mean())
    bins = (np.sqrt(shared) * bins[:1] + np.sqrt(1 - shared) * bins[1:]) * tilt
    bins[:, frequency <= 20] = 0
    return fft.irfft(bins, n=size, axis=-1)[:, :count] * np.float32(np.sqrt(size / 2))


def metallic(rng: Rng, count: int, base: float, partials: int, t60: float) -> Array:
    """Inharmonic ringing [2, n] of struck sheet metal; low partials ring longest."""
    t = np.arange(count) / RATE
    out = np.zeros((2, count))
    for index in range(partials):
        f = base * (1 + index) ** 1.35 * rng.uniform(0.93, 1.07)
        if f > 15000:
            break
        ring = decay(t, t60 * rng.uniform(0.5, 1.2) / (1 + 0.15 * index), 0.001)
        tone = np.sin(2 * np.pi * (f * t + rng.random())) * ring
        out += pan(tone, rng.uniform(-0.9, 0.9)) / (1 + index) ** 0.5
    return out
