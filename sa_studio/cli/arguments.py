"""What arguments look like: the parser all commands share, and the numbers they take."""

from __future__ import annotations

import argparse
import math
from typing import Any, NoReturn

from sa_studio.errors import StudioError

MAX_LIMIT = 10**6


class UsageError(StudioError):
    """The command line itself cannot be understood."""


class Parser(argparse.ArgumentParser):
    """Reports what is wrong in one line; knows ``--data-dir``, before and after a command."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_argument(
            "--data-dir", metavar="DIR", default=argparse.SUPPRESS, help="where everything is kept"
        )

    def error(self, message: str) -> NoReturn:
        """Refuse the command line.

        Raises:
            UsageError: always.
        """
        raise UsageError(message[:1].upper() + message[1:], f"Try: {self.prog} --help")


def number(text: str) -> float:
    """A finite number."""
    value = float(text)
    if not math.isfinite(value):
        raise ValueError
    return value


def whole(text: str) -> int:
    """A whole number."""
    return int(text)


def limit(text: str) -> int:
    """How many rows to list at most."""
    value = int(text)
    if not 1 <= value <= MAX_LIMIT:
        raise ValueError
    return value


# argparse says "invalid number value: …"
whole.__name__ = "whole number"
limit.__name__ = f"limit (1 to {MAX_LIMIT})"
