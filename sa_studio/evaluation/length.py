"""How long a sound goes on."""

from __future__ import annotations

import numpy as np

from sa_studio.evaluation.arrays import RATE, Array, moving_mean

FRAME_SECONDS = 0.05
# dB under the loudest frame
FADED = 30.0
TOLERANCE = 0.1


def sounding_seconds(audio: Array) -> float:
    """Until when ``audio`` [channels, samples] is within 30 dB of its loudest 50 ms."""
    width = round(FRAME_SECONDS * RATE)
    power = moving_mean((audio.astype(np.float64) ** 2).sum(axis=0), width)
    if power.max() <= 0:
        return 0.0
    loud = np.flatnonzero(power >= power.max() * 10 ** (-FADED / 10))
    return float(loud[-1] + 1) / RATE


def is_as_long(audio: Array, seconds: float, *, sustained: bool) -> bool:
    """Whether the file is as long as asked, within 10 %; if ``sustained``, its sound as well."""
    found = sounding_seconds(audio) if sustained else audio.shape[1] / RATE
    wrong_file = abs(audio.shape[1] / RATE - seconds) > TOLERANCE * seconds
    return not wrong_file and abs(found - seconds) <= TOLERANCE * seconds
