"""How fast a job goes and how long it will still take, measured from the job itself."""

from __future__ import annotations

import time
from collections.abc import Callable

from sa_studio.events import Progress
from sa_studio.generation import Clip, ClipState, DecodedChunk, GenerationRequest, SamplingStep
from sa_studio.jobs.pace import Pace, PaceBook


class ProgressMeter:
    """Turns what the pipeline yields into :class:`Progress`.

    A take is a slow first step, the others, and what follows them: decoding, writing. As long as
    what follows was never measured, by this job or one before, times left are "at least".

    Args:
        job_id: the job's id.
        takes: how many takes it has.
        paces: what was measured before; it learns from this job.
        clock: seconds that only grow.
    """

    def __init__(
        self,
        job_id: str,
        takes: int,
        paces: PaceBook,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._job_id, self._takes, self._paces, self._clock = job_id, takes, paces, clock
        self._last = self._sampled = clock()
        # seconds, as far as they are known: of the first step of this take, which also reads the
        # prompt; of the other steps; of the chunks behind the first, which prepares them all; from
        # the last step to the file, and what decoding makes of that until there is one
        self._first = 0.0
        self._step: float | None = None
        self._chunk: float | None = None
        self._after: float | None = None
        self._foreseen: float | None = None
        # the very first step of a model warms up: no other take does that again
        self._is_warm = False

    def start(self) -> None:
        """A take begins now; what came before (loading) does not count."""
        self._last = self._clock()

    def step(self, clip: Clip, event: SamplingStep) -> Progress:
        """A sampler step is done."""
        seconds = self._lap()
        self._sampled = self._last
        if event.step == 1:
            self._first = seconds
            self._is_warm |= self._paces.pace(clip.request) is not None
        else:
            self._step = _mean(self._step, seconds)
        pace = self._pace(clip.request)
        if self._step is not None:
            self._paces.note(clip.request, pace)
        left = pace.step * (event.steps - event.step) + (pace.after or 0.0)
        left += self._later(event.take) * pace.take(event.steps)
        return Progress(
            self._job_id,
            clip.id,
            event.take,
            self._takes,
            ClipState.RUNNING,
            event.step,
            event.steps,
            1 / pace.step,
            left,
            pace.after is None,
        )

    def chunk(self, clip: Clip, event: DecodedChunk) -> Progress:
        """A chunk is decoded."""
        seconds = self._lap()
        if event.index > 1:
            self._chunk = _mean(self._chunk, seconds)
        left = (self._chunk or seconds) * (event.chunks - event.index)
        since = self._last - self._sampled
        self._foreseen = since + left
        pace = self._pace(clip.request)
        left = max(left, (pace.after or 0.0) - since)  # there is a file to be written, too
        later = self._later(event.take) * pace.take(clip.request.steps or 0)
        return Progress(
            self._job_id,
            clip.id,
            event.take,
            self._takes,
            ClipState.DECODING,
            event.index,
            event.chunks,
            None,
            left + later,
        )

    def finish(self, clip: Clip) -> None:
        """The file of a take is there."""
        self._after = self._clock() - self._sampled
        self._is_warm = True
        self._paces.note(clip.request, self._pace(clip.request))

    def _pace(self, request: GenerationRequest) -> Pace:
        known = self._paces.pace(request)
        step = self._step or (known.step if known else self._first)
        before = max(self._first - step, 0.0) if self._is_warm else 0.0
        measured = (self._after, known.after if known else None, self._foreseen)
        return Pace(step, before, next((after for after in measured if after is not None), None))

    def _later(self, take: int) -> int:
        """How many takes come after this one."""
        return self._takes - take - 1

    def _lap(self) -> float:
        now = self._clock()
        seconds, self._last = max(now - self._last, 1e-6), now
        return seconds


def _mean(mean: float | None, seconds: float) -> float:
    """A running mean that forgets."""
    return seconds if mean is None else 0.7 * mean + 0.3 * seconds
