"""The takes of the library as a Qt model: which are listed, and what each row says."""

from __future__ import annotations

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

from sa_studio.generation import Clip, ClipFilter, ClipSort, ClipState, Verdict
from sa_studio.service import Studio
from sa_studio.ui.clip_words import spoken_row, state_words, tool_tip
from sa_studio.ui.page_reader import PAGE
from sa_studio.ui.paged_rows import PagedRows
from sa_studio.ui.question import Question
from sa_studio.ui.running_takes import RunningTakes

COUNT_DELAY_MS = 150  # while somebody types, the matches of half a word are not counted

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
    when one of its rows is needed, and between the pages follows the jobs. Nothing that
    happens often takes longer in a longer list.

    What is merely shown is read beside the GUI thread: the view says what it shows with
    :meth:`look_at`, and the roles of :class:`ClipRole` are ``None`` until it is there. Texts, and
    :meth:`clip`, read at once.

    Attributes:
        running: the takes in the making; the events of the jobs go there.
    """

    rows_leaving = Signal(int, int)
    """Comes before the rows from first to last are removed, while another can become current."""
    rows_read = Signal()
    """Rows that are shown were read since they were painted; nothing about them has changed."""

    def __init__(self, studio: Studio, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._filter = ClipFilter()
        self._rows = PagedRows(studio, self)
        self._rows.shown_read.connect(self.rows_read)
        self._rows.outdated.connect(self.reload)
        self.running = RunningTakes(self)
        self.running.queued.connect(self._add)
        self.running.moved_on.connect(self._row_changed)
        self.running.ended.connect(self._put)
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
        return self._rows.clip(row) if index.isValid() and row < len(self._rows) else None

    def look_at(self, first: int, last: int) -> None:
        """These rows are shown now: those that are missing are read soon, and then their like."""
        self._rows.look_at(first, last)

    def is_read(self, row: int) -> bool:
        """Whether a row can be painted as it is."""
        return self._rows.held(row) is not None

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
        return self.clip(self.find(self.running.first_of_job(job_id)))

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
        self._rows.close()
        self._counter.close()

    def _read_first_page(self, *, count_now: bool) -> None:
        self._count_soon.stop()
        page = self._studio.clips(self._filter, limit=PAGE)
        self._counted = len(page) < PAGE or count_now
        whole = len(page) == PAGE and count_now
        count = self._studio.count_clips(self._filter) if whole else len(page)
        self._rows.expire()
        self.beginResetModel()
        self._rows.begin(self._filter, count, page)
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
        self._rows.overtake()
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
        clips = [self._rows.held(row) for row in rows if row is not None]
        self._drop([clip.id for clip in clips if clip is not None and clip.state.is_final])

    def _drop(self, clip_ids: Sequence[str]) -> None:
        rows = [row for clip_id in clip_ids if (row := self._rows.row(clip_id)) is not None]
        for first, last in _stretches(rows):
            self.rows_leaving.emit(first, last)
            self.beginRemoveRows(QModelIndex(), first, last)
            self._rows.remove(first, last)
            self.endRemoveRows()

    @Slot(object)
    def _add(self, clips: tuple[Clip, ...]) -> None:
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
            self.beginInsertRows(QModelIndex(), 0, len(new) - 1)
            self._rows.insert_on_top(new)
            self.endInsertRows()

    @Slot(object)
    def _put(self, clip: Clip) -> None:
        """Show what a take of the list is now."""
        row = self._rows.row(clip.id)
        if row is None:
            self._rows.overtake()  # it may be on the page that is being read
        else:
            self._rows.put(row, clip)
            self._row_changed(clip.id)

    @Slot(str)
    def _row_changed(self, clip_id: str) -> None:
        index = self.find(clip_id)
        if index.isValid():
            self.dataChanged.emit(index, index)

    # --- Qt's interface ---------------------------------------------------------------------
    def rowCount(self, parent: AnyIndex | None = None) -> int:  # noqa: D102, N802
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:  # noqa: D102
        flags = super().flags(index)
        row = index.row()
        # without reading a page: Qt asks for every row that is selected
        clip = self._rows.held(row) if index.isValid() and row < len(self._rows) else None
        if clip is not None and clip.state is ClipState.FINISHED:
            flags |= Qt.ItemFlag.ItemIsDragEnabled
        return flags

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: D102
        if role not in _ROLES or not index.isValid() or index.row() >= len(self._rows):
            return None
        # what is painted does not wait for the disk
        clip = self._rows.held(index.row()) if role in _PAINTED else self.clip(index)
        if clip is None:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return " ".join(clip.request.prompt.split())
            case Qt.ItemDataRole.AccessibleTextRole:
                return spoken_row(clip, self.running)
            case Qt.ItemDataRole.ToolTipRole:
                return tool_tip(clip)
            case ClipRole.STATE:
                return state_words(clip, self.running)
            case ClipRole.FRACTION:
                progress = self.running.progress(clip.id)
                return progress.step / progress.steps if progress else None
        return clip


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
