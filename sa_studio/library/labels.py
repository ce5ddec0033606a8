"""Tags and collections: names that takes are given, as many as one likes."""

from __future__ import annotations

import json
import sqlite3
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum

from sa_studio.errors import LibraryError
from sa_studio.generation import is_encodable

MAX_CHARACTERS = 100

Names = Mapping[str, Sequence[str]]
"""The names that each take, by its id, gets or loses."""


class LabelKind(StrEnum):
    """What a name is; the values are what the database calls them."""

    TAG = "tags"
    COLLECTION = "collections"


def tidied(name: str, kind: LabelKind) -> str:
    """``name`` as it is stored: trimmed, with single spaces.

    Raises:
        LibraryError: nothing is left of it, it is too long, or cannot be stored.
    """
    label = kind.name.lower()
    name = unicodedata.normalize("NFC", " ".join(name.split()))
    if not name:
        raise LibraryError(f"The {label} has no name", "Type at least one letter.")
    if len(name) > MAX_CHARACTERS:
        raise LibraryError(
            f"The {label} has {len(name):,} characters; at most {MAX_CHARACTERS} can be used",
            "Shorten it; longer remarks go into the notes.",
        )
    if not is_encodable(name) or any(unicodedata.category(char) == "Cc" for char in name):
        raise LibraryError(f"The {label} holds characters that are none", "Type it anew.")
    return name


def key(name: str) -> str:
    """``name`` as it is compared: Door, DOOR and door are one."""
    return unicodedata.normalize("NFC", " ".join(name.split())).casefold()


def split(text: str) -> tuple[str, ...]:
    """The names in a column of the table of takes."""
    return tuple(text.split("\n")) if text else ()


def names(db: sqlite3.Connection, kind: LabelKind) -> tuple[str, ...]:
    """Every name that some take has, in alphabetical order."""
    rows = db.execute(
        "SELECT name FROM label WHERE kind = ? "
        "AND EXISTS (SELECT 1 FROM clip_label WHERE label = label.id) ORDER BY key",
        (kind,),
    )
    return tuple(name for (name,) in rows)


def give(db: sqlite3.Connection, kind: LabelKind, given: Names) -> None:
    """Give names to takes; a name that is there already keeps its spelling."""
    pairs = [(clip_id, name) for clip_id, many in given.items() for name in many]
    db.executemany(
        "INSERT OR IGNORE INTO label (kind, key, name) VALUES (?, ?, ?)",
        {(kind, key(name), name) for _, name in pairs},
    )
    db.executemany(
        "INSERT OR IGNORE INTO clip_label (label, clip) "
        "SELECT label.id, clip.position FROM label, clip "
        "WHERE label.kind = ? AND label.key = ? AND clip.id = ?",
        [(kind, key(name), clip_id) for clip_id, name in pairs],
    )
    _repeat(db, kind, given)


def take(db: sqlite3.Connection, kind: LabelKind, taken: Names) -> None:
    """Take names off takes; one that no take has any more is forgotten."""
    db.executemany(
        "DELETE FROM clip_label "
        "WHERE label = (SELECT id FROM label WHERE kind = ? AND key = ?) "
        "AND clip = (SELECT position FROM clip WHERE id = ?)",
        [(kind, key(name), clip_id) for clip_id, many in taken.items() for name in many],
    )
    _repeat(db, kind, taken)


def _repeat(db: sqlite3.Connection, kind: LabelKind, clip_ids: Collection[str]) -> None:
    """Write the names of takes into their rows, where they are read and searched."""
    db.execute(
        f"UPDATE clip SET {kind} = coalesce((SELECT group_concat(name, char(10)) FROM ("  # noqa: S608
        "SELECT label.name FROM clip_label JOIN label ON label.id = clip_label.label "
        "WHERE clip_label.clip = clip.position AND label.kind = ? ORDER BY label.key"
        ")), '') WHERE id IN (SELECT value FROM json_each(?))",
        (kind, json.dumps(list(clip_ids))),
    )
