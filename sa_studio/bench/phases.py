"""What the engine was doing when: from the job's own events, timed on the engine's thread."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable

from sa_studio.events import (
    ClipFinished,
    JobCancelled,
    JobEvent,
    JobFailed,
    JobFinished,
    ModelLoading,
    Progress,
)
from sa_studio.generation import ClipState

LOADING, SAMPLING, DECODING = "loading", "sampling", "decoding"


class PhaseLog:
    """Stretches of time, each with what was going on in it.

    Loading lasts until the first sampler step is done, for no event tells that the weights are
    there; decoding until the file is written and in the library.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._current: tuple[str, float] | None = None
        self._stretches: list[tuple[str, float, float]] = []

    def enter(self, phase: str | None) -> None:
        """From now on it is this phase, or none."""
        now = self._clock()
        with self._lock:
            if self._current is not None:
                if self._current[0] == phase:
                    return
                self._stretches.append((*self._current, now))
            self._current = None if phase is None else (phase, now)

    def notice(self, event: JobEvent) -> None:
        """Follow a job; called on whichever thread the event was made."""
        match event:
            case ModelLoading():
                self.enter(LOADING)
            case Progress(state=ClipState.RUNNING, step=step, steps=steps) if step < steps:
                self.enter(SAMPLING)
            case Progress(state=ClipState.RUNNING):
                self.enter(DECODING)
            case ClipFinished():
                self.enter(SAMPLING)  # of the next take; the job's end closes it at once
            case JobFinished() | JobFailed() | JobCancelled():
                self.enter(None)

    def stretches(self, phases: Iterable[str]) -> list[tuple[float, float]]:
        """Start and stop of every finished stretch of these phases."""
        wanted = set(phases)
        with self._lock:
            return [(start, stop) for phase, start, stop in self._stretches if phase in wanted]
