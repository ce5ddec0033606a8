"""The signals of EBU Tech 3341 (loudness) and 3342 (loudness range)."""

from __future__ import annotations

from itertools import accumulate

import numpy as np
import pytest

from sa_studio.audio.loudness_course import measure_course

RATE = 48_000
KILOHERTZ = 1_000


def tones(*parts: tuple[float, float]) -> np.ndarray:
    """A stereo sine of 1 kHz: seconds and dBFS of its stretches."""
    ends = accumulate(round(seconds * RATE) for seconds, _ in parts)
    size = list(ends)[-1]
    levels = np.repeat(
        [10 ** (level / 20) for _, level in parts], [round(seconds * RATE) for seconds, _ in parts]
    )
    wave = levels * np.sin(2 * np.pi * KILOHERTZ / RATE * np.arange(size))
    return np.stack([wave, wave]).astype(np.float32)


@pytest.mark.parametrize("level", [-23.0, -33.0])
def test_a_steady_tone_is_equally_loud_all_the_time(level: float) -> None:
    course = measure_course(tones((5, level)), RATE)
    assert course.max_momentary == pytest.approx(level, abs=0.1)
    assert course.max_short_term == pytest.approx(level, abs=0.1)
    assert course.range == pytest.approx(0, abs=0.1)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (((20, -20.0), (20, -30.0)), 10),  # test case 1 of Tech 3342
        (((20, -20.0), (20, -15.0)), 5),  # 2
        (((20, -40.0), (20, -20.0)), 20),  # 3
        (((20, -50.0), (20, -35.0), (20, -20.0), (20, -35.0), (20, -50.0)), 15),  # 4
    ],
)
def test_the_range_is_within_the_tolerance_of_the_standard(
    parts: tuple[tuple[float, float], ...], expected: float
) -> None:
    assert measure_course(tones(*parts), RATE).range == pytest.approx(expected, abs=1)


def test_the_loudest_moment_counts() -> None:
    course = measure_course(tones((3, -40.0), (0.4, -20.0), (3, -40.0)), RATE)
    assert course.max_momentary == pytest.approx(-20, abs=0.1)
    # 0.4 s of 3 s
    expected = 10 * np.log10(0.4 / 3 * 10**-2 + 2.6 / 3 * 10**-4)
    assert course.max_short_term == pytest.approx(expected, abs=0.1)


def test_what_is_too_short_or_silent_has_none() -> None:
    assert measure_course(tones((0.3, -20.0)), RATE).max_momentary is None
    short = measure_course(tones((2.9, -20.0)), RATE)
    assert short.max_momentary == pytest.approx(-20, abs=0.1)
    assert (short.max_short_term, short.range) == (None, None)
    silence = measure_course(np.zeros((2, 5 * RATE), np.float32), RATE)
    assert (silence.range, silence.max_momentary, silence.max_short_term) == (None, None, None)
