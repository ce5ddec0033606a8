"""The queue through the one door: order, clearing, dropping, and what survives a restart."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from sa_studio.events import (
    ClipFinished,
    JobCancelled,
    JobEvent,
    JobQueued,
    JobResumed,
    Progress,
    QueueReordered,
    StepPreview,
    TakeDropped,
)
from sa_studio.generation import Clip, ClipState, GenerationRequest
from sa_studio.service import Studio


def heard_by(studio: Studio) -> list[JobEvent]:
    events: list[JobEvent] = []
    studio.add_listener(events.append)
    return events


def queue(studio: Studio, request: GenerationRequest, prompts: str, count: int = 1) -> list[str]:
    return [
        studio.submit(replace(request, prompt=prompt, count=count)) for prompt in prompts.split()
    ]


def states(studio: Studio, prompt: str) -> list[str]:
    clips = sorted(studio.clips(prompt), key=lambda clip: clip.take)
    return [clip.state.value for clip in clips]


def made(studio: Studio) -> list[tuple[str, int | None]]:
    events: list[JobEvent] = []
    studio.run_until_empty(events.append)
    clips = [event.clip for event in events if isinstance(event, ClipFinished)]
    return [(clip.request.prompt, clip.request.seed) for clip in clips]


def test_a_moved_job_is_made_at_its_new_place(
    studio: Studio, request_for: GenerationRequest
) -> None:
    one, two, three = queue(studio, request_for, "one two three")
    events = heard_by(studio)
    studio.move_job(three, 0)
    assert events == [QueueReordered(three, (three, one, two))]
    studio.move_job("unknown", 0)
    assert len(events) == 1
    assert [prompt for prompt, _ in made(studio)] == ["three", "one", "two"]


def test_what_waits_is_cleared_and_can_be_tried_again(
    studio: Studio, request_for: GenerationRequest
) -> None:
    one, two = queue(studio, request_for, "one two", count=2)
    events = heard_by(studio)
    studio.clear_queue()
    assert [(type(event), event.job_id) for event in events] == [
        (JobCancelled, one),
        (JobCancelled, two),
    ]
    assert states(studio, "one") == states(studio, "two") == ["cancelled"] * 2
    assert made(studio) == []
    studio.submit(studio.clips("two")[0].request)
    assert [prompt for prompt, _ in made(studio)] == ["two"]


def test_clearing_leaves_the_running_job_alone(
    studio: Studio, request_for: GenerationRequest
) -> None:
    queue(studio, request_for, "one two", count=2)

    def emit(event: JobEvent) -> None:
        if isinstance(event, Progress):
            studio.clear_queue()

    studio.run_until_empty(emit)
    assert states(studio, "one") == ["finished"] * 2
    assert states(studio, "two") == ["cancelled"] * 2


def test_one_take_of_a_waiting_job_is_cancelled(
    studio: Studio, request_for: GenerationRequest
) -> None:
    (job_id,) = queue(studio, request_for, "kick", count=3)
    events = heard_by(studio)
    clips = studio.waiting_clips(job_id)
    studio.drop_take(job_id, clips[1].id)
    (dropped,) = events
    assert isinstance(dropped, TakeDropped)
    assert dropped.clip == studio.clip(clips[1].id)
    assert states(studio, "kick") == ["queued", "cancelled", "queued"]
    assert [clip.take for clip in studio.waiting_clips(job_id)] == [0, 2]
    studio.drop_take(job_id, "unknown")
    assert len(events) == 1
    assert made(studio) == [("kick", 5), ("kick", 7)], "each with its own seed"


def test_the_last_take_goes_with_its_job(studio: Studio, request_for: GenerationRequest) -> None:
    (job_id,) = queue(studio, request_for, "kick")
    events = heard_by(studio)
    studio.drop_take(job_id, studio.waiting_clips(job_id)[0].id)
    assert [type(event) for event in events] == [JobCancelled]
    assert states(studio, "kick") == ["cancelled"]
    assert studio.waiting_clips(job_id) == ()


@pytest.fixture
def full_disk(studio: Studio) -> Iterator[None]:
    """The library cannot be written any more."""
    with studio._history._database.transaction() as db:
        db.execute("PRAGMA query_only = ON")
    yield
    with studio._history._database.transaction() as db:
        db.execute("PRAGMA query_only = OFF")


def test_what_waits_can_be_cancelled_when_the_library_cannot_be_written(
    studio: Studio, request_for: GenerationRequest, request: pytest.FixtureRequest
) -> None:
    one, two, _ = queue(studio, request_for, "one two three", count=2)
    request.getfixturevalue("full_disk")
    events = heard_by(studio)
    studio.cancel(one)
    studio.drop_take(two, studio.waiting_clips(two)[0].id)
    studio.clear_queue()
    assert [type(event) for event in events] == [JobCancelled, TakeDropped] + [JobCancelled] * 2
    told = [event.clip if isinstance(event, TakeDropped) else event.clips[0] for event in events]
    assert {clip.state for clip in told} == {ClipState.CANCELLED}
    assert made(studio) == []


def test_the_time_of_what_waits_is_told_once_something_was_measured(
    studio: Studio, request_for: GenerationRequest
) -> None:
    queue(studio, request_for, "one")
    assert studio.waiting_time() is None
    made(studio)
    assert studio.waiting_time() is None, "nothing waits"
    queue(studio, request_for, "two")
    once = studio.waiting_time()
    assert once is not None
    assert once.seconds > 0
    assert not once.at_least
    queue(studio, request_for, "three", count=3)
    all_four = studio.waiting_time()
    assert all_four is not None
    assert all_four.seconds == pytest.approx(4 * once.seconds)
    studio.clear_queue()


def test_previews_come_only_to_a_queue_that_is_watched(
    studio: Studio, request_for: GenerationRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sa_studio.engine.preview.INTERVAL", 0.0)
    monkeypatch.setattr("sa_studio.engine.preview.SHARE", 1e9)
    events: list[JobEvent] = []
    queue(studio, request_for, "one")
    studio.run_until_empty(events.append)
    assert not any(isinstance(event, StepPreview) for event in events)
    done = threading.Event()

    def emit(event: JobEvent) -> None:
        events.append(event)
        if isinstance(event, ClipFinished):
            done.set()

    worker = threading.Thread(target=studio.run_jobs, args=(emit,))
    worker.start()
    queue(studio, request_for, "two")
    assert done.wait(30)
    studio.stop()
    worker.join(30)
    previews = [event for event in events if isinstance(event, StepPreview)]
    assert len(previews) == 2
    assert previews[0].envelope.shape[:2] == (2, 2)


# closing and starting again


def close_while_running(studio: Studio, prompt: str) -> None:
    """As the window does it: in the middle of the job ``prompt``."""
    begun = threading.Event()
    go_on = threading.Event()

    def emit(event: JobEvent) -> None:
        if isinstance(event, Progress) and studio.clips(prompt)[0].job_id == event.job_id:
            begun.set()
            assert go_on.wait(30)

    worker = threading.Thread(target=studio.run_jobs, args=(emit,))
    worker.start()
    assert begun.wait(30)
    studio.stop()
    go_on.set()
    worker.join(30)
    studio.close()


def told(clips: list[Clip]) -> list[str]:
    return [clip.request.prompt for clip in clips]


def test_the_queue_survives_closing_in_the_order_that_the_user_gave_it(
    request_for: GenerationRequest,
) -> None:
    first = Studio()
    _, _, three = queue(first, request_for, "one two three", count=2)
    first.move_job(three, 1)
    queue(first, request_for, "four")
    close_while_running(first, "one")
    with Studio() as second:
        left = second.interrupted_clips()
        assert told(left) == ["one"] * 2 + ["three"] * 2 + ["two"] * 2 + ["four"]
        assert {clip.state for clip in left} == {ClipState.INTERRUPTED}
        events = heard_by(second)
        second.resume_interrupted()
        assert all(isinstance(event, JobResumed) for event in events)
        queued = [clip for event in events if isinstance(event, JobQueued) for clip in event.clips]
        assert [clip.id for clip in queued] == [clip.id for clip in left], "the same rows"
        assert {clip.state for clip in queued} == {ClipState.QUEUED}
        assert {clip.error for clip in queued} == {""}
        assert second.interrupted_clips() == []
        expected = [(clip.request.prompt, clip.request.seed) for clip in left]
        assert made(second) == expected
        assert len(second.clips()) == 7


def test_a_crash_leaves_a_queue_that_can_be_resumed(request_for: GenerationRequest) -> None:
    with Studio() as first:  # nobody stops the queue
        _, two = queue(first, request_for, "one two")
        first.move_job(two, 0)
    with Studio() as second:
        assert told(second.interrupted_clips()) == ["two", "one"]


def test_what_was_finished_or_cancelled_is_not_resumed(request_for: GenerationRequest) -> None:
    with Studio() as first:
        queue(first, request_for, "one")
        made(first)
        (two, _) = queue(first, request_for, "two three")
        first.cancel(two)
    with Studio() as second:
        assert told(second.interrupted_clips()) == ["three"]


def test_what_is_given_up_is_not_offered_again(request_for: GenerationRequest) -> None:
    with Studio() as first:
        queue(first, request_for, "one")
    with Studio() as second:
        queue(second, request_for, "two")  # behind it, and interrupted next
        assert told(second.interrupted_clips()) == ["one"]
        second.give_up_interrupted()
        assert second.interrupted_clips() == []
        assert states(second, "one") == ["interrupted"], "it can still be tried again"
    with Studio() as third:
        assert told(third.interrupted_clips()) == ["two"]
        third.resume_interrupted()
    with Studio() as fourth:  # resumed, and interrupted once more
        assert told(fourth.interrupted_clips()) == ["two"]
