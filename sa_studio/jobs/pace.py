"""How long takes take, measured in this session, so that it can be told of takes that wait."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace

from sa_studio.events import TimeLeft
from sa_studio.generation import GenerationRequest


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds that the parts of a take need.

    Attributes:
        step: a sampler step.
        before: what the first step takes longer than the others: reading the prompt, warming up.
        after: from the last step to the file; ``None`` until a take has come so far.
    """

    step: float
    before: float = 0.0
    after: float | None = None

    def take(self, steps: int) -> float:
        """Seconds of a whole take, as far as they are known."""
        return self.before + self.step * steps + (self.after or 0.0)


class PaceBook:
    """What was measured last, for each model and each kind of request; usable from every thread.

    A request that was never run goes by the last one of the same model.
    """

    def __init__(self) -> None:
        self._same: dict[Hashable, Pace] = {}
        self._last: dict[Hashable, tuple[float, Pace]] = {}

    def note(self, request: GenerationRequest, pace: Pace) -> None:
        """Remember how fast ``request``, which is resolved, is."""
        self._same[_kind(request)] = pace
        self._last[_model(request)] = request.seconds or 0.0, pace

    def pace(self, request: GenerationRequest) -> Pace | None:
        """How fast ``request`` will be; ``None`` if nothing was measured of its model."""
        same = self._same.get(_kind(request))
        if same is not None:
            return same
        last = self._last.get(_model(request))
        if last is None:
            return None
        seconds, pace = last
        if pace.after is not None and seconds > 0:
            # decoding and writing grow with the sound
            pace = replace(pace, after=pace.after * (request.seconds or 0.0) / seconds)
        return pace

    def time_for(self, requests: list[GenerationRequest]) -> TimeLeft | None:
        """How long takes will need, one after the other; ``None`` if nothing was measured."""
        paces = [(self.pace(request), request.steps or 0) for request in requests]
        known = [(pace, steps) for pace, steps in paces if pace is not None]
        if not known:
            return None
        at_least = len(known) < len(paces) or any(pace.after is None for pace, _ in known)
        return TimeLeft(sum(pace.take(steps) for pace, steps in known), at_least)


def _model(request: GenerationRequest) -> Hashable:
    return request.model, request.device, request.dtype


def _kind(request: GenerationRequest) -> Hashable:
    guided = request.guidance_scale != 1.0
    return _model(request), request.sampler, request.seconds, guided
