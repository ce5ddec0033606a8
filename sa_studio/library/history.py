"""Every take ever made, and what became of it."""

from __future__ import annotations

import json
import sqlite3
import time
import uuid
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from sa_studio.errors import LibraryError
from sa_studio.generation import Clip, ClipState, GenerationRequest
from sa_studio.library.database import Database

_INTERRUPTED = (
    "The application was closed before the take was finished",
    "Generate it again with Retry.",
)


class History:
    """The takes in the library; usable from every thread.

    Opening it marks takes that a crash left unfinished as interrupted, unless another program
    has the library open and may be making them.

    Args:
        path: the database file; made if it is not there.

    Raises:
        LibraryError: see :class:`~sa_studio.library.database.Database`.
    """

    def __init__(self, path: Path) -> None:
        self._database = Database(path, when_alone=_mark_interrupted)

    def add(self, job_id: str, takes: Sequence[GenerationRequest]) -> tuple[Clip, ...]:
        """Enter the takes of a job as queued."""
        now = time.time()
        clips = tuple(
            Clip(uuid.uuid4().hex, job_id, index, take, ClipState.QUEUED, now)
            for index, take in enumerate(takes)
        )
        with self._database.transaction() as db:
            db.executemany(
                "INSERT INTO clip (id, job_id, take, prompt, request, state, created_at) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                [
                    (
                        clip.id,
                        job_id,
                        clip.take,
                        clip.request.prompt,
                        _dump(clip.request),
                        clip.state,
                        now,
                    )
                    for clip in clips
                ],
            )
        return clips

    def set_state(self, clip_id: str, state: ClipState) -> None:
        """Note what is happening to a take."""
        with self._database.transaction() as db:
            db.execute("UPDATE clip SET state = ? WHERE id = ?", (state, clip_id))

    def finish(
        self,
        clip_id: str,
        *,
        path: Path,
        seconds: float,
        sample_rate: int,
        channels: int,
        elapsed_seconds: float,
        thumbnail: bytes,
    ) -> Clip:
        """Note that a take lies on disk; returns it as it is stored now."""
        with self._database.transaction() as db:
            db.execute(
                "UPDATE clip SET state = ?, error = '', hint = '', path = ?, seconds = ?, "
                "sample_rate = ?, channels = ?, elapsed_seconds = ?, thumbnail = ? WHERE id = ?",
                (
                    ClipState.FINISHED,
                    str(path),
                    seconds,
                    sample_rate,
                    channels,
                    elapsed_seconds,
                    thumbnail,
                    clip_id,
                ),
            )
        return self.get(clip_id)

    def fail(
        self, clip_ids: Sequence[str], state: ClipState, message: str = "", hint: str = ""
    ) -> tuple[Clip, ...]:
        """Note that takes failed or were cancelled; returns them as they are stored now."""
        with self._database.transaction() as db:
            db.executemany(
                "UPDATE clip SET state = ?, error = ?, hint = ? WHERE id = ?",
                [(state, message, hint, clip_id) for clip_id in clip_ids],
            )
        return tuple(self.get(clip_id) for clip_id in clip_ids)

    def get(self, clip_id: str) -> Clip:
        """One take; raises LibraryError if there is none of this id."""
        with self._database.transaction() as db:
            row = db.execute("SELECT * FROM clip WHERE id = ?", (clip_id,)).fetchone()
        if row is None:
            raise LibraryError(
                f"There is no clip {clip_id!r} in the library",
                "List them with: sa-studio library list.",
            )
        return _load(row)

    def list(self, search: str = "", limit: int = 500, offset: int = 0) -> list[Clip]:
        """Takes, newest first, whose prompt has every word of ``search``; prefixes match."""
        query = _match(search)
        where, values = "", []
        if query:
            # the + makes SQLite walk down the newest until the page is full, where it would
            # otherwise look up and sort every match first: 10 times slower for common words
            where = "WHERE +position IN (SELECT rowid FROM clip_words WHERE clip_words MATCH ?) "
            values.append(query)
        with self._database.transaction() as db:
            rows = db.execute(
                # a job's takes stay in their order: the first on top
                f"SELECT * FROM clip {where}"  # noqa: S608 (one of two constants)
                "ORDER BY created_at DESC, position LIMIT ? OFFSET ?",
                (*values, limit, offset),
            ).fetchall()
        return [_load(row) for row in rows]

    def remove(self, clip_ids: Sequence[str]) -> None:
        """Take clips out of the list; their files stay, and so do takes that are being made."""
        with self._database.transaction() as db:
            db.executemany(
                f"DELETE FROM clip WHERE id = ? AND state IN ({_marks(_FINAL)})",  # noqa: S608
                [(clip_id, *_FINAL) for clip_id in clip_ids],
            )

    def close(self) -> None:
        """Close the database."""
        self._database.close()


_FINAL = tuple(state for state in ClipState if state.is_final)


def _mark_interrupted(db: sqlite3.Connection) -> None:
    db.execute(
        "UPDATE clip SET state = ?, error = ?, hint = ? "  # noqa: S608 (placeholders only)
        f"WHERE state NOT IN ({_marks(_FINAL)})",
        (ClipState.INTERRUPTED, *_INTERRUPTED, *_FINAL),
    )


def _marks(values: Sequence[Any]) -> str:
    return ", ".join("?" * len(values))


def _match(search: str) -> str:
    """The user's words as an FTS5 query in which nothing is an operator."""
    # a NUL ends SQLite's text; half a character has no bytes
    plain = search.replace("\0", " ").encode(errors="ignore").decode()
    words = (word.replace('"', '""') for word in plain.split())
    return " ".join(f'"{word}"*' for word in words)


def _dump(request: GenerationRequest) -> str:
    content = {item.name: getattr(request, item.name) for item in fields(request)}
    return json.dumps(content, default=str, ensure_ascii=False)


def _load(row: sqlite3.Row) -> Clip:
    content = json.loads(row["request"])
    known = {item.name for item in fields(GenerationRequest)}
    content = {name: value for name, value in content.items() if name in known}
    if content.get("init_audio"):
        content["init_audio"] = Path(content["init_audio"])
    content["guidance_interval"] = tuple(content.get("guidance_interval", (0.0, 1.0)))
    content["loras"] = tuple((name, strength) for name, strength in content.get("loras", ()))
    values = {item.name: row[item.name] for item in fields(Clip) if item.name in row.keys()}  # noqa: SIM118
    values["request"] = GenerationRequest(**content)
    values["state"] = ClipState(row["state"])
    values["path"] = Path(row["path"]) if row["path"] else None
    return Clip(**values)
