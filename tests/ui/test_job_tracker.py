"""What is shown of a job follows from its events alone."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from sa_studio.events import (
    ClipFinished,
    JobCancelled,
    JobFailed,
    JobFinished,
    JobQueued,
    ModelLoading,
    Progress,
)
from sa_studio.generation import Clip, ClipState, GenerationRequest
from sa_studio.ui.job_tracker import JobTracker, eta_text


def clip(job_id: str, take: int) -> Clip:
    request = GenerationRequest("a door,\nheavy", seed=take, seconds=1.0)
    return Clip(f"{job_id}-{take}", job_id, take, request, ClipState.QUEUED, 0.0)


def progress(job_id: str, take: int, state: ClipState, step: int, steps: int) -> Progress:
    rate = 2.5 if state is ClipState.RUNNING else None
    return Progress(job_id, f"{job_id}-{take}", take, 2, state, step, steps, rate, 61.4)


@pytest.fixture
def tracker(application: QApplication) -> JobTracker:
    tracker = JobTracker()
    for job_id in ("one", "two"):
        tracker.on_event(JobQueued(job_id, (clip(job_id, 0), clip(job_id, 1))))
    return tracker


def test_a_job_goes_from_waiting_to_done(tracker: JobTracker) -> None:
    ended: list[tuple[str, str]] = []
    tracker.ended.connect(lambda text, role: ended.append((text, role)))
    job = tracker.current
    assert job is not None
    assert (job.id, job.title, job.text, job.fraction) == ("one", "a door, heavy", "waiting", 0)
    tracker.on_event(ModelLoading("one", "starter"))
    assert job.text == "loading starter…"
    tracker.on_event(progress("one", 0, ClipState.RUNNING, 5, 10))
    assert job.text == "step 5/10 · 2.5 steps/s · 1 min 01 s left"
    assert job.short_text == "Take 1 of 2 · step 5/10 · 1 min 01 s left"
    tracker.on_event(progress("one", 0, ClipState.DECODING, 1, 2))
    assert job.text == "decoding 1/2 · 1 min 01 s left"
    tracker.on_event(ClipFinished("one", clip("one", 0)))
    tracker.on_event(progress("one", 1, ClipState.RUNNING, 1, 10))
    assert job.take_text == "take 2 of 2"
    tracker.on_event(JobFinished("one"))
    assert tracker.current is not None
    assert tracker.current.id == "two"
    ((text, role),) = ended
    assert text.startswith("Done: 2 takes in")
    assert role == "quiet"


def test_the_bar_only_grows(tracker: JobTracker) -> None:
    job = tracker.current
    assert job is not None
    seen = []
    for take in range(2):
        for state, steps in ((ClipState.RUNNING, 4), (ClipState.DECODING, 3)):
            for step in range(1, steps + 1):
                tracker.on_event(progress("one", take, state, step, steps))
                seen.append(job.fraction)
        tracker.on_event(ClipFinished("one", clip("one", take)))
        seen.append(job.fraction)
    assert seen == sorted(seen)
    assert seen[0] > 0
    assert seen[-1] == 1


@pytest.mark.parametrize(
    ("event", "text", "role"),
    [
        (JobFailed("one", (), "The disk is full", ""), "Failed: The disk is full", "error"),
        (JobCancelled("one", ()), "Cancelled", "quiet"),
    ],
)
def test_an_ending_is_said_with_what_was_kept(
    tracker: JobTracker, event: JobFailed | JobCancelled, text: str, role: str
) -> None:
    ended: list[tuple[str, str]] = []
    tracker.ended.connect(lambda text, role: ended.append((text, role)))
    tracker.on_event(ClipFinished("one", clip("one", 0)))
    tracker.on_event(event)
    assert ended == [(f"{text} · 1 of 2 takes kept", role)]


def test_a_running_job_shows_that_it_is_being_cancelled(tracker: JobTracker) -> None:
    tracker.on_event(progress("one", 0, ClipState.RUNNING, 5, 10))
    tracker.mark_cancelling("one")
    tracker.on_event(progress("one", 0, ClipState.RUNNING, 6, 10))
    assert tracker.current is not None
    assert tracker.current.text == "cancelling…"
    tracker.mark_cancelling("two")  # waits, and is gone at once
    assert [job.id for job in tracker.jobs()] == ["one"]
    tracker.on_event(JobCancelled("two", ()))  # its report comes later and changes nothing
    assert [job.id for job in tracker.jobs()] == ["one"]


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.2, "0 s"), (59.4, "59 s"), (59.6, "1 min 00 s"), (125, "2 min 05 s")]
)
def test_times_left(seconds: float, text: str) -> None:
    assert eta_text(seconds) == text
