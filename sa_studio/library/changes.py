"""Changes of the library, each of which can be taken back."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeVar

from sa_studio.generation import Verdict
from sa_studio.library import labels
from sa_studio.library.labels import LabelKind, Names

T = TypeVar("T")

IS_FINAL = "state IN ('finished', 'failed', 'cancelled', 'interrupted')"
"""The condition under which a take may be removed: nothing happens to it by itself."""


class Change(Protocol):
    """One thing that the user did to some takes.

    :meth:`apply` and :meth:`revert` run inside a transaction, by turns; takes that are no longer
    there are passed over.
    """

    @property
    def text(self) -> str:
        """What it does, in words that follow "Undo": "rate 3 takes"."""
        ...

    def apply(self, db: sqlite3.Connection) -> None:
        """Do it, for the first time or again."""
        ...

    def revert(self, db: sqlite3.Connection) -> None:
        """Make everything as it was before."""
        ...

    def without(self, clip_ids: Collection[str]) -> Change | None:
        """The change of the other takes alone; ``None`` if there are no others."""
        ...


@dataclass(frozen=True)
class ValueChange:
    """Takes got the same stars, verdict, notes or edit.

    Attributes:
        column: "stars", "verdict", "notes" or "edit".
        before: what each take had, by its id.
        after: what all of them have now.
    """

    column: str
    before: Mapping[str, int | str]
    after: int | str

    @property
    def text(self) -> str:
        """See :class:`Change`."""
        takes = _takes(len(self.before))
        match self.column, self.after:
            case "stars", 0:
                return f"clear the stars of {takes}"
            case "stars", _:
                return f"rate {takes}"
            case "verdict", Verdict.NONE:
                return f"clear the verdict on {takes}"
            case "verdict", verdict:
                return f"{verdict} {takes}"
            case "edit", "":
                return f"clear the edit of {takes}"
            case "edit", _:
                return f"edit {takes}"
        return f"annotate {takes}"

    def apply(self, db: sqlite3.Connection) -> None:
        """See :class:`Change`."""
        self._set(db, dict.fromkeys(self.before, self.after))

    def revert(self, db: sqlite3.Connection) -> None:
        """See :class:`Change`."""
        self._set(db, self.before)

    def without(self, clip_ids: Collection[str]) -> ValueChange | None:
        """See :class:`Change`."""
        left = _without(self.before, clip_ids)
        return replace(self, before=left) if left else None

    def _set(self, db: sqlite3.Connection, values: Mapping[str, int | str]) -> None:
        db.executemany(
            f"UPDATE clip SET {self.column} = ? WHERE id = ?",  # noqa: S608 (one of four)
            [(value, clip_id) for clip_id, value in values.items()],
        )


@dataclass(frozen=True)
class CategoryChange:
    """Takes were put into a category, or taken out of theirs.

    Attributes:
        before: CatID and words of the category of each take, by its id.
        after: those of all of them now.
    """

    before: Mapping[str, tuple[str, str]]
    after: tuple[str, str]

    @property
    def text(self) -> str:
        """See :class:`Change`."""
        takes, cat_id = _takes(len(self.before)), self.after[0]
        return f"categorise {takes} as {cat_id}" if cat_id else f"clear the category of {takes}"

    def apply(self, db: sqlite3.Connection) -> None:
        """See :class:`Change`."""
        self._set(db, dict.fromkeys(self.before, self.after))

    def revert(self, db: sqlite3.Connection) -> None:
        """See :class:`Change`."""
        self._set(db, self.before)

    def without(self, clip_ids: Collection[str]) -> CategoryChange | None:
        """See :class:`Change`."""
        left = _without(self.before, clip_ids)
        return replace(self, before=left) if left else None

    def _set(self, db: sqlite3.Connection, values: Mapping[str, tuple[str, str]]) -> None:
        db.executemany(
            "UPDATE clip SET cat_id = ?, category = ? WHERE id = ?",
            [(*value, clip_id) for clip_id, value in values.items()],
        )


@dataclass(frozen=True)
class LabelChange:
    """Takes got tags, or lost some; or were put into a collection, or taken out of it."""

    kind: LabelKind
    given: Names
    taken: Names

    @property
    def text(self) -> str:
        """See :class:`Change`."""
        takes = _takes(len({*self.given, *self.taken}))
        if self.kind is LabelKind.TAG:
            return f"{'tag' if self.given else 'untag'} {takes}"
        names = {name for many in (self.given or self.taken).values() for name in many}
        collection = ", ".join(sorted(names))
        return f"add {takes} to {collection}" if self.given else f"take {takes} out of {collection}"

    def apply(self, db: sqlite3.Connection) -> None:
        """See :class:`Change`."""
        labels.take(db, self.kind, self.taken)
        labels.give(db, self.kind, self.given)

    def revert(self, db: sqlite3.Connection) -> None:
        """See :class:`Change`."""
        labels.take(db, self.kind, self.given)
        labels.give(db, self.kind, self.taken)

    def without(self, clip_ids: Collection[str]) -> LabelChange | None:
        """See :class:`Change`."""
        given, taken = _without(self.given, clip_ids), _without(self.taken, clip_ids)
        return replace(self, given=given, taken=taken) if given or taken else None


@dataclass
class Removal:
    """Takes were removed from the library; their files stay where they are.

    Attributes:
        clip_ids: the takes.
        rows: all that was known of them; filled when it is applied.
    """

    clip_ids: Collection[str]
    rows: list[sqlite3.Row] = field(default_factory=list)

    @property
    def text(self) -> str:
        """See :class:`Change`."""
        return f"remove {_takes(len(self.clip_ids))}"

    def apply(self, db: sqlite3.Connection) -> None:
        """See :class:`Change`."""
        ids = json.dumps(list(self.clip_ids))
        # one that was interrupted may be in the making again when this is redone
        these = f"FROM clip WHERE id IN (SELECT value FROM json_each(?)) AND {IS_FINAL}"  # noqa: S608
        self.rows = db.execute(f"SELECT * {these}", (ids,)).fetchall()
        db.execute(f"DELETE {these}", (ids,))

    def revert(self, db: sqlite3.Connection) -> None:
        """See :class:`Change`."""
        for row in self.rows:
            columns = row.keys()
            db.execute(
                f"INSERT INTO clip ({', '.join(columns)}) "  # noqa: S608 (the table's own columns)
                f"VALUES ({', '.join('?' * len(columns))})",
                tuple(row),
            )
        for kind in LabelKind:
            labels.give(db, kind, {row["id"]: labels.split(row[kind]) for row in self.rows})

    def without(self, clip_ids: Collection[str]) -> Removal | None:
        """See :class:`Change`."""
        left = [clip_id for clip_id in self.clip_ids if clip_id not in clip_ids]
        rows = [row for row in self.rows if row["id"] not in clip_ids]
        return Removal(left, rows) if left else None


def _without(values: Mapping[str, T], clip_ids: Collection[str]) -> dict[str, T]:
    return {clip_id: value for clip_id, value in values.items() if clip_id not in clip_ids}


def _takes(count: int) -> str:
    return "1 take" if count == 1 else f"{count:,} takes"
