"""The library as a model: pages, search, and following the jobs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QApplication

from sa_studio.events import JobEvent, JobFailed, Progress
from sa_studio.generation import Clip, ClipState, GenerationRequest
from sa_studio.service import Studio
from sa_studio.ui.clip_model import PAGE, ClipModel, ClipRole


@pytest.fixture
def studio(only_tiny_models: None, application: QApplication, tmp_path: Path) -> Iterator[Studio]:
    with Studio(tmp_path / "data") as studio:
        yield studio


@pytest.fixture
def model(studio: Studio) -> ClipModel:
    model = ClipModel(studio)
    studio.add_listener(model.on_event)
    return model


def prompts(model: ClipModel) -> list[str]:
    return [model.index(row).data() for row in range(model.rowCount())]


def current(model: ClipModel, row: int = 0) -> Clip:
    clip = model.clip(model.index(row))
    assert clip is not None
    return clip


def test_rows_appear_when_jobs_are_submitted_and_are_the_same_afterwards(
    studio: Studio, model: ClipModel
) -> None:
    studio.submit(GenerationRequest("rain", seed=1, count=2))
    studio.submit(GenerationRequest("wind", seed=1))
    assert prompts(model) == ["wind", "rain", "rain"]
    assert [current(model, row).take for row in range(3)] == [0, 0, 1]
    fresh = ClipModel(studio)
    assert [current(fresh, row) for row in range(3)] == [current(model, row) for row in range(3)]


def test_long_libraries_come_in_pages_without_gaps_or_repeats(studio: Studio) -> None:
    for number in range(PAGE // 16 + 2):
        studio.submit(GenerationRequest(f"sound {number}", seed=1, count=16))
    model = ClipModel(studio)
    assert model.rowCount() == PAGE
    studio.add_listener(model.on_event)
    studio.submit(GenerationRequest("in between", seed=1))
    assert model.canFetchMore(QModelIndex())
    while model.canFetchMore(QModelIndex()):
        model.fetchMore(QModelIndex())
    ids = [current(model, row).id for row in range(model.rowCount())]
    assert len(ids) == len(set(ids)) == (PAGE // 16 + 2) * 16 + 1
    assert ids == [clip.id for clip in studio.clips(limit=10_000)]


def test_progress_and_failure_are_seen_in_the_row(studio: Studio, model: ClipModel) -> None:
    job_id = studio.submit(GenerationRequest("rain", seed=1))
    clip = current(model)

    def happen(event: JobEvent) -> str:
        model.on_event(event)
        return str(model.index(0).data(ClipRole.STATE))

    assert model.index(0).data(ClipRole.STATE) == "waiting"
    running = Progress(job_id, clip.id, 0, 1, ClipState.RUNNING, 3, 8, 1.0, 5.0)
    assert happen(running) == "step 3/8"
    assert model.index(0).data(ClipRole.FRACTION) == 3 / 8
    failed = Clip(**{**as_fields(clip), "state": ClipState.FAILED, "error": "no disk", "hint": "x"})
    assert happen(JobFailed(job_id, (failed,), "no disk", "x")) == "no disk"
    assert "rain, no disk" in model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert model.index(0).data(ClipRole.FRACTION) is None


def as_fields(clip: Clip) -> dict[str, object]:
    return {name: getattr(clip, name) for name in clip.__dataclass_fields__}


def test_a_search_holds_while_new_takes_come(studio: Studio, model: ClipModel) -> None:
    studio.submit(GenerationRequest("wooden door", seed=1))
    model.set_search("door")
    studio.submit(GenerationRequest("metal gate", seed=1))
    studio.submit(GenerationRequest("metal door", seed=1))
    assert prompts(model) == ["metal door", "wooden door"]


def test_removed_rows_stay_away(studio: Studio, model: ClipModel) -> None:
    jobs = [studio.submit(GenerationRequest(prompt, seed=1)) for prompt in ("one", "two", "three")]
    outer = [current(model, 0).id, current(model, 2).id]
    model.remove(outer)  # they still wait
    assert prompts(model) == ["three", "two", "one"]
    for job in jobs:
        studio.cancel(job)
    assert current(model).state is ClipState.CANCELLED
    model.remove(outer)
    assert prompts(model) == ["two"]
    assert model.find(current(model).id).row() == 0
    model.reload()
    assert prompts(model) == ["two"]
