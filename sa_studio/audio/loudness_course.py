"""How loudness goes up and down within a sound (EBU Tech 3341 and 3342)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sa_studio.audio import loudness as bs1770

SHORT_TERM_SEGMENTS = 30  # stretches of 3 s every 100 ms
RELATIVE_GATE = -20.0  # LU
LOW, HIGH = 10, 95  # percentiles


@dataclass(frozen=True, slots=True)
class LoudnessCourse:
    """Attributes are ``None`` where the sound is too short or too quiet to have one.

    Attributes:
        range: loudness range, LU (EBU Tech 3342).
        max_momentary: LUFS of the loudest 400 ms.
        max_short_term: LUFS of the loudest 3 s.
    """

    range: float | None = None
    max_momentary: float | None = None
    max_short_term: float | None = None


def measure_course(audio: NDArray[np.float32], rate: int) -> LoudnessCourse:
    """Measure a sound, float32 [channels, samples] at ``rate`` Hz."""
    samples = audio.shape[-1]
    segment = bs1770.segment_samples(rate)
    energy = bs1770.segment_energy(audio, rate, segment)
    momentary = bs1770.stretch_powers(energy, segment, samples, bs1770.BLOCK_SEGMENTS)
    short_term = bs1770.stretch_powers(energy, segment, samples, SHORT_TERM_SEGMENTS)
    return LoudnessCourse(_range(short_term), _highest(momentary), _highest(short_term))


def _highest(powers: NDArray[np.float64]) -> float | None:
    if powers.size == 0 or powers.max() <= 0:
        return None
    return bs1770.OFFSET + 10 * float(np.log10(powers.max()))


def _range(powers: NDArray[np.float64]) -> float | None:
    """Between the percentiles of what passes both gates."""
    loud = powers[powers > 10 ** ((bs1770.ABSOLUTE_GATE - bs1770.OFFSET) / 10)]
    if loud.size == 0:
        return None
    loud = loud[loud >= loud.mean() * 10 ** (RELATIVE_GATE / 10)]
    low, high = np.percentile(10 * np.log10(loud), (LOW, HIGH))
    return float(high - low)
