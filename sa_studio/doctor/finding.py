"""What an examination finds."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from sa_studio.errors import StudioError

REPORT_HINT = "Please report this with the newest lines of the log file in the data folder."

log = logging.getLogger(__name__)


class State(StrEnum):
    """How much a finding matters."""

    OK = "ok"
    NOTE = "note"  # good to know; nothing has to be done
    WARNING = "warning"  # everything works, but not as well as it could
    PROBLEM = "problem"  # something does not work


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report.

    Attributes:
        name: what was looked at; each occurs once in a report.
        state: how it is.
        text: what was found, one line.
        hint: what to do, one line; warnings and problems always have one.
        details: the same and more for programs, as plain values.
    """

    name: str
    state: State
    text: str
    hint: str = ""
    details: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.state in (State.WARNING, State.PROBLEM) and not self.hint:
            raise ValueError(f"the {self.state} {self.name!r} does not say what to do")

    @classmethod
    def of_error(cls, name: str, error: StudioError) -> Finding:
        """The problem that ``error`` tells of."""
        return cls(name, State.PROBLEM, error.message, error.hint or REPORT_HINT)

    @property
    def ok(self) -> bool:
        """Whether it works."""
        return self.state is not State.PROBLEM

    def as_json(self) -> dict[str, Any]:
        """As plain values; the keys are part of the public surface."""
        values = asdict(self)
        return {"name": values.pop("name"), "ok": self.ok, **values}


def guarded(name: str, check: Callable[[], Iterable[Finding]]) -> list[Finding]:
    """What ``check`` finds; if it fails, what it found until then and that it failed.

    A report that breaks off where something is broken would be of no use.
    """
    found: list[Finding] = []
    try:
        found.extend(check())
    except StudioError as error:
        found.append(Finding.of_error(name, error))
    except Exception as error:
        log.exception("%s cannot be examined", name)
        text = " ".join(f"cannot be examined ({type(error).__name__}: {error})".split())
        found.append(Finding(name, State.PROBLEM, text, REPORT_HINT))
    return found
