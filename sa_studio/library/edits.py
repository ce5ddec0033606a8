"""What the user decides about takes; all of it can be undone."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sa_studio.errors import LibraryError
from sa_studio.generation import MAX_STARS, Verdict, is_encodable
from sa_studio.library import labels
from sa_studio.library.changes import (
    IS_FINAL,
    CategoryChange,
    Change,
    LabelChange,
    Removal,
    ValueChange,
)
from sa_studio.library.database import Database
from sa_studio.library.labels import LabelKind
from sa_studio.library.undo import UndoStack
from sa_studio.vocabulary.sound_edit import SoundEdit

MAX_NOTES_CHARACTERS = 20_000

_THESE = "FROM clip WHERE id IN (SELECT value FROM json_each(?))"


class Edits:
    """Changes of the library, each one transaction; usable from every thread.

    Ids that are not in the library are passed over, and what changes nothing is not remembered.

    Args:
        database: the library.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        # the order in which changes are made is that in which they are remembered
        self._lock = threading.RLock()
        self._stack = UndoStack()

    # --- deciding ---------------------------------------------------------------------------
    def rate(self, clip_ids: Sequence[str], stars: int) -> None:
        """Give takes 0 to ``MAX_STARS`` stars; raises LibraryError for other numbers."""
        if not 0 <= stars <= MAX_STARS:
            raise LibraryError(f"{stars} stars cannot be given", f"Use 0 to {MAX_STARS}.")
        self._set("stars", clip_ids, stars)

    def judge(self, clip_ids: Sequence[str], verdict: Verdict) -> None:
        """Keep or reject takes, or leave it open again."""
        self._set("verdict", clip_ids, verdict)

    def annotate(self, clip_id: str, notes: str) -> None:
        """Replace the notes on a take.

        Raises:
            LibraryError: there is no such take, or the notes are too long or cannot be stored.
        """
        if len(notes) > MAX_NOTES_CHARACTERS:
            raise LibraryError(
                f"The notes have {len(notes):,} characters; at most "
                f"{MAX_NOTES_CHARACTERS:,} can be kept",
                "Shorten them.",
            )
        if not is_encodable(notes) or "\0" in notes:
            raise LibraryError("The notes hold characters that are none", "Type them anew.")
        if not self._set("notes", [clip_id], notes):
            raise LibraryError(
                f"There is no clip {clip_id!r} in the library",
                "List them with: sa-studio library list.",
            )

    def edit(self, clip_ids: Sequence[str], edit: SoundEdit) -> None:
        """Change how takes are heard and delivered; ``UNTOUCHED`` is as they were generated."""
        content = edit.as_dict()
        self._set("edit", clip_ids, json.dumps(content, sort_keys=True) if content else "")

    def categorise(self, clip_ids: Sequence[str], cat_id: str, category: str) -> None:
        """Put takes into a category of the Universal Category System; empty: into none.

        Args:
            clip_ids: the takes.
            cat_id: of the category.
            category: what it stands for, in the words under which it is searched.
        """

        def change(db: sqlite3.Connection) -> Change | None:
            query = f"SELECT id, cat_id, category {_THESE}"
            rows = db.execute(query, (json.dumps(list(clip_ids)),)).fetchall()
            before = {
                row["id"]: (row["cat_id"], row["category"])
                for row in rows
                if row["cat_id"] != cat_id
            }
            return CategoryChange(before, (cat_id, category)) if before else None

        self._change(change)

    def tag(
        self, clip_ids: Sequence[str], add: Iterable[str] = (), remove: Iterable[str] = ()
    ) -> None:
        """Give tags to takes, and take tags off them.

        Raises:
            LibraryError: a tag to be given is empty, too long or cannot be stored.
        """
        self._label(LabelKind.TAG, clip_ids, add, remove)

    def collect(self, clip_ids: Sequence[str], collection: str, *, member: bool = True) -> None:
        """Put takes into a collection, or take them out of it.

        Raises:
            LibraryError: the name is empty, too long or cannot be stored.
        """
        add, remove = ([collection], ()) if member else ((), [collection])
        self._label(LabelKind.COLLECTION, clip_ids, add, remove)

    def remove(self, clip_ids: Sequence[str]) -> None:
        """Take clips out of the list; their files stay, and so do takes that are being made."""

        def removal(db: sqlite3.Connection) -> Change | None:
            rows = db.execute(f"SELECT id {_THESE} AND {IS_FINAL}", (json.dumps(list(clip_ids)),))
            found = [clip_id for (clip_id,) in rows]
            return Removal(found) if found else None

        self._change(removal)

    def discard(self, clip_ids: Sequence[str]) -> tuple[Path, ...]:
        """Remove clips for good; takes that are being made stay. Returns their files.

        No undo brings them back: they leave every change that is remembered, a change of nothing
        else is forgotten, and nothing can be redone any more.
        """
        with self._lock:
            with self._writing() as db:
                these = f"{_THESE} AND {IS_FINAL}"
                ids = json.dumps(list(clip_ids))
                rows = db.execute(f"SELECT id, path {these}", (ids,)).fetchall()
                db.execute(f"DELETE {these}", (ids,))
            if rows:
                self._stack.forget({row["id"] for row in rows})
        return tuple(Path(row["path"]) for row in rows if row["path"])

    # --- undo and redo ----------------------------------------------------------------------
    def undo(self) -> str | None:
        """Take back the latest change; returns what it was, ``None`` if there is none."""
        with self._lock:
            return self._stack.undo(self._writing)

    def redo(self) -> str | None:
        """Do again what was undone last; returns what it was, ``None`` if there is nothing."""
        with self._lock:
            return self._stack.redo(self._writing)

    @property
    def undo_text(self) -> str | None:
        """What :meth:`undo` would take back."""
        with self._lock:
            return self._stack.undo_text

    @property
    def redo_text(self) -> str | None:
        """What :meth:`redo` would do again."""
        with self._lock:
            return self._stack.redo_text

    # --- one change -------------------------------------------------------------------------
    def _set(self, column: str, clip_ids: Sequence[str], value: int | str) -> bool:
        """Set a column of takes; returns whether any of them is in the library."""
        found = False

        def change(db: sqlite3.Connection) -> Change | None:
            nonlocal found
            query = f"SELECT id, {column} {_THESE}"  # a constant of this module
            before = dict(map(tuple, db.execute(query, (json.dumps(list(clip_ids)),))))
            found = bool(before)
            differing = {clip_id: old for clip_id, old in before.items() if old != value}
            return ValueChange(column, differing, value) if differing else None

        self._change(change)
        return found

    def _label(
        self, kind: LabelKind, clip_ids: Sequence[str], add: Iterable[str], remove: Iterable[str]
    ) -> None:
        wanted: dict[str, str] = {}
        for name in add:
            wanted.setdefault(labels.key(name), labels.tidied(name, kind))
        unwanted = {labels.key(name) for name in remove}

        def change(db: sqlite3.Connection) -> Change | None:
            given: dict[str, tuple[str, ...]] = {}
            taken: dict[str, tuple[str, ...]] = {}
            query = f"SELECT id, {kind} {_THESE}"
            for clip_id, text in db.execute(query, (json.dumps(list(clip_ids)),)):
                had = {labels.key(name): name for name in labels.split(text)}
                lost = (had.keys() & unwanted) - wanted.keys()
                got = wanted.keys() - had.keys()
                if got:
                    given[clip_id] = tuple(wanted[name] for name in sorted(got))
                if lost:
                    taken[clip_id] = tuple(had[name] for name in sorted(lost))
            return LabelChange(kind, given, taken) if given or taken else None

        self._change(change)

    def _change(self, plan: Callable[[sqlite3.Connection], Change | None]) -> None:
        """Make the change that ``plan`` finds to be made, and remember it."""
        with self._lock:
            with self._writing() as db:
                change = plan(db)
                if change is not None:
                    change.apply(db)
            if change is not None:
                self._stack.push(change)

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction in which no other program writes between our reading and our writing."""
        with self._database.transaction() as db:
            db.execute("BEGIN IMMEDIATE")
            yield db
