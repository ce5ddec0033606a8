"""An empty library for every test that wants one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sa_studio.library.history import History


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the library of the test lies."""
    return tmp_path / "library.sqlite3"


@pytest.fixture
def history(path: Path) -> Iterator[History]:
    """The library, closed at the end of the test."""
    opened = History(path)
    yield opened
    opened.close()
