"""What the jobs are doing now, gathered from their events, for everything that shows it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, Signal, Slot

from sa_studio.events import (
    ClipFinished,
    JobCancelled,
    JobEvent,
    JobFailed,
    JobFinished,
    JobQueued,
    ModelLoading,
    ModelReady,
    PlanChanged,
    Progress,
    QueueReordered,
    StepPreview,
    TakeDropped,
    TimeLeft,
)
from sa_studio.generation import ClipState

# How much of a take's bar belongs to sampling; decoding is the short rest. Only for the eye:
# the time left is measured, not derived from this.
SAMPLING_SHARE = 0.85


@dataclass(slots=True)
class JobStatus:
    """One job, as far as it has come."""

    id: str
    prompt: str
    takes: int
    state: ClipState = ClipState.QUEUED
    model: str = ""
    take: int = 0
    step: int = 0
    steps: int = 0
    steps_per_second: float | None = None
    time_left: TimeLeft | None = None
    plan: str = ""
    plan_reason: str = ""
    cancelling: bool = False
    finished_takes: int = 0
    started: float = field(default_factory=time.monotonic)

    @property
    def fraction(self) -> float:
        """How much of the whole job is done, 0 … 1."""
        within = self.step / self.steps if self.steps else 0.0
        if self.state is ClipState.RUNNING:
            done = SAMPLING_SHARE * within
        elif self.state is ClipState.DECODING:
            done = SAMPLING_SHARE + (1 - SAMPLING_SHARE) * within
        else:
            done = 0.0
        return min((max(self.take, self.finished_takes) + done) / self.takes, 1.0)

    @property
    def title(self) -> str:
        """The prompt on one line."""
        return " ".join(self.prompt.split())

    @property
    def take_text(self) -> str:
        """How many takes wait, or which one it is at, if there are several."""
        if self.takes <= 1:
            return ""
        if self.state is ClipState.QUEUED:
            return f"{self.takes} takes"
        return f"take {self.take + 1} of {self.takes}"

    @property
    def text(self) -> str:
        """What it does now, in figures that do not dance."""
        if self.cancelling:
            return "cancelling…"
        if self.state is ClipState.QUEUED:
            return "waiting"
        if self.state is ClipState.LOADING:
            return f"loading {self.model}…"
        parts = []
        if self.state is ClipState.DECODING:
            parts.append(f"decoding {self.step}/{self.steps}")
        else:
            parts.append(f"step {self.step}/{self.steps}")
            if self.steps_per_second:
                parts.append(f"{self.steps_per_second:.1f} steps/s")
        if self.time_left is not None:
            parts.append(f"{time_text(self.time_left)} left")
        return " · ".join(parts)

    @property
    def plan_text(self) -> str:
        """How it is run in the memory there is, and why in another way than it began."""
        return f"{self.plan_reason}; now {self.plan}" if self.plan_reason else self.plan

    @property
    def short_text(self) -> str:
        """Take, step and time left, for a narrow place."""
        parts = [self.take_text, self.text]
        if self.state in (ClipState.RUNNING, ClipState.DECODING) and not self.cancelling:
            word = "decoding" if self.state is ClipState.DECODING else "step"
            parts[1] = f"{word} {self.step}/{self.steps}"
            if self.time_left is not None:
                parts.append(f"{time_text(self.time_left)} left")
        text = " · ".join(filter(None, parts))
        return text[:1].upper() + text[1:]


def eta_text(seconds: float) -> str:
    """A time left as "5 s" or "2 min 05 s"."""
    whole = max(0, round(seconds))
    return f"{whole} s" if whole < 60 else f"{whole // 60} min {whole % 60:02d} s"


def time_text(left: TimeLeft) -> str:
    """A time left as :func:`eta_text`, behind "over" if not all of it was measured yet."""
    return f"over {eta_text(left.seconds)}" if left.at_least else eta_text(left.seconds)


class JobTracker(QObject):
    """The jobs that are not over, in their order, and how the last one ended."""

    added = Signal(str)
    changed = Signal(str)
    removed = Signal(str)
    reordered = Signal()
    """The jobs are the same, in another order."""
    ended = Signal(str, str)
    """A short line on how a job ended, and its role: "quiet", "warning" or "error"."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs: dict[str, JobStatus] = {}

    def jobs(self) -> list[JobStatus]:
        """All jobs that are not over, the running one first."""
        return list(self._jobs.values())

    def get(self, job_id: str) -> JobStatus | None:
        """The job, unless it is over."""
        return self._jobs.get(job_id)

    @property
    def current(self) -> JobStatus | None:
        """The job that runs, or else will run next."""
        return next(iter(self._jobs.values()), None)

    def mark_cancelling(self, job_id: str) -> None:
        """Show at once that a job was cancelled; one that only waits disappears at once."""
        job = self._jobs.get(job_id)
        if job is None:
            return
        job.cancelling = True
        if job.state is ClipState.QUEUED:
            self._remove(job_id)
            self.ended.emit("Cancelled", "quiet")
        else:
            self.changed.emit(job_id)

    @Slot(object)
    def on_event(self, event: JobEvent) -> None:
        """Take in what happened; on the GUI thread."""
        if isinstance(event, JobQueued):
            prompt = event.clips[0].request.prompt
            self._jobs[event.job_id] = JobStatus(event.job_id, prompt, len(event.clips))
            self.added.emit(event.job_id)
            return
        if isinstance(event, QueueReordered):
            self._reorder(event.waiting)
            return
        if isinstance(event, StepPreview):  # it says nothing of how far the job is
            return
        job = self._jobs.get(event.job_id)
        if job is None:
            return
        match event:
            case ModelLoading():
                job.state, job.model = ClipState.LOADING, event.model
                job.started = time.monotonic()
            case ModelReady():
                job.plan = event.plan
            case PlanChanged():
                job.plan, job.plan_reason = event.plan, event.reason
            case Progress():
                if job.state is ClipState.QUEUED:
                    job.started = time.monotonic()
                job.state, job.take, job.takes = event.state, event.take, event.takes
                job.step, job.steps = event.step, event.steps
                job.steps_per_second = event.steps_per_second
                if event.eta_seconds is not None:
                    job.time_left = TimeLeft(event.eta_seconds, event.at_least)
            case TakeDropped():
                job.takes -= 1
            case ClipFinished():
                job.finished_takes += 1
                job.step, job.state = 0, ClipState.RUNNING
            case JobFinished() | JobFailed() | JobCancelled():
                self._remove(event.job_id)
                self.ended.emit(*_ending(event, job))
                return
        self.changed.emit(event.job_id)

    def _reorder(self, waiting: tuple[str, ...]) -> None:
        """Jobs that wait as ``waiting`` says, behind those that do not."""
        places = {job_id: place for place, job_id in enumerate(waiting)}
        order = sorted(self._jobs, key=lambda job_id: places.get(job_id, -1))
        self._jobs = {job_id: self._jobs[job_id] for job_id in order}
        self.reordered.emit()

    def _remove(self, job_id: str) -> None:
        del self._jobs[job_id]
        self.removed.emit(job_id)


def _ending(event: JobEvent, job: JobStatus) -> tuple[str, str]:
    kept = f" · {job.finished_takes} of {job.takes} takes kept" if job.finished_takes else ""
    if isinstance(event, JobFailed):
        what_to_do = f". {event.hint}" if event.hint else ""
        return f"Failed: {event.message}{kept}{what_to_do}", "error"
    if isinstance(event, JobCancelled):
        return f"Cancelled{kept}", "quiet"
    took = time.monotonic() - job.started
    what = "1 take" if job.takes == 1 else f"{job.takes} takes"
    time_text = f"{took:.1f} s" if took < 10 else eta_text(took)
    return f"Done: {what} in {time_text}", "quiet"
