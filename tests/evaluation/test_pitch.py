from __future__ import annotations

import numpy as np
import pytest

from sa_studio.evaluation.pitch import cents_off, fundamental, is_right
from tests.evaluation.signals import hertz, noise, stereo, times, tone


@pytest.mark.parametrize("note", [28, 40, 52, 64, 76, 88, 100])
@pytest.mark.parametrize("partials", [1, 2, 12, 40])
@pytest.mark.parametrize("seconds", [0.4, 1.5])
def test_steady_tones_have_their_pitch(note: int, partials: int, seconds: float) -> None:
    found = fundamental(tone(hertz(note), seconds, partials) + 0.02 * noise(seconds))
    assert found is not None
    assert abs(cents_off(found, note)) < 15


def test_a_plucked_tone_with_odd_partials_has_its_pitch() -> None:
    t = times(1.0)
    partials = (np.sin(2 * np.pi * k * 220 * t) / k * np.exp(-k * t) for k in range(1, 20, 2))
    found = fundamental(stereo(np.asarray(sum(partials))))
    assert found == pytest.approx(220, rel=0.005)


def test_a_chord_has_the_pitch_of_its_lowest_note() -> None:
    chord = sum(tone(hertz(note), 1.0, 10) for note in (57, 61, 64))
    assert is_right(fundamental(np.asarray(chord)), 57)


def test_a_bar_whose_partials_are_no_multiples_has_the_pitch_of_the_lowest() -> None:
    bar = tone(880, 1.0) + 0.8 * tone(880 * 2.756, 1.0) + 0.5 * tone(880 * 5.404, 1.0)
    assert fundamental(bar) == pytest.approx(880, rel=0.01)


def test_the_wrong_note_is_wrong_and_an_octave_is_told_apart() -> None:
    found = fundamental(tone(hertz(60), 1.0, 8))
    assert is_right(found, 60)
    assert not is_right(found, 61)
    assert not is_right(found, 72)
    assert is_right(found, 72, any_octave=True)
    assert is_right(found, 48, any_octave=True)
    assert not is_right(found, 71, any_octave=True)
    assert not is_right(None, 60, any_octave=True)


def test_silence_has_no_pitch() -> None:
    assert fundamental(np.zeros((2, 20_000))) is None
