"""What the meters share: the type of arrays, the sample rate, decibels, moving averages."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

RATE = 44_100
TINY = 1e-12


def mid(audio: Array) -> Array:
    """The mean of the channels of ``audio`` [channels, samples]: [samples], float64."""
    mean: Array = audio.astype(np.float64).mean(axis=0)
    return mean


def decibels(amplitude: Array) -> Array:
    """``amplitude`` in dB."""
    level: Array = 20 * np.log10(np.maximum(amplitude, TINY))
    return level


def moving_mean(values: Array, width: int) -> Array:
    """The mean over ``width`` values of [n], centred; beyond the ends lie zeros. [n]."""
    padded = np.pad(values, (width // 2 + 1, width - 1 - width // 2))
    passed = np.cumsum(padded)
    mean: Array = (passed[width:] - passed[:-width]) / width
    return mean


def cosine(first: Array, second: Array) -> float:
    """The cosine of the angle between two signals [n]; 1 if both are silent."""
    power = float(first @ first) * float(second @ second)
    return float(first @ second) / power**0.5 if power > TINY**2 else 1.0
