"""A Studio with takes to deliver, for tests of the parts of the window that deliver them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QWidget

from sa_studio.service import Studio
from sa_studio.ui import files_out


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    with Studio(tmp_path / "data") as opened:
        yield opened


Part = TypeVar("Part", bound=QWidget)
Keep = Callable[[Part], Part]


@pytest.fixture
def keep(application: QApplication) -> Iterator[Callable[[QWidget], QWidget]]:
    """Keeps a widget, and takes it apart at the end: the garbage collector runs on any thread."""
    kept: list[QWidget] = []

    def keep_one(widget: QWidget) -> QWidget:
        kept.append(widget)
        return widget

    yield keep_one
    for widget in kept:
        widget.deleteLater()
    application.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    application.processEvents()


@pytest.fixture
def dragged(monkeypatch: pytest.MonkeyPatch) -> list[list[Path]]:
    """The files of each drag that was begun."""
    found: list[list[Path]] = []
    monkeypatch.setattr(
        files_out, "start_drag", lambda _widget, paths, _picture: found.append(list(paths))
    )
    return found


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether the button of the pointer is down: the last one counts."""
    states = [True]
    buttons = {True: Qt.MouseButton.LeftButton, False: Qt.MouseButton.NoButton}
    monkeypatch.setattr(QApplication, "mouseButtons", lambda: buttons[states[-1]])
    return states
