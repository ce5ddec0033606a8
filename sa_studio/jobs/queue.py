"""Jobs in the order in which they are to run, worked off by whichever thread asks to."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

from sa_studio.events import JobEvent
from sa_studio.jobs.job import Job

Emit = Callable[[JobEvent], None]
RunJob = Callable[[Job, Emit], None]


class JobQueue:
    """The waiting jobs and the running one. What is done with waiting ones leaves it alone.

    Args:
        run: carries out one job and reports; it handles every failure of the job itself.
    """

    def __init__(self, run: RunJob) -> None:
        self._run = run
        self._waiting: list[Job] = []
        self._running: Job | None = None
        self._stopped = False
        self._calls: list[Callable[[], object]] = []
        self._changed = threading.Condition()

    def submit(self, job: Job) -> None:
        """Put a job at the end; after :meth:`stop` it is interrupted at once; any thread."""
        with self._changed:
            if self._stopped:
                job.interrupt.set()
            self._waiting.append(job)
            self._changed.notify_all()

    def waiting(self) -> tuple[Job, ...]:
        """The waiting jobs, the next one first; any thread."""
        with self._changed:
            return tuple(self._waiting)

    def order(self) -> tuple[str, ...]:
        """The ids of the running job and the waiting ones, in their order; any thread."""
        with self._changed:
            running = () if self._running is None else (self._running,)
            return tuple(job.id for job in (*running, *self._waiting))

    def move(self, job_id: str, position: int) -> bool:
        """Let a waiting job be number ``position``, from 0, of those that wait; any thread.

        Positions beyond the ends mean the ends.

        Returns:
            Whether it waits; if not, nothing has changed.
        """
        with self._changed:
            job = self._find(job_id)
            if job is None:
                return False
            self._waiting.remove(job)
            self._waiting.insert(max(position, 0), job)
            return True

    def cancel(self, job_id: str) -> Job | None:
        """Ask a job to stop; unknown ids are ignored; any thread.

        Returns:
            The job if it was only waiting: it is out of the queue, never runs, and is the
            caller's to report. ``None`` if it runs: it is reported by whoever runs it.
        """
        with self._changed:
            if self._running is not None and self._running.id == job_id:
                self._running.cancel.set()
            waiting = self._find(job_id)
            if waiting is not None:
                waiting.cancel.set()
                self._waiting.remove(waiting)
            return waiting

    def drop_take(self, job_id: str, clip_id: str) -> bool:
        """Take one of several takes out of a waiting job; any thread.

        Returns:
            Whether it is out, and thus the caller's to report. A job keeps its only take.
        """
        with self._changed:
            job = self._find(job_id)
            if job is None:
                return False
            left = tuple(clip for clip in job.clips if clip.id != clip_id)
            if not left or len(left) == len(job.clips):
                return False
            self._waiting[self._waiting.index(job)] = replace(job, clips=left)
            return True

    def clear(self) -> tuple[Job, ...]:
        """Cancel what waits, but not what runs; any thread.

        Returns:
            The jobs that are out of the queue, never run, and are the caller's to report.
        """
        with self._changed:
            cleared = tuple(self._waiting)
            self._waiting.clear()
            for job in cleared:
                job.cancel.set()
            return cleared

    def call(self, work: Callable[[], object]) -> None:
        """Do something that must not raise between two jobs, on their thread; any thread.

        It is done before the next job begins, and after :meth:`stop` as well.
        """
        with self._changed:
            self._calls.append(work)
            self._changed.notify_all()

    def run(self, emit: Emit) -> None:
        """Work until :meth:`stop`, on this thread; blocks while there is nothing to do."""
        while (job := self._next(wait=True)) is not None:
            self._work_on(job, emit)

    def run_until_empty(self, emit: Emit) -> None:
        """Work off what is waiting, on this thread, and return."""
        while (job := self._next(wait=False)) is not None:
            self._work_on(job, emit)

    def stop(self) -> None:
        """Interrupt everything and let :meth:`run` return; any thread."""
        with self._changed:
            self._stopped = True
            for job in (*self._waiting, self._running):
                if job is not None:
                    job.interrupt.set()
            self._changed.notify_all()

    def _find(self, job_id: str) -> Job | None:
        return next((job for job in self._waiting if job.id == job_id), None)

    def _next(self, *, wait: bool) -> Job | None:
        while True:
            with self._changed:
                while wait and not (self._waiting or self._calls or self._stopped):
                    self._changed.wait()
                if not self._calls:
                    # after a stop the interrupted jobs are still reported
                    self._running = self._waiting.pop(0) if self._waiting else None
                    return self._running
                work = self._calls.pop(0)
            work()

    def _work_on(self, job: Job, emit: Emit) -> None:
        try:
            self._run(job, emit)
        finally:
            with self._changed:
                self._running = None
