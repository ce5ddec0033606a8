"""Jobs in the order in which they came, worked off by whichever thread asks to."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable

from sa_studio.events import JobEvent
from sa_studio.jobs.job import Job

Emit = Callable[[JobEvent], None]
RunJob = Callable[[Job, Emit], None]


class JobQueue:
    """The waiting jobs and the running one.

    Args:
        run: carries out one job and reports; it handles every failure of the job itself.
    """

    def __init__(self, run: RunJob) -> None:
        self._run = run
        self._waiting: deque[Job] = deque()
        self._running: Job | None = None
        self._stopped = False
        self._changed = threading.Condition()

    def submit(self, job: Job) -> None:
        """Put a job at the end; after :meth:`stop` it is cancelled at once; any thread."""
        with self._changed:
            if self._stopped:
                job.cancel.set()
            self._waiting.append(job)
            self._changed.notify_all()

    def cancel(self, job_id: str) -> Job | None:
        """Ask a job to stop; unknown ids are ignored; any thread.

        Returns:
            The job if it was only waiting: it is out of the queue, never runs, and is the
            caller's to report. ``None`` if it runs: it is reported by whoever runs it.
        """
        with self._changed:
            if self._running is not None and self._running.id == job_id:
                self._running.cancel.set()
            waiting = next((job for job in self._waiting if job.id == job_id), None)
            if waiting is not None:
                waiting.cancel.set()
                self._waiting.remove(waiting)
            return waiting

    def run(self, emit: Emit) -> None:
        """Work until :meth:`stop`, on this thread; blocks while there is nothing to do."""
        while (job := self._next(wait=True)) is not None:
            self._work_on(job, emit)

    def run_until_empty(self, emit: Emit) -> None:
        """Work off what is waiting, on this thread, and return."""
        while (job := self._next(wait=False)) is not None:
            self._work_on(job, emit)

    def stop(self) -> None:
        """Cancel everything and let :meth:`run` return; any thread."""
        with self._changed:
            self._stopped = True
            for job in (*self._waiting, self._running):
                if job is not None:
                    job.cancel.set()
            self._changed.notify_all()

    def _next(self, *, wait: bool) -> Job | None:
        with self._changed:
            while wait and not self._waiting and not self._stopped:
                self._changed.wait()
            # after a stop the cancelled jobs are still reported
            self._running = self._waiting.popleft() if self._waiting else None
            return self._running

    def _work_on(self, job: Job, emit: Emit) -> None:
        try:
            self._run(job, emit)
        finally:
            with self._changed:
                self._running = None
