"""The takes of the library as a Qt model: read in pages, kept current by job events."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
    Slot,
)

from sa_studio.events import (
    ClipFinished,
    JobCancelled,
    JobEvent,
    JobFailed,
    JobQueued,
    ModelLoading,
    Progress,
)
from sa_studio.generation import Clip, ClipState
from sa_studio.service import Studio

PAGE = 200

AnyIndex = QModelIndex | QPersistentModelIndex


class ClipRole(IntEnum):
    """What a row knows beyond its prompt."""

    CLIP = Qt.ItemDataRole.UserRole
    STATE = Qt.ItemDataRole.UserRole + 1
    FRACTION = Qt.ItemDataRole.UserRole + 2


class ClipModel(QAbstractListModel):
    """Rows of takes, newest first, whose prompts match the search.

    The database is the truth; between its pages this model follows the events.
    """

    clip_finished = Signal(object)
    """A take became playable; carries the :class:`Clip`."""

    def __init__(self, studio: Studio, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._search = ""
        self._clips: list[Clip] = []
        self._rows: dict[str, int] = {}
        self._progress: dict[str, Progress] = {}
        self._loading: set[str] = set()
        self._complete = False
        self.reload()

    # --- reading ----------------------------------------------------------------------------
    def clip(self, index: AnyIndex) -> Clip | None:
        """The take in a row."""
        row = index.row()
        return self._clips[row] if index.isValid() and row < len(self._clips) else None

    def find(self, clip_id: str) -> QModelIndex:
        """The row of a take; invalid if it is not among those that are loaded."""
        row = self._rows.get(clip_id)
        return QModelIndex() if row is None else self.index(row)

    def first_of_job(self, job_id: str) -> Clip | None:
        """The first take of a job, if it is among the rows that are loaded."""
        return next((clip for clip in self._clips if clip.job_id == job_id), None)

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

    def set_search(self, text: str) -> None:
        """Show the takes whose prompt has every word of ``text``."""
        if text != self._search:
            self._search = text
            self.reload()

    @Slot()
    def reload(self) -> None:
        """Read the first page anew."""
        self.beginResetModel()
        self._clips = self._studio.clips(self._search, limit=PAGE)
        self._complete = len(self._clips) < PAGE
        self._number_rows()
        self.endResetModel()

    def remove(self, clip_ids: list[str]) -> None:
        """Take rows out of the list and the library; files stay, and so do takes in the making."""
        self._studio.remove_clips(clip_ids)
        rows = [self._rows[clip_id] for clip_id in clip_ids if clip_id in self._rows]
        for row in sorted((row for row in rows if self._clips[row].state.is_final), reverse=True):
            self.beginRemoveRows(QModelIndex(), row, row)
            del self._clips[row]
            self.endRemoveRows()
        self._number_rows()

    # --- Qt's interface ---------------------------------------------------------------------
    def rowCount(self, parent: AnyIndex | None = None) -> int:  # noqa: D102, N802
        return 0 if parent is not None and parent.isValid() else len(self._clips)

    def canFetchMore(self, parent: AnyIndex) -> bool:  # noqa: D102, N802
        return not parent.isValid() and not self._complete

    def fetchMore(self, _parent: AnyIndex) -> None:  # noqa: D102, N802
        offset = len(self._clips)
        page = self._studio.clips(self._search, limit=PAGE, offset=offset)
        self._complete = len(page) < PAGE
        # rows that were added meanwhile shift the pages; what is there is not added again
        new = [clip for clip in page if clip.id not in self._rows]
        if new:
            self.beginInsertRows(QModelIndex(), offset, offset + len(new) - 1)
            self._clips.extend(new)
            self._number_rows()
            self.endInsertRows()

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:  # noqa: D102
        flags = super().flags(index)
        clip = self.clip(index)
        if clip is not None and clip.state is ClipState.FINISHED:
            flags |= Qt.ItemFlag.ItemIsDragEnabled
        return flags

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: D102
        clip = self.clip(index)
        if clip is None:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return " ".join(clip.request.prompt.split())
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{clip.request.prompt}, {self._state_text(clip)}"
            case Qt.ItemDataRole.ToolTipRole:
                return self._tool_tip(clip)
            case ClipRole.CLIP:
                return clip
            case ClipRole.STATE:
                return self._state_text(clip)
            case ClipRole.FRACTION:
                progress = self._progress.get(clip.id)
                return progress.step / progress.steps if progress else None
        return None

    # --- following the jobs -----------------------------------------------------------------
    @Slot(object)
    def on_event(self, event: JobEvent) -> None:
        """Take in what happened; on the GUI thread."""
        match event:
            case JobQueued():
                self._add(event.clips)
            case ModelLoading():
                self._mark_loading(event.job_id)
            case Progress():
                self._progress[event.clip_id] = event
                self._changed(event.clip_id)
            case ClipFinished():
                self._replace(event.clip)
                self.clip_finished.emit(event.clip)
            case JobFailed() | JobCancelled():
                for clip in event.clips:
                    self._replace(clip)

    def _add(self, clips: tuple[Clip, ...]) -> None:
        if self._search:
            self.reload()
            return
        # the first take on top of the later ones, as the library itself sorts them
        self.beginInsertRows(QModelIndex(), 0, len(clips) - 1)
        self._clips[:0] = clips
        self._number_rows()
        self.endInsertRows()

    def _mark_loading(self, job_id: str) -> None:
        first = self.first_of_job(job_id)
        if first is not None:
            self._loading.add(first.id)
            self._changed(first.id)

    def _replace(self, clip: Clip) -> None:
        self._progress.pop(clip.id, None)
        self._loading.discard(clip.id)
        row = self._rows.get(clip.id)
        if row is not None:
            self._clips[row] = clip
            self._changed(clip.id)

    def _changed(self, clip_id: str) -> None:
        index = self.find(clip_id)
        if index.isValid():
            self.dataChanged.emit(index, index)

    def _number_rows(self) -> None:
        self._rows = {clip.id: row for row, clip in enumerate(self._clips)}

    def _state_text(self, clip: Clip) -> str:
        state = self.state(clip)
        progress = self._progress.get(clip.id)
        if state is ClipState.FINISHED:
            return f"{clip.seconds or 0:.1f} s"
        if state is ClipState.FAILED:
            return clip.error or "failed"
        if state is ClipState.RUNNING and progress:
            return f"step {progress.step}/{progress.steps}"
        if state is ClipState.DECODING and progress:
            return f"decoding {progress.step}/{progress.steps}"
        return {ClipState.QUEUED: "waiting", ClipState.LOADING: "loading the model"}.get(
            state, state.value
        )

    def _tool_tip(self, clip: Clip) -> str:
        request = clip.request
        lines = [request.prompt.strip()[:300]]
        if request.negative_prompt:
            lines.append(f"without: {request.negative_prompt[:200]}")
        lines.append(
            f"seed {request.seed} · {request.steps} steps · cfg {request.guidance_scale:g} · "
            f"{request.sampler} · {request.model}"
        )
        lines += [text for text in (clip.error, clip.hint) if text]
        if clip.path is not None:
            lines.append(str(clip.path))
        return "\n".join(lines)
