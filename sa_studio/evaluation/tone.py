"""How bright a sound is."""

from __future__ import annotations

import numpy as np

from sa_studio.evaluation.arrays import RATE, TINY, Array


def centroid(audio: Array) -> float:
    """The mean frequency in Hz of the power of ``audio`` [channels, samples]; 0 if silent."""
    power = (np.abs(np.fft.rfft(audio, axis=1)) ** 2).sum(axis=0)
    total = float(power.sum())
    frequencies = np.fft.rfftfreq(audio.shape[1], 1 / RATE)
    return float(frequencies @ power) / total if total > TINY else 0.0
