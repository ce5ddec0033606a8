"""Reads pages of the list of takes beside the GUI thread, while the list scrolls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from sa_studio.generation import Clip, ClipFilter
from sa_studio.service import Studio
from sa_studio.ui.clip_rows import ClipRows
from sa_studio.ui.question import Question

PAGE = 50
AHEAD = 14  # rows above and below what is shown that are read before they come into sight


@dataclass(frozen=True, slots=True)
class Page:
    """Takes of a list, from row ``start`` on; ``edition`` is what was given with the question."""

    start: int
    edition: int
    clips: Sequence[Clip]


class PageReader(QObject):
    """Reads one page at a time; signals come on the GUI thread."""

    read = Signal(object)
    """A :class:`Page`."""
    failed = Signal(object)
    """A :class:`StudioError`."""

    def __init__(self, studio: Studio, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._question = Question("pages", self)
        self._question.answered.connect(self.read)
        self._question.failed.connect(self.failed)

    @property
    def is_busy(self) -> bool:
        """Whether a page is being read."""
        return self._question.is_busy

    def ask(self, clip_filter: ClipFilter, start: int, total: int, edition: int) -> None:
        """Read the page from row ``start`` on, of a list of ``total`` rows."""
        self._question.ask(
            lambda: Page(
                start,
                edition,
                self._studio.clips(clip_filter, limit=PAGE, offset=start, total=total),
            )
        )

    def close(self) -> None:
        """Read no more; waits for the page that is being read."""
        self._question.close()


def next_page(rows: ClipRows, first: int, last: int) -> int | None:
    """From which row on a page has to be read for a view that shows ``first`` to ``last``.

    What is shown comes first, then what is about to be scrolled into sight. ``None`` if all of
    it is held.
    """
    end = len(rows) - 1
    first, last = max(first, 0), min(last, end)
    missing = _first_missing(rows, range(first, last + 1))
    if missing is not None:
        if missing > first:  # it was scrolled down
            return missing
        lowest = _first_missing(rows, range(last, first - 1, -1))
        if lowest is not None and lowest < last:  # it was scrolled up
            return max(lowest - PAGE + 1, 0)
        return max(min((first + last + 1 - PAGE) // 2, first), 0)
    below = _first_missing(rows, range(last + 1, min(last + AHEAD, end) + 1))
    if below is not None:
        return below
    above = _first_missing(rows, range(first - 1, max(first - AHEAD, 0) - 1, -1))
    return None if above is None else max(above - PAGE + 1, 0)


def _first_missing(rows: ClipRows, among: range) -> int | None:
    return next((row for row in among if rows.get(row) is None), None)
