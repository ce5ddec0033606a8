"""The whole window in its themes, sizes and places."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QMainWindow, QSplitter, QTextEdit, QWidget

from sa_studio.settings import Settings
from sa_studio.ui.main_window import MainWindow
from sa_studio.ui.mnemonics import plain
from sa_studio.ui.places import Places
from sa_studio.ui.theme import DARK, LIGHT, current_colors, set_theme
from tests.ui.conftest import Driver, Wait

Open = Callable[[], MainWindow]


@pytest.fixture(autouse=True)
def dark_afterwards(application: QApplication) -> Iterator[None]:
    """The theme belongs to the application, which other tests share."""
    yield
    set_theme(application, "dark")


def picture(widget: QWidget) -> QImage:
    return widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


def share(image: QImage, colors: set[str]) -> float:
    """The part of the picture that is exactly one of these colours."""
    pixels = np.frombuffer(image.constBits(), np.uint32)
    return float(np.isin(pixels, [QColor(color).rgb() for color in colors]).mean())


def grounds(colors: object) -> set[str]:
    names = ("ground", "panel", "field", "raised", "hover")
    return {getattr(colors, name) for name in names}


def test_the_whole_window_changes_at_once_and_back(
    driver: Driver, application: QApplication
) -> None:
    driver.generate(count=2)
    driver.wait_until_idle()
    window = driver.window
    parts = (window.top_bar, window.form, window.take, window.library, window.queue)
    for choice, colors, others in (("light", LIGHT, DARK), ("dark", DARK, LIGHT)):
        window.choose_theme(choice)
        application.processEvents()
        for part in parts:
            image = picture(part)
            assert share(image, grounds(colors)) > 0.5, part
            assert share(image, grounds(others) - grounds(colors)) < 0.002, part


def test_the_theme_is_chosen_in_the_menu_and_remembered(
    window: MainWindow, open_window: Open
) -> None:
    menu = window.top_bar.menu
    choices = {plain(action.text()): action for action in menu.menu().actions()}
    choices["Light"].trigger()
    assert current_colors() is LIGHT
    assert Settings.load(window.studio.data.settings).theme == "light"
    window.close()
    again = open_window()
    assert current_colors() is LIGHT
    assert share(picture(again.form), grounds(LIGHT)) > 0.5
    actions = {plain(action.text()): action for action in again.top_bar.menu.menu().actions()}
    assert actions["Light"].isChecked()


def test_dialogs_that_are_open_follow(window: MainWindow, application: QApplication) -> None:
    window.show_models()
    window.show_doctor()
    window.choose_theme("light")
    application.processEvents()
    for dialog in (window.models_window, window.doctor_dialog):
        assert dialog is not None
        image = picture(dialog)
        assert share(image, grounds(LIGHT)) > 0.5
        assert share(image, grounds(DARK) - grounds(LIGHT)) < 0.002


# --- size -------------------------------------------------------------------------------------
def test_the_size_is_chosen_for_the_next_start(window: MainWindow) -> None:
    menu = window.top_bar.menu
    menu.menu().aboutToShow.emit()
    sizes = {action.data(): action for action in menu.menu().actions()}
    assert sizes[100].isChecked()
    sizes[125].setEnabled(True)  # the offscreen screen is small
    sizes[125].trigger()
    assert Settings.load(window.studio.data.settings).interface_percent == 125
    assert "125 %" in window.form.status.label.text()


def test_a_size_at_which_the_window_would_not_fit_cannot_be_chosen(window: MainWindow) -> None:
    menu = window.top_bar.menu
    menu.menu().aboutToShow.emit()
    sizes = {action.data(): action for action in menu.menu().actions()}
    room, needed = window.screen().availableSize(), window.minimumSize()
    for percent in (125, 150, 200):
        fits = needed.width() * percent <= room.width() * 100
        fits &= needed.height() * percent <= room.height() * 100
        assert sizes[percent].isEnabled() == fits


STARTS = """
import os, sys
from sa_studio.app import create
app, window = create(["--data-dir", sys.argv[1]])
print(window.devicePixelRatio(), os.environ.get("QT_SCALE_FACTOR"))
window.close()
"""


@pytest.mark.parametrize(
    ("percent", "variable", "ratio"), [(150, None, 1.5), (200, None, 2.0), (150, "1", 1.0)]
)
def test_a_start_is_as_large_as_was_chosen_and_leaves_nothing_behind(
    tmp_path: Path, percent: int, variable: str | None, ratio: float
) -> None:
    settings = Settings(path=tmp_path / "settings.json", interface_percent=percent)
    settings.save()
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    environment.pop("QT_SCALE_FACTOR", None)
    if variable is not None:
        environment["QT_SCALE_FACTOR"] = variable
    run = subprocess.run(
        [sys.executable, "-c", STARTS, str(tmp_path)],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.split() == [str(ratio), str(variable)]


# --- nothing is cut off -----------------------------------------------------------------------
@pytest.mark.parametrize(("width", "height"), [(1000, 640), (1280, 720)])
def test_nothing_of_the_form_is_cut_off(
    window: MainWindow, application: QApplication, width: int, height: int
) -> None:
    form = window.form
    window.resize(width, height)
    form.advanced_button.setChecked(True)
    form.advanced.loras.set_available(["a style with a very long name indeed"])
    form.advanced.loras.add.click()
    form.advanced.sampler.addItem("a sampler with a name that is longer than the form is wide")
    form.advanced.sampler.setCurrentIndex(form.advanced.sampler.count() - 1)
    form.advanced_button.setChecked(False)  # its summary names the sampler
    form.advanced_button.setChecked(True)
    for _ in range(3):
        application.processEvents()
    assert window.width() == width
    scroll = form.findChild(QWidget, "form_scroll")
    assert scroll.horizontalScrollBar().maximum() == 0
    inside = scroll.widget()
    assert inside.width() <= scroll.viewport().width()
    for widget in inside.findChildren(QWidget):
        if widget.isVisible() and widget.parentWidget().parentWidget() is not None:
            right = widget.mapTo(inside, widget.rect().topRight()).x()
            assert right < scroll.viewport().width() or is_within_a_field(widget), widget


def is_within_a_field(widget: QWidget) -> bool:
    """Qt's own parts of a field may lie anywhere in it."""
    return widget.objectName().startswith("qt_") or not widget.objectName()


@pytest.mark.parametrize(("width", "height"), [(1000, 640), (1280, 720), (1440, 900)])
def test_no_control_is_narrower_than_it_must_be_or_lies_outside_its_panel(
    driver: Driver, application: QApplication, width: int, height: int
) -> None:
    window = driver.window
    driver.generate()
    driver.wait_until_idle()
    levels = window.take.findChild(QWidget, "take_levels_label")
    driver.wait(lambda: "TP" in levels.text())  # measured beside the window
    window.resize(width, height)
    for _ in range(3):
        application.processEvents()
    assert (window.width(), window.height()) == (width, height)
    # what is found out beside the window may still move its parts
    driver.wait(lambda: not misfits(window))


def misfits(window: MainWindow) -> list[str]:
    """Controls that are narrower than they must be, or lie outside of their panel."""
    found = []
    for panel in (window.top_bar, window.take, window.library, window.queue):
        for widget in panel.findChildren(QWidget):
            name = widget.objectName()
            if not widget.isVisible() or not name or name.startswith("qt_"):
                continue
            outside = widget.mapTo(panel, widget.rect().topRight()).x() >= panel.width()
            on_purpose = widget.minimumWidth() >= widget.maximumWidth()
            if outside or (widget.width() < widget.minimumSizeHint().width() and not on_purpose):
                found.append(name)
    return found


# --- places -----------------------------------------------------------------------------------
def a_window() -> tuple[QMainWindow, QSplitter, QSplitter]:
    """A window with a splitter inside another."""
    window = QMainWindow()
    window.setObjectName("some_window")
    outer, inner = QSplitter(Qt.Orientation.Vertical), QSplitter(Qt.Orientation.Horizontal)
    outer.setObjectName("outer")
    inner.setObjectName("inner")
    for _ in range(2):
        inner.addWidget(QTextEdit())
    outer.addWidget(inner)
    outer.addWidget(QTextEdit())
    window.setCentralWidget(outer)
    window.resize(500, 400)
    return window, outer, inner


def test_a_window_and_its_splitters_are_as_they_were(
    application: QApplication, tmp_path: Path, wait: Wait
) -> None:
    window, outer, inner = a_window()
    window.resize(620, 460)
    window.show()
    outer.setSizes([120, 300])
    inner.setSizes([450, 150])
    application.processEvents()
    left = (window.size(), outer.sizes(), inner.sizes())
    Places(tmp_path / "places.ini", window).keep(window)
    other, outer, inner = a_window()
    Places(tmp_path / "places.ini", other).restore(other)
    other.show()
    wait(lambda: (other.size(), outer.sizes(), inner.sizes()) == left)


def test_the_windows_own_places_are_written_when_it_is_closed(window: MainWindow) -> None:
    window.show_models()
    window.close()
    text = (window.studio.data.root / "window.ini").read_text(encoding="utf-8")
    assert "[main_window]" in text
    for name in ("geometry=", "columns=", "rows=", "[models_dialog]"):
        assert name in text


def test_every_splitter_has_a_name_to_be_remembered_by(window: MainWindow) -> None:
    nameless = [s for s in window.findChildren(QSplitter) if not s.objectName()]
    assert nameless == []


def test_a_broken_file_of_places_is_no_obstacle(window: MainWindow, open_window: Open) -> None:
    file = window.studio.data.root / "window.ini"
    window.close()
    file.write_bytes(b"[main_window]\ngeometry=nonsense\ncolumns=@Variant(\\0\\0)\n\xff")
    again = open_window()
    assert again.isVisible()
    assert again.columns.orientation() is Qt.Orientation.Horizontal
