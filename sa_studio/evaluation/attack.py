"""When a one-shot begins, and how fast it rises."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sa_studio.evaluation.arrays import RATE, TINY, Array, moving_mean

FINE_SECONDS = 0.002
# the level that percentages refer to: a single peak of a noise says little
LEVEL_SECONDS = 0.010


@dataclass(frozen=True, slots=True)
class Attack:
    """Seconds: ``onset`` from the file's start to 10 % of the peak's power, ``rise`` to 90 %."""

    onset: float
    rise: float


def envelope(audio: Array) -> Array:
    """The power of ``audio`` [channels, samples], smoothed over 2 ms: [samples].

    Of the analytic signal: that of a steady low tone is steady.
    """
    count = audio.shape[1]
    size = 1 << (count - 1).bit_length()
    spectrum = np.fft.fft(audio, size, axis=1)
    spectrum[:, size // 2 + 1 :] = 0
    spectrum[:, 1 : size // 2] *= 2
    analytic = np.fft.ifft(spectrum, axis=1)[:, :count]
    power = (np.abs(analytic) ** 2).sum(axis=0)
    return moving_mean(power, round(FINE_SECONDS * RATE))


def attack(audio: Array) -> Attack | None:
    """Onset and rise of ``audio`` [channels, samples]; ``None`` if it is silent.

    The peak is that of the envelope averaged over 10 ms.
    """
    fine = envelope(audio)
    peak = moving_mean(fine, round(LEVEL_SECONDS * RATE)).max()
    if peak < TINY:
        return None
    start = int(np.argmax(fine >= 0.1 * peak))
    top = start + int(np.argmax(fine[start:] >= 0.9 * peak))
    return Attack(start / RATE, (top - start) / RATE)


@dataclass(frozen=True, slots=True)
class AttackError:
    """How far a copy's attack is off, in ms: both without sign."""

    onset: float
    rise: float

    @property
    def worst(self) -> float:
        """The larger of the two."""
        return max(self.onset, self.rise)


def attack_error(original: Array, copy: Array) -> AttackError | None:
    """The error of ``copy``'s attack; ``None`` if the original is silent.

    A silent copy is off by as much as the file is long.
    """
    true, found = attack(original), attack(copy)
    if true is None:
        return None
    if found is None:
        length = 1000 * original.shape[1] / RATE
        return AttackError(length, length)
    return AttackError(1000 * abs(found.onset - true.onset), 1000 * abs(found.rise - true.rise))
