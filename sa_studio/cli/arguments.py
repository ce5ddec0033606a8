"""What arguments look like: the parser all commands share, and the numbers they take."""

from __future__ import annotations

import argparse
import math
import os
from typing import Any, NoReturn

from sa_studio.errors import StudioError
from sa_studio.generation import MAX_STARS

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


def stars(text: str) -> int:
    """How good a take is."""
    value = int(text)
    if not 0 <= value <= MAX_STARS:
        raise ValueError
    return value


def lora(text: str) -> tuple[str, float]:
    """A LoRA and its strength: ``NAME``, ``FILE``, ``NAME=0.5``; a path may hold ``=`` itself."""
    name, equals, strength = text.rpartition("=")
    if equals:
        try:
            return name, number(strength)
        except ValueError:
            if not os.path.exists(text):  # noqa: PTH110 (never raises)
                raise
    return text, 1.0


# argparse says "invalid number value: …"
whole.__name__ = "whole number"
lora.__name__ = "LoRA (NAME, FILE, NAME=STRENGTH)"
limit.__name__ = f"limit (1 to {MAX_LIMIT})"
stars.__name__ = f"number of stars (0 to {MAX_STARS})"
