from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sa_studio.generation import Clip, ClipState, DecodedChunk, GenerationRequest, SamplingStep
from sa_studio.jobs.pace import Pace, PaceBook
from sa_studio.jobs.progress import ProgressMeter

CLIP = Clip("c", "j", 0, GenerationRequest("kick", steps=4), ClipState.RUNNING, 0.0)


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def chunk(index: int, take: int = 0) -> DecodedChunk:
    return DecodedChunk(take, index, 2, 0, 20, np.zeros((2, 10), np.float32))


def test_steps_of_one_second_give_one_step_a_second_and_the_seconds_left() -> None:
    clock = Clock()
    meter = ProgressMeter("j", 1, PaceBook(), clock)
    clock.now += 60  # loading does not count
    meter.start()
    for step in (1, 2, 3, 4):
        clock.now += 1
        progress = meter.step(CLIP, SamplingStep(0, step, 4))
        assert progress.state is ClipState.RUNNING
        assert (progress.step, progress.steps) == (step, 4)
        assert progress.steps_per_second == pytest.approx(1)
        assert progress.eta_seconds == pytest.approx(4 - step)


def test_decoding_and_later_takes_count_as_soon_as_they_are_known() -> None:
    clock = Clock()
    meter = ProgressMeter("j", 3, PaceBook(), clock)
    for step in (1, 2, 3, 4):
        clock.now += 1
        progress = meter.step(CLIP, SamplingStep(0, step, 4))
    assert progress.eta_seconds == pytest.approx(2 * 4)
    assert progress.at_least, "decoding was never seen"
    for index in (1, 2):
        clock.now += 5
        progress = meter.chunk(CLIP, chunk(index))
        assert progress.state is ClipState.DECODING
        assert progress.steps_per_second is None
        # what is left of this take, and two takes of four steps and two chunks
        assert progress.eta_seconds == pytest.approx(5 * (2 - index) + 2 * (4 + 10))
        assert not progress.at_least
    clock.now += 1
    progress = meter.step(replace(CLIP, take=1), SamplingStep(1, 1, 4))
    assert (progress.take, progress.takes) == (1, 3)
    assert progress.eta_seconds == pytest.approx(3 + 10 + 14)


def test_a_slow_first_step_is_forgotten() -> None:
    clock = Clock()
    meter = ProgressMeter("j", 1, PaceBook(), clock)
    clock.now += 30
    first = meter.step(CLIP, SamplingStep(0, 1, 100))
    for step in range(2, 41):
        clock.now += 1
        last = meter.step(CLIP, SamplingStep(0, step, 100))
    assert first.eta_seconds == pytest.approx(30 * 99)
    assert last.eta_seconds == pytest.approx(60, rel=0.01)


def test_a_clock_that_stands_still_does_no_harm() -> None:
    meter = ProgressMeter("j", 1, PaceBook(), lambda: 5.0)
    progress = meter.step(CLIP, SamplingStep(0, 1, 4))
    assert progress.eta_seconds is not None
    assert progress.eta_seconds < 1


def run_take(
    meter: ProgressMeter, clock: Clock, clip: Clip, *, first: float, step: float, writing: float
) -> list[tuple[float, float | None, bool]]:
    """A take of four steps and two chunks of 2 s; when, the time left and whether it is more."""
    told: list[tuple[float, float | None, bool]] = []
    meter.start()
    for number in (1, 2, 3, 4):
        clock.now += first if number == 1 else step
        progress = meter.step(clip, SamplingStep(clip.take, number, 4))
        told.append((clock.now, progress.eta_seconds, progress.at_least))
    for index in (1, 2):
        clock.now += 2
        progress = meter.chunk(clip, chunk(index, clip.take))
        told.append((clock.now, progress.eta_seconds, progress.at_least))
    clock.now += writing
    meter.finish(clip)
    return told


def test_the_time_left_for_several_takes_is_right_once_a_take_was_made() -> None:
    clock = Clock()
    book = PaceBook()
    meter = ProgressMeter("j", 4, book, clock)
    told = []
    for take in range(4):
        clip = replace(CLIP, take=take)
        # the very first step is slow; the first of each other take reads the prompt
        first = 20.0 if take == 0 else 1.5
        told.append(run_take(meter, clock, clip, first=first, step=1.0, writing=0.5))
    end = clock.now
    assert all(at_least for _, _, at_least in told[0][:4])
    # 0.5 s for the prompt of each later take is not known before the second take
    assert told[0][1][1] == pytest.approx(2 + 3 * 4), "what was not measured does not count"
    for when, left, at_least in (*told[1], *told[2], *told[3]):
        assert not at_least
        assert left == pytest.approx(end - when, abs=0.51)
    # a job of the same kind knows it from its first step on
    again = ProgressMeter("k", 2, book, clock)
    told = [
        run_take(again, clock, replace(CLIP, take=take), first=1.5, step=1.0, writing=0.5)
        for take in range(2)
    ]
    for when, left, at_least in (*told[0], *told[1]):
        assert not at_least
        assert left == pytest.approx(clock.now - when, abs=0.51)


def test_dropped_takes_do_not_count() -> None:
    clock = Clock()
    meter = ProgressMeter("j", 2, PaceBook(), clock)
    clip = replace(CLIP, take=3)  # the second of those that are left
    clock.now += 1
    meter.step(clip, SamplingStep(1, 1, 4))
    clock.now += 1
    progress = meter.step(clip, SamplingStep(1, 2, 4))
    assert (progress.take, progress.takes) == (1, 2)
    assert progress.eta_seconds == pytest.approx(2)


# what waits

REQUEST = GenerationRequest("kick", steps=10, seconds=2.0, sampler="euler", guidance_scale=3.0)


def test_nothing_is_told_of_what_was_never_measured() -> None:
    book = PaceBook()
    assert book.pace(REQUEST) is None
    assert book.time_for([REQUEST]) is None
    assert book.time_for([]) is None
    book.note(REQUEST, Pace(0.5, 1.0, 2.0))
    assert book.time_for([replace(REQUEST, model="other")]) is None
    assert book.time_for([replace(REQUEST, device="cuda")]) is None


def test_takes_that_wait_need_what_such_takes_needed() -> None:
    book = PaceBook()
    book.note(REQUEST, Pace(0.5, 1.0, 2.0))
    left = book.time_for([REQUEST, replace(REQUEST, steps=20, seed=9, prompt="rain")])
    assert left is not None
    assert (left.seconds, left.at_least) == (1 + 5 + 2 + 1 + 10 + 2, False)
    # twice as long: decoded in twice the time; its steps were not measured yet
    left = book.time_for([replace(REQUEST, seconds=4.0)])
    assert left is not None
    assert left.seconds == 1 + 5 + 4
    book.note(replace(REQUEST, seconds=4.0), Pace(0.9, 1.0, 4.0))
    assert book.pace(REQUEST) == Pace(0.5, 1.0, 2.0), "the same kind goes before the last"


def test_what_is_known_in_part_is_at_least_that() -> None:
    book = PaceBook()
    book.note(REQUEST, Pace(0.5))
    left = book.time_for([REQUEST])
    assert left is not None
    assert (left.seconds, left.at_least) == (5, True)
    book.note(REQUEST, Pace(0.5, 1.0, 2.0))
    left = book.time_for([REQUEST, replace(REQUEST, model="other")])
    assert left is not None
    assert (left.seconds, left.at_least) == (8, True)
