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
    length = micro_fade(rate, part.shape[-1])
    # the beginning and the end of the sound itself are as they should be
    fade_ends(part, length if first > 0 else 0, length if last < total else 0)
    return part


def micro_fade(rate: int, total: int) -> int:
    """Samples that a cut fades over: 3 ms, or half of a sound that is shorter than two of them."""
    return min(round(FADE_SECONDS * rate), total // 2)


def fade_ends(part: np.ndarray, fade_in: int, fade_out: int) -> None:
    """Fade ``part`` [channels, samples] in and out, in place, over so many samples.

    Fades are at most as long as the sound; where both are at work, they multiply.
    """
    fade_in, fade_out = (min(length, part.shape[-1]) for length in (fade_in, fade_out))
    if fade_in:
        part[:, :fade_in] *= _half_cosine(fade_in)
    if fade_out:
        part[:, -fade_out:] *= _half_cosine(fade_out)[::-1]


def _half_cosine(length: int) -> np.ndarray:
    """A rise without corners; its first step is above nothing, its last below all."""
    rise: np.ndarray = 0.5 - 0.5 * np.cos(np.pi * (np.arange(length) + 0.5) / length)
    return rise
