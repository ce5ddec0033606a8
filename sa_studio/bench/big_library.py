"""Searching and scrolling in a library that has grown over years, in the real window."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QEvent, QObject, QPoint
from PySide6.QtWidgets import QAbstractItemView, QAbstractSlider, QApplication, QLineEdit

from sa_studio.bench.figures import summary
from sa_studio.bench.painting import VISIBLE_TIMEOUT, FrameWatch, wait_until
from sa_studio.errors import StudioError
from sa_studio.ui.clip_model import ClipModel
from sa_studio.ui.main_window import MainWindow

QUERIES = ("metal door", "kick", "rain in a", "soft piano c4", "approved glass", "explosion dist")
JUMPS, DRAGS = 100, 200
WAIT_SECONDS = 0.0005
# nobody types in the first moments of a window, in which it looks for sound outputs and tidies up
SETTLE_SECONDS = 2.0


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
        self._watch = ScrollWatch(view, window.clips)

    def search_times(self) -> list[float]:
        """Type every query letter by letter; milliseconds from each letter to its rows."""
        watch = SearchWatch(self._view, self._model)
        found = [watch.milliseconds(self._search, text) for text in typed(QUERIES)]
        watch.milliseconds(self._search, "")
        return found

    def paging_times(self, rows: int) -> ScrollTimes:
        """Page down through so many rows, if there are."""
        bar, watch, found = self._view.verticalScrollBar(), self._watch, ScrollTimes()
        bar.setValue(0)
        height = max(self._view.sizeHintForRow(0), 1)
        while bar.value() < bar.maximum() and bar.value() < rows * height:
            watch.scroll(
                lambda: bar.triggerAction(QAbstractSlider.SliderAction.SliderPageStepAdd), found
            )
        return found

    def jump_times(self) -> ScrollTimes:
        """Take the scroll bar to places all over the list, and wait for what is there."""
        bar, watch, found = self._view.verticalScrollBar(), self._watch, ScrollTimes()
        chance = random.Random(7)  # noqa: S311 (no secret)
        for _ in range(JUMPS):
            place = chance.randint(0, bar.maximum())
            if place != bar.value():
                watch.scroll(lambda place=place: bar.setValue(place), found)  # type: ignore[misc]
        return found

    def drag_times(self) -> list[float]:
        """Drag the scroll bar through the list and wait for nothing; milliseconds a frame."""
        bar, watch = self._view.verticalScrollBar(), FrameWatch(self._view.viewport())
        bar.setValue(0)
        found = []
        for step in range(1, DRAGS + 1):
            place = bar.maximum() * step // DRAGS
            if place != bar.value():
                found.append(watch.milliseconds(lambda place=place: bar.setValue(place)))  # type: ignore[misc]
        return found


@dataclass(slots=True)
class ScrollTimes:
    """Milliseconds: of every frame, and until the rows themselves stood where one scrolled to.

    A place that was not read yet takes several frames: one without its rows, and those in which
    they come. All of them count.
    """

    frames: list[float] = field(default_factory=list)
    complete: list[float] = field(default_factory=list)


class ScrollWatch(QObject):
    """Times what comes of scrolling until all rows that are shown are painted as they are."""

    def __init__(self, view: QAbstractItemView, model: ClipModel) -> None:
        super().__init__(view)
        self._view, self._model = view, model
        self._painted = self._complete = False
        view.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """The painting itself follows, before the event loop comes back."""
        if event.type() == QEvent.Type.Paint:
            self._painted, self._complete = True, self._is_read()
        return super().eventFilter(watched, event)

    def scroll(self, act: Callable[[], object], found: ScrollTimes) -> None:
        """Do it, and wait for the rows.

        Between two frames the time counts in which the window is busy, and not that in which it
        waits for the disk.

        Raises:
            StudioError: the rows did not come within a minute.
        """
        QApplication.processEvents()  # what is left of the frame before
        self._painted = self._complete = False
        began = time.perf_counter()
        act()
        QApplication.processEvents()
        busy = time.perf_counter() - began
        while True:
            if self._painted:
                found.frames.append(busy * 1000)
                self._painted, busy = False, 0.0
            if self._complete:
                break
            if time.perf_counter() - began > VISIBLE_TIMEOUT:
                raise StudioError("The rows were not read within a minute")
            time.sleep(WAIT_SECONDS)
            woken = time.perf_counter()
            QApplication.processEvents()
            busy += time.perf_counter() - woken
        found.complete.append((time.perf_counter() - began) * 1000)

    def _is_read(self) -> bool:
        top, height = QPoint(1, 0), self._view.viewport().height()
        first, last = self._view.indexAt(top), self._view.indexAt(QPoint(1, height - 1))
        rows = self._model.rowCount()
        return all(
            self._model.is_read(row)
            for row in range(first.row(), last.row() + 1 if last.isValid() else rows)
        )


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
    settled = time.monotonic() + SETTLE_SECONDS
    wait_until(lambda: time.monotonic() > settled, "The window did not settle")
    search = use.search_times()
    # after a search the list is counted when there is time for it
    wait_until(lambda: window.clips.rowCount() == listed, "The list was not counted")
    paging, jumps = use.paging_times(rows), use.jump_times()
    return {
        "listed": listed,
        "search_ms": summary(search),
        "paging_ms": summary(paging.frames),
        "paging_complete_ms": summary(paging.complete),
        "jumps_ms": summary(jumps.frames),
        "jumps_complete_ms": summary(jumps.complete),
        "drag_ms": summary(use.drag_times()),
    }
