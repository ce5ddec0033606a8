"""Who is at work on a folder: two programs must not fetch or import the same thing at once."""

from __future__ import annotations

import sqlite3
from contextlib import ExitStack
from pathlib import Path

from sa_studio.errors import HubError


class Claim:
    """The sole right to work on something, for as long as this object is not closed.

    It is SQLite's own file lock on an empty database: it works the same on every system, between
    threads as between programs, and ends with the program, however that ends.

    Args:
        path: the file that is locked; made if it is not there, and left there, for deleting it
            would let two hold it at once.
        what: is named in the error.

    Raises:
        HubError: somebody else has it, or the file cannot be made.
    """

    def __init__(self, path: Path, what: str) -> None:
        with ExitStack() as undo:
            try:
                self._connection = sqlite3.connect(
                    path, check_same_thread=False, isolation_level=None, timeout=0
                )
                undo.callback(self._connection.close)
                # a journal would have to be written, and a full disk is where one clears up
                self._connection.execute("PRAGMA journal_mode = MEMORY")
                self._connection.execute("BEGIN EXCLUSIVE")
            except sqlite3.Error as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                    raise HubError(
                        f"The folder {str(path.parent)!r} cannot be written ({error})",
                        "Check its permissions and the disk.",
                    ) from error
                raise HubError(
                    f"{what} is being downloaded or imported already",
                    "Wait until that is done, or stop it in the other window.",
                ) from error
            undo.pop_all()

    def close(self) -> None:
        """Let others have it."""
        self._connection.close()
