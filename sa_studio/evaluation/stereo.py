"""How wide a sound is."""

from __future__ import annotations

import numpy as np

from sa_studio.evaluation.arrays import Array, cosine

# side against mid, 40 dB down
MONO = 0.01


def correlation(audio: Array) -> float:
    """Between the channels of ``audio`` [2, samples]: 1 is mono, 0 independent."""
    left, right = audio.astype(np.float64)
    return cosine(left, right)


def is_stereo(audio: Array) -> bool:
    """Whether the difference of the channels is within 40 dB of their sum."""
    left, right = audio.astype(np.float64)
    return bool(np.linalg.norm(left - right) > MONO * np.linalg.norm(left + right))
