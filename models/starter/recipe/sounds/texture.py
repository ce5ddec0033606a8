"""Textures: wide noise of a drawn spectrum, and crowds of short grains across the stereo field."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.fft import irfft, next_fast_len

from sounds.dsp import RATE, Array, Rng, bandpass, decay, times

Spectrum = Sequence[tuple[float, float]]


def wide_noise(rng: Rng, count: int, spectrum: Spectrum, correlation: float = 0.2) -> Array:
    """Noise [2, count] of unit power, its level in dB given at some frequencies in Hz.

    ``correlation`` is that of the two channels: 0 for two microphones far apart, 1 for mono.
    """
    size = next_fast_len(max(count, 2048), real=True)
    frequency = np.arange(size // 2 + 1) * (RATE / size)
    hertz, level = zip(*spectrum, strict=True)
    curve = np.interp(np.log(np.maximum(frequency, 1)), np.log(hertz), level)
    gain = 10 ** (curve / 20) * (frequency > 18)
    shared, left, right = rng.standard_normal((3, 2 * gain.size)).view(np.complex128)
    own, common = np.sqrt(1 - correlation), np.sqrt(correlation)
    spectra = np.stack([own * left + common * shared, own * right + common * shared]) * gain
    out = irfft(spectra, n=size)[:, :count]
    return out / (np.sqrt(np.mean(out**2)) + 1e-12)


def arrivals(rng: Rng, count: int, rate: float, curve: Array | None = None) -> Array:
    """Random sample positions, ``rate`` a second on average; denser where ``curve`` is high."""
    number = max(1, rng.poisson(rate * count / RATE))
    if curve is None:
        return rng.integers(0, count, number)
    total = np.cumsum(np.maximum(curve, 0))
    return np.searchsorted(total, rng.random(number) * total[-1]).clip(0, count - 1)


def scatter(
    out: Array, bank: Sequence[Array], rng: Rng, starts: Array, gains: Array, pans: Array
) -> None:
    """Add a grain of the bank to ``out`` [2, n] at every start, heard from ``pans`` (-1 to 1).

    The far ear hears it weaker and up to 0.6 ms later, as a pair of microphones does: this is
    what keeps a crowd of grains wide in the highs and whole in mono.
    """
    count = out.shape[1]
    angle = (pans + 1) * np.pi / 4
    levels = np.stack([np.cos(angle), np.sin(angle)]) * gains
    late = np.round(np.stack([np.maximum(pans, 0), np.maximum(-pans, 0)]) * 0.0006 * RATE)
    places = (starts + late).astype(int)
    chosen = rng.integers(0, len(bank), len(starts))
    for channel, target in enumerate(out):
        for index, start, level in zip(chosen, places[channel], levels[channel], strict=True):
            if start < count:
                piece = bank[index][: count - start]
                target[start : start + piece.size] += level * piece


def pan(grain: Array, position: float) -> Array:
    """Mono [n] as stereo [2, n] at equal power; ``position`` from -1 (left) to 1 (right)."""
    angle = (position + 1) * np.pi / 4
    return np.stack([np.cos(angle) * grain, np.sin(angle) * grain]) * np.sqrt(2)


def unit(grain: Array) -> Array:
    """Scaled to a peak of one."""
    return grain / (np.abs(grain).max() + 1e-12)


def tick(rng: Rng, low: float, high: float, t60: float, attack: float = 0.0002) -> Array:
    """A short burst of noise between two frequencies."""
    t = times(min(1.2 * t60, 1.0) + attack + 0.001)
    return unit(bandpass(rng.standard_normal(t.size), low, high, 1) * decay(t, t60, attack))


def ring(
    rng: Rng, frequencies: Sequence[float], t60s: Sequence[float], gains: Sequence[float]
) -> Array:
    """Struck modes: damped sines, each as loud and as long as is given."""
    t = times(max(t60s))
    out = np.zeros(t.size)
    for frequency, t60, gain in zip(frequencies, t60s, gains, strict=True):
        if frequency < RATE / 2.2:
            part = t[: round(t60 * RATE)]
            wave = np.sin(2 * np.pi * frequency * part + rng.uniform(0, 0.6))
            out[: part.size] += gain * wave * decay(part, t60, 0.0003)
    return out


def bubble(frequency: float, rise: float) -> Array:
    """An air bubble in water: a sine damped as its size demands, whose pitch rises as it surfaces.

    The damping is that of a sphere of air of the Minnaert frequency (radiation and heat).
    """
    damping = 0.043 * frequency + 0.0014 * frequency**1.5
    t = times(min(6.5 / damping, 0.25))
    phase = frequency * (t + 0.5 * rise * damping * t**2)
    return np.sin(2 * np.pi * phase) * np.exp(-damping * t) * np.minimum(1, t / 0.0008)


def pulses(rng: Rng, count: int, rate: Array, jitter: float) -> Array:
    """Impulses of uneven strength, ``rate`` [count] a second, as a sticking surface lets go."""
    phase = np.cumsum(rate * (1 + jitter * rng.standard_normal(count).clip(-2, 2))) / RATE
    out = np.zeros(count)
    steps = np.flatnonzero(np.diff(np.floor(phase)) > 0)
    out[steps] = rng.uniform(0.4, 1.0, steps.size)
    return out


def fade_ends(x: Array, start: float = 0.01, end: float = 0.02) -> Array:
    """Ramps in seconds, so that a texture clicks neither in nor out."""
    position = np.arange(x.shape[-1]) / RATE
    return x * np.clip(position / start, 0, 1) * np.clip((position[-1] - position) / end, 0, 1)
