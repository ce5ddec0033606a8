from __future__ import annotations

import numpy as np
import pytest

from sa_studio.audio.playhead import BLOCKS_IN_A_BURST, Playhead

RATE = 1000
LATENCY = 0.1


def block(value: float, frames: int = 20) -> np.ndarray:
    return np.full((frames, 2), value, np.float32)


def written(playhead: Playhead, first: int, now: float, frames: int = 20) -> None:
    playhead.begin(np.arange(first, first + frames), block(first, frames))
    playhead.done(now, LATENCY)


def filled(place: int = 0) -> Playhead:
    """A playhead whose output took 0.1 s at once at the time 5: its buffer is full."""
    playhead = Playhead(RATE, LATENCY, place)
    for first in range(0, 100, 20):
        written(playhead, place + first, 5.0)
    return playhead


def test_it_stands_where_playing_begins_until_that_is_heard() -> None:
    playhead = Playhead(RATE, LATENCY, 700)
    assert playhead.place(5.0) == 700
    written(playhead, 700, 5.0)
    assert playhead.place(5.0) == 700
    assert not playhead.has_sounded(5.0)


def test_between_two_blocks_it_moves_with_the_clock() -> None:
    playhead = filled()
    assert [playhead.place(5 + t) for t in (0, 0.004, 0.016, 0.05)] == [0, 4, 16, 50]
    assert playhead.has_sounded(5.05)


def test_it_is_never_beyond_what_was_written() -> None:
    playhead = filled(place=300)
    assert playhead.place(9.0) == 400


def test_bursts_do_not_make_it_jitter() -> None:
    playhead = filled()
    places, first = [], 100
    for burst in range(1, 60):
        for _ in range(2):
            written(playhead, first, 5 + 0.04 * burst)
            first += 20
        places += [playhead.place(5 + 0.04 * burst + t) for t in (0, 0.013, 0.026)]
    steps = np.diff(places)
    assert steps.min() >= 12
    assert steps.max() <= 15


def test_an_output_that_stood_still_holds_it_but_never_turns_it_back() -> None:
    playhead = filled()
    assert playhead.place(5.1) == 100
    first, places = 100, []
    for n in range(3 * BLOCKS_IN_A_BURST):  # one second later it goes on
        written(playhead, first, 6.1 + 0.02 * n)
        first += 20
        places.append(playhead.place(6.1 + 0.02 * n))
    assert places == sorted(places)
    assert places[-1] == pytest.approx(first - 100, abs=1)


def test_in_a_loop_it_goes_round() -> None:
    playhead = Playhead(RATE, LATENCY, 50)
    for first in range(0, 100, 20):
        playhead.begin(50 + np.arange(first, first + 20) % 30, block(0))
        playhead.done(5.0, LATENCY)
    assert [playhead.place(5 + t) for t in (0, 0.029, 0.03, 0.065)] == [50, 79, 50, 55]


def test_after_what_is_buffered_was_dropped_nothing_is_missing() -> None:
    playhead = filled()
    playhead.begin(np.arange(100, 120), block(1))  # on its way
    assert playhead.place(5.01) == 10
    assert playhead.place_after_drop(5.01) == 20


def test_what_sounds_is_what_was_heard_lately() -> None:
    playhead = filled()
    assert playhead.sounding(5.0, 0.05).size == 0
    sounding = playhead.sounding(5.07, 0.05)
    assert sounding.shape == (50, 2)
    assert np.unique(sounding).tolist() == [20, 40, 60]
    assert playhead.sounding(5.01, 0.05).shape == (50, 2)  # it does not go back
