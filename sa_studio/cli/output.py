"""What is said: results on stdout, for people and for programs; everything else on stderr."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO, cast


class Results:
    """A stdout that never holds up the work whose results it is given.

    Once they cannot be written, because whoever read them has seen enough or the disk is full,
    the rest is dropped: the other sounds were asked for all the same.

    Args:
        stream: where they are written.

    Attributes:
        problem: why they could not be written; ``None``: they were, or nobody wants them.
    """

    def __init__(self, stream: TextIO) -> None:
        self.problem: OSError | None = None
        self._stream = stream

    def write(self, text: str) -> int:
        """Write ``text``, or drop it; returns its length."""
        with self._nobody_waits_for():
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        """Write what is kept back."""
        with self._nobody_waits_for():
            self._stream.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    @contextmanager
    def _nobody_waits_for(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            if not isinstance(error, BrokenPipeError):
                self.problem = self.problem or error
            # nothing more may be written at exit either, not even what is kept back
            null = os.open(os.devnull, os.O_WRONLY)
            os.dup2(null, self._stream.fileno())
            os.close(null)


@contextmanager
def results_on_stdout() -> Iterator[Results]:
    """Print to :class:`Results` meanwhile."""
    stream = sys.stdout
    results = Results(stream)
    sys.stdout = cast(TextIO, results)
    try:
        yield results
        results.flush()
    finally:
        sys.stdout = stream


def fill_missing_streams() -> None:
    """Let those of stdin, stdout and stderr that the process was started without be empty.

    Otherwise the files that are opened next get their numbers, and what a library prints lands
    among the user's sounds; and Python prints errors as if they were results.
    """
    # in this order each gets its own number, which is the lowest that is free
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            stream = open(os.devnull, mode, encoding="utf-8")  # noqa: PTH123, SIM115 (kept open)
            setattr(sys, name, stream)


def say(text: str) -> None:
    """Tell ``text`` to whoever reads stderr, if anyone can."""
    with contextlib.suppress(OSError):
        print(f"sa-studio: {text}", file=sys.stderr, flush=True)


def show(facts: dict[str, Any], *, as_json: bool) -> None:
    """Print one thing: a line for each fact, or one JSON object."""
    if as_json:
        print(json.dumps(facts))
        return
    for name, value in facts.items():
        text = ", ".join(map(str, value)) if isinstance(value, list | tuple) else value
        print(f"{name}: {text}")
