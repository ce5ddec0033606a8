from __future__ import annotations

import numpy as np
import pytest

from sa_studio.evaluation.tempo import is_right, tempo
from tests.evaluation.signals import drum_loop


@pytest.mark.parametrize("beats", [64, 90, 121, 147, 176])
@pytest.mark.parametrize("seconds", [4.0, 8.0])
def test_the_tempo_asked_for_is_found(beats: int, seconds: float) -> None:
    loop = drum_loop(beats, seconds)
    assert is_right(tempo(loop, asked=beats), beats)
    assert is_right(tempo(loop), beats, any_octave=True)


@pytest.mark.parametrize("wrong", [1.07, 0.9, 1.25])
def test_another_tempo_is_not(wrong: float) -> None:
    loop = drum_loop(110, 6.0)
    assert not is_right(tempo(loop, asked=110 * wrong), 110 * wrong)
    assert not is_right(tempo(loop), 110 * wrong, any_octave=True)


def test_half_and_double_are_told_apart() -> None:
    assert is_right(100, 100)
    assert not is_right(50, 100)
    assert is_right(50, 100, any_octave=True)
    assert is_right(200, 100, any_octave=True)
    assert not is_right(None, 100, any_octave=True)


def test_silence_has_no_tempo() -> None:
    assert tempo(np.zeros((2, 88_200))) is None
