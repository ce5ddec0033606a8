"""The SQLite file behind the library: opened, brought up to date, shared between threads."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sa_studio.errors import LibraryError

VERSION = 1
SCHEMA = Path(__file__).with_name("schema.sql")


class Database:
    """One connection, one lock: a few small statements, from the window and from the engine.

    Raises:
        LibraryError: the file is no library, was written by a newer version, or cannot be used.
    """

    def __init__(self, path: Path) -> None:
        self._lock = threading.RLock()
        try:
            self._connection = sqlite3.connect(path, check_same_thread=False, timeout=10)
            self._connection.row_factory = sqlite3.Row
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = NORMAL")
            self._bring_up_to_date(path)
        except sqlite3.Error as error:
            raise LibraryError(
                f"The library {str(path)!r} cannot be used ({error})",
                "Move the file away to start a new library; the sound files stay as they are.",
            ) from error

    def _bring_up_to_date(self, path: Path) -> None:
        (version,) = self._connection.execute("PRAGMA user_version").fetchone()
        if version > VERSION:
            self._connection.close()
            raise LibraryError(
                f"The library {str(path)!r} was written by a newer version",
                "Update SA Studio, or choose another data folder with --data-dir.",
            )
        if version == 0:
            script = SCHEMA.read_text(encoding="utf-8")
            self._connection.executescript(f"BEGIN; {script} PRAGMA user_version = 1; COMMIT;")

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """The connection, for this thread alone; what is done is kept only if nothing raises.

        Raises:
            LibraryError: SQLite reports an error, such as a full disk.
        """
        with self._lock:
            try:
                with self._connection:
                    yield self._connection
            except sqlite3.Error as error:
                raise LibraryError(
                    f"The library cannot be written ({error})", "Check the free space."
                ) from error

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()
