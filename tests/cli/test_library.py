from __future__ import annotations

import json
from pathlib import Path

from tests.cli.command_line import QUICK, Run, assert_one_line


def test_the_library_shows_what_was_made(generate: Run, run: Run) -> None:
    made = json.loads(generate("heavy rain", *QUICK, "--json")[1])
    generate("kick", *QUICK)
    status, out, _ = run("library", "list", "rain", "--json")
    assert status == 0
    assert json.loads(out) == {**made, "state": "finished"}
    assert len(run("library", "list")[1].splitlines()) == 2
    assert len(run("library", "list", "--limit", 1)[1].splitlines()) == 1
    shown = json.loads(run("library", "show", made["clip_id"], "--json")[1])
    assert shown == {**made, "state": "finished", "error": "", "hint": ""}
    assert f"path: {made['path']}" in run("library", "show", made["clip_id"])[1]


def test_a_library_that_is_none(run: Run, data_dir: Path) -> None:
    data_dir.mkdir()
    (data_dir / "library.sqlite3").write_text("no database" * 100, encoding="utf-8")
    status, _, err = run("library", "list")
    assert status == 2
    assert_one_line(err)
