"""How fast a job goes and how long it will still take, measured from the job itself."""

from __future__ import annotations

import time
from collections.abc import Callable

from sa_studio.events import Progress
from sa_studio.generation import Clip, ClipState, DecodedChunk, SamplingStep


class ProgressMeter:
    """Turns what the pipeline yields into :class:`Progress`.

    Args:
        job_id: the job's id.
        takes: how many takes it has.
        clock: seconds that only grow.
    """

    def __init__(
        self, job_id: str, takes: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._job_id, self._takes, self._clock = job_id, takes, clock
        self._last = clock()
        # seconds of one step and one chunk, and chunks of a take, as far as they are known; the
        # first step of a job also warms up, so a running mean forgets it
        self._step_seconds: float | None = None
        self._chunk_seconds: float | None = None
        self._chunks = 0

    def start(self) -> None:
        """The pipeline begins to work now; what came before (loading) does not count."""
        self._last = self._clock()

    def step(self, clip: Clip, event: SamplingStep) -> Progress:
        """A sampler step is done."""
        self._step_seconds = self._measure(self._step_seconds)
        left = self._step_seconds * (event.steps - event.step)
        left += (self._chunk_seconds or 0.0) * self._chunks
        return self._progress(
            clip,
            ClipState.RUNNING,
            event.step,
            event.steps,
            left,
            1 / self._step_seconds,
            event.steps,
        )

    def chunk(self, clip: Clip, event: DecodedChunk) -> Progress:
        """A chunk is decoded."""
        self._chunk_seconds = self._measure(self._chunk_seconds)
        self._chunks = event.chunks
        left = self._chunk_seconds * (event.chunks - event.index)
        return self._progress(
            clip,
            ClipState.DECODING,
            event.index,
            event.chunks,
            left,
            None,
            clip.request.steps or 0,
        )

    def _measure(self, mean: float | None) -> float:
        now = self._clock()
        seconds, self._last = max(now - self._last, 1e-6), now
        return seconds if mean is None else 0.7 * mean + 0.3 * seconds

    def _progress(
        self,
        clip: Clip,
        state: ClipState,
        step: int,
        steps: int,
        left: float,
        rate: float | None,
        steps_per_take: int,
    ) -> Progress:
        later = self._takes - clip.take - 1
        take = (self._step_seconds or 0.0) * steps_per_take
        take += (self._chunk_seconds or 0.0) * self._chunks
        return Progress(
            self._job_id,
            clip.id,
            clip.take,
            self._takes,
            state,
            step,
            steps,
            rate,
            left + later * take,
        )
