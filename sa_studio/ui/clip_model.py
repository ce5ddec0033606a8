"""The takes of the library as a Qt model: read in pages, kept current by job events."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from enum import IntEnum
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
    Slot,
)

from sa_studio.errors import StudioError
from sa_studio.events import (
    ClipFinished,
    JobCancelled,
    JobEvent,
    JobFailed,
    JobQueued,
    JobResumed,
    ModelLoading,
    Progress,
    TakeDropped,
)
from sa_studio.generation import Clip, ClipFilter, ClipSort, ClipState, Verdict
from sa_studio.service import Studio
from sa_studio.ui.clip_rows import ClipRows
from sa_studio.ui.edit_words import edit_words
from sa_studio.ui.page_reader import PAGE, Page, PageReader, next_page
from sa_studio.ui.question import Question
from sa_studio.vocabulary.sound_edit import UNTOUCHED

HELD = 4000  # rows; what is farther away is read again when it is looked at again
AROUND = 8  # rows that are read above the one that is looked at
DRIFT_DELAY_MS = 300
COUNT_DELAY_MS = 150  # while somebody types, the matches of half a word are not counted

log = logging.getLogger(__name__)

AnyIndex = QModelIndex | QPersistentModelIndex


class ClipRole(IntEnum):
    """What a row knows beyond its prompt."""

    CLIP = Qt.ItemDataRole.UserRole
    STATE = Qt.ItemDataRole.UserRole + 1
    FRACTION = Qt.ItemDataRole.UserRole + 2


_PAINTED = frozenset(ClipRole)
_ROLES = _PAINTED | {
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.AccessibleTextRole,
    Qt.ItemDataRole.ToolTipRole,
}


class ClipModel(QAbstractListModel):
    """A row for every take that passes the filter.

    The database is the truth: this model knows how many takes there are, reads a page of them
    when one of its rows is needed, and between the pages follows the events. Nothing that
    happens often takes longer in a longer list.

    What is merely shown is read beside the GUI thread: the view says what it shows with
    :meth:`look_at`, and the roles of :class:`ClipRole` are ``None`` until it is there. Texts, and
    :meth:`clip`, read at once.
    """

    clip_finished = Signal(object)
    """A take became playable; carries the :class:`Clip`."""
    rows_leaving = Signal(int, int)
    """Comes before the rows from first to last are removed, while another can become current."""
    rows_read = Signal()
    """Rows that are shown were read since they were painted; nothing about them has changed."""

    def __init__(self, studio: Studio, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._filter = ClipFilter()
        self._rows = ClipRows(0)
        self._is_stale = False  # the rows are still those of the filter before
        self._first_of_job: dict[str, str] = {}
        self._progress: dict[str, Progress] = {}
        self._loading: set[str] = set()
        self._drift = QTimer(self)
        self._drift.setSingleShot(True)
        self._drift.setInterval(DRIFT_DELAY_MS)
        self._drift.timeout.connect(self.reload)
        self._looked_at = (0, -1)
        self._edition = 0  # of the rows: what is read meanwhile belongs to an older one
        self._reader = PageReader(studio, self)
        self._reader.read.connect(self._take_page)
        self._reader.failed.connect(self._not_read)
        self._read_soon = QTimer(self)  # after the frame: both want the interpreter
        self._read_soon.setSingleShot(True)
        self._read_soon.setInterval(0)
        self._read_soon.timeout.connect(self._read_next)
        self._counted = True
        self._counter = Question("count", self)
        self._counter.answered.connect(self._take_count)
        self._count_soon = QTimer(self)
        self._count_soon.setSingleShot(True)
        self._count_soon.setInterval(COUNT_DELAY_MS)
        self._count_soon.timeout.connect(self._count)
        self.reload()

    # --- reading ----------------------------------------------------------------------------
    @property
    def filter(self) -> ClipFilter:
        """Which takes are listed, and in which order."""
        return self._filter

    def clip(self, index: AnyIndex) -> Clip | None:
        """The take in a row, read from the library if need be."""
        row = index.row()
        if not index.isValid() or row >= len(self._rows):
            return None
        if self._rows.get(row) is None and not self._is_stale:
            self._read_page(row)
        return self._rows.get(row)

    def look_at(self, first: int, last: int) -> None:
        """These rows are shown now: those that are missing are read soon, and then their like."""
        self._looked_at = (first, last)
        if not self._reader.is_busy:
            self._read_soon.start()

    def is_read(self, row: int) -> bool:
        """Whether a row can be painted as it is."""
        return self._rows.get(row) is not None

    def find(self, clip_id: str) -> QModelIndex:
        """The row of a take; invalid if it is not among those that were looked at."""
        row = self._rows.row(clip_id)
        return QModelIndex() if row is None else self.index(row)

    def find_near(self, clip_id: str, row: int) -> QModelIndex:
        """The row of a take that was in ``row`` and cannot be far; invalid if it is."""
        for near in (row, row - PAGE // 2, row + PAGE // 2):
            known = self.find(clip_id)
            if known.isValid():
                return known
            self.clip(self.index(min(max(near, 0), len(self._rows) - 1)))
        return self.find(clip_id)

    def first_of_job(self, job_id: str) -> Clip | None:
        """The first take of a job that was queued since the start, if it is in the list."""
        return self.clip(self.find(self._first_of_job.get(job_id, "")))

    def state(self, clip: Clip) -> ClipState:
        """What is happening with the take right now."""
        if clip.state.is_final:
            return clip.state
        progress = self._progress.get(clip.id)
        if progress is not None:
            return progress.state
        return ClipState.LOADING if clip.id in self._loading else clip.state

    def progress(self, clip_id: str) -> Progress | None:
        """The last progress of a take that is being made."""
        return self._progress.get(clip_id)

    def set_filter(self, clip_filter: ClipFilter) -> None:
        """Show the takes that pass a filter, in its order."""
        if clip_filter != self._filter:
            self._filter = clip_filter
            # counting the matches of a common word takes longer than finding the first of them
            self._read_first_page(count_now=not clip_filter.search)

    def set_search(self, text: str) -> None:
        """Show the takes whose prompt, tags and notes have every word of ``text``."""
        self.set_filter(replace(self._filter, search=text))

    @Slot()
    def reload(self) -> None:
        """Count anew, and read the first page."""
        self._read_first_page(count_now=True)

    @property
    def is_counted(self) -> bool:
        """Whether all matches of a search are rows already."""
        return self._counted

    def close_threads(self) -> None:
        """Stop reading and counting; waits."""
        self._read_soon.stop()
        self._reader.close()
        self._counter.close()

    def _read_first_page(self, *, count_now: bool) -> None:
        self._drift.stop()
        self._count_soon.stop()
        page = self._studio.clips(self._filter, limit=PAGE)
        self._counted = len(page) < PAGE or count_now
        whole = len(page) == PAGE and count_now
        count = self._studio.count_clips(self._filter) if whole else len(page)
        self._is_stale = True
        self._edition += 1
        self._looked_at = (0, -1)
        self.beginResetModel()
        self._rows, self._is_stale = ClipRows(count), False
        self._take_in(0, page)
        self.endResetModel()
        if not self._counted:
            self._count_soon.start()

    @Slot()
    def _count(self) -> None:
        wanted = self._filter
        self._counter.ask(lambda: (wanted, self._studio.count_clips(wanted)))

    @Slot(object)
    def _take_count(self, answer: tuple[ClipFilter, int]) -> None:
        """Add the rows of a search that were not counted yet."""
        wanted, count = answer
        if self._counted or wanted != self._filter:
            return
        self._counted = True
        rows = len(self._rows)
        if count > rows:
            self.beginInsertRows(QModelIndex(), rows, count - 1)
            self._rows.append(count - rows)
            self.endInsertRows()

    # --- changing ---------------------------------------------------------------------------
    def changed(self, clip_ids: Sequence[str]) -> None:
        """Takes were changed in the library: show it; those that no longer pass leave the list.

        A take stays where it is even if the order would have it elsewhere now: nobody looks for
        what was just changed in another place.
        """
        self._edition += 1
        if len(clip_ids) > PAGE or any(self._rows.row(clip_id) is None for clip_id in clip_ids):
            self.reload()
            return
        leaving = []
        for clip_id in clip_ids:
            clip = self._studio.clip(clip_id)
            if passes(clip, self._filter):
                self._put(clip)
            else:
                leaving.append(clip_id)
        self._drop(leaving)

    def remove(self, clip_ids: Sequence[str]) -> None:
        """Take rows out of the list and the library; files stay, and so do takes in the making."""
        self._studio.remove_clips(clip_ids)
        self.removed(clip_ids)

    def removed(self, clip_ids: Sequence[str]) -> None:
        """Takes have left the library; those in the making have not."""
        rows = [self._rows.row(clip_id) for clip_id in clip_ids]
        if len(clip_ids) > PAGE or None in rows:
            self.reload()
            return
        clips = [self._rows.get(row) for row in rows if row is not None]
        self._drop([clip.id for clip in clips if clip is not None and clip.state.is_final])

    def _drop(self, clip_ids: Sequence[str]) -> None:
        rows = [row for clip_id in clip_ids if (row := self._rows.row(clip_id)) is not None]
        for first, last in _stretches(rows):
            self.rows_leaving.emit(first, last)
            self._edition += 1
            self.beginRemoveRows(QModelIndex(), first, last)
            self._rows.remove(first, last)
            self.endRemoveRows()

    # --- Qt's interface ---------------------------------------------------------------------
    def rowCount(self, parent: AnyIndex | None = None) -> int:  # noqa: D102, N802
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:  # noqa: D102
        flags = super().flags(index)
        row = index.row()
        # without reading a page: Qt asks for every row that is selected
        clip = self._rows.get(row) if index.isValid() and row < len(self._rows) else None
        if clip is not None and clip.state is ClipState.FINISHED:
            flags |= Qt.ItemFlag.ItemIsDragEnabled
        return flags

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: D102
        if role not in _ROLES or not index.isValid() or index.row() >= len(self._rows):
            return None
        # what is painted does not wait for the disk
        clip = self._rows.get(index.row()) if role in _PAINTED else self.clip(index)
        if clip is None:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return " ".join(clip.request.prompt.split())
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{clip.request.prompt}, {', '.join(self._facts(clip))}"
            case Qt.ItemDataRole.ToolTipRole:
                return self._tool_tip(clip)
            case ClipRole.STATE:
                return self._state_text(clip)
            case ClipRole.FRACTION:
                progress = self._progress.get(clip.id)
                return progress.step / progress.steps if progress else None
        return clip

    # --- following the jobs -----------------------------------------------------------------
    @Slot(object)
    def on_event(self, event: JobEvent) -> None:
        """Take in what happened; on the GUI thread."""
        match event:
            case JobResumed():  # their rows are there
                self._first_of_job[event.job_id] = event.clips[0].id
                for clip in event.clips:
                    self._end(clip)
            case TakeDropped():
                self._end(event.clip)
            case JobQueued():
                self._add(event.clips)
            case ModelLoading():
                self._mark_loading(event.job_id)
            case Progress():
                self._progress[event.clip_id] = event
                self._row_changed(event.clip_id)
            case ClipFinished():
                self._end(event.clip)
                self.clip_finished.emit(event.clip)
            case JobFailed() | JobCancelled():
                for clip in event.clips:
                    self._end(clip)

    def _add(self, clips: tuple[Clip, ...]) -> None:
        self._first_of_job[clips[0].job_id] = clips[0].id
        if self._filter.search or self._filter.sort is not ClipSort.NEWEST:
            self.reload()
            return
        for clip in clips:
            self._put(clip)  # a job that is queued again
        new = [
            clip for clip in clips if self._rows.row(clip.id) is None and passes(clip, self._filter)
        ]
        if new:
            # the first take on top of the later ones, as the library itself sorts them
            self._edition += 1
            self.beginInsertRows(QModelIndex(), 0, len(new) - 1)
            self._rows.insert_on_top(new)
            self.endInsertRows()

    def _mark_loading(self, job_id: str) -> None:
        first = self._first_of_job.get(job_id)
        if first is not None:
            self._loading.add(first)
            self._row_changed(first)

    def _end(self, clip: Clip) -> None:
        self._progress.pop(clip.id, None)
        self._loading.discard(clip.id)
        self._put(clip)

    # --- the rows ---------------------------------------------------------------------------
    def _read_page(self, row: int) -> None:
        """Read around a row that is needed now."""
        start = self._page_start(row)
        try:
            page = self._studio.clips(self._filter, limit=PAGE, offset=start, total=len(self._rows))
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
            self._reader.ask(self._filter, start, len(self._rows), self._edition)

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
            self.rows_read.emit()
        return as_counted

    def _page_start(self, row: int) -> int:
        """From where to read, so that a view that shows ``row`` needs no other page."""
        last = len(self._rows) - 1
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
        as_counted = len(page) == min(PAGE, len(self._rows) - start)
        for row, clip in enumerate(page[: len(self._rows) - start], start):
            held = self._rows.get(row)
            elsewhere = self._rows.row(clip.id) not in (None, row)
            if elsewhere or (held is not None and held.id != clip.id):
                as_counted = False
            elif held is None:
                self._rows.put(row, clip)
        return as_counted

    def _put(self, clip: Clip) -> None:
        """Show what a take of the list is now."""
        row = self._rows.row(clip.id)
        if row is None:
            self._edition += 1  # it may be on the page that is being read, as it was before
        else:
            self._rows.put(row, clip)
            self._row_changed(clip.id)

    def _row_changed(self, clip_id: str) -> None:
        index = self.find(clip_id)
        if index.isValid():
            self.dataChanged.emit(index, index)

    # --- words ------------------------------------------------------------------------------
    def _state_text(self, clip: Clip) -> str:
        state = self.state(clip)
        progress = self._progress.get(clip.id)
        if state is ClipState.FINISHED:
            return f"{clip.edit.duration(clip.seconds or 0):.1f} s"
        if state is ClipState.FAILED:
            return clip.error or "failed"
        if state is ClipState.RUNNING and progress:
            return f"step {progress.step}/{progress.steps}"
        if state is ClipState.DECODING and progress:
            return f"decoding {progress.step}/{progress.steps}"
        return {ClipState.QUEUED: "waiting", ClipState.LOADING: "loading the model"}.get(
            state, state.value
        )

    def _facts(self, clip: Clip) -> Iterator[str]:
        yield self._state_text(clip)
        if clip.stars:
            yield f"{clip.stars} {'star' if clip.stars == 1 else 'stars'}"
        if clip.verdict is not Verdict.NONE:
            yield "kept" if clip.verdict is Verdict.KEEP else "rejected"
        if clip.edit != UNTOUCHED:
            yield f"edited: {edit_words(clip.edit, clip.seconds or 0)}"
        if clip.tags:
            yield f"tags: {', '.join(clip.tags)}"
        if clip.collections:
            yield f"in {', '.join(clip.collections)}"

    def _tool_tip(self, clip: Clip) -> str:
        request = clip.request
        lines = [request.prompt.strip()[:300]]
        if request.negative_prompt:
            lines.append(f"without: {request.negative_prompt[:200]}")
        lines.append(
            f"seed {request.seed} · {request.steps} steps · cfg {request.guidance_scale:g} · "
            f"{request.sampler} · {request.model}"
        )
        decided = list(self._facts(clip))[1:]
        if decided:
            lines.append(" · ".join(decided))
        lines += [text for text in (clip.error, clip.hint, clip.notes[:300]) if text]
        if clip.path is not None:
            lines.append(str(clip.path))
        return "\n".join(lines)


def passes(clip: Clip, clip_filter: ClipFilter) -> bool:
    """Whether a take belongs into a list. Only the library can tell for the words of a search."""

    def has(wanted: str, values: Iterable[str]) -> bool:
        return not wanted or wanted.casefold() in (value.casefold() for value in values)

    if clip_filter.verdict is not None:
        decided = clip.verdict is clip_filter.verdict
    else:
        decided = clip.verdict is not Verdict.REJECT or clip_filter.with_rejected
    return (
        decided
        and clip.stars >= clip_filter.min_stars
        and has(clip_filter.tag, clip.tags)
        and has(clip_filter.collection, clip.collections)
        and clip_filter.model in ("", clip.request.model)
        and clip.cat_id.casefold().startswith(clip_filter.cat_id.strip().casefold())
    )


def _stretches(rows: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Rows as stretches from first to last, from the bottom of the list to its top."""
    stretch: list[int] = []
    for row in sorted(rows, reverse=True):
        if stretch and row != stretch[-1] - 1:
            yield stretch[-1], stretch[0]
            stretch = []
        stretch.append(row)
    if stretch:
        yield stretch[-1], stretch[0]
