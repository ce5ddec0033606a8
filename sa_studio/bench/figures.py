"""What many measurements of one kind come to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Figures:
    """Percentiles of durations in milliseconds."""

    samples: int
    p50: float
    p95: float
    p99: float
    max: float

    @classmethod
    def of(cls, milliseconds: Sequence[float]) -> Figures | None:
        """The figures of these samples; ``None`` if there are none."""
        if not milliseconds:
            return None
        import numpy as np  # not before the window is there: its start is measured, too

        p50, p95, p99 = np.percentile(milliseconds, (50, 95, 99)).tolist()
        return cls(len(milliseconds), p50, p95, p99, max(milliseconds))


def summary(milliseconds: Sequence[float]) -> dict[str, Any] | None:
    """The figures as they are reported; ``None`` if there are no samples."""
    figures = Figures.of(milliseconds)
    return None if figures is None else asdict(figures)


HEADING = f"{'':26}{'p50':>8}{'p95':>8}{'p99':>8}{'max':>8}{'samples':>9}"


def table_row(name: str, figures: dict[str, Any] | None, *, met: bool = True) -> str:
    """A line below ``HEADING``; says so if the target was missed."""
    if figures is None:
        return f"{name:26}{'not reached':>41}"
    row = "".join(f"{figures[key]:8.1f}" for key in ("p50", "p95", "p99", "max"))
    return f"{name:26}{row}{figures['samples']:9d}{'' if met else '  above the target'}"
