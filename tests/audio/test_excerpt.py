from __future__ import annotations

import numpy as np
import pytest

from sa_studio.audio.excerpt import excerpt

RATE = 44_100


def test_the_part_is_cut_to_the_sample_and_faded_at_both_ends() -> None:
    audio = np.ones((2, RATE), np.float32)
    part = excerpt(audio, RATE, 0.25, 0.5)
    assert part.shape == (2, 11_025)
    assert part.dtype == np.float32
    fade = 132  # 3 ms
    assert 0 < part[0, 0] < 0.001
    assert (np.diff(part[0, :fade]) > 0).all()
    assert (part[:, fade:-fade] == 1).all()
    assert (part[0] == part[0, ::-1]).all()
    assert (audio == 1).all()


def test_the_ends_of_the_sound_itself_stay_as_they_are() -> None:
    audio = np.ones((1, RATE), np.float32)
    assert (excerpt(audio, RATE, -1.0, 2.0) == 1).all()
    assert excerpt(audio, RATE, 0.0, 0.5)[0, 0] == 1
    assert excerpt(audio, RATE, 0.5, 1.0)[0, -1] == 1


def test_a_few_samples_are_a_part_too_but_none_are_not() -> None:
    audio = np.ones((1, RATE), np.float32)
    assert excerpt(audio, RATE, 10 / RATE, 13 / RATE).shape == (1, 3)
    with pytest.raises(ValueError, match="no sample between"):
        excerpt(audio, RATE, 0.5, 0.5)
    with pytest.raises(ValueError, match="no sample between"):
        excerpt(audio, RATE, 2.0, 3.0)
