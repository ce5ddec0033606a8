"""The prompts of before: Ctrl+Up and Ctrl+Down in the prompt, and the list."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from sa_studio.generation import GenerationRequest
from sa_studio.library.history import History
from sa_studio.ui.main_window import MainWindow
from tests.ui.conftest import Driver, Wait

CONTROL = Qt.KeyboardModifier.ControlModifier
PROMPTS = ["kick drum", "{wood|metal} impact", "rain\nand wind"]


@pytest.fixture
def filled(data_dir: Path, open_window: Callable[[], MainWindow], wait: Wait) -> MainWindow:
    """A window on a library with takes of three prompts, the last one the newest."""
    data_dir.mkdir()
    history = History(data_dir / "library.sqlite3")
    for prompt in PROMPTS:
        history.add(prompt, list(GenerationRequest(prompt, seed=1, count=2).takes()))
    history.close()
    window = open_window()
    wait(lambda: window.prompts.prompts)
    window.form.prompt.setFocus()
    return window


def text(window: MainWindow) -> str:
    return window.form.prompt.toPlainText()


def up(window: MainWindow) -> str:
    QTest.keyClick(window.form.prompt, Qt.Key.Key_Up, CONTROL)
    return text(window)


def down(window: MainWindow) -> str:
    QTest.keyClick(window.form.prompt, Qt.Key.Key_Down, CONTROL)
    return text(window)


def test_it_is_gone_through_as_in_a_shell(filled: MainWindow) -> None:
    QTest.keyClicks(filled.form.prompt, "draft")
    assert [up(filled) for _ in range(4)] == [*reversed(PROMPTS), PROMPTS[0]]
    assert [down(filled) for _ in range(4)] == [*PROMPTS[1:], "draft", "draft"]
    assert filled.form.prompt.textCursor().atEnd()


def test_what_is_edited_is_a_new_draft(filled: MainWindow) -> None:
    up(filled)
    QTest.keyClicks(filled.form.prompt, "!")
    edited = text(filled)
    assert up(filled) == PROMPTS[-1]
    assert down(filled) == edited
    filled.form.prompt.undo()
    filled.form.prompt.undo()
    assert text(filled) == edited


def test_arrows_alone_move_the_cursor(filled: MainWindow) -> None:
    filled.form.prompt.setPlainText("one\ntwo")
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
        QTest.keyClick(filled.form.prompt, key)
        QTest.keyClick(filled.form.prompt, key, Qt.KeyboardModifier.ShiftModifier)
    assert text(filled) == "one\ntwo"


def test_the_list_is_searched_and_fills_the_prompt(filled: MainWindow) -> None:
    filled.prompts.button.click()
    shown = filled.prompts.list
    assert shown is not None and shown.isVisible()
    QTest.keyClicks(shown.search, "metal")
    QTest.keyClick(shown.search, Qt.Key.Key_Return)
    assert not shown.isVisible()
    assert text(filled) == "{wood|metal} impact"


def test_what_is_generated_is_the_newest_and_stands_there_once(driver: Driver, wait: Wait) -> None:
    window = driver.window
    assert not window.prompts.button.isEnabled()
    for prompt in ("{one|two}", "three", "{one|two}"):
        driver.generate(prompt, count=2)
    wait(lambda: len(window.prompts.prompts) == 2)
    assert window.prompts.prompts == ["{one|two}", "three"]
    assert window.prompts.button.isEnabled()
    assert up(window) == "three", "the newest is in the field already"
    assert down(window) == "{one|two}"
