"""Fades at the ends of a sound."""

from __future__ import annotations

import numpy as np

FADE_SECONDS = 0.003
"""At either end, so that cutting into a wave makes no click."""


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
