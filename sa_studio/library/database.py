"""The SQLite file behind the library: opened, brought up to date, shared between threads."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sa_studio.errors import LibraryError
from sa_studio.library.presence import Presence

VERSION = 4
SCHEMA = Path(__file__).with_name("schema.sql")
MIGRATIONS = Path(__file__).with_name("migrations")

MOVE_AWAY = "Move the file away to start a new library; the sound files stay as they are."


class Database:
    """One connection, one lock: a few small statements, from the window and from the engine.

    Args:
        path: the file; made if it is not there.
        when_alone: called inside a transaction if no other program has the library open.

    Raises:
        LibraryError: the file is no library, was written by a newer version, or cannot be used.
    """

    def __init__(self, path: Path, when_alone: Callable[[sqlite3.Connection], None]) -> None:
        self._path = path
        self._lock = threading.RLock()
        with contextlib.ExitStack() as undo:
            try:
                presence = undo.enter_context(Presence(path.with_suffix(".lock")))
                self._connection = sqlite3.connect(path, check_same_thread=False, timeout=10)
                undo.callback(self._connection.close)
                self._connection.row_factory = sqlite3.Row
                self._connection.create_collation("CASEFOLD", _compare)
                self._connection.execute("PRAGMA journal_mode = WAL")
                self._connection.execute("PRAGMA synchronous = NORMAL")
                self._bring_up_to_date(path)
                if presence.alone:
                    with self._connection:
                        when_alone(self._connection)
                presence.share()
            except sqlite3.Error as error:
                raise LibraryError(
                    f"The library {str(path)!r} cannot be used ({error})", _what_to_do(error)
                ) from error
            self._close = undo.pop_all().close

    def _bring_up_to_date(self, path: Path) -> None:
        (version,) = self._connection.execute("PRAGMA user_version").fetchone()
        if version < 0:
            raise LibraryError(
                f"The library {str(path)!r} is damaged: it has the version {version}", MOVE_AWAY
            )
        if version > VERSION:
            raise LibraryError(
                f"The library {str(path)!r} was written by a newer version",
                "Update SA Studio, or choose another data folder with --data-dir.",
            )
        if version == 0:
            (tables,) = self._connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            if tables:
                raise LibraryError(
                    f"{str(path)!r} is the database of another program",
                    "Choose another data folder with --data-dir.",
                )
            scripts = [SCHEMA]
        else:
            scripts = [MIGRATIONS / f"{old}_to_{old + 1}.sql" for old in range(version, VERSION)]
        if scripts:
            statements = "\n".join(script.read_text(encoding="utf-8") for script in scripts)
            # all or nothing: a crash on the way leaves the file as it was
            self._connection.executescript(
                f"BEGIN IMMEDIATE; {statements} PRAGMA user_version = {VERSION}; COMMIT;"
            )

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """The connection, for this thread alone; what is done is kept only if nothing raises.

        Raises:
            LibraryError: SQLite reports something that is not our bug, such as a full disk.
        """
        with self._lock:
            try:
                with self._connection:
                    yield self._connection
            except (sqlite3.ProgrammingError, sqlite3.IntegrityError):
                raise
            except sqlite3.Error as error:
                raise LibraryError(
                    f"The library {str(self._path)!r} cannot be used ({error})", _what_to_do(error)
                ) from error

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._close()


def _compare(one: str, other: str) -> int:
    """The order of two texts without regard to case; those that differ in nothing else are one."""
    one, other = one.casefold(), other.casefold()
    return (one > other) - (one < other)


def _what_to_do(error: sqlite3.Error) -> str:
    """A damaged file has to go; anything else is the disk's or the system's doing."""
    damaged = ("SQLITE_CORRUPT", "SQLITE_NOTADB")
    if getattr(error, "sqlite_errorname", "").startswith(damaged):
        return MOVE_AWAY
    return "Check the free space of the disk and the permissions of the file, and try again."
