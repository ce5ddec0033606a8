"""Sounds of which everything is known."""

from __future__ import annotations

import numpy as np

RATE = 44_100


def times(seconds: float) -> np.ndarray:
    return np.arange(round(seconds * RATE)) / RATE


def stereo(signal: np.ndarray) -> np.ndarray:
    return np.stack([signal, signal])


def noise(seconds: float, seed: int = 0) -> np.ndarray:
    """Independent channels."""
    return 0.1 * np.random.default_rng(seed).standard_normal((2, round(seconds * RATE)))


def hertz(note: float) -> float:
    return 440 * 2 ** ((note - 69) / 12)


def tone(frequency: float, seconds: float, partials: int = 1) -> np.ndarray:
    """Partials whose amplitudes fall with their number, those below 20 kHz."""
    t = times(seconds)
    numbers = [k for k in range(1, partials + 1) if k * frequency < 20_000]
    signal = sum(np.sin(2 * np.pi * k * frequency * t + k) / k for k in numbers)
    return stereo(0.3 * np.asarray(signal))


def drum_loop(tempo: float, seconds: float) -> np.ndarray:
    """A kick on every beat, a snare on every second, a hi-hat between."""
    rng = np.random.default_rng(1)
    signal = np.zeros(round(seconds * RATE))

    def hit(at: float, frequency: float, decay: float, noisy: float) -> None:
        start = round(at * RATE)
        t = times(0.3)[: max(0, signal.size - start)]
        body = (1 - noisy) * np.sin(2 * np.pi * frequency * t)
        body += noisy * rng.standard_normal(t.size)
        signal[start : start + t.size] += 0.3 * body * np.exp(-t / decay)

    beat = 60 / tempo
    for number in range(int(seconds / beat) + 1):
        hit(number * beat, 60, 0.08, 0.0)
        hit((number + 0.5) * beat, 8000, 0.02, 0.9)
        if number % 2:
            hit(number * beat, 200, 0.1, 0.7)
    return stereo(signal)
