"""Sounds that designers make loops of, synthesised: noise, rain, hum and machines."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.signal import butter, sosfilt

RATE = 44_100


def filtered_noise(seed: int, seconds: float, channels: int) -> np.ndarray:
    """Wind and air: a band of noise, its level slowly moving."""
    random = np.random.default_rng(seed)
    low = float(random.uniform(60, 800))
    band = butter(2, [low, float(low * random.uniform(2, 15))], "bandpass", fs=RATE, output="sos")
    noise = sosfilt(band, random.normal(0, 1, (channels, int(seconds * RATE))))
    level = 1 + 0.3 * np.sin(2 * np.pi * random.uniform(0.2, 1) * _times(seconds))
    return _at_level(noise * level)


def rain(seed: int, seconds: float, channels: int) -> np.ndarray:
    """Drops: short ringing impulses at random moments, on a bed of noise."""
    random = np.random.default_rng(seed)
    samples = int(seconds * RATE)
    drops = random.exponential(1, (channels, samples))
    drops *= random.uniform(0, 1, (channels, samples)) < random.uniform(100, 1500) / RATE
    ring = butter(1, [1500, float(random.uniform(4e3, 12e3))], "bandpass", fs=RATE, output="sos")
    return _at_level(sosfilt(ring, drops) + random.normal(0, 0.01, drops.shape))


def hum(seed: int, seconds: float, channels: int) -> np.ndarray:
    """Mains and fans: harmonics of two tones that beat."""
    random = np.random.default_rng(seed)
    base, beat = random.uniform(45, 120), random.uniform(0.3, 4)
    t = _times(seconds)
    sound = np.zeros((channels, t.size))
    for number in range(1, 9):
        for tone in (base, base + beat):
            phases = random.uniform(0, 2 * np.pi, (channels, 1))
            sound += np.sin(2 * np.pi * tone * number * t + phases) / number
    return _at_level(sound + random.normal(0, 0.01, sound.shape))


def machine(seed: int, seconds: float, channels: int) -> np.ndarray:
    """Engines: a rattle of some hertz that excites resonances, and rumble."""
    random = np.random.default_rng(seed)
    strokes = np.zeros((channels, int(seconds * RATE)))
    steps = random.normal(1, 0.01, 4000).cumsum() * RATE / random.uniform(8, 60)
    places = steps[steps < strokes.shape[1]].astype(int)
    strokes[:, places] = random.uniform(0.7, 1, places.size)
    sound = np.zeros_like(strokes)
    for hertz in random.uniform(100, 5000, 4).tolist():
        body = butter(1, [hertz, 1.1 * hertz], "bandpass", fs=RATE, output="sos")
        sound += sosfilt(body, strokes + random.normal(0, 0.02, strokes.shape))
    return _at_level(sound)


KINDS: tuple[Callable[[int, float, int], np.ndarray], ...] = (filtered_noise, rain, hum, machine)


def textures(count: int) -> list[np.ndarray]:
    """So many different ones, in turn, mono and stereo, of 2 to 4 s."""
    return [
        KINDS[number % len(KINDS)](number, 2 + number % 5 / 2, 1 + number // 2 % 2)
        for number in range(count)
    ]


def _times(seconds: float) -> np.ndarray:
    return np.arange(int(seconds * RATE)) / RATE


def _at_level(sound: np.ndarray) -> np.ndarray:
    return (0.5 * sound / np.abs(sound).max()).astype(np.float32)
