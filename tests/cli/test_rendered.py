from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sa_studio.service import Studio
from tests.cli.command_line import Run, assert_one_line
from tests.delivery.takes import add_take


@pytest.fixture
def paths(data_dir: Path) -> dict[str, Path]:
    """Files of three takes: never dragged, dragged, and dragged of a take that is gone."""
    with Studio() as studio:
        clips = {name: add_take(studio, name) for name in ("ready", "taken", "gone")}
        found = {name: studio.dragged_file(clip.id) for name, clip in clips.items()}
        studio.take_files([found["taken"], found["gone"]])
        studio.bin_clips([clips["gone"].id])
    return found


def facts(run: Run, *options: object) -> dict[str, Any]:
    status, out, _ = run("library", "rendered", *options, "--json")
    assert status == 0
    found: dict[str, Any] = json.loads(out)
    return found


def there(paths: dict[str, Path]) -> list[str]:
    return [name for name, path in paths.items() if path.exists()]


def test_what_there_is_is_told(run: Run, paths: dict[str, Path], data_dir: Path) -> None:
    found = facts(run)
    assert found["folder"] == str(data_dir / "rendered")
    assert {name: found[name]["files"] for name in ("ready", "dragged", "gone")} == {
        "ready": 1, "dragged": 2, "gone": 1,
    }  # fmt: skip
    assert found["ready"]["bytes"] == paths["ready"].stat().st_size
    assert "dragged or copied: 2 files, " in run("library", "rendered")[1]
    assert facts(run, "--older-than", 1)["dragged"]["files"] == 0


def test_what_was_dragged_is_deleted_only_if_the_user_says_so(
    run: Run, paths: dict[str, Path]
) -> None:
    assert facts(run, "--clear", "all", "--yes", "--older-than", 1)["deleted"]["files"] == 0
    for what in ("gone", "all"):
        status, out, err = run("library", "rendered", "--clear", what)
        assert (status, out) == (2, "")
        assert_one_line(err)
        assert "--yes" in err
    assert there(paths) == ["ready", "taken", "gone"]
    assert facts(run, "--clear", "ready")["deleted"]["files"] == 1
    assert there(paths) == ["taken", "gone"]
    assert facts(run, "--clear", "gone", "--yes")["deleted"]["files"] == 1
    assert there(paths) == ["taken"]
    assert facts(run, "--clear", "all", "--yes")["deleted"]["files"] == 1
    assert there(paths) == []
