"""A part of a sound as a sound of its own."""

from __future__ import annotations

import numpy as np

FADE_SECONDS = 0.003
"""At either end, so that cutting into a wave makes no click."""


def excerpt(audio: np.ndarray, rate: int, start: float, stop: float) -> np.ndarray:
    """The samples from ``start`` to ``stop`` seconds, faded in and out for 3 ms.

    Args:
        audio: float32 [channels, samples]; not changed.
        rate: Hz.
        start, stop: seconds; what lies outside the sound is left out.

    Raises:
        ValueError: no sample lies between them.
    """
    total = audio.shape[-1]
    first, last = max(round(start * rate), 0), min(round(stop * rate), total)
    if first >= last:
        raise ValueError(f"there is no sample between {start:g} and {stop:g} seconds")
    part = np.array(audio[:, first:last], np.float32)
    length = min(round(FADE_SECONDS * rate), part.shape[-1] // 2)
    if length:
        # a half cosine; its first step is above nothing, its last below all
        rise = 0.5 - 0.5 * np.cos(np.pi * (np.arange(length) + 0.5) / length)
        # the beginning and the end of the sound itself are as they should be
        if first > 0:
            part[:, :length] *= rise
        if last < total:
            part[:, -length:] *= rise[::-1]
    return part
