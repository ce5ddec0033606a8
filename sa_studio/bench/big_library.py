"""Searching and scrolling in a library that has grown over years, in the real window."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from typing import Any

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QAbstractItemView, QAbstractSlider, QLineEdit

from sa_studio.bench.figures import summary
from sa_studio.bench.painting import FrameWatch, wait_until
from sa_studio.errors import StudioError
from sa_studio.ui.clip_model import ClipModel
from sa_studio.ui.main_window import MainWindow

QUERIES = ("metal door", "kick", "rain in a", "soft piano c4", "approved glass", "explosion dist")
JUMPS = 100


class LibraryUse:
    """Somebody who types into the search and scrolls through the list.

    Args:
        window: on screen, with the library to use.
    """

    def __init__(self, window: MainWindow) -> None:
        search = window.findChild(QLineEdit, "search_edit")
        view = window.findChild(QAbstractItemView, "history_list")
        if search is None or view is None or not isinstance(window.clips, ClipModel):
            raise StudioError("The window has no search or no list")
        self._search, self._view, self._model = search, view, window.clips

    def search_times(self) -> list[float]:
        """Type every query letter by letter; milliseconds from each letter to its rows."""
        watch = SearchWatch(self._view, self._model)
        found = [watch.milliseconds(self._search, text) for text in typed(QUERIES)]
        watch.milliseconds(self._search, "")
        return found

    def paging_times(self, rows: int) -> list[float]:
        """Page down through so many rows, if there are; milliseconds a frame."""
        bar, watch = self._view.verticalScrollBar(), FrameWatch(self._view.viewport())
        bar.setValue(0)
        found = []
        height = max(self._view.sizeHintForRow(0), 1)
        while bar.value() < bar.maximum() and bar.value() < rows * height:
            found.append(
                watch.milliseconds(
                    lambda: bar.triggerAction(QAbstractSlider.SliderAction.SliderPageStepAdd)
                )
            )
        return found

    def jump_times(self) -> list[float]:
        """Take the scroll bar to places all over the list; milliseconds a frame."""
        bar, watch = self._view.verticalScrollBar(), FrameWatch(self._view.viewport())
        chance = random.Random(7)  # noqa: S311 (no secret)
        found = []
        for _ in range(JUMPS):
            place = chance.randint(0, bar.maximum())
            if place != bar.value():
                found.append(watch.milliseconds(lambda place=place: bar.setValue(place)))  # type: ignore[misc]
        return found


class SearchWatch(QObject):
    """Measures from a change of the search to the rows that it finds, painted."""

    def __init__(self, view: QAbstractItemView, model: ClipModel) -> None:
        super().__init__(view)
        self._view, self._model = view, model
        self._wanted = ""
        self._found = self._painted = False
        view.viewport().installEventFilter(self)
        model.modelReset.connect(self._reset)

    def milliseconds(self, search: QLineEdit, text: str) -> float:
        """Put ``text`` into the search field, and wait."""
        self._wanted, self._found, self._painted = text, False, False
        began = time.perf_counter()
        search.setText(text)
        wait_until(lambda: self._painted, f"The search for {text!r} found nothing")
        return (time.perf_counter() - began) * 1000

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """The painting itself follows, before the event loop comes back."""
        if event.type() == QEvent.Type.Paint and self._found:
            self._painted = True
        return super().eventFilter(watched, event)

    def _reset(self) -> None:
        if self._model.filter.search == self._wanted.strip():
            self._found = True
            self._painted = self._model.rowCount() == 0  # no row: nothing to paint


def typed(queries: tuple[str, ...]) -> Iterator[str]:
    """Every text that is in the field while the queries are typed, a new one each time."""
    for query in queries:
        for length in range(1, len(query) + 1):
            if query[length - 1] != " ":  # a space finds nothing else
                yield query[:length]


def measure(window: MainWindow, rows: int) -> dict[str, Any]:
    """The figures of one window; ``rows`` are paged through."""
    use = LibraryUse(window)
    listed = window.clips.rowCount()
    search = use.search_times()
    # after a search the list is counted when there is time for it
    wait_until(lambda: window.clips.rowCount() == listed, "The list was not counted")
    return {
        "listed": listed,
        "search_ms": summary(search),
        "paging_ms": summary(use.paging_times(rows)),
        "jumps_ms": summary(use.jump_times()),
    }
