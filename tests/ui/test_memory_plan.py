"""Device, precision, memory plan and memory in use, where they are shown."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import psutil
import pytest

from sa_studio.engine.pipeline import AudioPipeline
from sa_studio.events import ChunkDecoded, ModelReady, PlanChanged, Progress
from sa_studio.generation import ClipState
from sa_studio.ui import memory_label
from sa_studio.ui.memory_label import MemoryLabel
from tests.ui.conftest import Driver, Wait


def test_the_plan_that_runs_is_shown(driver: Driver) -> None:
    events, shown = [], []
    plan = driver.window.form.status.plan

    def follow(event: object) -> None:
        events.append(event)
        if isinstance(event, Progress):
            shown.append((plan.isVisible(), plan.whole_text(), plan.property("role")))

    driver.window.engine.job_event.connect(follow)
    driver.generate()
    driver.wait_until_idle()
    (ready,) = [event for event in events if isinstance(event, ModelReady)]
    assert ready.plan
    assert driver.window.top_bar.device.text() == f"CPU · {ready.dtype}"
    assert ready.plan in driver.window.top_bar.device.toolTip()
    assert set(shown) == {(True, ready.plan, "quiet")}
    assert not plan.isVisible()


@pytest.fixture
def queued(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> Driver:
    """One take whose engine does nothing, so that the test tells what happens."""
    monkeypatch.setattr(driver.window.studio._queue, "submit", lambda job: None)
    driver.generate()
    return driver


def test_a_plan_that_changes_says_what_and_why(queued: Driver) -> None:
    window = queued.window
    job = window.tracker.current
    emit = window.engine.job_event.emit
    emit(ModelReady(job.id, "starter", "cuda:0", "float16", "float16, all at once"))
    emit(PlanChanged(job.id, "float16, in two passes", "There was not enough memory"))
    plan = window.form.status.plan
    assert plan.whole_text() == "There was not enough memory; now float16, in two passes"
    assert plan.property("role") == "warning"
    assert window.top_bar.device.text() == "CUDA:0 · plan changed"
    assert "float16, in two passes" in window.top_bar.device.toolTip()


def test_a_take_that_begins_anew_begins_its_waveform_anew(queued: Driver) -> None:
    window = queued.window
    clip = window.take.clip
    emit = window.engine.job_event.emit
    half = np.zeros((2, 500), np.float32)
    emit(ChunkDecoded(clip.job_id, clip.id, 0, 1000, 44_100, half))
    assert window.take.waveform.filled == 0.5
    emit(PlanChanged(clip.job_id, "smaller", "There was not enough memory"))
    assert window.take.waveform.filled == 0
    emit(ChunkDecoded(clip.job_id, clip.id, 0, 1000, 44_100, half[:, :250]))
    assert window.take.waveform.filled == 0.25
    assert clip.state is ClipState.QUEUED


def test_the_memory_in_use_is_shown_at_most_once_a_second(driver: Driver) -> None:
    label = driver.window.queue.memory
    assert label.isVisible()
    assert label.text().startswith("memory ")
    assert label.text().split()[-1] in ("MB", "GB")
    assert memory_label.INTERVAL_MS >= 1000


def test_the_memory_in_use_follows(
    application: object, wait: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Process:
        rss = 1_230_000_000

        def memory_info(self) -> Process:
            return self

    monkeypatch.setattr(psutil, "Process", Process)
    monkeypatch.setattr(memory_label, "INTERVAL_MS", 5)
    label = MemoryLabel()
    label.show()
    assert label.text() == "memory 1.23 GB"
    monkeypatch.setattr(Process, "rss", 2_500_000_000)
    wait(lambda: label.text() == "memory 2.50 GB")
    assert label.accessibleName() == "Memory in use: 2.50 GB"
    label.hide()
    label.deleteLater()


def test_out_of_memory_is_shown_with_what_to_do(
    driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object) -> Iterator[object]:
        raise MemoryError
        yield

    monkeypatch.setattr(AudioPipeline, "generate", fail)
    monkeypatch.setattr(AudioPipeline, "can_shrink", False)  # it runs by the smallest plan
    driver.generate()
    driver.wait_until_idle()
    page = driver.window.take.failure
    assert page.isVisible()
    assert "memory" in page.cause.text()
    assert page.hint.text() == driver.clips()[0].hint != ""
    assert page.retry.isVisible()
    assert not page.details.isVisible()  # it is no bug of ours
