"""What the jobs say of the takes that are in the making."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

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
from sa_studio.generation import Clip, ClipState


class RunningTakes(QObject):
    """Follows the jobs that were queued since the start, and how far each of their takes is."""

    queued = Signal(object)
    """The takes of a new job, the first one first."""
    moved_on = Signal(str)
    """The id of a take that is farther than it was."""
    ended = Signal(object)
    """A :class:`Clip` that nothing more is known of than the library has."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._first_of_job: dict[str, str] = {}
        self._progress: dict[str, Progress] = {}
        self._loading: set[str] = set()

    def first_of_job(self, job_id: str) -> str:
        """The id of the first take of a job; empty for one that was queued before the start."""
        return self._first_of_job.get(job_id, "")

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

    @Slot(object)
    def on_event(self, event: JobEvent) -> None:
        """Take in what happened; on the GUI thread."""
        match event:
            case JobResumed():  # their rows are there
                self._first_of_job[event.job_id] = event.clips[0].id
                self._end(*event.clips)
            case JobQueued():
                self._first_of_job[event.job_id] = event.clips[0].id
                self.queued.emit(event.clips)
            case ModelLoading():
                first = self.first_of_job(event.job_id)
                if first:
                    self._loading.add(first)
                    self.moved_on.emit(first)
            case Progress():
                self._progress[event.clip_id] = event
                self.moved_on.emit(event.clip_id)
            case ClipFinished() | TakeDropped():
                self._end(event.clip)
            case JobFailed() | JobCancelled():
                self._end(*event.clips)

    def _end(self, *clips: Clip) -> None:
        for clip in clips:
            self._progress.pop(clip.id, None)
            self._loading.discard(clip.id)
            self.ended.emit(clip)
