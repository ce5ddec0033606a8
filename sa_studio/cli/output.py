"""Results on stdout, for people and for programs."""

from __future__ import annotations

import json
import os
import sys
from typing import Any


def show(facts: dict[str, Any], *, as_json: bool) -> None:
    """Print one thing: a line for each fact, or one JSON object."""
    if as_json:
        print(json.dumps(facts))
        return
    for name, value in facts.items():
        text = ", ".join(map(str, value)) if isinstance(value, list | tuple) else value
        print(f"{name}: {text}")


def discard_output() -> None:
    """Whoever read our output has seen enough; nothing more may be written at exit either."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, sys.stdout.fileno())
    os.close(null)
