from __future__ import annotations

from sa_studio.bench.phases import DECODING, LOADING, SAMPLING, PhaseLog
from sa_studio.events import ClipFinished, JobFinished, ModelLoading, Progress
from sa_studio.generation import Clip, ClipState, GenerationRequest


def progress(state: ClipState, step: int) -> Progress:
    return Progress("job", "clip", 0, 1, state, step, 3, None, None)


def test_events_become_stretches_of_time() -> None:
    now = 0.0

    def clock() -> float:
        return now

    log = PhaseLog(clock)
    clip = Clip("clip", "job", 0, GenerationRequest("x"), ClipState.FINISHED, 0.0)
    for moment, event in (
        (1, ModelLoading("job", "m")),
        (5, progress(ClipState.RUNNING, 1)),
        (6, progress(ClipState.RUNNING, 2)),
        (7, progress(ClipState.RUNNING, 3)),
        (8, progress(ClipState.DECODING, 1)),
        (10, ClipFinished("job", clip)),
        (10, JobFinished("job")),
    ):
        now = float(moment)
        log.notice(event)
    assert log.stretches([LOADING]) == [(1, 5)]
    assert (5, 7) in log.stretches([SAMPLING])
    assert sum(stop - start for start, stop in log.stretches([SAMPLING])) == 2
    assert log.stretches([DECODING]) == [(7, 10)]
    assert len(log.stretches([LOADING, DECODING])) == 2
