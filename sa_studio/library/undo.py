"""What was done to the library, to be taken back and done again."""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager

from sa_studio.library.changes import Change

DEPTH = 200

Transaction = Callable[[], AbstractContextManager[sqlite3.Connection]]


class UndoStack:
    """The latest changes, as long as the program runs; not safe against threads by itself.

    Args:
        depth: how many are remembered; the oldest are forgotten first.
    """

    def __init__(self, depth: int = DEPTH) -> None:
        self._done: deque[Change] = deque(maxlen=depth)
        self._undone: list[Change] = []

    @property
    def undo_text(self) -> str | None:
        """What :meth:`undo` would take back; ``None`` if there is nothing."""
        return self._done[-1].text if self._done else None

    @property
    def redo_text(self) -> str | None:
        """What :meth:`redo` would do again; ``None`` if there is nothing."""
        return self._undone[-1].text if self._undone else None

    def push(self, change: Change) -> None:
        """Remember a change that was just made; what was undone before it is forgotten."""
        self._done.append(change)
        self._undone.clear()

    def undo(self, transaction: Transaction) -> str | None:
        """Take back the latest change; returns its text. If it fails, nothing has happened."""
        if not self._done:
            return None
        change = self._done[-1]
        with transaction() as db:
            change.revert(db)
        self._undone.append(self._done.pop())
        return change.text

    def redo(self, transaction: Transaction) -> str | None:
        """Do again what was undone last; returns its text. If it fails, nothing has happened."""
        if not self._undone:
            return None
        change = self._undone[-1]
        with transaction() as db:
            change.apply(db)
        self._done.append(self._undone.pop())
        return change.text

    def forget(self, clip_ids: Collection[str]) -> None:
        """Leave out takes that are gone for good, and changes that were of nothing else.

        Like every change, their going ends what could be done again.
        """
        left = [change.without(clip_ids) for change in self._done]
        self._done = deque((change for change in left if change), maxlen=self._done.maxlen)
        self._undone.clear()
