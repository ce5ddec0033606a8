"""Clips by class and number, each from a seed of its own: the same wherever and whenever made."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np
from scene import stage

from sounds.dsp import RATE, Array, Rng
from sounds.recordings import recorded_take
from sounds.sound_class import SoundClass

TRAINING_SEED, HELD_OUT_SEED, MIXTURE_SEED = 1, 2, 3
# every so manieth clip of a class is a recording, if there is one of it
RECORDED = 4
# lengths in seconds, four to the octave, so that batches of equal length can be drawn
LENGTHS = tuple(0.25 * 2 ** (k / 4) for k in range(22))


@dataclass(frozen=True)
class Clip:
    """A staged sound, the seconds that it fills, and the words that are true of it."""

    audio: Array
    seconds: float
    words: dict[str, str]
    note: float | None
    tempo: float | None


def slug(label: str) -> str:
    """The name of a class's folder."""
    return label.lower().replace(" ", "-").replace("/", "-")


def generator(seed: int, label: str, number: int) -> Rng:
    return np.random.default_rng((seed, zlib.crc32(label.encode()), number))


def useful_length(span: tuple[float, float], rng: Rng) -> float:
    """A length of the grid within ``span``."""
    low, high = span
    allowed = [x for x in LENGTHS if low * 0.95 <= x <= high * 1.05]
    return float(rng.choice(allowed)) if allowed else low


def clip(item: SoundClass, number: int, seed: int = TRAINING_SEED) -> Clip:
    """Clip ``number`` of a class."""
    rng = generator(seed, item.label, number)
    seconds = useful_length(item.seconds, rng)
    take = recorded_take(item.label, rng, seconds) if number % RECORDED == 0 else None
    sound = take or item.make(rng, seconds)
    audio, words = stage(item, sound, rng)
    if audio.shape != (2, round(seconds * RATE)) or not np.isfinite(audio).all():
        raise ValueError(f"{item.label} {number} is {audio.shape}, or not finite")
    return Clip(audio, seconds, words, sound.note, sound.tempo)
