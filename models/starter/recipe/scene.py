"""What happens to a rendered sound before it becomes a training clip: its room, tone and level.

Each change says a word of which it makes true, or none.
"""

from __future__ import annotations

import numpy as np
from scipy import signal

from sounds.dsp import RATE, Array, Rng, room
from sounds.sound_class import Sound, SoundClass, pick

PEAK = 10 ** (-1 / 20)
ROOMS = (("in a small room", 0.25, 0.5, 0.25), ("in a large hall", 1.4, 2.8, 0.4))
IN_A_ROOM = 0.2
TILTED = 0.35
# dB an octave that a tilt reaches at most, and the Hz around which it turns
STEEPEST = 2.5
PIVOT = 1000.0
NARROWED = 0.15
BAD = 0.05


def stage(item: SoundClass, sound: Sound, rng: Rng) -> tuple[Array, dict[str, str]]:
    """The clip [2, n], float32, at its level, and the words that are true of it."""
    audio, words = np.asarray(sound.audio, dtype=float), dict(sound.words)
    if rng.random() < TILTED:
        audio = tilted(audio, rng.uniform(-STEEPEST, STEEPEST))
    if not item.sustained and rng.random() < IN_A_ROOM:
        name, low, high, amount = ROOMS[int(rng.integers(len(ROOMS)))]
        audio = room(rng, audio, pick(rng, low, high), amount)
        words["place"] = name
    if rng.random() < NARROWED:
        audio = np.tile(audio.mean(axis=0), (2, 1))
    if rng.random() < BAD:
        audio = spoiled(audio, rng)
        words["quality"] = "low quality, distorted"
    peak = np.abs(audio).max()
    return (audio * (PEAK / max(peak, 1e-9))).astype(np.float32), words


def tilted(audio: Array, slope: float) -> Array:
    """``audio`` [2, n] with a spectrum that rises by ``slope`` dB an octave."""
    spectrum = np.fft.rfft(audio, axis=-1)
    frequencies = np.fft.rfftfreq(audio.shape[-1], 1 / RATE)
    octaves = np.log2(np.clip(frequencies, 50, 12000) / PIVOT)
    return np.fft.irfft(spectrum * 10 ** (slope * octaves / 20), n=audio.shape[-1], axis=-1)


def spoiled(audio: Array, rng: Rng) -> Array:
    """``audio`` [2, n] as a bad recording: clipped, dull, noisy."""
    loud = audio / (np.abs(audio).max() + 1e-9)
    clipped = np.clip(loud * rng.uniform(4, 12), -1, 1)
    dull = signal.sosfilt(
        signal.butter(2, (200, rng.uniform(2500, 4500)), "band", fs=RATE, output="sos"), clipped
    )
    return dull + rng.uniform(0.01, 0.04) * rng.standard_normal(audio.shape[1])
