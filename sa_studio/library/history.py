"""Every take ever made, and what became of it."""

from __future__ import annotations

import json
import logging
import sqlite3
import time
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

from sa_studio.errors import LibraryError, RequestError
from sa_studio.generation import Clip, ClipFilter, ClipState, GenerationRequest, Verdict, new_id
from sa_studio.library import labels
from sa_studio.library.clip_query import CATEGORIES, MODELS, number_of, page_of, storable
from sa_studio.library.database import Database
from sa_studio.library.edits import Edits
from sa_studio.library.labels import LabelKind
from sa_studio.library.prompt_history import recent_prompts
from sa_studio.vocabulary.sound_edit import UNTOUCHED, SoundEdit

log = logging.getLogger(__name__)

# the cause and the hint of a take that the end of the application left unfinished
INTERRUPTED = (
    "The application was closed before the take was finished",
    "Generate it again with Retry.",
)


# asked for once: a page of takes is read while the list scrolls
_REQUEST_FIELDS = frozenset(item.name for item in fields(GenerationRequest))
# each is a column of the table, of the same name
_COLUMNS = tuple(item.name for item in fields(Clip))

# how far back interrupted takes are looked for, in takes: they are those made last
_LATEST = 1000


class History:
    """The takes in the library; usable from every thread.

    Opening it marks takes that a crash left unfinished as interrupted, unless another program
    has the library open and may be making them.

    Args:
        path: the database file; made if it is not there.

    Attributes:
        edits: what the user decides about takes, with undo and redo.

    Raises:
        LibraryError: see :class:`~sa_studio.library.database.Database`.
    """

    def __init__(self, path: Path) -> None:
        self._database = Database(path, when_alone=_mark_interrupted)
        self.edits = Edits(self._database)

    def add(
        self, job_id: str, takes: Sequence[GenerationRequest], clip_ids: Sequence[str] = ()
    ) -> tuple[Clip, ...]:
        """Enter the takes of a job as queued, under these ids or new ones."""
        now = time.time()
        ids = clip_ids or [new_id() for _ in takes]
        clips = tuple(
            Clip(clip_id, job_id, index, take, ClipState.QUEUED, now)
            for index, (clip_id, take) in enumerate(zip(ids, takes, strict=True))
        )
        with self._database.transaction() as db:
            db.executemany(
                "INSERT INTO clip (id, job_id, take, prompt, model, request, state, created_at) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    (
                        clip.id,
                        job_id,
                        clip.take,
                        clip.request.prompt,
                        clip.request.model,
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

    def interrupted(self, after: float) -> list[Clip]:
        """Interrupted takes that were added after a time, in the order in which they were."""
        with self._database.transaction() as db:
            rows = db.execute(
                "SELECT clip.* FROM ("
                "SELECT position FROM clip INDEXED BY clip_newest WHERE created_at > ? "
                "ORDER BY created_at DESC, position LIMIT ?"
                ") AS latest CROSS JOIN clip ON clip.position = latest.position "
                "WHERE clip.state = ? ORDER BY clip.created_at, clip.position",
                (after, _LATEST, ClipState.INTERRUPTED),
            ).fetchall()
        return [_load(row) for row in rows]

    def queue_again(self, clip_ids: Sequence[str]) -> tuple[Clip, ...]:
        """Note that takes that came to nothing wait again; returns them as they are stored now."""
        return self.fail(clip_ids, ClipState.QUEUED)

    def get(self, clip_id: str) -> Clip:
        """One take; raises LibraryError if there is none of this id."""
        with self._database.transaction() as db:
            row = db.execute("SELECT * FROM clip WHERE id = ?", (storable(clip_id),)).fetchone()
        if row is None:
            raise LibraryError(
                f"There is no clip {clip_id!r} in the library",
                "List them with: sa-studio library list.",
            )
        return _load(row)

    def takes_with(self, clip: Clip) -> Sequence[Clip]:
        """The takes that were asked for together with ``clip``, itself among them, in order."""
        with self._database.transaction() as db:
            rows = db.execute(
                # they were added in the same instant, of which there is an index
                "SELECT * FROM clip INDEXED BY clip_newest WHERE created_at = ? AND job_id = ? "
                "ORDER BY take",
                (clip.created_at, clip.job_id),
            ).fetchall()
        return [_load(row) for row in rows]

    def list(
        self,
        filter: ClipFilter | str = "",  # noqa: A002
        limit: int = 500,
        offset: int = 0,
        total: int | None = None,
    ) -> list[Clip]:
        """A page of the takes that pass ``filter``, in its order; a text is what to search for.

        Where it is known how many there are in ``total``, a page of the second half is reached
        from the end: passing over takes is what takes time.
        """
        from_end = False
        if total is not None and total // 2 < offset < total:
            from_end = True
            limit = min(limit, total - offset)
            offset = total - offset - limit
        query, values = page_of(_filter(filter), from_end=from_end)
        with self._database.transaction() as db:
            rows = db.execute(query, (*values, limit, offset)).fetchall()
        return [_load(row) for row in rows]

    def count(self, filter: ClipFilter | str = "") -> int:  # noqa: A002
        """How many takes pass ``filter``."""
        query, values = number_of(_filter(filter))
        with self._database.transaction() as db:
            (number,) = db.execute(query, values).fetchone()
        return int(number)

    def tags(self) -> tuple[str, ...]:
        """Every tag that a take has, in alphabetical order."""
        with self._database.transaction() as db:
            return labels.names(db, LabelKind.TAG)

    def collections(self) -> tuple[str, ...]:
        """Every collection that has a take, in alphabetical order."""
        with self._database.transaction() as db:
            return labels.names(db, LabelKind.COLLECTION)

    def models(self) -> tuple[str, ...]:
        """Every model that made a take, in alphabetical order."""
        with self._database.transaction() as db:
            rows = db.execute(MODELS).fetchall()
        return tuple(model for (model,) in rows)

    def categories(self) -> tuple[str, ...]:
        """Every CatID that a take has, in alphabetical order."""
        with self._database.transaction() as db:
            rows = db.execute(CATEGORIES).fetchall()
        return tuple(cat_id for (cat_id,) in rows)

    def prompts(self, limit: int) -> Sequence[str]:
        """At most ``limit`` different prompts, the last used first, placeholders and all."""
        return recent_prompts(self._database, limit)

    def close(self) -> None:
        """Close the database."""
        self._database.close()


def _mark_interrupted(db: sqlite3.Connection) -> None:
    db.execute(
        # in the words of the index clip_unfinished: it spares reading through all takes
        "UPDATE clip SET state = ?, error = ?, hint = ? "
        "WHERE state NOT IN ('finished', 'failed', 'cancelled', 'interrupted')",
        (ClipState.INTERRUPTED, *INTERRUPTED),
    )


def _filter(search: ClipFilter | str) -> ClipFilter:
    return ClipFilter(search) if isinstance(search, str) else search


def _dump(request: GenerationRequest) -> str:
    content = {item.name: getattr(request, item.name) for item in fields(request)}
    return json.dumps(content, default=str, ensure_ascii=False)


def _load(row: sqlite3.Row) -> Clip:
    values = {name: row[name] for name in _COLUMNS}
    values["request"] = _request(row["request"], row["id"])
    values["state"] = ClipState(row["state"])
    values["verdict"] = Verdict(row["verdict"])
    for kind in LabelKind:
        values[kind] = labels.split(row[kind])
    values["path"] = Path(row["path"]) if row["path"] else None
    values["edit"] = _edit(row["edit"], row["id"])
    return Clip(**values)


def _request(text: str, clip_id: str) -> GenerationRequest:
    """What was asked for; nothing if it is damaged: the sound, and all other takes, are there."""
    try:
        content = json.loads(text)
        content = {name: value for name, value in content.items() if name in _REQUEST_FIELDS}
        if content.get("init_audio"):
            content["init_audio"] = Path(content["init_audio"])
        content["guidance_interval"] = tuple(content.get("guidance_interval", (0.0, 1.0)))
        content["loras"] = tuple((name, strength) for name, strength in content.get("loras", ()))
        return GenerationRequest(**content)
    except (ValueError, TypeError, AttributeError) as error:
        log.warning("the request of the take %s cannot be read (%s)", clip_id, error)
        return GenerationRequest("")


def _edit(text: str, clip_id: str) -> SoundEdit:
    if not text:
        return UNTOUCHED
    try:
        return SoundEdit.from_dict(json.loads(text))
    except (ValueError, AttributeError, RequestError) as error:
        log.warning("the edit of the take %s cannot be read (%s); passed over", clip_id, error)
        return UNTOUCHED
