from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from sa_studio.errors import LibraryError
from sa_studio.library.database import VERSION, Database

HOLD_OPEN = """
import sys
from pathlib import Path
from sa_studio.library.database import Database
database = Database(Path(sys.argv[1]), lambda db: None)
print("open", flush=True)
sys.stdin.read()
"""


def opened(path: Path) -> tuple[Database, bool]:
    """The database, and whether nobody else had it open."""
    alone: list[bool] = []
    database = Database(path, lambda db: alone.append(True))
    return database, bool(alone)


@pytest.fixture
def other_program(path: Path) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD_OPEN, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        yield process
        process.kill()


def test_a_new_library_has_the_version_and_can_be_opened_again(path: Path) -> None:
    for _ in range(2):
        database, alone = opened(path)
        with database.transaction() as db:
            assert db.execute("PRAGMA user_version").fetchone()[0] == VERSION
            assert db.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
        database.close()
        assert alone


def test_what_another_program_has_open_is_not_ours_alone(
    path: Path, other_program: subprocess.Popen[str]
) -> None:
    database, alone = opened(path)
    database.close()
    assert not alone
    other_program.kill()
    other_program.wait()
    database, alone = opened(path)
    database.close()
    assert alone, "a lock ends with its program"


def test_a_transaction_that_fails_changes_nothing(path: Path) -> None:
    database, _ = opened(path)
    with database.transaction() as db:
        db.execute("CREATE TABLE t (a PRIMARY KEY)")
    with pytest.raises(sqlite3.IntegrityError), database.transaction() as db:
        db.executemany("INSERT INTO t VALUES (?)", [(1,), (1,)])
    with database.transaction() as db:
        assert db.execute("SELECT count(*) FROM t").fetchone()[0] == 0
    database.close()


def test_a_newer_library_is_refused_and_left_alone(path: Path) -> None:
    with closing(sqlite3.connect(path)) as raw:
        raw.execute(f"PRAGMA user_version = {VERSION + 1}")
        raw.commit()
    before = path.read_bytes()
    with pytest.raises(LibraryError, match="newer version") as caught:
        opened(path)
    assert caught.value.hint
    assert path.read_bytes() == before or path.stat().st_size == len(before)


@pytest.mark.parametrize("content", [b"no database" * 500, b"SQLite format 3\0" + b"\xff" * 99])
def test_garbage_is_refused_in_one_line_and_kept(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(LibraryError) as caught:
        opened(path)
    assert "\n" not in caught.value.one_line()
    assert str(path) in caught.value.message
    assert caught.value.hint
    assert path.read_bytes() == content


def test_the_database_of_another_program_is_refused(path: Path) -> None:
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("CREATE TABLE notes (text)")
        raw.commit()
    with pytest.raises(LibraryError, match="another program"):
        opened(path)


def test_a_folder_in_its_place_is_refused(path: Path) -> None:
    path.mkdir()
    with pytest.raises(LibraryError):
        opened(path)


def test_what_sqlite_reports_is_a_library_error_but_our_bugs_are_not(path: Path) -> None:
    database, _ = opened(path)
    with pytest.raises(LibraryError), database.transaction() as db:
        db.execute("SELECT * FROM nowhere")
    with pytest.raises(sqlite3.IntegrityError), database.transaction() as db:
        db.execute("INSERT INTO clip (id) VALUES ('a')")
    database.close()
    with pytest.raises(sqlite3.ProgrammingError), database.transaction() as db:
        db.execute("SELECT 1")


def test_a_damaged_library_has_to_be_moved_away(path: Path) -> None:
    path.write_bytes(b"this is no database at all" * 100)
    with pytest.raises(LibraryError, match="cannot be used") as caught:
        opened(path)
    assert "Move the file away" in caught.value.hint


def test_a_version_that_none_has_is_damage(path: Path) -> None:
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("PRAGMA user_version = -1")
        raw.commit()
    with pytest.raises(LibraryError, match="damaged") as caught:
        opened(path)
    assert "Move the file away" in caught.value.hint


def test_damage_that_is_met_later_has_the_same_remedy(path: Path) -> None:
    database, _ = opened(path)
    error = sqlite3.DatabaseError("database disk image is malformed")
    error.sqlite_errorname = "SQLITE_CORRUPT"
    with pytest.raises(LibraryError, match="malformed") as caught, database.transaction():
        raise error
    database.close()
    assert str(path) in caught.value.message
    assert "Move the file away" in caught.value.hint


def test_what_the_disk_refuses_is_not_blamed_on_the_library(path: Path) -> None:
    path.mkdir()  # sqlite cannot open it: SQLITE_CANTOPEN, like other troubles of the system
    with pytest.raises(LibraryError, match="cannot be used") as caught:
        opened(path)
    assert caught.value.hint.startswith("Check the free space")
