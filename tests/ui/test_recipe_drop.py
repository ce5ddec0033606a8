"""Sound files that are dropped on the window bring their settings back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication, QMainWindow, QPlainTextEdit, QVBoxLayout, QWidget

from sa_studio.audio.files import write_audio
from sa_studio.service import Studio
from sa_studio.ui.recipe_drop import RecipeDrop
from sa_studio.vocabulary.delivery import FileFormat
from tests.delivery.takes import RATE, SETTINGS, add_take, hit
from tests.ui.conftest import Wait
from tests.ui.deliveries import Keep, keep, studio

__all__ = ["keep", "studio"]


class Window(QMainWindow):
    """A window with a text field that takes drops, too."""

    def __init__(self, studio: Studio) -> None:
        super().__init__()
        self.text = QPlainTextEdit()
        self.recipes = RecipeDrop(studio, self)
        central = QWidget()
        layout = QVBoxLayout(central)
        layout.addWidget(self.recipes.question)
        layout.addWidget(self.text)
        self.setCentralWidget(central)
        self.recipes.watch()
        self.fields: list[dict[str, Any]] = []
        self.recipes.fields_chosen.connect(self.fields.append)


@pytest.fixture
def window(studio: Studio, keep: Keep) -> Iterator[Window]:
    made = keep(Window(studio))
    made.show()
    yield made
    made.recipes.close_threads()


def drop(target: QWidget, *paths: Path) -> bool:
    """Drop files as the window system does; whether they were taken."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    none = Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(5, 5), copy, data, left, none)
    enter.ignore()
    QApplication.sendEvent(target, enter)
    if enter.isAccepted():
        event = QDropEvent(QPointF(5, 5), copy, data, left, none)
        QApplication.sendEvent(target, event)
    return enter.isAccepted()


@pytest.mark.parametrize("file_format", list(FileFormat))
def test_every_setting_of_a_delivered_file_comes_back(
    window: Window, studio: Studio, tmp_path: Path, wait: Wait, file_format: FileFormat
) -> None:
    clip = add_take(studio, "wooden door slam", loras=())
    profile = replace(studio.profile, format=file_format)
    (delivered,) = studio.export_clips([clip.id], tmp_path, profile)
    assert drop(window, delivered.path)
    wait(lambda: window.fields)
    (fields,) = window.fields
    assert (fields["prompt"], fields["seed"], fields["count"]) == ("wooden door slam", 7, 1)
    for name in ("negative_prompt", "seconds", "steps", "guidance_scale", "sampler", "sigma_max"):
        assert fields[name] == SETTINGS[name]
    assert fields["loras"] == []
    assert not window.recipes.question.isVisible()


def test_a_missing_model_is_named_with_the_way_to_it(
    window: Window, studio: Studio, tmp_path: Path, wait: Wait
) -> None:
    clip = add_take(studio, model="stable-audio-open-1.0", loras=())
    (delivered,) = studio.export_clips([clip.id], tmp_path)
    asked = QSignalSpy(window.recipes.models_requested)
    drop(window, delivered.path)
    wait(window.recipes.question.isVisible)
    assert "stable-audio-open-1.0" in window.recipes.question.text.text()
    assert window.fields[0]["model"] == "stable-audio-open-1.0"
    button = window.recipes.question.buttons[0]
    assert button.text() == "Models…"
    button.click()
    assert asked.count() == 1
    assert not window.recipes.question.isVisible()


def test_a_sound_from_elsewhere_is_offered_as_init_audio(
    window: Window, tmp_path: Path, wait: Wait
) -> None:
    path = tmp_path / "recorded.wav"
    write_audio(path, hit(), RATE)
    drop(window, path)
    wait(window.recipes.question.isVisible)
    assert window.fields == []
    window.recipes.question.buttons[0].click()
    assert window.fields == [{"init_audio": str(path)}]


def test_a_file_that_is_no_sound_is_one_message(window: Window, tmp_path: Path, wait: Wait) -> None:
    path = tmp_path / "broken.wav"
    path.write_bytes(b"RIFF")
    told = QSignalSpy(window.recipes.message)
    drop(window, path)
    wait(told.count)
    assert told.at(0)[1] == "error"
    assert window.fields == []


@pytest.mark.parametrize("name", ["notes.txt", "a folder", "<b>bold"])
def test_what_is_no_sound_at_all_is_one_message(window: Window, tmp_path: Path, name: str) -> None:
    told = QSignalSpy(window.recipes.message)
    assert drop(window, tmp_path / name)
    assert told.count() == 1
    assert name in told.at(0)[0]
    assert told.at(0)[1] == "warning"
    assert window.fields == []


def test_of_several_files_the_first_sound_is_taken(
    window: Window, studio: Studio, tmp_path: Path, wait: Wait
) -> None:
    path = add_take(studio, "wooden door slam", loras=()).path
    assert path is not None
    drop(window, tmp_path / "notes.txt", path)
    wait(lambda: window.fields)
    assert window.fields[0]["prompt"] == "wooden door slam"


def test_a_cue_sheet_is_opened_as_one(window: Window, tmp_path: Path) -> None:
    dropped = QSignalSpy(window.recipes.sheet_dropped)
    drop(window, tmp_path / "cues.CSV")
    assert dropped.at(0) == [tmp_path / "cues.CSV"]


@pytest.mark.parametrize("name", ["a.wav", "a.txt"])
def test_text_fields_leave_files_to_the_window(window: Window, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    event = QDropEvent(
        QPointF(5, 5),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    assert window.recipes.eventFilter(window.text.viewport(), event)
    assert not event.isAccepted()
    assert window.text.toPlainText() == ""
