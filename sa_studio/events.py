"""What the job queue reports while it works; each event carries only finished facts.

Events are immutable and may cross threads. They are made on the thread that runs the queue.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sa_studio.generation import Clip, ClipState

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True, slots=True)
class JobEvent:
    """Something happened to a job."""

    job_id: str


@dataclass(frozen=True, slots=True)
class JobQueued(JobEvent):
    """The job was accepted; ``clips`` are its takes, all in state queued."""

    clips: tuple[Clip, ...]


@dataclass(frozen=True, slots=True)
class ModelLoading(JobEvent):
    """The model is being loaded; ``model`` is its id."""

    model: str


@dataclass(frozen=True, slots=True)
class ModelReady(JobEvent):
    """The model is loaded; ``device`` and ``dtype`` are where and how precisely it computes.

    ``plan`` says in words how it is run in the memory there is.
    """

    model: str
    device: str
    dtype: str
    plan: str = ""


@dataclass(frozen=True, slots=True)
class PlanChanged(JobEvent):
    """The take begins anew, run in another way: ``plan`` says how, ``reason`` why."""

    plan: str
    reason: str


@dataclass(frozen=True, slots=True)
class Progress(JobEvent):
    """A sampler step (state running) or a decoded chunk (state decoding) is done.

    ``eta_seconds`` is the time left for the whole job, measured from this run; ``None`` until
    there is something to measure.
    """

    clip_id: str
    take: int
    takes: int
    state: ClipState
    step: int
    steps: int
    steps_per_second: float | None
    eta_seconds: float | None


@dataclass(frozen=True, slots=True)
class ChunkDecoded(JobEvent):
    """``audio`` [channels, samples] belongs at sample ``start`` of ``total_samples``."""

    clip_id: str
    start: int
    total_samples: int
    sample_rate: int
    audio: np.ndarray


@dataclass(frozen=True, slots=True)
class ClipFinished(JobEvent):
    """A take is on disk and in the library; ``plan`` says where and how it was computed."""

    clip: Clip
    plan: str = ""


@dataclass(frozen=True, slots=True)
class JobFinished(JobEvent):
    """Every take of the job is finished."""


@dataclass(frozen=True, slots=True)
class JobFailed(JobEvent):
    """The job stopped; takes that were finished are kept, the others are in ``clips``.

    ``details`` holds a traceback when the cause is our bug, and is empty otherwise.
    """

    clips: tuple[Clip, ...]
    message: str
    hint: str
    details: str = ""


@dataclass(frozen=True, slots=True)
class JobCancelled(JobEvent):
    """The job was cancelled; ``clips`` are the takes that were not made."""

    clips: tuple[Clip, ...]
