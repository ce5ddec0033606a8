"""The rows of the list of takes: a page of them is read when one of its rows is needed."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from sa_studio.errors import StudioError
from sa_studio.generation import Clip, ClipFilter
from sa_studio.service import Studio
from sa_studio.ui.clip_rows import ClipRows
from sa_studio.ui.page_reader import PAGE, Page, PageReader, next_page

HELD = 4000  # rows; what is farther away is read again when it is looked at again
AROUND = 8  # rows that are read above the one that is looked at
DRIFT_DELAY_MS = 300

log = logging.getLogger(__name__)


class PagedRows(QObject):
    """As many rows as the filter leaves; those that were needed are held.

    What is merely shown is read beside the GUI thread (:meth:`look_at`), what is needed now at
    once (:meth:`clip`).
    """

    shown_read = Signal()
    """Rows that are looked at were read."""
    outdated = Signal()
    """The library is not as it was counted, or could not be read: the rows are to be begun anew."""

    def __init__(self, studio: Studio, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._filter = ClipFilter()
        self._rows = ClipRows(0)
        self._is_expired = False
        self._looked_at = (0, -1)
        self._edition = 0  # of the rows: what is read meanwhile belongs to an older one
        self._reader = PageReader(studio, self)
        self._reader.read.connect(self._take_page)
        self._reader.failed.connect(self._not_read)
        self._drift = QTimer(self)
        self._drift.setSingleShot(True)
        self._drift.setInterval(DRIFT_DELAY_MS)
        self._drift.timeout.connect(self.outdated)
        self._read_soon = QTimer(self)  # after the frame: both want the interpreter
        self._read_soon.setSingleShot(True)
        self._read_soon.setInterval(0)
        self._read_soon.timeout.connect(self._read_next)

    # --- what there is ----------------------------------------------------------------------
    def __len__(self) -> int:
        return len(self._rows)

    def held(self, row: int) -> Clip | None:
        """The take in a row, if it was read."""
        return self._rows.get(row)

    def row(self, clip_id: str) -> int | None:
        """Where a take is, if it was read."""
        return self._rows.row(clip_id)

    def clip(self, row: int) -> Clip | None:
        """The take in a row, read now if need be; ``None`` if it cannot be read."""
        if self._rows.get(row) is None and not self._is_expired:
            self._read_around(row)
        return self._rows.get(row)

    def look_at(self, first: int, last: int) -> None:
        """These rows are shown: those that are missing are read soon, and then their like."""
        self._looked_at = (first, last)
        if not self._reader.is_busy:
            self._read_soon.start()

    # --- changing ---------------------------------------------------------------------------
    def expire(self) -> None:
        """The rows are about to be begun anew: no more of them are read."""
        self._drift.stop()
        self._is_expired = True

    def begin(self, clip_filter: ClipFilter, count: int, page: Sequence[Clip]) -> None:
        """Have ``count`` rows of another list, of which the first page was read."""
        self._filter, self._rows, self._is_expired = clip_filter, ClipRows(count), False
        self._looked_at = (0, -1)
        self._edition += 1
        self._take_in(0, page)

    def put(self, row: int, clip: Clip) -> None:
        """A take that is held is like this now."""
        self._rows.put(row, clip)

    def insert_on_top(self, clips: Sequence[Clip]) -> None:
        """Add rows above all others."""
        self._edition += 1
        self._rows.insert_on_top(clips)

    def append(self, count: int) -> None:
        """Add rows below all others; they are not read yet."""
        self._rows.append(count)

    def remove(self, first: int, last: int) -> None:
        """Take away the rows from ``first`` to ``last``, both included."""
        self._edition += 1
        self._rows.remove(first, last)

    def overtake(self) -> None:
        """Takes have changed: a page that is being read may have them as they were before."""
        self._edition += 1

    def close(self) -> None:
        """Read no more; waits for the page that is being read."""
        self._read_soon.stop()
        self._reader.close()

    # --- reading ----------------------------------------------------------------------------
    def _read_around(self, row: int) -> None:
        start = self._page_start(row)
        try:
            page = self._studio.clips(self._filter, limit=PAGE, offset=start, total=len(self))
        except StudioError as error:  # nobody above can be told
            self._not_read(error)
            return
        self._hold(start, page)

    @Slot()
    def _read_next(self) -> None:
        """Ask for what is missing of what is shown, then for what lies around it."""
        if self._reader.is_busy:
            return
        start = next_page(self._rows, *self._looked_at)
        if start is not None:
            self._reader.ask(self._filter, start, len(self), self._edition)

    @Slot(object)
    def _take_page(self, page: Page) -> None:
        if page.edition != self._edition or self._hold(page.start, page.clips):
            self._read_next()

    @Slot(object)
    def _not_read(self, error: StudioError) -> None:
        log.warning("takes cannot be read, and are tried again: %s", error.one_line())
        self._drift.start()

    def _hold(self, start: int, page: Sequence[Clip]) -> bool:
        """Take in a page that was read; false if the list has to be read anew."""
        if self._rows.held > HELD:
            self._rows.let_go(2 * PAGE, start - HELD // 4, start + HELD // 4)
        as_counted = self._take_in(start, page)
        if not as_counted:
            self._drift.start()
        first, last = self._looked_at
        if start <= last and first < start + len(page):
            self.shown_read.emit()
        return as_counted

    def _page_start(self, row: int) -> int:
        """From where to read, so that a view that shows ``row`` needs no other page."""
        last = len(self) - 1
        if row < last and self._rows.get(row + 1) is not None:  # it is scrolled up
            start = row - PAGE + 1
        elif row > 0 and self._rows.get(row - 1) is not None:
            start = row
        else:
            start = row - AROUND
        return max(start, 0)

    def _take_in(self, start: int, page: Sequence[Clip]) -> bool:
        """Hold a page; false if the library is no longer as it was counted.

        Another program may have added takes, or those in the list may have changed so that the
        order is another one now.
        """
        as_counted = len(page) == min(PAGE, len(self) - start)
        for row, clip in enumerate(page[: len(self) - start], start):
            held = self._rows.get(row)
            elsewhere = self._rows.row(clip.id) not in (None, row)
            if elsewhere or (held is not None and held.id != clip.id):
                as_counted = False
            elif held is None:
                self._rows.put(row, clip)
        return as_counted
