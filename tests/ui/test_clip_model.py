"""The library as a model: pages, search, and following the jobs."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from sa_studio.errors import LibraryError
from sa_studio.events import JobEvent, JobFailed, Progress
from sa_studio.generation import (
    Clip,
    ClipFilter,
    ClipSort,
    ClipState,
    GenerationRequest,
    Verdict,
)
from sa_studio.service import Studio
from sa_studio.ui import paged_rows
from sa_studio.ui.clip_model import ClipModel, ClipRole
from sa_studio.ui.page_reader import PAGE
from tests.ui.conftest import Wait
from tests.ui.finished_takes import add_takes


@pytest.fixture
def studio(only_tiny_models: None, application: QApplication, tmp_path: Path) -> Iterator[Studio]:
    with Studio(tmp_path / "data") as studio:
        yield studio


@pytest.fixture
def model(studio: Studio) -> ClipModel:
    model = ClipModel(studio)
    studio.add_listener(model.running.on_event)
    return model


def prompts(model: ClipModel) -> list[str]:
    return [model.index(row).data() for row in range(model.rowCount())]


def ids(clips: Sequence[Clip]) -> list[str]:
    return [clip.id for clip in clips]


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
    made = add_takes(studio, [f"sound {number}" for number in range(3 * PAGE + 7)])
    model = ClipModel(studio)
    studio.add_listener(model.running.on_event)
    assert model.rowCount() == len(made)
    assert current(model, 2 * PAGE) == made[2 * PAGE]  # far from all that was read
    studio.submit(GenerationRequest("on top", seed=1))
    assert current(model, 2 * PAGE + 1) == made[2 * PAGE]
    assert [current(model, row).id for row in range(1, model.rowCount())] == ids(made)
    assert model.find(made[-1].id).row() == len(made)
    assert ids(studio.clips(limit=10_000))[1:] == ids(made)


def test_rows_that_were_let_go_are_read_again(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paged_rows, "HELD", 2 * PAGE)
    made = add_takes(studio, [f"sound {number}" for number in range(6 * PAGE)])
    model = ClipModel(studio)
    for row in [*range(0, len(made), 7), *range(len(made) - 1, 0, -5)]:
        assert current(model, row) == made[row]


def test_what_is_shown_is_read_beside_the_window_and_what_is_needed_at_once(
    studio: Studio, wait: Wait
) -> None:
    made = add_takes(studio, [f"sound {number}" for number in range(8 * PAGE)])
    model, row = ClipModel(studio), 4 * PAGE
    read: list[bool] = []
    model.rows_read.connect(lambda: read.append(True))
    assert model.index(row).data(ClipRole.CLIP) is None
    assert model.index(row).data(ClipRole.STATE) is None
    assert not model.is_read(row)
    model.look_at(row, row + 9)
    assert not model.is_read(row)
    wait(lambda: read)
    shown = [model.index(number).data(ClipRole.CLIP) for number in range(row, row + 10)]
    assert shown == made[row : row + 10]
    far = model.index(7 * PAGE)  # where nobody looks
    assert far.data(Qt.ItemDataRole.AccessibleTextRole).startswith(f"sound {7 * PAGE}, ")
    model.close_threads()


def test_a_page_that_was_overtaken_is_read_again(
    studio: Studio, wait: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = add_takes(studio, [f"sound {number}" for number in range(8 * PAGE)])
    model, row = ClipModel(studio), 4 * PAGE
    studio.add_listener(model.running.on_event)
    read_page, starts = studio.clips, []
    going_on, overtaken = threading.Event(), threading.Event()

    def slowly(*args: Any, **kwargs: Any) -> list[Clip]:
        page = read_page(*args, **kwargs)
        starts.append(kwargs["offset"])
        going_on.set()
        assert overtaken.wait(30)
        return page

    monkeypatch.setattr(studio, "clips", slowly)
    model.look_at(row, row + 9)
    wait(going_on.is_set)
    studio.submit(GenerationRequest("on top", seed=1))  # every row moves down
    overtaken.set()
    wait(lambda: model.is_read(row) and model.is_read(row + 9))
    assert len(starts) > 1
    shown = [model.index(number).data(ClipRole.CLIP) for number in range(row, row + 10)]
    assert shown == made[row - 1 : row + 9]
    model.close_threads()


def test_what_cannot_be_read_is_tried_again(
    studio: Studio, wait: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_takes(studio, [f"sound {number}" for number in range(4 * PAGE)])
    model = ClipModel(studio)
    read_page, failed = studio.clips, threading.Event()

    def once(*args: Any, **kwargs: Any) -> list[Clip]:
        if not failed.is_set():
            failed.set()
            raise LibraryError("The disk is away")
        return read_page(*args, **kwargs)

    monkeypatch.setattr(studio, "clips", once)
    resets: list[bool] = []
    model.modelReset.connect(lambda: resets.append(True))
    model.look_at(2 * PAGE, 2 * PAGE + 9)
    wait(lambda: resets)
    model.look_at(2 * PAGE, 2 * PAGE + 9)
    wait(lambda: model.is_read(2 * PAGE))
    model.close_threads()


def test_what_another_program_adds_appears_when_its_page_is_read(
    studio: Studio, wait: Wait
) -> None:
    made = add_takes(studio, [f"sound {number}" for number in range(3 * PAGE)])
    model = ClipModel(studio)
    new = add_takes(studio, ["from elsewhere"])
    current(model, PAGE + 1)
    wait(lambda: model.rowCount() == len(made) + 1)
    assert current(model) == new[0]
    assert [current(model, row).id for row in range(1, model.rowCount())] == ids(made)


def test_matches_beyond_the_first_page_are_counted_afterwards(studio: Studio, wait: Wait) -> None:
    made = add_takes(studio, ["rain"] * (PAGE + 5) + ["wind"] * PAGE)
    model = ClipModel(studio)
    model.set_search("rain")
    assert (model.rowCount(), model.is_counted) == (PAGE, False)
    wait(lambda: model.is_counted)
    assert model.rowCount() == PAGE + 5
    assert current(model, PAGE + 4) == made[PAGE + 4]
    model.set_search("wind")
    model.set_search("snow")
    model.close_threads()
    assert model.rowCount() == 0


def test_a_take_that_no_longer_passes_leaves_the_list(studio: Studio) -> None:
    made = add_takes(studio, ["one", "two", "three", "four"])
    model = ClipModel(studio)
    left: list[tuple[int, int]] = []
    model.rows_leaving.connect(lambda first, last: left.append((first, last)))
    studio.rate_clips(ids(made[1:]), 4)
    model.changed(ids(made[1:]))
    assert [current(model, row).stars for row in range(4)] == [0, 4, 4, 4]
    gone = [made[0].id, made[1].id, made[3].id]
    studio.judge_clips(gone, Verdict.REJECT)
    model.changed(gone)
    assert prompts(model) == ["three"]
    assert left == [(3, 3), (0, 1)]
    studio.categorise_clips(ids(made[2:3]), "DOORWood")
    model.set_filter(ClipFilter(cat_id="door"))
    assert prompts(model) == ["three"]
    studio.categorise_clips(ids(made[2:3]), "")
    model.changed(ids(made[2:3]))
    assert prompts(model) == []
    model.set_filter(ClipFilter(verdict=Verdict.REJECT, min_stars=4, sort=ClipSort.PROMPT))
    assert prompts(model) == ["four", "two"]


def test_a_row_says_what_was_decided(studio: Studio) -> None:
    (clip,) = add_takes(studio, ["oak door"])
    studio.rate_clips([clip.id], 1)
    studio.judge_clips([clip.id], Verdict.KEEP)
    studio.tag_clips([clip.id], add=["wood"])
    studio.annotate_clip(clip.id, "for the cellar")
    model = ClipModel(studio)
    assert (
        model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
        == "oak door, 0.1 s, 1 star, kept, tags: wood"
    )
    assert "for the cellar" in model.index(0).data(Qt.ItemDataRole.ToolTipRole)


def test_progress_and_failure_are_seen_in_the_row(studio: Studio, model: ClipModel) -> None:
    job_id = studio.submit(GenerationRequest("rain", seed=1))
    clip = current(model)

    def happen(event: JobEvent) -> str:
        model.running.on_event(event)
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
