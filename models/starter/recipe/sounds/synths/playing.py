"""How a synthesiser is played: notes, chords, envelopes, echoes."""

from __future__ import annotations

import numpy as np

from sounds.dsp import RATE, Array, Rng
from sounds.sound_class import hertz, pick

CHORDS = {"minor": (0, 3, 7), "major": (0, 4, 7), "open": (0, 7, 12)}
SCALES = {"minor": (0, 3, 5, 7, 10), "major": (0, 2, 4, 7, 9)}


def draw_note(rng: Rng, low: int, high: int) -> int:
    return int(rng.integers(low, high + 1))


def held(t: Array, attack: float, end: float, release: float) -> Array:
    """A key pressed at 0 and let go at ``end``: smooth rise, 60 dB of fall in ``release``."""
    rise = np.sin(np.pi / 2 * np.clip(t / attack, 0, 1)) ** 2
    tail = np.clip((t[-1] - t) / 0.01, 0, 1)
    return rise * tail * 10 ** (-3 * np.maximum(t - end, 0) / release)


def key(rng: Rng, seconds: float, t: Array, attack: float) -> Array:
    """The envelope of a note that is over before the clip is."""
    release = pick(rng, 0.08, 0.5) * min(1, seconds)
    end = max(0.15, (seconds - release) * rng.uniform(0.55, 1.0))
    return held(t, min(attack, end / 2), end, release)


def bent(rng: Rng, t: Array, note: int, cents: float) -> Array:
    """A frequency with vibrato that sets in after the attack."""
    onset = np.clip((t - 0.15) / 0.3, 0, 1)
    wobble = onset * np.sin(2 * np.pi * (rng.uniform(4.5, 6.8) * t + rng.random()))
    return hertz(note) * 2 ** (cents / 1200 * wobble)


def vibrato(rng: Rng) -> tuple[float, dict[str, str]]:
    """Depth in cents, and what one may say of it."""
    if rng.random() < 0.35:
        return 0.0, {"motion": "steady"}
    cents = rng.uniform(6, 50)
    return cents, {"motion": "wavering"} if cents > 26 else {}


def chord(rng: Rng) -> tuple[tuple[int, ...], dict[str, str]]:
    """Intervals above the root: minor, major, or neither."""
    name = str(rng.choice(list(CHORDS)))
    return CHORDS[name], {} if name == "open" else {"character": name}


def filled(x: Array, attack: float, release: float) -> Array:
    """Fade a sustained sound [2, n] in and out within its clip."""
    t = np.arange(x.shape[-1]) / RATE
    rise, fall = np.clip(t / attack, 0, 1), np.clip((t[-1] - t) / release, 0, 1)
    return x * np.sin(np.pi / 2 * rise) * np.sin(np.pi / 2 * fall)


def echoed(x: Array, delay: float, feedback: float) -> Array:
    """Echoes that jump between the channels; ``delay`` in seconds."""
    out = x.copy()
    step = round(delay * RATE)
    mono = x.mean(axis=0)
    for index in range(1, 5):
        if step * index >= x.shape[-1]:
            break
        out[index % 2, step * index :] += feedback**index * mono[: -step * index]
    return out


def cutoff_for(note: float, harmonics: float) -> float:
    return min(hertz(note) * harmonics, 16000.0)
