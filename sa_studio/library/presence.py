"""Who else has the library open: the window and the command line may work side by side."""

from __future__ import annotations

import sqlite3
from pathlib import Path

PATIENCE_SECONDS = 10


class Presence:
    """A claim on the library for as long as this program has it open.

    It is SQLite's own file lock on an empty database: it works the same on every system, and
    ends with the process, however that ends. First everybody tries to lock it for themselves
    (``alone``); with :meth:`share` they let others in.

    Args:
        path: the file that is locked; made if it is not there.
    """

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(
            path, check_same_thread=False, isolation_level=None, timeout=0
        )
        self.alone = True
        try:
            self._connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            self.alone = False
            try:
                self.share()
            except sqlite3.Error:
                self._connection.close()
                raise
        except sqlite3.Error:
            self._connection.close()
            raise

    def share(self) -> None:
        """Let other programs in, but be seen by them."""
        if self._connection.in_transaction:
            self._connection.rollback()
        self._connection.execute(f"PRAGMA busy_timeout = {PATIENCE_SECONDS * 1000}")
        self._connection.execute("BEGIN")
        # only reading takes the shared lock
        self._connection.execute("SELECT count(*) FROM sqlite_master").fetchone()

    def __enter__(self) -> Presence:
        return self

    def __exit__(self, *exception: object) -> None:
        self._connection.close()
