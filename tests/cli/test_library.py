from __future__ import annotations

import json
from pathlib import Path

import pytest

from sa_studio.generation import Clip, GenerationRequest
from sa_studio.library.history import History
from tests.cli.command_line import QUICK, Run, assert_one_line

UNDECIDED = {
    "state": "finished",
    "stars": 0,
    "verdict": "",
    "tags": [],
    "notes": "",
    "collections": [],
    "cat_id": "",
    "edit": {},
}


@pytest.fixture
def takes(data_dir: Path) -> list[str]:
    """The ids of three takes: rain, kick and door, from the oldest to the newest."""
    data_dir.mkdir()
    history = History(data_dir / "library.sqlite3")
    clips: list[Clip] = []
    for prompt, model in (("rain", "starter"), ("kick", "open"), ("door", "starter")):
        clips += history.add(prompt, [GenerationRequest(prompt, seed=1, model=model)])
    history.close()
    return [clip.id for clip in clips]


def listed(run: Run, *arguments: object) -> list[str]:
    status, out, _ = run("library", "list", *arguments, "--json")
    assert status == 0
    return [json.loads(line)["prompt"] for line in out.splitlines()]


def test_the_library_shows_what_was_made(generate: Run, run: Run) -> None:
    made = json.loads(generate("heavy rain", *QUICK, "--json")[1])
    generate("kick", *QUICK)
    status, out, _ = run("library", "list", "rain", "--json")
    assert status == 0
    assert json.loads(out) == {**made, **UNDECIDED}
    assert len(run("library", "list")[1].splitlines()) == 2
    assert len(run("library", "list", "--limit", 1)[1].splitlines()) == 1
    shown = json.loads(run("library", "show", made["clip_id"], "--json")[1])
    assert shown == {**made, **UNDECIDED, "error": "", "hint": ""}
    assert f"path: {made['path']}" in run("library", "show", made["clip_id"])[1]


def test_a_library_that_is_none(run: Run, data_dir: Path) -> None:
    data_dir.mkdir()
    (data_dir / "library.sqlite3").write_text("no database" * 100, encoding="utf-8")
    status, _, err = run("library", "list")
    assert status == 2
    assert_one_line(err)


def test_what_is_decided_is_kept_and_found_again(run: Run, takes: list[str]) -> None:
    rain, kick, door = takes
    for command in (
        ("rate", rain, door, "--stars", 4),
        ("rate", door, "--stars", 5),
        ("keep", door),
        ("reject", kick),
        ("tag", rain, kick, "--add", "wet", "Big  Hall"),
        ("tag", kick, "--remove", "WET", "dry"),
        ("categorise", rain, door, "--catid", "rainmetl"),
        ("categorise", door, "--catid", "DOORWood"),
        ("categorise", kick, "--catid", ""),
    ):
        assert run("library", *command) == (0, "", "")
    facts = json.loads(run("library", "show", rain, "--json")[1])
    assert (facts["stars"], facts["verdict"], facts["tags"]) == (4, "", ["Big Hall", "wet"])
    shown = run("library", "show", rain)[1]
    assert "stars: 4\n" in shown
    assert "tags: Big Hall, wet\n" in shown
    assert listed(run) == ["door", "rain"], "rejected takes are hidden"
    assert listed(run, "--verdict", "any") == ["door", "kick", "rain"]
    assert listed(run, "--verdict", "reject") == ["kick"]
    assert listed(run, "--verdict", "keep") == ["door"]
    assert listed(run, "--verdict", "none") == ["rain"]
    assert listed(run, "--stars", 5) == ["door"]
    assert listed(run, "--tag", "big hall", "--verdict", "any") == ["kick", "rain"]
    assert listed(run, "--search", "wet") == listed(run, "wet") == ["rain"]
    assert listed(run, "--search", "wet", "kick") == []
    assert listed(run, "--model", "starter", "--sort", "oldest") == ["rain", "door"]
    assert listed(run, "--sort", "stars", "--limit", 1) == ["door"]
    assert listed(run, "--collection", "none") == []
    assert json.loads(run("library", "show", rain, "--json")[1])["cat_id"] == "RAINMetl"
    assert listed(run, "--catid", "rain") == ["rain"]
    assert listed(run, "--catid", "DOORWood") == listed(run, "wood") == ["door"]
    line = run("library", "list", "--stars", 5)[1]
    assert line.split() == [door, "interrupted", "5", "keep", "door"]


@pytest.mark.parametrize(
    ("command", "problem"),
    [
        (("rate", "ID", "--stars", "6"), "number of stars"),
        (("rate", "ID"), "--stars"),
        (("rate", "--stars", "3"), "ID"),
        (("rate", "ID", "unknown", "--stars", "3"), "There is no clip 'unknown'"),
        (("reject", "ID", "\udcff"), "There is no clip"),
        (("tag", "ID"), "No tag is named"),
        (("tag", "ID", "--add", "wet", " "), "The tag has no name"),
        (("categorise", "ID"), "--catid"),
        (("categorise", "ID", "--catid", "DOORWod"), "There is no UCS category 'DOORWod'"),
        (("categorise", "ID", "--catid", "wood doors"), "Did you mean DOORWood"),
        (("categorise", "unknown", "--catid", "RAIN"), "There is no clip 'unknown'"),
        (("list", "--sort", "loud"), "--sort"),
        (("list", "--verdict", "good"), "--verdict"),
        (("list", "--stars", "many"), "number of stars"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_changes_nothing(
    run: Run, takes: list[str], command: tuple[str, ...], problem: str
) -> None:
    status, out, err = run("library", *(takes[0] if part == "ID" else part for part in command))
    assert (status, out) == (2, "")
    assert_one_line(err)
    assert problem in err
    facts = json.loads(run("library", "show", takes[0], "--json")[1])
    assert (facts["stars"], facts["verdict"], facts["tags"]) == (0, "", [])
    assert facts["cat_id"] == ""
