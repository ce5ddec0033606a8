from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from sa_studio.errors import LibraryError
from sa_studio.generation import ClipFilter, ClipState, Verdict
from sa_studio.library import database
from sa_studio.library.history import History
from sa_studio.vocabulary.sound_edit import UNTOUCHED, SoundEdit

VERSIONS = Path(__file__).with_name("versions")


@pytest.fixture(params=[1, 2, 3])
def old_library(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A library as an old version left it: a finished take, a failed one, and one being made."""
    path = tmp_path / "library.sqlite3"
    version: int = request.param
    schema = (VERSIONS / f"schema_{version}.sql").read_text(encoding="utf-8")
    with closing(sqlite3.connect(path)) as raw:
        raw.executescript(f"{schema} PRAGMA user_version = {version};")
        for number, (prompt, state) in enumerate(
            [("heavy rain", "finished"), ("kick", "failed"), ("door", "running")]
        ):
            model = "starter" if number else "open"
            request = {"prompt": prompt, "seed": number, "model": model}
            raw.execute(
                "INSERT INTO clip (id, job_id, take, prompt, request, state, created_at, path, "
                "seconds, thumbnail, error) VALUES (?, 'job', 0, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    f"id{number}",
                    prompt,
                    json.dumps(request),
                    state,
                    1000.0 + number,
                    f"/clips/{number}.wav" if state == "finished" else None,
                    2.5 if state == "finished" else None,
                    b"\x80\x7f",
                    "Too loud" if state == "failed" else "",
                ),
            )
            if version > 1:
                raw.execute("UPDATE clip SET model = ? WHERE id = ?", (model, f"id{number}"))
        raw.commit()
    return path


def shape(path: Path) -> dict[str, Any]:
    """What the database consists of, apart from how its tables came about."""
    with closing(sqlite3.connect(path)) as raw:
        entries = raw.execute("SELECT type, name, sql FROM sqlite_master").fetchall()
        tables = [name for kind, name, _ in entries if kind == "table"]
        return {
            "version": raw.execute("PRAGMA user_version").fetchone(),
            "columns": {
                name: raw.execute(f"PRAGMA table_info({name})").fetchall() for name in tables
            },
            "rest": {
                name: " ".join(sql.split())
                for kind, name, sql in entries
                if sql and (kind != "table" or name == "clip_words")
            },
        }


def test_an_old_library_becomes_what_a_new_one_is(old_library: Path, tmp_path: Path) -> None:
    new = tmp_path / "new.sqlite3"
    for path in (old_library, new):
        History(path).close()
    assert shape(old_library) == shape(new)


def test_old_takes_keep_everything_and_can_be_decided_about(old_library: Path) -> None:
    history = History(old_library)
    rain = history.get("id0")
    assert (rain.request.prompt, rain.request.model, rain.request.seed) == ("heavy rain", "open", 0)
    assert (rain.state, rain.path, rain.seconds) == (
        ClipState.FINISHED,
        Path("/clips/0.wav"),
        2.5,
    )
    assert (rain.created_at, rain.thumbnail) == (1000.0, b"\x80\x7f")
    assert (rain.stars, rain.verdict, rain.tags, rain.notes, rain.collections) == (
        *(0, Verdict.NONE, (), "", ()),
    )
    assert history.get("id1").error == "Too loud"
    assert history.get("id2").state is ClipState.INTERRUPTED
    assert [clip.id for clip in history.list()] == ["id2", "id1", "id0"]
    assert [clip.id for clip in history.list("rai")] == ["id0"]
    assert [clip.id for clip in history.list(ClipFilter(model="open"))] == ["id0"]
    assert history.models() == ("open", "starter")
    assert (rain.cat_id, rain.edit) == ("", UNTOUCHED)
    history.edits.tag(["id0"], ["wet"])
    history.edits.categorise(["id0"], "RAIN", "RAIN GENERAL")
    history.edits.edit(["id0"], SoundEdit(start=0.5))
    assert [clip.id for clip in history.list("general wet")] == ["id0"]
    assert [clip.id for clip in history.list(ClipFilter(cat_id="rain"))] == ["id0"]
    assert [clip.id for clip in history.list("wet heavy")] == ["id0"]
    history.close()
    again = History(old_library)
    assert again.get("id0").tags == ("wet",)
    assert (again.get("id0").cat_id, again.get("id0").edit) == ("RAIN", SoundEdit(start=0.5))
    again.close()


def test_a_migration_that_fails_leaves_the_old_library(
    old_library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = shape(old_library)
    for path in database.MIGRATIONS.iterdir():
        shutil.copy(path, tmp_path)
    with (tmp_path / "3_to_4.sql").open("a", encoding="utf-8") as last:
        last.write("\nDROP TABLE nowhere;")
    with monkeypatch.context() as patch:
        patch.setattr(database, "MIGRATIONS", tmp_path)
        with pytest.raises(LibraryError, match="cannot be used"):
            History(old_library)
    assert shape(old_library) == before
    history = History(old_library)
    assert len(history.list()) == 3
    history.close()


def test_a_take_whose_request_is_damaged_does_not_stop_the_others(old_library: Path) -> None:
    with closing(sqlite3.connect(old_library)) as raw:
        raw.execute("UPDATE clip SET request = '{' WHERE id = 'id1'")
        raw.commit()
    history = History(old_library)
    assert history.list("rain")[0].id == "id0"
    history.close()
