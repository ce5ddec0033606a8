"""What is changed about a take for its delivery; its file stays as it was generated."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from sa_studio.errors import RequestError

MAX_GAIN_DB = 40.0


@dataclass(frozen=True, slots=True)
class SoundEdit:
    """An edit that is applied whenever the take is heard or delivered, in this order.

    Times are seconds of the take as it was generated. Nothing is changed by default.

    Attributes:
        start, stop: what is kept; ``None`` is the end.
        reverse: played backwards.
        gain_db: louder or softer.
        fade_in, fade_out: seconds, at what are then the beginning and the end; a loop has none.
        loop_crossfade: seconds that the end is blended into the beginning, so that it can be
            repeated without a seam; at most half of what is kept; 0: no loop.
    """

    start: float = 0.0
    stop: float | None = None
    reverse: bool = False
    gain_db: float = 0.0
    fade_in: float = 0.0
    fade_out: float = 0.0
    loop_crossfade: float = 0.0

    def __post_init__(self) -> None:
        for name in ("start", "gain_db", "fade_in", "fade_out", "loop_crossfade"):
            value = getattr(self, name)
            if not math.isfinite(value) or (value < 0 and name != "gain_db"):
                raise _problem(name, value)
        if abs(self.gain_db) > MAX_GAIN_DB:
            raise _problem("gain_db", self.gain_db)
        if self.stop is not None and not (math.isfinite(self.stop) and self.stop > self.start):
            raise _problem("stop", self.stop)

    @property
    def is_loop(self) -> bool:
        """Whether the result is meant to be repeated."""
        return self.loop_crossfade > 0

    # --- what is left of a take that is ``seconds`` long ---------------------------------------
    def kept(self, seconds: float) -> tuple[float, float]:
        """From where to where it is kept, in seconds of the take as it was generated."""
        stop = seconds if self.stop is None else min(self.stop, seconds)
        return min(self.start, stop), stop

    def duration(self, seconds: float) -> float:
        """How long it is then; of a loop, one repetition."""
        start, stop = self.kept(seconds)
        return stop - start - min(self.loop_crossfade, (stop - start) / 2)

    def trimmed(self, seconds: float, first: float, last: float) -> SoundEdit:
        """The edit that keeps ``first`` to ``last``, which are seconds of what is heard now.

        Places before 0 and behind the end bring back what was cut there, as far as there is any.
        A loop stays one: its repetition is what is kept.

        Raises:
            RequestError: nothing would be left.
        """
        start, stop = self.kept(seconds)
        crossfade = min(self.loop_crossfade, max(last - first, 0.0))
        if self.reverse:
            start, stop = stop - last - crossfade, stop - first
        else:
            start, stop = start + first, start + last + crossfade
        start, stop = max(start, 0.0), min(stop, seconds)
        if not start < stop:
            raise RequestError(
                "stop", "Nothing would be left of the sound", "Keep a longer part of it."
            )
        edit = replace(
            self,
            start=start,
            stop=stop if stop < seconds else None,
            loop_crossfade=min(crossfade, (stop - start) / 2),
        )
        length = edit.duration(seconds)
        return replace(edit, fade_in=min(self.fade_in, length), fade_out=min(self.fade_out, length))

    def with_crossfade(self, seconds: float, crossfade: float) -> SoundEdit:
        """The edit with another crossfade of the loop; 0: no loop.

        What is repeated begins where it began and is as long as it was: the blend is made of what
        lies behind it, as far as there is any.
        """
        repeated = self.duration(seconds)
        return replace(self, loop_crossfade=crossfade).trimmed(seconds, 0.0, repeated)

    def as_dict(self) -> dict[str, Any]:
        """What differs from no edit at all, as plain values."""
        untouched = asdict(UNTOUCHED)
        return {name: value for name, value in asdict(self).items() if value != untouched[name]}

    @classmethod
    def from_dict(cls, content: dict[str, Any]) -> SoundEdit:
        """The other way round; keys that a newer version wrote are passed over.

        Raises:
            RequestError: a value is none.
        """
        known = {item.name for item in fields(cls)}
        try:
            return cls(**{name: value for name, value in content.items() if name in known})
        except TypeError as error:
            raise RequestError("edit", "The edit holds values that are none", str(error)) from error


def _problem(name: str, value: object) -> RequestError:
    return RequestError(name, f"{name} cannot be {value!r}", "Use seconds from 0 on.")


UNTOUCHED = SoundEdit()
"""The take as it was generated."""
