"""What machines are made of: beats, and bodies that answer them."""

from __future__ import annotations

import numpy as np
from scipy import signal

from sounds.dsp import RATE, Array, Rng, decay


def resonances(rng: Rng, t: Array, modes: list[tuple[float, float, float]]) -> Array:
    """What a struck body answers: modes of (Hz, seconds to fall 60 dB, level)."""
    return sum(
        level * np.sin(2 * np.pi * frequency * t + rng.uniform(0, 0.6)) * decay(t, t60)
        for frequency, t60, level in modes
    )


def struck(hits: Array, body: Array) -> Array:
    """``body`` heard at every non-zero sample of ``hits``, as loud as that sample."""
    return signal.fftconvolve(hits, body)[: hits.shape[0]]


def beats(rng: Rng, rate: Array, jitter: float) -> Array:
    """Sample indices of the beats of a rate in Hz per sample; ``jitter`` in parts of a period."""
    phase = np.cumsum(rate) / RATE + rng.random()
    at = np.flatnonzero(np.diff(np.floor(phase), prepend=np.floor(phase[0])) > 0)
    moved = at + jitter * rng.standard_normal(at.size) * RATE / rate[at]
    return np.clip(moved.astype(int), 0, rate.size - 1)
