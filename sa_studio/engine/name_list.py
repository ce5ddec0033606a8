"""How a message lists names of which there may be hundreds."""

from __future__ import annotations

from collections.abc import Sequence

NAMES_SHOWN = 3


def some_of(names: Sequence[str], separator: str = ", ") -> str:
    """The first few of ``names``, and how many more there are."""
    shown = separator.join(names[:NAMES_SHOWN])
    rest = len(names) - NAMES_SHOWN
    return f"{shown} and {rest} more" if rest > 0 else shown
