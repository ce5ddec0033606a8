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
class TimeLeft:
    """How long something will still take, by what was measured; ``at_least`` if not all was."""

    seconds: float
    at_least: bool = False


@dataclass(frozen=True, slots=True)
class JobEvent:
    """Something happened to a job."""

    job_id: str


@dataclass(frozen=True, slots=True)
class JobQueued(JobEvent):
    """The job was accepted; ``clips`` are its takes, all in state queued."""

    clips: tuple[Clip, ...]


@dataclass(frozen=True, slots=True)
class JobResumed(JobQueued):
    """Takes that the end of the application interrupted are queued again; they keep their ids."""


@dataclass(frozen=True, slots=True)
class QueueReordered(JobEvent):
    """The job was moved; ``waiting`` holds the ids of the waiting jobs in their new order."""

    waiting: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TakeDropped(JobEvent):
    """One take of a waiting job was cancelled; the job goes on without it."""

    clip: Clip


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

    ``take`` counts from 0 to ``takes`` - 1, the takes that the job was queued with less those that
    were dropped. ``eta_seconds`` is the time left for the whole job, as measured; ``None`` until
    something was. It is ``at_least`` that until a whole take was measured.
    """

    clip_id: str
    take: int
    takes: int
    state: ClipState
    step: int
    steps: int
    steps_per_second: float | None
    eta_seconds: float | None
    at_least: bool = False


@dataclass(frozen=True, slots=True)
class StepPreview(JobEvent):
    """What a take that is being sampled is going to look like; after some of the steps.

    ``envelope`` holds the lowest and the highest sample to be expected in n stretches of equal
    length that cover the sound: [channels, 2, n], float32, -1 … 1. As ``is_sketch`` it tells where
    something happens, but not how loud it is.
    """

    clip_id: str
    envelope: np.ndarray
    is_sketch: bool = False


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
    """The job was cancelled, or interrupted by the end of the application.

    ``clips`` are the takes that were not made; their state says which it was.
    """

    clips: tuple[Clip, ...]
