"""One click on Generate, through the real window to a file on disk."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from sa_studio.engine.pipeline import AudioPipeline
from sa_studio.events import JobCancelled, JobEvent, Progress
from sa_studio.generation import ClipState, DecodedChunk, SamplingStep
from sa_studio.ui.main_window import MainWindow
from tests.ui.conftest import Driver, Wait

TRIES = 10


def samples(path: Path | None) -> np.ndarray:
    assert path is not None
    audio, _ = soundfile.read(path, dtype="float32")
    return audio


def test_generate_makes_a_file_of_the_seconds_asked_for(driver: Driver) -> None:
    driver.generate(seconds=1.3, seed=7)
    (queued,) = driver.clips()  # the row is there at once
    assert queued.state is ClipState.QUEUED
    driver.wait_until_idle()
    (clip,) = driver.clips()
    info = soundfile.info(clip.path)
    assert (info.format, info.samplerate, info.channels) == ("WAV", 44_100, 2)
    assert info.frames == round(1.3 * 44_100)
    assert np.abs(samples(clip.path)).max() > 0
    assert driver.window.form.status.label.text().startswith("Done: 1 take in")


def test_the_first_take_is_shown_and_the_waveform_fills_as_chunks_arrive(
    driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled: list[float] = []
    view = driver.window.take.waveform
    add_chunk = view.add_chunk

    def note(start: int, audio: np.ndarray) -> None:
        add_chunk(start, audio)
        filled.append(view.filled)

    monkeypatch.setattr(view, "add_chunk", note)
    driver.generate(seconds=2.0)
    driver.wait_until_idle()
    assert driver.window.take.clip == driver.clips()[0]
    assert len(filled) > 1
    assert filled == sorted(filled)
    assert filled[0] < 1.0
    assert filled[-1] == 1.0


def test_a_finished_take_leaves_the_selection_alone(driver: Driver) -> None:
    driver.generate(seed=1)
    driver.wait_until_idle()
    first = driver.window.take.clip
    driver.generate(seed=2)
    driver.wait_until_idle()
    assert driver.window.library.current_clip() == first
    assert driver.window.take.clip == first


def test_the_same_seed_twice_is_the_same_sound(driver: Driver) -> None:
    for seed in (7, 7, 8):
        driver.generate(seed=seed)
    driver.wait_until_idle()
    other, second, first = (samples(clip.path) for clip in driver.clips())
    np.testing.assert_array_equal(first, second)
    assert not np.array_equal(first, other)


def test_each_take_has_the_next_seed(driver: Driver) -> None:
    driver.generate(seed=7, count=3)
    driver.wait_until_idle()
    assert [clip.request.seed for clip in driver.clips()] == [7, 8, 9]
    assert driver.window.form.generate.text() == "Generate 3 takes"


def test_window_and_command_line_make_the_same_samples(
    driver: Driver, models: Path, tmp_path: Path
) -> None:
    driver.generate("a long noise", seed=11, seconds=0.7)
    driver.wait_until_idle()
    (clip,) = driver.clips()
    command = [
        *(sys.executable, "-m", "sa_studio", "generate", "a long noise"),
        *("--seconds", "0.7", "--seed", "11", "--steps", "2"),
        *("--model", str(models / "starter"), "--out", str(tmp_path / "out"), "--json"),
    ]
    (tmp_path / "out").mkdir()
    environment = {**os.environ, "SA_STUDIO_DATA_DIR": str(tmp_path / "of the command line")}
    result = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    made = json.loads(result.stdout)
    np.testing.assert_array_equal(samples(clip.path), samples(Path(made["path"])))


class Gate:
    """Holds the engine at every event, so that a test decides how far it goes."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.passed: list[object] = []
        self._permits = threading.Semaphore(0)
        generate = AudioPipeline.generate

        def gated(pipeline: AudioPipeline, *arguments: object, **options: object) -> Iterator:
            for event in generate(pipeline, *arguments, **options):
                self._permits.acquire()
                self.passed.append(event)
                yield event

        monkeypatch.setattr(AudioPipeline, "generate", gated)

    def let_pass(self, events: int) -> None:
        self._permits.release(events)


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Gate:
    return Gate(monkeypatch)


def collect(window: MainWindow) -> list[JobEvent]:
    events: list[JobEvent] = []
    window.engine.job_event.connect(events.append)
    return events


def cancelled(events: list[JobEvent]) -> int:
    return sum(isinstance(event, JobCancelled) for event in events)


def test_cancel_while_sampling_takes_one_step(driver: Driver, wait: Wait, gate: Gate) -> None:
    window, events = driver.window, collect(driver.window)
    for attempt in range(TRIES):
        gate.passed.clear()
        driver.generate(steps=20)
        gate.let_pass(3)
        wait(lambda: window.tracker.current and window.tracker.current.step == 3)
        window.form.status.cancel.click()
        assert window.form.status.label.text() == "Cancelling…"
        gate.let_pass(1)  # the step that was under way
        wait(lambda expected=attempt + 1: cancelled(events) == expected)
        assert [event.step for event in gate.passed] == [1, 2, 3, 4]
    assert {clip.state for clip in driver.clips()} == {ClipState.CANCELLED}
    gate.let_pass(1000)
    driver.generate()
    driver.wait_until_idle()
    assert driver.clips()[0].state is ClipState.FINISHED


def test_cancel_while_decoding_takes_one_chunk(driver: Driver, wait: Wait, gate: Gate) -> None:
    window, events = driver.window, collect(driver.window)
    for attempt in range(TRIES):
        gate.passed.clear()
        driver.generate(steps=2, seconds=2.0)
        gate.let_pass(3)
        wait(lambda: window.tracker.current and window.tracker.current.state is ClipState.DECODING)
        window.form.status.cancel.click()
        gate.let_pass(1)
        wait(lambda expected=attempt + 1: cancelled(events) == expected)
        kinds = [type(event) for event in gate.passed]
        assert kinds == [SamplingStep, SamplingStep, DecodedChunk, DecodedChunk]
        assert gate.passed[-1].index < gate.passed[-1].chunks  # it was not over anyway
    assert not list(window.studio.data.clips.iterdir())
    gate.let_pass(1000)
    driver.generate()
    driver.wait_until_idle()
    assert driver.clips()[0].state is ClipState.FINISHED


def test_a_waiting_job_is_cancelled_at_once_and_the_others_go_on(
    driver: Driver, wait: Wait, gate: Gate
) -> None:
    window = driver.window
    driver.generate("a short noise")
    driver.generate("a long noise")
    _, second = window.tracker.jobs()
    row = window.queue.row(second.id)
    assert row is not None
    row.cancel.click()
    assert window.queue.list.count() == 1
    gate.let_pass(1000)
    driver.wait_until_idle()
    wait(lambda: all(clip.state.is_final for clip in driver.clips()))
    assert [clip.state for clip in driver.clips()] == [ClipState.CANCELLED, ClipState.FINISHED]


def test_progress_is_shown_in_words_and_bars(driver: Driver, wait: Wait, gate: Gate) -> None:
    window, events = driver.window, collect(driver.window)
    driver.generate(steps=10, count=2)
    gate.let_pass(5)
    wait(lambda: sum(isinstance(event, Progress) for event in events) == 5)
    assert window.form.status.label.text().startswith("Take 1 of 2 · step 5/10 · ")
    assert 0 < window.form.status.bar.value() < 500
    row = window.queue.row(window.tracker.jobs()[0].id)
    assert row is not None
    assert "step 5/10" in row.state.text()
    assert "left" in row.state.text()
    assert window.clips.index(0).data() == "a short noise"
    gate.let_pass(1000)
    driver.wait_until_idle()
    assert window.queue.list.count() == 0


def test_closing_during_a_run_waits_for_the_step_and_nothing_else(
    driver: Driver, wait: Wait
) -> None:
    window = driver.window
    driver.generate(steps=500)
    wait(lambda: window.tracker.current and window.tracker.current.step > 2)
    assert window.close()
    assert window.engine.isFinished()
    assert not window.isVisible()


def test_a_job_that_fails_does_not_stop_the_queue(
    driver: Driver, wait: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = driver.window
    generate = AudioPipeline.generate

    def failing(pipeline: AudioPipeline, request: object, *rest: object) -> Iterator:
        if request.prompt == "broken":  # type: ignore[attr-defined]
            raise RuntimeError("a bug of ours")
        return generate(pipeline, request, *rest)

    monkeypatch.setattr(AudioPipeline, "generate", failing)
    driver.generate("broken")
    driver.generate("a short noise")
    driver.wait_until_idle()
    good, bad = driver.clips()
    assert good.state is ClipState.FINISHED
    assert bad.state is ClipState.FAILED
    # the first take that was made is shown: cause, hint, Retry, and details to report
    page = window.take.failure
    assert page.isVisible()
    assert "a bug of ours" in page.cause.text()
    assert page.hint.text()
    assert page.details.isVisible()
    monkeypatch.setattr(AudioPipeline, "generate", generate)
    page.retry.click()
    driver.wait_until_idle()
    assert [clip.state for clip in driver.clips()] == [ClipState.FINISHED] * 2
    assert driver.clips()[0].request.prompt == "broken"
