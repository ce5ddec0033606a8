"""The keys of the window: all of the design are there, listed, and asleep while one types."""

from __future__ import annotations

import re

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget

from sa_studio.ui.key_overlay import key_cap, key_rows
from sa_studio.ui.main_window import MainWindow
from sa_studio.ui.shortcuts import Asleep, Gesture, Key

DESIGN = {
    *("Ctrl+Return", "Shift+Esc", "Space", "Shift+Space", "Return", "L", "Up", "Down", "Right"),
    *("Left", "0", "1", "2", "3", "4", "5", "A", "R", "S", "X", "F", "Ctrl+C", "Ctrl+E", "Ctrl+Z"),
    *("Ctrl+Shift+Z", "Ctrl+/", "E", "T"),
}
PLAIN = sorted(key for key in DESIGN if re.fullmatch(r"[A-Z0-9]", key))


@pytest.fixture
def usable(window: MainWindow, application: QApplication) -> MainWindow:
    """The window as it is when somebody works with it."""
    window.end_welcome()
    window.activateWindow()
    application.processEvents()
    return window


def press(widget: QWidget, sequence: str) -> None:
    """Send a key as the keyboard does: through the window system, to whatever has the focus."""
    combination = QKeySequence(sequence)[0]
    QTest.keyClick(
        widget.window().windowHandle(), combination.key(), combination.keyboardModifiers()
    )


def test_every_key_of_the_design_is_installed_and_listed(window: MainWindow) -> None:
    keys = {key.sequence: key for key in window.shortcuts.keys}
    assert keys.keys() >= DESIGN
    unlisted = [key.sequence for key in keys.values() if not (key.text and key.group)]
    assert unlisted == []
    assert len(keys) == len(window.shortcuts.keys), "a key twice does nothing at all"
    assert {gesture.name for gesture in window.shortcuts.gestures} >= {"Wheel", "Shift+Wheel"}


@pytest.mark.parametrize("sequence", PLAIN)
def test_a_letter_acts_in_the_window_and_is_typed_in_text(
    usable: MainWindow, application: QApplication, sequence: str
) -> None:
    spy = QSignalSpy(usable.shortcuts.shortcut(sequence).activated)
    field = usable.form.prompt
    field.setFocus()
    press(field, sequence)
    assert field.toPlainText() == sequence.lower()
    search = usable.library.findChild(QLineEdit, "search_edit")
    search.setFocus()
    press(search, sequence)
    assert search.text() == sequence.lower()
    assert spy.count() == 0
    search.clear()
    usable.form.generate.setFocus()
    press(usable, sequence)
    assert spy.count() == 1


@pytest.mark.parametrize("sequence", ["Space", "Return", "Up", "Down", "Left", "Right"])
def test_keys_that_move_and_press_are_the_text_fields_own(
    usable: MainWindow, sequence: str
) -> None:
    spy = QSignalSpy(usable.shortcuts.shortcut(sequence).activated)
    for field in (usable.form.prompt, usable.form.count, usable.form.negative):
        field.setFocus()
        press(field, sequence)
    assert spy.count() == 0
    QApplication.focusWidget().clearFocus()
    press(usable, sequence)
    assert spy.count() == 1


def test_undo_in_a_text_field_is_the_fields_own(usable: MainWindow) -> None:
    spy = QSignalSpy(usable.shortcuts.shortcut("Ctrl+Z").activated)
    field = usable.form.prompt
    field.setFocus()
    QTest.keyClicks(field, "door")
    press(field, "Ctrl+Z")
    assert field.toPlainText() == ""
    assert spy.count() == 0


def test_the_overlay_shows_every_key_and_closes_as_it_opened(usable: MainWindow) -> None:
    overlay = usable.key_overlay
    usable.form.prompt.setFocus()
    press(usable, "Ctrl+/")
    assert overlay.isVisible()
    assert overlay.geometry() == usable.rect()
    shown = {label.text() for label in overlay.findChildren(QLabel)}
    for key in usable.shortcuts.keys:
        assert key.text in shown
        assert key.sequence.isdigit() or key_cap(key.sequence) in shown
    press(usable, "Ctrl+/")
    assert not overlay.isVisible()
    assert usable.form.prompt.hasFocus()


def test_no_other_key_works_under_the_overlay_and_esc_closes_it(usable: MainWindow) -> None:
    spies = [QSignalSpy(usable.shortcuts.shortcut(key).activated) for key in ("L", "Ctrl+M")]
    usable.key_overlay.toggle()
    for sequence in ("L", "Ctrl+M", "Down", "Up"):
        press(usable, sequence)
    assert [spy.count() for spy in spies] == [0, 0]
    press(usable, "Esc")
    assert not usable.key_overlay.isVisible()
    press(usable, "L")  # the prompt had no focus before
    assert usable.key_overlay.isVisible() is False


def test_the_overlay_fits_the_smallest_window(
    usable: MainWindow, application: QApplication
) -> None:
    usable.key_overlay.toggle()
    usable.resize(usable.minimumSize())
    application.processEvents()
    overlay = usable.key_overlay
    assert overlay.size() == usable.size()
    for label in overlay.findChildren(QLabel):
        width = label.mapTo(overlay, label.rect().topRight()).x()
        assert width < overlay.width()
        assert label.width() >= label.sizeHint().width(), label.text()


def test_keys_that_do_the_same_share_a_row() -> None:
    keys = [
        Key("Ctrl+Return", print, text="Generate", group="Make"),
        Key("Ctrl+Enter", print, text="Generate", group="Make"),
        Key("1", print, Asleep.TYPING, "Stars", "Takes"),
        Key("2", print, Asleep.TYPING, "Stars", "Takes"),
        Key("F9", print),
    ]
    rows = key_rows(keys, [Gesture("Wheel", "Zoom", "Make")])
    assert rows == {
        "Make": {"Generate": ["Ctrl+Enter"], "Zoom": ["Wheel"]},
        "Takes": {"Stars": ["1", "2"]},
    }
