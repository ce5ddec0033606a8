"""How a benchmark gives out what it found."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")


def print_report(found: Found, as_text: Callable[[Found], str], *, as_json: bool) -> None:
    """Write ``found`` to stdout, as one line of JSON for programs or as text for people."""
    sys.stdout.write(json.dumps(found) + "\n" if as_json else as_text(found))
