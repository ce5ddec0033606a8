"""What the window has to say can be read while jobs run."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from sa_studio.events import JobFailed, JobFinished, JobQueued, Progress
from sa_studio.generation import Clip, ClipState, GenerationRequest
from sa_studio.ui import run_status
from sa_studio.ui.job_tracker import JobTracker
from sa_studio.ui.run_status import RunStatus
from tests.ui.conftest import Wait

SAID = "“picture.jpg” is no sound file"


def queued(job_id: str) -> JobQueued:
    request = GenerationRequest("a door", seed=1, seconds=1.0)
    return JobQueued(job_id, (Clip(job_id, job_id, 0, request, ClipState.QUEUED, 0.0),))


def step(number: int) -> Progress:
    return Progress("one", "one", 0, 1, ClipState.RUNNING, number, 100, None, None)


@pytest.fixture
def tracker(application: QApplication) -> JobTracker:
    """A job runs and another waits."""
    tracker = JobTracker()
    tracker.on_event(queued("one"))
    tracker.on_event(queued("two"))
    tracker.on_event(step(1))
    return tracker


@pytest.fixture
def status(tracker: JobTracker) -> RunStatus:
    status = RunStatus()
    status.watch(tracker)
    tracker.on_event(step(2))
    assert status.label.text() == "Step 2/100"
    return status


def test_a_step_does_not_wipe_away_what_was_just_said(
    status: RunStatus, tracker: JobTracker
) -> None:
    status.say(SAID, "warning")
    tracker.on_event(step(50))
    assert status.label.text() == SAID
    assert status.label.property("role") == "warning"
    assert status.bar.value() > 0.4 * status.bar.maximum()


@pytest.mark.parametrize("role", ["quiet", "warning", "error"])
def test_once_it_was_read_the_job_is_told_again(
    role: str,
    status: RunStatus,
    tracker: JobTracker,
    wait: Wait,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(run_status.READING_MS, role, 1)
    status.say(SAID, role)
    tracker.on_event(step(50))
    wait(lambda: status.label.text() == "Step 50/100")
    assert status.label.property("role") == "quiet-figures"


def test_how_the_last_job_ended_is_told_after_what_was_said(
    status: RunStatus, tracker: JobTracker, wait: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(run_status.READING_MS, "error", 50)
    tracker.on_event(JobFinished("one"))
    status.say(SAID, "error")
    tracker.on_event(JobFinished("two"))
    assert status.label.text() == SAID
    wait(lambda: status.label.text().startswith("Done: 1 take"))


def test_a_failure_can_be_read_while_the_next_job_runs(
    status: RunStatus, tracker: JobTracker
) -> None:
    tracker.on_event(JobFailed("one", (), "The disk is full", "Make room."))
    tracker.on_event(Progress("two", "two", 0, 1, ClipState.RUNNING, 1, 100, None, None))
    assert status.label.text() == "Failed: The disk is full. Make room."
    assert status.label.property("role") == "error"


def test_a_new_job_and_cancelling_are_answered_at_once(
    status: RunStatus, tracker: JobTracker
) -> None:
    status.say(SAID, "warning")
    tracker.mark_cancelling("one")
    assert status.label.text() == "Cancelling…"
    tracker.on_event(JobFinished("one"))
    status.say(SAID, "warning")
    tracker.on_event(queued("three"))
    assert status.label.text() == "Waiting"


@pytest.mark.parametrize(("role", "fits"), [("error", True), ("warning", True), ("quiet", False)])
def test_a_long_problem_is_read_to_its_end(
    role: str, fits: bool, application: QApplication
) -> None:
    status = RunStatus()
    status.resize(290, 200)
    status.show()
    text = f"“{'a long name ' * 12}” cannot be read as sound. Use a WAV, FLAC, OGG or MP3 file."
    status.say(text, role)
    application.processEvents()
    needed = status.label.heightForWidth(status.label.width())
    assert (status.label.height() >= needed) is fits
    status.say("Ready")
    application.processEvents()
    assert status.label.height() < needed
    status.close()
