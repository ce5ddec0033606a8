"""Oscillators without aliasing: wave tables with as many harmonics as the pitch has room for."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy.signal import resample_poly

from sounds.dsp import RATE, Array, Rng, highpass

_SIZE = 1 << 14
_TOP = 20000.0
_LEVELS = 31  # thirds of an octave, up to 1024 harmonics


def _harmonics(shape: str, count: int) -> Array:
    k = np.arange(1, count + 1)
    odd = k % 2
    if shape == "saw":
        return 2 / (np.pi * k)
    if shape == "square":
        return 4 * odd / (np.pi * k)
    if shape == "triangle":
        return 8 * odd * (-1.0) ** (k // 2) / (np.pi * k) ** 2
    raise ValueError(f"no such wave: {shape}")


@lru_cache
def _tables(shape: str) -> Array:
    """[levels, size + 1]: one cycle each, its first sample again at the end."""
    tables = np.empty((_LEVELS, _SIZE + 1), np.float32)
    for level in range(_LEVELS):
        count = int(2 ** (level / 3))
        spectrum = np.zeros(_SIZE // 2 + 1, complex)
        spectrum[1 : count + 1] = -0.5j * _SIZE * _harmonics(shape, count)
        tables[level, :-1] = np.fft.irfft(spectrum)
    tables[:, -1] = tables[:, 0]
    return tables


def _read(table: Array, position: Array, offset: Array | int = 0) -> Array:
    index = position.astype(np.int32)
    fraction = position - index
    index = index + offset
    low = table[index]
    return low + (table[index + 1] - low) * fraction


class _Reader:
    """The tables of a shape for one course of pitch, which several voices may share."""

    def __init__(self, shape: str, frequency: Array | float, count: int) -> None:
        self.tables = _tables(shape)
        moving = np.ndim(frequency) > 0
        self.cycles = (
            np.cumsum(frequency) / RATE if moving else np.arange(count) * (frequency / RATE)
        )
        top = np.max(frequency)
        self.steady = top < 1.12 * np.min(frequency)
        level = 3 * np.log2(_TOP / np.maximum(top if self.steady else frequency, 1))
        level = np.clip(level, 0, _LEVELS - 1)
        self.whole = np.floor(level).astype(np.int32)
        self.fraction = level - self.whole

    def __call__(self, ratio: float, phase: Array | float) -> Array:
        cycles = self.cycles * ratio + phase
        position = (cycles - np.floor(cycles)) * _SIZE
        if self.steady:
            return _read(self.tables[int(self.whole)], position)
        # harmonics come and go gradually where the pitch travels
        flat = self.tables.ravel()
        upper = _read(flat, position, self.whole * (_SIZE + 1))
        lower = _read(flat, position, np.maximum(self.whole - 1, 0) * (_SIZE + 1))
        return lower + (upper - lower) * self.fraction


def wave(shape: str, frequency: Array | float, count: int, phase: Array | float = 0.0) -> Array:
    """``count`` samples of a saw, square or triangle.

    Args:
        frequency: in Hz, one number or one a sample.
        phase: in cycles, one number or one a sample.
    """
    return _Reader(shape, frequency, count)(1.0, phase)


def pulse(frequency: Array | float, width: Array | float, count: int, phase: float = 0.0) -> Array:
    """A rectangle that is high for ``width`` (0 to 1) of its cycle: two saws apart, no offset."""
    reader = _Reader("saw", frequency, count)
    return reader(1.0, phase) - reader(1.0, phase + width)


def pan(x: Array, position: float | Array) -> Array:
    """Mono [n] to stereo [2, n] at equal power; -1 is left, 1 right."""
    angle = (np.clip(position, -1, 1) + 1) * np.pi / 4
    return np.stack([x * np.cos(angle), x * np.sin(angle)])


def unison(
    rng: Rng,
    shape: str,
    frequency: Array | float,
    count: int,
    voices: int,
    cents: float,
    width: float,
) -> Array:
    """Voices up to ``cents`` off pitch, alternately left and right by ``width``: [2, n]."""
    out = np.zeros((2, count))
    reader = _Reader(shape, frequency, count)
    spread = np.linspace(-1, 1, voices) if voices > 1 else np.zeros(1)
    for index, away in enumerate(spread):
        ratio = 2 ** (away * cents / 1200)
        side = 0.0 if index == voices // 2 and voices % 2 else width * (-1) ** index
        out += pan(reader(ratio, rng.random()), side)
    return out / np.sqrt(voices)


def drive(x: Array, gain: float) -> Array:
    """Soft clipping at twice the rate, so that what it adds does not fold back."""
    fast = resample_poly(x, 2, 1, axis=-1)
    clipped = resample_poly(np.tanh(gain * fast), 1, 2, axis=-1)[..., : x.shape[-1]]
    # a lopsided wave would come out with an offset
    return highpass(clipped, 16, 1) / np.tanh(gain)
