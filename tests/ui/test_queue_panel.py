"""The queue is put in order, cleared and resumed; what it shows is what the queue holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QPushButton, QVBoxLayout, QWidget

from sa_studio.errors import DataFolderError, LibraryError
from sa_studio.events import ClipFinished, JobFinished, Progress, StepPreview
from sa_studio.generation import ClipState, GenerationRequest
from sa_studio.jobs.pace import Pace
from sa_studio.service import Studio
from sa_studio.ui.job_tracker import JobTracker
from sa_studio.ui.main_window import MainWindow
from sa_studio.ui.mnemonics import plain
from sa_studio.ui.queue_panel import QueuePanel
from sa_studio.ui.theme import apply_theme
from tests.ui.conftest import Wait

ALT = Qt.KeyboardModifier.AltModifier


class Desk:
    """A queue panel on a real queue that nobody works off."""

    def __init__(self, application: QApplication, model: Path) -> None:
        self.application, self.model = application, str(model)
        self.studio = Studio()
        self.tracker = JobTracker()
        self.studio.add_listener(self.tracker.on_event)
        self.window = QWidget()
        self.panel = QueuePanel(self.studio, self.tracker)
        self.panel.cancel_requested.connect(self.studio.cancel)
        self.button = QPushButton("elsewhere")
        layout = QVBoxLayout(self.window)
        layout.addWidget(self.panel)
        layout.addWidget(self.button)
        self.window.resize(1300, 320)
        self.window.show()
        self.window.activateWindow()
        self.settle()

    def settle(self) -> None:
        self.application.processEvents()

    def submit(self, prompts: str, count: int = 1) -> list[str]:
        ids = [
            self.studio.submit(
                GenerationRequest(
                    prompt, seconds=0.5, seed=5, steps=2, model=self.model, count=count
                )
            )
            for prompt in prompts.split()
        ]
        self.settle()
        return ids

    def runs(self, job_id: str, step: int = 1, left: float | None = 9.0) -> None:
        """As if the first step of a waiting job was just made."""
        clips = self.studio.waiting_clips(job_id)
        if clips:
            self.studio._queue._waiting.pop(0)
            self.clips = clips
        self.tracker.on_event(
            Progress(
                job_id, self.clips[0].id, 0, len(self.clips), ClipState.RUNNING, step, 10, 2.0, left
            )
        )
        self.settle()

    def shown(self) -> str:
        """The prompts from top to bottom, as their rows lie on the screen."""
        panel = self.panel
        rows = [panel.row(job.id) for job in self.tracker.jobs()]
        assert all(row is not None for row in rows)
        assert len(rows) == panel.list.count()
        by_height = sorted(rows, key=lambda row: row.mapTo(panel, QPoint()).y())  # type: ignore[union-attr]
        return " ".join(row.title.whole_text() for row in by_height)  # type: ignore[union-attr]

    def queued(self) -> str:
        return " ".join(job.request.prompt for job in self.studio._queue.waiting())

    def choose(self, job_id: str) -> None:
        self.panel.list.setFocus()
        self.panel.list.setCurrentItem(self.panel.list._items[job_id])

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = ALT) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.window, key, modifier)
        self.settle()

    def action(self, job_id: str, text: str) -> QAction:
        self.menu = self.panel.list.menu_for(job_id)
        return named(self.menu, text)


def named(menu: QMenu, text: str) -> QAction:
    return next(action for action in menu.actions() if plain(action.text()).split("\t")[0] == text)


@pytest.fixture
def desk(application: QApplication, tiny_model: Path) -> Iterator[Desk]:
    apply_theme(application)
    desk = Desk(application, tiny_model)
    yield desk
    desk.window.close()
    desk.window.deleteLater()
    desk.studio.close()


# order


def test_alt_up_and_alt_down_move_the_chosen_job(desk: Desk) -> None:
    _, _, three = desk.submit("one two three")
    desk.choose(three)
    desk.press(Qt.Key.Key_Up)
    assert desk.queued() == desk.shown() == "one three two"
    desk.press(Qt.Key.Key_Up)
    desk.press(Qt.Key.Key_Up)
    assert desk.queued() == desk.shown() == "three one two"
    desk.press(Qt.Key.Key_Down)
    assert desk.queued() == desk.shown() == "one three two"
    assert desk.panel.list.chosen() == three, "the job stays chosen"


def test_a_row_whose_button_has_the_focus_is_moved(desk: Desk) -> None:
    one, two = desk.submit("one two")
    desk.choose(one)
    row = desk.panel.row(two)
    assert row is not None
    row.cancel.setFocus()
    desk.press(Qt.Key.Key_Up)
    assert desk.queued() == desk.shown() == "two one"
    assert row.cancel.hasFocus(), "its widgets outlive the move"
    row.cancel.click()
    assert desk.queued() == "one"


def test_keys_elsewhere_leave_the_queue_alone(desk: Desk) -> None:
    _, two = desk.submit("one two")
    desk.choose(two)
    desk.button.setFocus()
    desk.press(Qt.Key.Key_Up)
    assert desk.queued() == "one two"


def test_the_running_job_stays_on_top(desk: Desk) -> None:
    one, two, three = desk.submit("one two three")
    desk.runs(one)
    desk.choose(two)
    desk.press(Qt.Key.Key_Up)
    desk.choose(one)
    desk.press(Qt.Key.Key_Down)
    assert (desk.queued(), desk.shown()) == ("two three", "one two three")
    desk.choose(three)
    desk.press(Qt.Key.Key_Up)
    assert (desk.queued(), desk.shown()) == ("three two", "one three two")
    assert not desk.action(one, "Move to front").isEnabled()
    assert desk.action(one, "Cancel this job").isEnabled()


def test_the_menu_moves_a_job_to_the_front(desk: Desk) -> None:
    one, _, three = desk.submit("one two three")
    assert not desk.action(one, "Move to front").isEnabled()
    assert not desk.action(three, "Move down").isEnabled()
    desk.action(three, "Move to front").trigger()
    desk.settle()
    assert desk.queued() == desk.shown() == "three one two"


def drag(desk: Desk, job_id: str, onto: str | None, *, let_go: bool = True) -> None:
    """With the mouse, by its handle, onto another row or far below the list."""
    row, listing = desk.panel.row(job_id), desk.panel.list
    assert row is not None
    grip = row.grip
    start = grip.rect().center()
    QTest.mousePress(grip, Qt.MouseButton.LeftButton, pos=start)
    if onto is None:
        target = listing.mapToGlobal(QPoint(100, 5000))
    else:
        other = desk.panel.row(onto)
        assert other is not None
        target = other.mapToGlobal(other.rect().center())
    QTest.mouseMove(grip, grip.mapFromGlobal(target))
    desk.settle()
    if let_go:
        QTest.mouseRelease(grip, Qt.MouseButton.LeftButton, pos=grip.mapFromGlobal(target))
        desk.settle()


def test_a_row_is_dragged_to_another_place(desk: Desk) -> None:
    one, two, three, _ = desk.submit("one two three four")
    drag(desk, three, one)
    assert desk.queued() == desk.shown() == "three one two four"
    drag(desk, three, None)
    assert desk.queued() == desk.shown() == "one two four three"
    drag(desk, one, two, let_go=False)
    assert desk.shown() == "two one four three", "it shows where it would be"
    assert desk.queued() == "one two four three"


def test_nothing_is_dragged_above_the_running_job(desk: Desk) -> None:
    one, _, three = desk.submit("one two three")
    desk.runs(one)
    drag(desk, three, one)
    assert (desk.queued(), desk.shown()) == ("three two", "one three two")
    row = desk.panel.row(one)
    assert row is not None
    assert not row.grip.isVisible()


def test_a_job_that_begins_to_run_slips_out_of_the_hand(desk: Desk) -> None:
    one, _, three = desk.submit("one two three")
    drag(desk, one, three, let_go=False)
    desk.runs(one)
    assert desk.shown() == "one two three"
    assert desk.queued() == "two three"


def test_an_order_that_cannot_be_kept_is_told(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(settings: object) -> None:
        raise DataFolderError("The settings cannot be saved")

    told: list[object] = []
    desk.panel.problem.connect(told.append)
    _, two = desk.submit("one two")
    monkeypatch.setattr(type(desk.studio.settings), "save", full)
    desk.choose(two)
    desk.press(Qt.Key.Key_Up)
    assert desk.queued() == desk.shown() == "two one"
    assert [str(error) for error in told] == ["The settings cannot be saved"]


# cancelling


def test_delete_cancels_the_chosen_job(desk: Desk) -> None:
    _, two, _ = desk.submit("one two three")
    desk.choose(two)
    desk.press(Qt.Key.Key_Delete, Qt.KeyboardModifier.NoModifier)
    assert desk.queued() == desk.shown() == "one three"
    (clip,) = desk.studio.clips("two")
    assert clip.state is ClipState.CANCELLED


def test_one_take_is_cancelled_from_the_menu(desk: Desk) -> None:
    (one,) = desk.submit("one", count=3)
    row = desk.panel.row(one)
    assert row is not None
    assert row.take.text() == "· 3 takes"
    submenu = desk.action(one, "Cancel one take").menu()
    assert isinstance(submenu, QMenu)
    assert [plain(a.text()) for a in submenu.actions()] == [
        "Take 1 · seed 5",
        "Take 2 · seed 6",
        "Take 3 · seed 7",
    ]
    named(submenu, "Take 2 · seed 6").trigger()
    assert row.take.text() == "· 2 takes"
    assert [clip.take for clip in desk.studio.waiting_clips(one)] == [0, 2]


def test_what_waits_is_cleared_with_one_button(desk: Desk) -> None:
    clear = desk.panel.clear
    assert not clear.isVisible()
    one, *_ = desk.submit("one two three", count=2)
    assert clear.text() == clear.accessibleName() == "Clear 3 waiting"
    assert "6 takes" in clear.toolTip()
    desk.runs(one)
    assert clear.text() == "Clear 2 waiting"
    clear.click()
    assert (desk.queued(), desk.shown()) == ("", "one")
    assert not clear.isVisible()
    states = [clip.state for prompt in ("two", "three") for clip in desk.studio.clips(prompt)]
    assert states == [ClipState.CANCELLED] * 4


# what is shown


def test_the_summary_tells_how_long_all_of_it_will_take(desk: Desk) -> None:
    one, *_ = desk.submit("one two")
    summary = desk.panel.summary
    assert summary.text() == "2 waiting", "nothing was measured"
    desk.runs(one, left=None)
    assert summary.text() == "1 waiting"
    desk.runs(one, step=2, left=61.0)
    assert summary.text() == "1 waiting · all done in over 1 min 01 s"
    (two,) = desk.studio._queue.waiting()
    desk.studio._paces.note(two.request, Pace(step=2.0, before=1.0, after=5.0))
    desk.runs(one, step=3, left=490.0)
    assert summary.text() == "1 waiting · all done in 8 min 20 s"
    assert summary.accessibleName() == f"Queue: {summary.text()}"
    desk.studio.clear_queue()
    assert summary.text() == "8 min 10 s left"
    desk.tracker.on_event(JobFinished(one))
    assert summary.text() == ""


def test_rows_and_what_is_read_aloud_follow_the_job(desk: Desk) -> None:
    (one,) = desk.submit("one", count=2)
    row = desk.panel.row(one)
    assert row is not None
    item = desk.panel.list.item(0)
    role = Qt.ItemDataRole.AccessibleTextRole
    assert item.data(role) == row.accessibleName() == "one, 2 takes, waiting"
    assert not row.bar.isVisible()
    desk.runs(one, step=5)
    text = "step 5/10 · 2.0 steps/s · 9 s left"
    assert item.data(role) == row.accessibleName() == f"one, take 1 of 2, {text}"
    assert row.bar.accessibleDescription() == text
    assert row.bar.accessibleName() == "Progress of one"
    desk.tracker.on_event(ClipFinished(one, desk.clips[0]))
    assert row.bar.value() == 500


def test_rows_are_as_wide_as_the_list(desk: Desk, wait: Wait) -> None:
    (one,) = desk.submit("one")
    row = desk.panel.row(one)
    assert row is not None
    for width in (1500, 900):
        desk.window.resize(width, 320)
        wait(lambda: row.width() == desk.panel.list.viewport().width())


def test_a_preview_changes_no_row(desk: Desk) -> None:
    import numpy as np

    (one,) = desk.submit("one")
    changed: list[str] = []
    desk.tracker.changed.connect(changed.append)
    desk.tracker.on_event(StepPreview(one, "clip", np.zeros((2, 2, 4), np.float32)))
    assert changed == []


# restart


def test_what_was_left_is_offered_and_resumed(
    desk: Desk, application: QApplication, tiny_model: Path
) -> None:
    assert not desk.panel.offer.isVisible()
    _, two = desk.submit("one two", count=2)
    desk.studio.move_job(two, 0)
    desk.window.close()
    desk.studio.close()
    again = Desk(application, tiny_model)
    try:
        offer = again.panel.offer
        assert offer.isVisible()
        assert offer.resume.text() == offer.resume.accessibleName() == "Resume 4 interrupted takes"
        told: list[object] = []
        again.panel.problem.connect(told.append)
        with again.studio._history._database.transaction() as db:
            db.execute("PRAGMA query_only = ON")  # as if the disk were full
        offer.resume.click()
        assert [type(error) for error in told] == [LibraryError]
        assert offer.isVisible()
        assert again.queued() == ""
        with again.studio._history._database.transaction() as db:
            db.execute("PRAGMA query_only = OFF")
        offer.resume.click()
        assert not offer.isVisible()
        assert again.queued() == again.shown() == "two one"
    finally:
        again.window.close()
        again.studio.close()


def test_what_was_left_is_dismissed(
    desk: Desk, application: QApplication, tiny_model: Path
) -> None:
    desk.submit("one")
    desk.window.close()
    desk.studio.close()
    for offered in (True, False):
        again = Desk(application, tiny_model)
        assert again.panel.offer.isVisible() is offered
        if offered:
            assert again.panel.offer.resume.text() == "Resume 1 interrupted take"
            again.panel.offer.dismiss.click()
            assert not again.panel.offer.isVisible()
        assert again.queued() == ""
        again.window.close()
        again.studio.close()


def test_the_window_goes_on_where_it_was_closed(
    open_window: Callable[[], MainWindow], wait: Wait
) -> None:
    first = open_window()
    first.form.set_fields({"prompt": "a long noise", "seconds": 0.5, "steps": 500, "count": 2})
    first.generate()
    first.form.set_fields({"prompt": "a short noise", "seconds": 0.5, "steps": 2, "count": 1})
    first.generate()
    wait(lambda: first.tracker.current and first.tracker.current.step > 2)
    first.close()
    second = open_window()
    second.queue.offer.resume.click()
    running = second.tracker.current
    assert running is not None
    assert running.title == "a long noise"
    second.cancel(running.id)
    wait(lambda: second.tracker.current is None)
    model = second.clips
    rows = [model.clip(model.index(row)) for row in range(model.rowCount())]
    assert [(clip.request.prompt, clip.state) for clip in rows if clip] == [
        ("a short noise", ClipState.FINISHED),
        ("a long noise", ClipState.CANCELLED),
        ("a long noise", ClipState.CANCELLED),
    ]
