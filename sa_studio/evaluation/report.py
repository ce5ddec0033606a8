"""What an evaluation found, as Markdown for people and as plain values for programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

NO_SOUNDS = "nothing to measure"


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the report.

    Attributes:
        name: what was measured.
        target: what was to be reached; empty if it is only reported.
        measured: what was found, in words.
        passed: whether the target was reached; ``None`` if there is none, or nothing was measured.
        figures: the numbers behind it.
    """

    name: str
    target: str
    measured: str
    passed: bool | None = None
    figures: dict[str, Any] = field(default_factory=dict)

    @property
    def verdict(self) -> str:
        """In words."""
        if self.passed is None:
            return "not measured" if self.target else "reported"
        return "passed" if self.passed else "not reached"


@dataclass(frozen=True, slots=True)
class Report:
    """All that was found; ``tables`` are further tables by heading, each a list of rows."""

    rows: list[Row]
    tables: dict[str, list[dict[str, Any]]]
    clips: list[dict[str, Any]]
    about: dict[str, Any]

    def values(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "about": self.about,
            "gates": [{**asdict(row), "verdict": row.verdict} for row in self.rows],
            **self.tables,
            "clips": self.clips,
        }

    def markdown(self) -> str:
        """For people."""
        heading = ", ".join(f"{name}: {value}" for name, value in self.about.items())
        gates = [
            {
                "gate": row.name,
                "target": row.target or "—",
                "measured": row.measured,
                "verdict": row.verdict,
            }
            for row in self.rows
        ]
        parts = [heading, _table(gates)]
        for name, rows in self.tables.items():
            parts.append(f"### {name[:1].upper()}{name[1:]}\n\n{_table(rows)}")
        return "\n\n".join(parts) + "\n"


def _table(rows: Sequence[dict[str, Any]]) -> str:
    if not rows:
        return "—"
    lines = [list(rows[0]), ["---"] * len(rows[0]), *(list(row.values()) for row in rows)]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines)


def _cell(value: Any) -> str:
    if value is None:
        return "—"
    text = f"{value:.2f}" if isinstance(value, float) else str(value)
    return text.replace("|", "\\|")


def percent(share: float) -> str:
    """A share in words."""
    return f"{100 * share:.1f} %"


def mean(values: Sequence[bool] | Sequence[float]) -> float | None:
    """The mean, or ``None`` of nothing."""
    return float(np.mean(values)) if len(values) else None


def share_row(
    name: str, hits: Sequence[bool], target: float | None, remark: str = "", **figures: Any
) -> Row:
    """A row about the share of sounds that have a property; ``target`` at least, if any."""
    wanted = "" if target is None else f"≥ {100 * target:g} %"
    if not hits:
        return Row(name, wanted, NO_SOUNDS, None, figures)
    share = float(np.mean(hits))
    words = f"{percent(share)} of {len(hits)}" + (f"; {remark}" if remark else "")
    passed = None if target is None else share >= target
    return Row(name, wanted, words, passed, {"share": share, "sounds": len(hits), **figures})
