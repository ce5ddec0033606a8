"""What becomes of jobs that wait: in the queue, in the library, and for whoever listens."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sa_studio.events import (
    JobCancelled,
    JobEvent,
    JobQueued,
    JobResumed,
    QueueReordered,
    TakeDropped,
)
from sa_studio.generation import Clip, ClipState, GenerationRequest, new_id
from sa_studio.jobs.job import Job
from sa_studio.jobs.leftovers import Leftovers
from sa_studio.jobs.outcome import note_outcome
from sa_studio.jobs.queue import JobQueue
from sa_studio.library.history import History


class WaitingJobs:
    """Keeps queue and library in step until a job runs, and tells of every change.

    Args:
        queue: where the jobs wait.
        history: the library.
        leftovers: what the end of the application interrupted.

    Attributes:
        listeners: are called with every change, on the thread that makes it.
    """

    def __init__(self, queue: JobQueue, history: History, leftovers: Leftovers) -> None:
        self._queue, self._history, self._leftovers = queue, history, leftovers
        self.listeners: list[Callable[[JobEvent], None]] = []

    def submit(self, request: GenerationRequest, clip_ids: Sequence[str] = ()) -> str:
        """Enter the takes of a resolved request into the library, under these ids or new ones,
        and queue their job.

        Returns its id.
        """
        job_id = new_id()
        clips = self._history.add(job_id, list(request.takes()), clip_ids)
        self._tell(JobQueued(job_id, clips))
        self._queue.submit(Job(job_id, request, clips))
        return job_id

    def resume(self) -> None:
        """Queue what was interrupted again, behind what waits; raises LibraryError."""
        for job in self._leftovers.take_up():
            self._tell(JobResumed(job.id, job.clips))
            self._queue.submit(job)

    def cancel(self, job_id: str) -> None:
        """Cancel a job; one that only waits is over at once. Other ids are ignored."""
        job = self._queue.cancel(job_id)
        if job is not None:
            self._tell_cancelled(job)

    def drop_take(self, job_id: str, clip_id: str) -> None:
        """Cancel one take of a job that waits; the only one with its job. Others are ignored."""
        dropped = [clip for clip in self.clips(job_id) if clip.id == clip_id]
        if self._queue.drop_take(job_id, clip_id):
            (clip,) = note_outcome(self._history, dropped, ClipState.CANCELLED)
            self._tell(TakeDropped(job_id, clip))
        elif [clip.id for clip in self.clips(job_id)] == [clip_id]:
            self.cancel(job_id)

    def clear(self) -> None:
        """Cancel all jobs that wait."""
        for job in self._queue.clear():
            self._tell_cancelled(job)

    def move(self, job_id: str, position: int) -> None:
        """Let a job be number ``position``, from 0; one that does not wait is ignored.

        Raises:
            DataFolderError: the order is changed, but cannot be kept for the next start.
        """
        if self._queue.move(job_id, position):
            waiting = tuple(job.id for job in self._queue.waiting())
            self._tell(QueueReordered(job_id, waiting))
            self._leftovers.remember_order(self._queue.order())

    def clips(self, job_id: str) -> tuple[Clip, ...]:
        """The takes of a job that waits; none of any other."""
        jobs = self._queue.waiting()
        return next((job.clips for job in jobs if job.id == job_id), ())

    def requests(self) -> list[GenerationRequest]:
        """What is asked for by each take that waits."""
        return [clip.request for job in self._queue.waiting() for clip in job.clips]

    def _tell_cancelled(self, job: Job) -> None:
        clips = note_outcome(self._history, job.clips, ClipState.CANCELLED)
        self._tell(JobCancelled(job.id, clips))

    def _tell(self, event: JobEvent) -> None:
        for listener in self.listeners:
            listener(event)
