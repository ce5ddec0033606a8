"""What nobody has caught is told and kept, and the window goes on."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication

from sa_studio.errors import LibraryError, StudioError
from sa_studio.ui.last_resort import LastResort
from sa_studio.ui.main_window import MainWindow
from tests.ui.conftest import Wait


def raise_bug() -> None:
    raise ArithmeticError("an odd number")


def test_a_bug_is_told_and_logged_with_its_traceback(window: MainWindow, wait: Wait) -> None:
    QTimer.singleShot(0, raise_bug)
    wait(lambda: "ArithmeticError: an odd number" in window.form.status.label.text())
    assert "in the log" in window.form.status.label.text()
    assert window.form.status.label.property("role") == "error"
    logged = (window.studio.data.logs / "sa-studio.log").read_text(encoding="utf-8")
    assert "in raise_bug" in logged


def test_a_library_that_cannot_be_searched_says_so(
    window: MainWindow, wait: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*arguments: object, **named: object) -> None:
        raise LibraryError("The library cannot be used (disk I/O error)", "Check the disk.")

    monkeypatch.setattr(window.studio, "clips", broken)
    window.library.search.setText("door")
    said = "The library cannot be used (disk I/O error). Check the disk."
    wait(lambda: window.form.status.label.text() == said)


def test_it_ends_with_the_window(window: MainWindow) -> None:
    during = sys.excepthook
    window.close()
    assert sys.excepthook is not during


class Watched(QObject):
    def event(self, event: QEvent) -> bool:
        raise_bug()
        return True


@pytest.fixture
def told(application: QApplication) -> Iterator[list[StudioError]]:
    resort = LastResort()
    told: list[StudioError] = []
    resort.problem.connect(told.append)
    resort.begin()
    yield told
    resort.end()


def test_event_handlers_are_heard_and_what_repeats_is_told_once(
    told: list[StudioError], application: QApplication, caplog: pytest.LogCaptureFixture
) -> None:
    watched = Watched()
    with caplog.at_level(logging.ERROR):
        for _ in range(20):
            application.postEvent(watched, QEvent(QEvent.Type.User))
        application.processEvents()
    assert len(told) == 1
    assert len(caplog.records) == 1
