from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sa_studio.generation import Clip, ClipState, DecodedChunk, GenerationRequest, SamplingStep
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
    meter = ProgressMeter("j", 1, clock)
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
    meter = ProgressMeter("j", 3, clock)
    for step in (1, 2, 3, 4):
        clock.now += 1
        progress = meter.step(CLIP, SamplingStep(0, step, 4))
    assert progress.eta_seconds == pytest.approx(2 * 4)
    for index in (1, 2):
        clock.now += 5
        progress = meter.chunk(CLIP, chunk(index))
        assert progress.state is ClipState.DECODING
        assert progress.steps_per_second is None
        # what is left of this take, and two takes of four steps and two chunks
        assert progress.eta_seconds == pytest.approx(5 * (2 - index) + 2 * (4 + 10))
    clock.now += 1
    progress = meter.step(replace(CLIP, take=1), SamplingStep(1, 1, 4))
    assert (progress.take, progress.takes) == (1, 3)
    assert progress.eta_seconds == pytest.approx(3 + 10 + 14)


def test_a_slow_first_step_is_forgotten() -> None:
    clock = Clock()
    meter = ProgressMeter("j", 1, clock)
    clock.now += 30
    first = meter.step(CLIP, SamplingStep(0, 1, 100))
    for step in range(2, 41):
        clock.now += 1
        last = meter.step(CLIP, SamplingStep(0, step, 100))
    assert first.eta_seconds == pytest.approx(30 * 99)
    assert last.eta_seconds == pytest.approx(60, rel=0.01)


def test_a_clock_that_stands_still_does_no_harm() -> None:
    progress = ProgressMeter("j", 1, lambda: 5.0).step(CLIP, SamplingStep(0, 1, 4))
    assert progress.eta_seconds is not None
    assert progress.eta_seconds < 1
