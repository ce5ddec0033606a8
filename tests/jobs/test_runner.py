from __future__ import annotations

import errno
import json
import os
import time
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soundfile

from sa_studio.audio.read_facts import read_recipe
from sa_studio.errors import LibraryError, ModelError, StudioError
from sa_studio.events import (
    ChunkDecoded,
    ClipFinished,
    JobCancelled,
    JobFailed,
    JobFinished,
    ModelLoading,
    ModelReady,
    Progress,
    StepPreview,
)
from sa_studio.generation import (
    ClipState,
    DecodedChunk,
    GeneratedAudio,
    GenerationRequest,
    PipelineEvent,
    SamplingStep,
)
from sa_studio.jobs.runner import out_of_memory
from tests.fake_pipeline import CHUNK, CHUNKS
from tests.jobs.conftest import Workshop


def kinds(workshop: Workshop) -> list[str]:
    """The names of the events, each run of the same kind once."""
    names = [type(event).__name__ for event in workshop.events]
    return names[:1] + [b for a, b in pairwise(names) if a != b]


def test_a_job_goes_from_loading_to_a_file_in_the_library(workshop: Workshop) -> None:
    job = workshop.submit("Kick, dry")
    workshop.run()
    decoding = ["ChunkDecoded", "Progress"] * CHUNKS
    assert kinds(workshop) == [
        "ModelLoading",
        "ModelReady",
        "Progress",
        *decoding,
        "ClipFinished",
        "JobFinished",
    ]
    (clip,) = (event.clip for event in workshop.events if isinstance(event, ClipFinished))
    assert clip == workshop.history.get(job.clips[0].id)
    assert clip.state is ClipState.FINISHED
    assert clip.path == workshop.clips / "kick-dry_1.wav"
    assert clip.seconds == pytest.approx(CHUNK * CHUNKS / 44_100)
    assert (clip.sample_rate, clip.channels) == (44_100, 2)
    assert clip.elapsed_seconds is not None
    assert clip.elapsed_seconds > 0
    assert len(clip.thumbnail) == 240
    recipe = read_recipe(clip.path)
    assert recipe is not None
    assert (recipe["prompt"], recipe["clip_id"]) == ("Kick, dry", clip.id)
    chunks = [event for event in workshop.events if isinstance(event, ChunkDecoded)]
    assert [chunk.start for chunk in chunks] == [CHUNK * n for n in range(CHUNKS)]


def test_the_second_job_finds_the_model_loaded(workshop: Workshop) -> None:
    workshop.submit()
    workshop.submit()
    workshop.run()
    assert workshop.loads == 1
    assert sum(isinstance(event, ModelLoading) for event in workshop.events) == 1
    assert sum(isinstance(event, ModelReady) for event in workshop.events) == 1
    assert workshop.files() == ["kick_1 2.wav", "kick_1.wav"], "never overwritten"


def test_every_take_has_its_own_file_and_the_states_follow(workshop: Workshop) -> None:
    job = workshop.submit(count=3)
    states: list[list[str]] = []
    workshop.pipeline.before = lambda event: states.append(workshop.states(job))
    workshop.run()
    assert workshop.files() == ["kick_1.wav", "kick_2.wav", "kick_3.wav"]
    assert workshop.states(job) == ["finished"] * 3
    assert [states[0], states[14], states[28]] == [
        ["running", "queued", "queued"],
        ["finished", "running", "queued"],
        ["finished", "finished", "running"],
    ]
    takes = [event.take for event in workshop.events if isinstance(event, Progress)]
    assert takes == sorted(takes)


@pytest.mark.parametrize("attempt", range(10))
@pytest.mark.parametrize("kind", [SamplingStep, DecodedChunk])
def test_cancel_frees_the_queue_within_one_step_or_chunk(
    workshop: Workshop, kind: type[PipelineEvent], attempt: int
) -> None:
    first, second = workshop.submit(), workshop.submit("rain")
    at = 1 + attempt % (8 if kind is SamplingStep else CHUNKS)
    events = 0
    made_when_cancelled = -1

    def before(event: PipelineEvent) -> None:
        nonlocal events, made_when_cancelled
        events += isinstance(event, kind)
        if events == at and made_when_cancelled < 0:
            workshop.queue.cancel(first.id)  # in the middle of this step
            made_when_cancelled = len(workshop.pipeline.made)

    workshop.pipeline.before = before
    workshop.run()
    index = next(i for i, e in enumerate(workshop.events) if isinstance(e, JobCancelled))
    of_first = [event for event in workshop.events if event.job_id == first.id]
    assert isinstance(of_first[-1], JobCancelled)
    assert [clip.state for clip in of_first[-1].clips] == [ClipState.CANCELLED]
    made_by_first = sum(
        isinstance(event, Progress) for event in workshop.events[:index] if event in of_first
    )
    assert made_by_first == made_when_cancelled + 1, "the step that ran, and none after it"
    assert workshop.states(first) == ["cancelled"]
    assert workshop.states(second) == ["finished"]
    assert workshop.files() == ["rain_1.wav"]
    assert workshop.pipeline.closed == 2


def test_a_job_cancelled_while_it_waits_is_never_begun(workshop: Workshop) -> None:
    job = workshop.submit()
    job.cancel.set()
    workshop.run()
    assert kinds(workshop) == ["JobCancelled"]
    assert workshop.loads == 0
    assert workshop.states(job) == ["cancelled"]


def test_a_stop_interrupts_the_takes_that_are_not_made(workshop: Workshop) -> None:
    running, waiting = workshop.submit(count=3), workshop.submit("rain")

    def before(event: PipelineEvent) -> None:
        if workshop.pipeline.closed == 1:  # the second take has begun
            workshop.queue.stop()

    workshop.pipeline.before = before
    workshop.run()
    assert workshop.states(running) == ["finished", "interrupted", "interrupted"]
    assert workshop.states(waiting) == ["interrupted"]
    clip = workshop.history.get(waiting.clips[0].id)
    assert "closed before the take was finished" in clip.error
    assert clip.hint
    ended = [event for event in workshop.events if isinstance(event, JobCancelled)]
    assert [event.job_id for event in ended] == [running.id, waiting.id]
    assert {clip.state for event in ended for clip in event.clips} == {ClipState.INTERRUPTED}


def test_what_the_user_cancelled_before_the_stop_is_cancelled(workshop: Workshop) -> None:
    job = workshop.submit()

    def before(event: PipelineEvent) -> None:
        workshop.queue.cancel(job.id)
        workshop.queue.stop()

    workshop.pipeline.before = before
    workshop.run()
    assert workshop.states(job) == ["cancelled"]


def test_takes_that_are_left_are_those_that_were_queued(workshop: Workshop) -> None:
    job = workshop.submit(count=4)
    assert workshop.queue.drop_take(job.id, job.clips[1].id)
    workshop.run()
    assert workshop.files() == ["kick_1.wav", "kick_3.wav", "kick_4.wav"], "seeds stay"
    assert workshop.states(job) == ["finished", "queued", "finished", "finished"]
    progress = [event for event in workshop.events if isinstance(event, Progress)]
    assert [event.take for event in progress[:: 8 + CHUNKS]] == [0, 1, 2]
    assert {event.takes for event in progress} == {3}


def test_previews_come_behind_their_steps_if_somebody_watches(workshop: Workshop) -> None:
    workshop.submit()
    workshop.run()
    assert not any(isinstance(event, StepPreview) for event in workshop.events)
    workshop.events.clear()
    workshop.runner.shows_previews = True
    job = workshop.submit()
    workshop.run()
    steps = ["Progress", "Progress", "StepPreview"] * 4
    names = [type(event).__name__ for event in workshop.events]
    assert names[: len(steps)] == steps
    preview = workshop.events[2]
    assert isinstance(preview, StepPreview)
    assert (preview.job_id, preview.clip_id) == (job.id, job.clips[0].id)
    assert preview.envelope.shape == (2, 2, 7)


def test_takes_that_were_finished_before_the_cancel_are_kept(workshop: Workshop) -> None:
    job = workshop.submit(count=3)

    def before(event: PipelineEvent) -> None:
        if workshop.pipeline.closed == 1:  # the second take has begun
            workshop.queue.cancel(job.id)

    workshop.pipeline.before = before
    workshop.run()
    assert workshop.states(job) == ["finished", "cancelled", "cancelled"]
    assert workshop.files() == ["kick_1.wav"]


def test_a_cancel_that_comes_too_late_finds_the_job_finished(workshop: Workshop) -> None:
    job = workshop.submit()

    def before(event: PipelineEvent) -> None:
        if isinstance(event, GeneratedAudio):
            workshop.queue.cancel(job.id)

    workshop.pipeline.before = before
    workshop.run()
    assert workshop.states(job) == ["finished"]
    assert isinstance(workshop.events[-1], JobFinished)


def failing(error: BaseException, step: int = 3) -> object:
    def before(event: PipelineEvent) -> None:
        if isinstance(event, SamplingStep) and event.step == step:
            raise error

    return before


@pytest.mark.parametrize(
    ("error", "message", "hint"),
    [
        (StudioError("Too loud", "Be quiet."), "Too loud", "Be quiet."),
        (MemoryError(), "There is too little memory for this sound", "Make a shorter sound"),
        (
            RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried"),
            "There is too little memory for this sound",
            "Make a shorter sound",
        ),
        (
            RuntimeError("DefaultCPUAllocator: not enough memory: you tried to allocate 9 bytes."),
            "There is too little memory for this sound",
            "Make a shorter sound",
        ),
        (
            type("OutOfMemoryError", (RuntimeError,), {})("CUDA out of memory. Tried to allocate"),
            "There is too little memory for this sound",
            "Make a shorter sound",
        ),
    ],
)
def test_what_the_user_can_mend_fails_the_job_in_one_line_and_the_queue_goes_on(
    workshop: Workshop, error: Exception, message: str, hint: str
) -> None:
    job = workshop.submit(count=2)
    workshop.pipeline.before = failing(error)  # type: ignore[assignment]
    workshop.run()
    failed = workshop.events[-1]
    assert isinstance(failed, JobFailed)
    assert failed.message == message
    assert failed.hint.startswith(hint)
    assert failed.details == ""
    assert workshop.states(job) == ["failed", "failed"]
    assert workshop.history.get(job.clips[1].id).error == message
    workshop.pipeline.before = lambda event: None
    after = workshop.submit("rain")
    workshop.run()
    assert workshop.states(after) == ["finished"]


def test_running_out_of_memory_lets_go_of_the_model(workshop: Workshop) -> None:
    workshop.submit()
    workshop.pipeline.before = failing(MemoryError())  # type: ignore[assignment]
    workshop.run()
    workshop.pipeline.before = lambda event: None
    workshop.submit()
    workshop.run()
    assert workshop.loads == 2


def test_our_bug_is_logged_and_shown_with_its_traceback(
    workshop: Workshop, caplog: pytest.LogCaptureFixture
) -> None:
    job = workshop.submit()
    other = workshop.submit("rain")
    bug = failing(ZeroDivisionError("oops"))
    workshop.pipeline.before = lambda event: (  # type: ignore[assignment]
        bug(event) if not workshop.pipeline.closed else None  # type: ignore[operator]
    )
    workshop.run()
    (failed,) = (event for event in workshop.events if isinstance(event, JobFailed))
    assert "ZeroDivisionError: oops" in failed.message
    assert "test_runner.py" in failed.details
    assert "oops" in caplog.text
    assert workshop.states(job) == ["failed"]
    assert workshop.states(other) == ["finished"]


def test_an_interruption_cancels_the_takes_and_goes_on_upwards(workshop: Workshop) -> None:
    job = workshop.submit(count=2)
    workshop.pipeline.before = failing(KeyboardInterrupt())  # type: ignore[assignment]
    with pytest.raises(KeyboardInterrupt):
        workshop.run()
    assert workshop.states(job) == ["cancelled", "cancelled"]


def test_a_model_that_is_gone_fails_the_job(workshop: Workshop) -> None:
    job = workshop.submit(model="gone")
    workshop.run()
    (failed,) = workshop.events
    assert isinstance(failed, JobFailed)
    assert "no model 'gone'" in failed.message
    assert workshop.states(job) == ["failed"]


def test_a_full_disk_fails_the_take_and_leaves_no_file(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    job = workshop.submit()
    workshop.run()
    failed = workshop.events[-1]
    assert isinstance(failed, JobFailed)
    assert os.strerror(errno.ENOSPC) in failed.message
    assert workshop.states(job) == ["failed"]
    assert workshop.files() == []


def test_a_library_that_cannot_be_written_stops_neither_the_report_nor_the_queue(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*arguments: object, **named: object) -> None:
        raise LibraryError("The library cannot be used (disk is full)")

    job = workshop.submit()
    with monkeypatch.context() as patch:
        patch.setattr(workshop.history, "finish", full)
        patch.setattr(workshop.history, "fail", full)
        workshop.run()
    failed = workshop.events[-1]
    assert isinstance(failed, JobFailed)
    assert [clip.id for clip in failed.clips] == [job.clips[0].id]
    assert failed.clips[0].state is ClipState.FAILED
    assert "disk is full" in failed.clips[0].error
    assert workshop.files() == [], "no file without its row"
    after = workshop.submit("rain")
    workshop.run()
    assert workshop.states(after) == ["finished"]


def test_init_audio_reaches_the_pipeline_at_its_rate_and_channels(
    workshop: Workshop, tmp_path: Path
) -> None:
    path = tmp_path / "mono.wav"
    soundfile.write(path, np.full(22_050, 0.5), 22_050)
    workshop.submit(init_audio=path)
    workshop.run()
    assert workshop.pipeline.init_audio is not None
    assert workshop.pipeline.init_audio.shape == (2, 44_100)
    assert workshop.pipeline.init_audio.dtype == np.float32
    assert workshop.pipeline.init_audio[:, 22_050] == pytest.approx([0.5, 0.5], abs=1e-3)


def test_loras_reach_the_pipeline_as_files(workshop: Workshop, tmp_path: Path) -> None:
    warm = workshop.loras.add("warm", b"w", {}).path
    grit = tmp_path / "grit.safetensors"
    grit.write_bytes(b"g")
    workshop.submit(loras=(("warm", 0.5), (str(grit), 1.0)))
    workshop.run()
    assert workshop.pipeline.lora_files == [warm, grit]


def test_a_lora_that_is_gone_fails_the_job(workshop: Workshop) -> None:
    job = workshop.submit(loras=(("warm", 0.5),))
    (failed,) = [event for event in workshop.run() if isinstance(event, JobFailed)]
    assert "There is no LoRA 'warm'" in failed.message
    assert workshop.states(job) == ["failed"]


def test_init_audio_that_is_no_sound_fails_the_job(workshop: Workshop, tmp_path: Path) -> None:
    path = tmp_path / "notes.wav"
    path.write_text(json.dumps("no sound"), encoding="utf-8")
    job = workshop.submit(init_audio=path)
    workshop.run()
    assert isinstance(workshop.events[-1], JobFailed)
    assert "cannot be read as sound" in workshop.history.get(job.clips[0].id).error


def test_elapsed_seconds_are_those_of_the_take(workshop: Workshop) -> None:
    def before(event: PipelineEvent) -> None:
        if isinstance(event, SamplingStep) and event.step == 1:
            time.sleep(0.02 * (workshop.pipeline.closed + 1))

    workshop.pipeline.before = before
    job = workshop.submit(count=2, steps=1)
    workshop.run()
    first, second = (workshop.history.get(clip.id).elapsed_seconds or 0 for clip in job.clips)
    assert 0.02 <= first < 0.5
    assert 0.04 <= second < 0.5


@pytest.mark.parametrize(
    ("device", "dtype", "proposal"),
    [
        ("cuda", "float32", "float16"),
        ("cuda", "auto", "device cpu"),
        ("auto", "float16", "device cpu"),
        ("cpu", "auto", "smaller model"),
        ("cpu", "float32", "smaller model"),
    ],
)
def test_out_of_memory_proposes_what_needs_less(device: str, dtype: str, proposal: str) -> None:
    request = GenerationRequest("kick", device=device, dtype=dtype)
    assert proposal in out_of_memory(request).hint


def test_a_damaged_model_is_reported_as_such(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged(path: Path, *, device: str, dtype: str) -> None:
        raise ModelError("The model is damaged", "Install it again.")

    job = workshop.submit()
    monkeypatch.setattr(workshop.queue._run.__self__._cache, "_load", damaged)  # type: ignore[attr-defined]
    workshop.run()
    clip = workshop.history.get(job.clips[0].id)
    assert (clip.state, clip.error, clip.hint) == (
        ClipState.FAILED,
        "The model is damaged",
        "Install it again.",
    )
