from __future__ import annotations

import numpy as np

from sa_studio.audio.fades import fade_ends, micro_fade

RATE = 44_100


def test_both_ends_are_faded_and_nothing_between() -> None:
    part = np.ones((2, 11_025), np.float32)
    fade = micro_fade(RATE, part.shape[-1])
    assert fade == 132  # 3 ms
    fade_ends(part, fade, fade)
    assert 0 < part[0, 0] < 0.001
    assert (np.diff(part[0, :fade]) > 0).all()
    assert (part[:, fade:-fade] == 1).all()
    assert (part[0] == part[0, ::-1]).all()


def test_an_end_without_a_fade_stays_as_it_is() -> None:
    part = np.ones((1, 1000), np.float32)
    fade_ends(part, 0, 100)
    assert part[0, 0] == 1
    assert part[0, -1] < 0.001


def test_fades_are_no_longer_than_the_sound() -> None:
    assert micro_fade(RATE, 3) == 1
    assert micro_fade(RATE, 0) == 0
    part = np.ones((1, 3), np.float32)
    fade_ends(part, 100, 0)
    assert (np.diff(part[0]) > 0).all()
