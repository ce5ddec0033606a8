"""Samples as the whole numbers of a file. Arrays are float32 [channels, samples]."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sa_studio.vocabulary.delivery import Depth

BYTES = {Depth.INT16: 2, Depth.INT24: 3, Depth.FLOAT32: 4}
"""Bytes of a sample."""
BLOCK = 65_536  # samples; libsndfile's Vorbis encoder runs out of stack on very long ones


def blocks(audio: NDArray[np.float32], depth: Depth) -> Iterator[NDArray[Any]]:
    """The samples interleaved, [samples, channels], a stretch at a time.

    Whole numbers are int32 and rounded to the nearest, never cut off; what exceeds full scale is
    clipped. 24 bits come as -2^23 … 2^23 - 1. Floats stay as they are.
    """
    for first in range(0, audio.shape[1], BLOCK):
        part = audio[:, first : first + BLOCK].T
        if depth is Depth.FLOAT32:
            yield np.ascontiguousarray(part, dtype=np.float32)
        else:
            steps = 1 << (8 * BYTES[depth] - 1)
            rounded = np.rint(part.astype(np.float64) * steps)
            yield np.clip(rounded, -steps, steps - 1).astype(np.int32)


def is_finite(audio: NDArray[np.float32]) -> bool:
    """Whether every sample is a number; makes no copy of the whole sound."""
    return all(
        bool(np.isfinite(audio[:, first : first + BLOCK]).all())
        for first in range(0, audio.shape[1], BLOCK)
    )
