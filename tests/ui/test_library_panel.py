"""Deciding in the library: stars, verdicts, tags, notes, collections, filters, undo, the bin."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel, QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QMessageBox, QToolButton

from sa_studio.generation import Clip, Verdict
from sa_studio.service import Studio
from sa_studio.ui import bin as system_bin
from sa_studio.ui.choice_button import ChoiceButton
from sa_studio.ui.clip_actions import ClipActions
from sa_studio.ui.clip_delegate import ROW_HEIGHT
from sa_studio.ui.clip_model import ClipModel, ClipRole
from sa_studio.ui.library_panel import LibraryPanel
from sa_studio.ui.main_window import MainWindow
from tests.ui.conftest import Wait
from tests.ui.finished_takes import add_takes

NONE, CONTROL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier


@dataclass
class Desk:
    """A library on screen, and what it said."""

    studio: Studio
    model: ClipModel
    library: LibraryPanel
    actions: ClipActions
    shown: list[Clip | None] = field(default_factory=list)
    said: list[tuple[str, str]] = field(default_factory=list)

    def open(self, *prompts: str, files: bool = False) -> list[Clip]:
        clips = add_takes(self.studio, prompts, files=files)
        self.model.reload()
        self.library.step(0)
        QApplication.processEvents()
        self.shown.clear()
        return clips

    def prompts(self) -> list[str]:
        return [self.model.index(row).data() for row in range(self.model.rowCount())]

    def current(self) -> str:
        clip = self.library.current_clip()
        return clip.request.prompt if clip else ""

    def select(self, *rows: int) -> None:
        selection, flag = self.library.list.selectionModel(), QItemSelectionModel.SelectionFlag
        selection.setCurrentIndex(self.model.index(rows[0]), flag.ClearAndSelect)
        for row in rows[1:]:
            selection.select(self.model.index(row), flag.Select)
        QApplication.processEvents()

    def star_place(self, row: int, star: int) -> QPoint:
        view = self.library.list
        index = self.model.index(row)
        rect = view.visualRect(index)
        y = rect.top() + ROW_HEIGHT * 2 // 3
        return next(
            QPoint(x, y)
            for x in range(rect.left(), rect.right())
            if view.delegate.star_at(rect, index, QPoint(x, y)) == star
        )

    def press_star(self, row: int, star: int) -> None:
        place = self.star_place(row, star)
        QTest.mouseClick(
            self.library.list.viewport(), Qt.MouseButton.LeftButton, pos=place + QPoint(3, 0)
        )
        QApplication.processEvents()

    def undo(self) -> None:
        self.actions.decisions.undo()
        self.actions.decisions.steps.settle()

    def redo(self) -> None:
        self.actions.decisions.redo()
        self.actions.decisions.steps.settle()

    def choose(self, button: ChoiceButton, text: str) -> None:
        """Open the menu of a filter, and choose the line."""
        button.menu().aboutToShow.emit()
        next(action for action in button.menu().actions() if action.text() == text).trigger()
        QApplication.processEvents()


@pytest.fixture
def desk(application: QApplication, tmp_path: Path) -> Iterator[Desk]:
    with Studio(tmp_path / "data") as studio:
        model = ClipModel(studio)
        studio.add_listener(model.running.on_event)
        library = LibraryPanel(studio, model)
        desk = Desk(studio, model, library, ClipActions(studio, library, library))
        library.clip_selected.connect(desk.shown.append)
        desk.actions.message.connect(lambda text, role: desk.said.append((text, role)))
        library.resize(340, 700)
        library.show()
        yield desk
        desk.actions.close_threads()
        model.close_threads()
        library.close_threads()
        library.close()
        library.deleteLater()


def test_a_rejected_take_hides_and_the_next_one_becomes_current(desk: Desk) -> None:
    clips = desk.open("one", "two", "three")
    desk.select(1)
    desk.shown.clear()
    desk.actions.decisions.reject()
    assert desk.prompts() == ["one", "three"]
    assert desk.current() == "three"
    assert [clip.id for clip in desk.shown if clip] == [clips[2].id]
    desk.actions.decisions.reject()
    assert desk.current() == "one"  # nothing follows
    assert desk.studio.clip(clips[1].id).verdict is Verdict.REJECT
    assert desk.said[-1] == ("Rejected 1 take", "quiet")


def test_several_takes_are_rejected_at_once(desk: Desk) -> None:
    desk.open("one", "two", "three", "four", "five")
    desk.select(0, 1, 3)
    desk.actions.decisions.reject()
    assert desk.prompts() == ["three", "five"]
    assert desk.current() == "three"


def test_undo_and_redo_keep_selection_and_scroll(desk: Desk) -> None:
    desk.open(*(f"sound {number}" for number in range(400)))
    bar = desk.library.list.verticalScrollBar()
    bar.setValue(300 * ROW_HEIGHT + 20)
    QApplication.processEvents()
    desk.select(302, 304)
    desk.actions.decisions.rate(4)
    desk.shown.clear()
    desk.select(305)
    desk.actions.decisions.reject()
    assert desk.current() == "sound 306"
    place = bar.value()
    desk.undo()
    assert desk.said[-1] == ("Undone: reject 1 take", "quiet")
    assert (desk.current(), bar.value()) == ("sound 306", place)
    assert desk.model.index(305).data() == "sound 305"
    desk.undo()
    stars = [desk.model.index(row).data(ClipRole.CLIP).stars for row in (302, 304)]
    assert stars == [0, 0]
    desk.redo()
    desk.redo()
    assert "sound 305" not in desk.prompts()
    assert (desk.current(), bar.value()) == ("sound 306", place)
    desk.redo()
    assert desk.said[-1] == ("There is nothing to do again", "quiet")


def test_undo_holds_nothing_up_and_what_follows_comes_after_it(
    desk: Desk, wait: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    (clip,) = desk.open("one")
    desk.select(0)
    desk.actions.decisions.rate(4)
    begun, go_on = threading.Event(), threading.Event()
    undo = desk.studio.undo

    def slowly() -> str | None:
        begun.set()
        assert go_on.wait(30)
        return undo()

    monkeypatch.setattr(desk.studio, "undo", slowly)
    desk.actions.decisions.undo()
    assert begun.wait(30)
    assert desk.studio.clip(clip.id).stars == 4  # the window goes on meanwhile
    threading.Timer(0.05, go_on.set).start()
    desk.actions.decisions.keep()  # waits for its turn
    assert desk.said[-2:] == [("Undone: rate 1 take", "quiet"), ("Kept 1 take", "quiet")]
    monkeypatch.undo()
    desk.undo()
    clip = desk.studio.clip(clip.id)
    assert (clip.stars, clip.verdict) == (0, Verdict.NONE)


def test_what_was_to_be_undone_is_undone_if_the_window_is_closed_at_once(desk: Desk) -> None:
    (clip,) = desk.open("one")
    desk.select(0)
    for stars in (1, 2, 3):
        desk.actions.decisions.rate(stars)
    desk.actions.decisions.undo()
    desk.actions.decisions.undo()
    desk.actions.close_threads()
    assert desk.studio.clip(clip.id).stars == 1


def test_a_pressed_star_rates_without_selecting(desk: Desk) -> None:
    clips = desk.open("one", "two", "three")
    desk.press_star(2, 4)
    assert desk.studio.clip(clips[2].id).stars == 4
    assert desk.current() == "one"
    assert desk.shown == []
    desk.press_star(2, 4)  # the star that it has takes them away
    assert desk.studio.clip(clips[2].id).stars == 0
    desk.select(0, 1)
    desk.press_star(1, 2)
    assert [desk.studio.clip(clip.id).stars for clip in clips] == [2, 2, 0]


def test_filters_narrow_and_are_cleared(desk: Desk) -> None:
    clips = desk.open("one", "two", "three")
    desk.studio.rate_clips([clips[0].id], 3)
    desk.studio.judge_clips([clips[1].id], Verdict.KEEP)
    desk.studio.judge_clips([clips[2].id], Verdict.REJECT)
    desk.model.reload()
    filters = desk.library.filters
    assert (desk.prompts(), filters.count.text()) == (["one", "two"], "2 takes")
    desk.choose(filters.verdict, "All takes")
    assert desk.prompts() == ["one", "two", "three"]
    desk.choose(filters.verdict, "Rejected")
    assert (desk.prompts(), filters.count.text()) == (["three"], "1 take")
    desk.choose(filters.verdict, "Kept")
    assert desk.prompts() == ["two"]
    desk.choose(filters.stars, "★★ and more")
    assert desk.prompts() == []
    assert desk.library.empty.text() == "No take matches the filters"
    desk.library.clear_button.click()
    assert desk.prompts() == ["one", "two"]
    assert not filters.clear_button.isVisible()
    desk.choose(filters.sort, "By prompt, A to Z")
    desk.choose(filters.verdict, "All takes")
    assert desk.prompts() == ["one", "three", "two"]


def test_a_library_of_rejected_takes_offers_to_show_them(desk: Desk) -> None:
    desk.open("one", "two")
    desk.library.list.selectAll()
    desk.actions.decisions.reject()
    assert desk.library.empty.text() == "All takes are rejected"
    desk.library.clear_button.click()
    assert desk.prompts() == ["one", "two"]


def test_the_search_looks_into_tags_and_notes(desk: Desk, wait: Wait) -> None:
    clips = desk.open("one", "two", "three")
    desk.studio.tag_clips([clips[0].id], add=["Cellar"])
    desk.studio.annotate_clip(clips[2].id, "for the cellar scene")
    QTest.keyClicks(desk.library.search, "cell")
    wait(lambda: desk.prompts() == ["one", "three"])
    desk.library.search.setText("zebra")
    wait(lambda: desk.prompts() == [])
    assert desk.library.empty.text() == "No take matches “zebra”"
    desk.library.clear_button.click()
    assert desk.prompts() == ["one", "two", "three"]
    assert desk.library.search.text() == ""


def test_several_takes_are_tagged_at_once(desk: Desk, wait: Wait) -> None:
    clips = desk.open("one", "two", "three")
    desk.select(0, 1)
    tags = desk.library.notes.tags
    desk.library.notes.open_tags()
    QTest.keyClicks(tags.field, "wood, , big door")
    QTest.keyClick(tags.field, Qt.Key.Key_Return)
    assert desk.studio.clip(clips[1].id).tags == ("big door", "wood")
    desk.select(1, 2)
    assert [button.text() for button in tags.buttons] == ["big door 1/2", "wood 1/2"]
    tags.buttons[1].click()
    assert [desk.studio.clip(clip.id).tags for clip in clips] == [
        ("big door", "wood"),
        ("big door",),
        (),
    ]
    desk.choose(desk.library.filters.tag, "wood")
    assert desk.prompts() == ["one"]


def test_notes_are_kept_when_another_take_is_chosen(desk: Desk) -> None:
    clips = desk.open("one", "two")
    notes = desk.library.notes.notes
    notes.setPlainText("under the title")
    desk.select(1)
    assert desk.studio.clip(clips[0].id).notes == "under the title"
    assert notes.toPlainText() == ""
    desk.select(0)
    assert notes.toPlainText() == "under the title"
    desk.undo()
    QApplication.processEvents()
    assert notes.toPlainText() == ""
    desk.select(0, 1)
    assert not notes.isEnabled()


def test_takes_go_into_a_collection_and_out_of_it(desk: Desk) -> None:
    desk.open("one", "two", "three")
    desk.select(0, 2)
    desk.actions.decisions.collect("Trailer & credits")
    desk.choose(desk.library.filters.collection, "Trailer && credits")
    assert desk.prompts() == ["one", "three"]
    desk.select(0)
    desk.actions.decisions.leave("Trailer & credits")
    assert desk.prompts() == ["three"]
    desk.undo()
    assert desk.prompts() == ["one", "three"]


def test_new_takes_on_top_leave_the_list_where_it_is(desk: Desk) -> None:
    desk.open(*(f"sound {number}" for number in range(100)))
    bar, view = desk.library.list.verticalScrollBar(), desk.library.list
    bar.setValue(40 * ROW_HEIGHT)
    QApplication.processEvents()
    add_takes(desk.studio, ["from elsewhere"])
    desk.model.reload()
    assert view.indexAt(QPoint(5, 5)).data() == "sound 40"
    assert desk.current() == "sound 0"


def test_a_jump_shows_the_rows_once_they_are_read_and_keys_need_not_wait(
    desk: Desk, wait: Wait
) -> None:
    clips = desk.open(*(f"sound {number}" for number in range(900)))
    view, bar = desk.library.list, desk.library.list.verticalScrollBar()

    def picture() -> QImage:
        return view.viewport().grab().toImage()

    bar.setValue(500 * ROW_HEIGHT)
    unread = picture()  # this frame waits for nothing
    assert not desk.model.is_read(500)
    wait(lambda: desk.model.is_read(500) and desk.model.is_read(509))
    assert picture() != unread
    assert view.indexAt(QPoint(5, 5)).data(ClipRole.CLIP) == clips[500]
    assert desk.current() == "sound 0"
    bar.setValue(0)
    desk.select(40)
    desk.model.reload()  # what was read is read again when it is needed
    for row in range(41, 60):
        QTest.keyClick(view, Qt.Key.Key_Down)
        assert desk.shown[-1] == clips[row]
        assert view.visualRect(view.currentIndex()).intersects(view.viewport().rect())
    QTest.keyClick(view, Qt.Key.Key_End)
    assert desk.shown[-1] == clips[-1]
    bar.setValue(300 * ROW_HEIGHT)
    assert not desk.model.is_read(304)
    press = view.visualRect(desk.model.index(304)).center() - QPoint(0, 15)
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=press)
    assert desk.shown[-1] == clips[304]
    assert view.model().flags(view.currentIndex()) & Qt.ItemFlag.ItemIsDragEnabled
    QTest.keyClick(view, Qt.Key.Key_S)  # Qt would look for a prompt that begins so
    assert desk.current() == "sound 304"


def test_a_list_that_is_read_anew_keeps_the_current_take_that_was_let_go(desk: Desk) -> None:
    desk.open(*(f"sound {number}" for number in range(900)))
    bar = desk.library.list.verticalScrollBar()
    desk.select(3)
    bar.setValue(700 * ROW_HEIGHT)
    desk.model._rows._rows.let_go(900, 700, 709)
    desk.model.reload()
    assert (desk.current(), bar.value()) == ("sound 3", 700 * ROW_HEIGHT)


def answer(desk: Desk, name: str) -> QMessageBox:
    box = desk.library.findChild(QMessageBox, "bin_question")
    assert box is not None
    button = box.findChild(QAbstractButton, name)
    assert button is not None
    button.click()
    return box


def test_files_go_to_the_bin_after_one_question(
    desk: Desk, wait: Wait, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "a" / "new" / "home"))
    clips = desk.open("one", "two", "three", files=True)
    desk.select(0, 1)
    desk.actions.bin_selected()
    box = desk.library.findChild(QMessageBox, "bin_question")
    assert box is not None
    assert box.text() == "Move 2 files to the bin?"
    assert all(clip.path and clip.path.is_file() for clip in clips)  # nothing without an answer
    answer(desk, "bin_button")
    wait(lambda: desk.prompts() == ["three"])
    assert [clip.path.exists() for clip in clips if clip.path] == [False, False, True]
    assert desk.said[-1] == ("Moved 2 files to the bin", "quiet")
    desk.undo()
    assert desk.prompts() == ["three"]


def test_a_file_that_cannot_be_moved_keeps_its_take(
    desk: Desk, wait: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    clips = desk.open("one", "two", files=True)

    class StubbornFile(system_bin.QFile):
        def moveToTrash(self) -> bool:  # noqa: N802
            if clips[0].id in self.fileName():
                return False
            return self.remove()

    monkeypatch.setattr(system_bin, "QFile", StubbornFile)
    desk.library.list.selectAll()
    desk.actions.bin_selected()
    answer(desk, "bin_button")
    wait(lambda: desk.prompts() == ["one"])
    assert clips[0].path is not None
    assert clips[0].path.is_file()
    text, role = desk.said[-1]
    assert (clips[0].path.name in text, role) == (True, "error")


def test_a_double_click_on_stars_plays_nothing(desk: Desk) -> None:
    desk.open("one")
    played: list[bool] = []
    desk.library.play_requested.connect(lambda: played.append(True))
    viewport = desk.library.list.viewport()
    place = desk.star_place(0, 3) + QPoint(3, 0)
    QTest.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=place)
    assert not played
    title = place - QPoint(0, 20)
    QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=title)
    QTest.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=title)
    assert played


def test_every_menu_button_says_what_is_chosen(desk: Desk) -> None:
    desk.open("one")
    buttons = desk.library.filters.findChildren(QToolButton)
    assert all(button.accessibleName() and button.toolTip() for button in buttons)
    desk.choose(desk.library.filters.stars, "★★★★★")
    assert desk.library.filters.stars.accessibleDescription() == "★ 5"


def test_keys_decide_but_not_in_text_fields_and_on_sliders(window: MainWindow) -> None:
    one, two, _ = add_takes(window.studio, ["one", "two", "three"])
    window.clips.reload()
    window.library.step(0)

    def press(key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        QTest.keyClick(window.focusWidget(), key, modifiers)
        QApplication.processEvents()

    def decided(clip: Clip) -> tuple[int, Verdict]:
        now = window.studio.clip(clip.id)
        return now.stars, now.verdict

    window.library.list.setFocus()
    press(Qt.Key.Key_4)
    press(Qt.Key.Key_Right)
    assert decided(one) == (4, Verdict.KEEP)
    press(Qt.Key.Key_Left)
    assert decided(one) == (4, Verdict.REJECT)
    assert window.take.clip is not None
    assert window.take.clip.id == two.id
    assert not window.take.player.is_playing
    steps = window.actions_.decisions.steps
    press(Qt.Key.Key_Z, CONTROL)
    press(Qt.Key.Key_Z, CONTROL)
    steps.settle()
    assert decided(one) == (4, Verdict.NONE)
    press(Qt.Key.Key_Z, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    steps.settle()
    assert decided(one) == (4, Verdict.KEEP)
    press(Qt.Key.Key_0)
    assert (decided(one)[0], decided(two)[0]) == (4, 0)

    window.library.search.setFocus()
    for key in (Qt.Key.Key_3, Qt.Key.Key_Left, Qt.Key.Key_5, Qt.Key.Key_Right):
        press(key)
    assert window.library.search.text() == "53"
    press(Qt.Key.Key_Z, CONTROL)
    assert window.library.search.text() != "53"
    window.form.duration.slider.setFocus()
    seconds = window.form.duration.slider.value()
    press(Qt.Key.Key_Right)
    assert window.form.duration.slider.value() > seconds
    assert decided(one) == (4, Verdict.KEEP)
    assert decided(two) == (0, Verdict.NONE)
