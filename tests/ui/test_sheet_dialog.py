"""Cue sheets in the window: checked, made through its queue, stopped and gone on with."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from sa_studio import service
from sa_studio.generation import ClipFilter, PipelineEvent
from sa_studio.service import Studio
from sa_studio.ui.engine_thread import EngineThread
from sa_studio.ui.job_tracker import JobTracker
from sa_studio.ui.sheet_dialog import SheetDialog
from sa_studio.ui.sheet_run import SheetRun
from tests.delivery.hits import HitPipeline, loader_of
from tests.ui.conftest import Wait
from tests.ui.deliveries import Keep, keep

__all__ = ["keep"]

SHEET = """name,prompt,seconds,count
Door,wooden door slam,0.3,2
Rain,heavy rain,0.3,1
Step,footstep on gravel,0.3,3
"""


@dataclass
class Bench:
    """The dialog, the queue behind it and the pipeline that makes the sounds."""

    studio: Studio
    dialog: SheetDialog
    run: SheetRun
    pipeline: HitPipeline
    engine: EngineThread

    def states(self) -> list[str]:
        rows = self.dialog.rows
        return [rows.topLevelItem(row).text(3) for row in range(rows.topLevelItemCount())]

    def hold(self, prompt: str) -> tuple[threading.Event, threading.Event]:
        """Let the pipeline stand still at a prompt: set once it is there, until the other is."""
        reached, go_on = threading.Event(), threading.Event()

        def before(_event: PipelineEvent) -> None:
            if self.pipeline.requests[-1].prompt == prompt:
                reached.set()
                assert go_on.wait(30)

        self.pipeline.before = before
        return reached, go_on


@pytest.fixture
def bench(tmp_path: Path, keep: Keep, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    pipeline = HitPipeline()
    monkeypatch.setattr(service, "engine_loader", loader_of(pipeline))
    with Studio(tmp_path / "data") as studio:
        engine = EngineThread(studio)
        studio.add_listener(engine.job_event.emit)
        run = SheetRun(studio, engine)
        dialog = keep(SheetDialog(studio, run))
        dialog.show()
        tracker = JobTracker(dialog)
        engine.job_event.connect(tracker.on_event)
        dialog.stop_requested.connect(lambda: run.stop(tracker.current.id))
        engine.start()
        yield Bench(studio, dialog, run, pipeline, engine)
        dialog.close_threads()
        engine.finish()
        run.close()


def ready(bench: Bench, wait: Wait, out: Path, text: str = SHEET) -> None:
    bench.dialog.text.setPlainText(text)
    bench.dialog.folder.edit.setText(str(out))
    wait(bench.dialog.start.isEnabled)


def sounds(out: Path) -> list[str]:
    return sorted(path.name for path in out.glob("*.wav"))


def test_problems_are_listed_by_row_and_nothing_can_be_started(
    bench: Bench, wait: Wait, tmp_path: Path
) -> None:
    bench.dialog.folder.edit.setText(str(tmp_path))
    bench.dialog.text.setPlainText("name,prompt,seconds,profile\nA,,abc,\nB,rain,1,Nothing\n")
    wait(lambda: bench.dialog.rows.topLevelItemCount())
    rows = bench.dialog.rows
    lines = [
        (rows.topLevelItem(row).text(0), rows.topLevelItem(row).text(1))
        for row in range(rows.topLevelItemCount())
    ]
    assert [where for where, _ in lines] == ["2, seconds", "2, prompt", "3, profile"]
    assert "'Nothing'" in lines[2][1]
    assert not bench.dialog.start.isEnabled()
    assert bench.dialog.note.property("role") == "error"


def test_what_it_will_make_is_shown_before_the_folder_is_chosen(bench: Bench, wait: Wait) -> None:
    bench.dialog.text.setPlainText(SHEET)
    wait(lambda: bench.dialog.rows.topLevelItemCount() == 3)
    assert bench.dialog.note.text() == "3 rows, 6 sounds. Choose the folder that they go to."
    assert bench.dialog.rows.topLevelItem(0).text(1) == "Door × 2"
    assert not bench.dialog.start.isEnabled()


def test_a_sheet_is_made_to_the_end_and_reported(bench: Bench, wait: Wait, tmp_path: Path) -> None:
    out = tmp_path / "out"
    ready(bench, wait, out)
    bench.dialog.start.click()
    assert bench.run.is_running
    assert bench.dialog.text.isReadOnly()
    wait(lambda: not bench.run.is_running and bench.dialog.report.isVisible())
    assert bench.states() == ["made"] * 3
    assert bench.dialog.note.text() == "3 rows: 3 made."
    assert len(sounds(out)) == 6
    assert bench.dialog._page is not None
    assert bench.dialog._page.is_file()
    # once more there is nothing to do
    bench.dialog.check()
    wait(lambda: "there already" in bench.dialog.note.text())
    assert bench.states() == ["unchanged"] * 3


def test_a_folder_that_vanishes_fails_the_rows_and_loses_no_take(
    bench: Bench, wait: Wait, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    ready(bench, wait, out)
    vanish = bench.run.row_done.connect(
        lambda _: shutil.rmtree(out, ignore_errors=True), Qt.ConnectionType.DirectConnection
    )
    bench.dialog.start.click()
    wait(lambda: not bench.run.is_running and bench.dialog.note.property("role") == "error")
    said = bench.dialog.note.text()
    assert said.startswith("3 rows: 1 made, 2 failed. Row 3: It cannot be written ("), said
    bench.run.row_done.disconnect(vanish)
    bench.dialog.start.click()
    wait(lambda: not bench.run.is_running and bench.dialog.note.text() == "3 rows: 3 made.")
    assert len(sounds(out)) == 6


def test_a_sheet_that_is_dropped_meanwhile_waits(bench: Bench, wait: Wait, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("prompt\nrain\n")
    ready(bench, wait, tmp_path / "out")
    bench.dialog.start.click()
    bench.dialog.read(other)
    assert bench.dialog.text.toPlainText() == SHEET
    wait(lambda: not bench.run.is_running and bench.dialog.report.isVisible())
    bench.dialog.read(other)
    assert bench.dialog.text.toPlainText() == "prompt\nrain\n"


def test_it_is_stopped_and_goes_on_where_it_was(bench: Bench, wait: Wait, tmp_path: Path) -> None:
    out = tmp_path / "out"
    ready(bench, wait, out)
    reached, go_on = bench.hold("heavy rain")
    bench.dialog.start.click()
    wait(reached.is_set)
    wait(lambda: bench.states()[0] == "made")
    bench.dialog.stop.click()
    go_on.set()
    wait(lambda: not bench.run.is_running and bench.dialog.report.isVisible())
    assert bench.dialog.note.text().startswith("Stopped. 3 rows: 1 made, 2 not made")
    there = {name: (out / name).read_bytes() for name in sounds(out)}
    assert len(there) == 2
    assert bench.studio.count_clips() == 2, "takes that were never made have left the library"
    bench.pipeline.requests.clear()
    bench.dialog.start.click()
    wait(lambda: bench.dialog.note.text().startswith("3 rows: "))
    assert len(sounds(out)) == 6
    assert {name: (out / name).read_bytes() for name in there} == there
    prompts = {request.prompt for request in bench.pipeline.requests}
    assert prompts == {"heavy rain", "footstep on gravel"}


def test_closing_the_window_leaves_the_batch_so_that_it_can_go_on(
    bench: Bench, wait: Wait, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    ready(bench, wait, out)
    reached, go_on = bench.hold("heavy rain")
    bench.dialog.start.click()
    wait(reached.is_set)
    # as the window ends
    bench.run.leave()
    bench.studio.stop()
    go_on.set()
    bench.engine.finish()
    bench.run.close()
    assert len(sounds(out)) == 2
    assert (out / "pasted report.html").is_file()
    assert bench.studio.count_clips() == 2, "nothing is left to be resumed by itself"


def test_a_row_that_is_cancelled_in_the_queue_fails_and_the_others_go_on(
    bench: Bench, wait: Wait, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    ready(bench, wait, out)
    reached, go_on = bench.hold("wooden door slam")
    bench.dialog.start.click()
    wait(reached.is_set)
    waiting = bench.studio.clips(ClipFilter(search="rain"))[0]
    bench.studio.cancel(waiting.job_id)
    go_on.set()
    wait(lambda: not bench.run.is_running and bench.dialog.report.isVisible())
    assert bench.dialog.note.text() == (
        "3 rows: 2 made, 1 failed. Row 3: It was cancelled. Start the batch again to go on."
    )
    assert bench.states() == ["made", "failed", "made"]
    assert bench.dialog.start.isEnabled()
