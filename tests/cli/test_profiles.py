from __future__ import annotations

import json
from typing import Any

import pytest

from tests.cli.command_line import Run, assert_one_line


def shown(run: Run, *name: str) -> dict[str, Any]:
    status, out, _ = run("profiles", "show", *name, "--json")
    assert status == 0
    facts: dict[str, Any] = json.loads(out)
    return facts


def test_profiles_are_made_chosen_shown_and_deleted(run: Run) -> None:
    assert run("profiles", "list")[1].splitlines()[:2] == ["* Studio", "  Game"]
    options = (
        *("--rate", 96000, "--depth", "32f", "--format", "aiff", "--level", "lufs", "--lufs", -18),
        *("--naming", "ucs", "--creator", "ANN", "--folders", "{category}/{date}"),
        *("--trim", "--no-recipe", "--no-ascii", "--copyright", "© 2026 Anna"),
    )
    assert run("profiles", "save", "Mine", *options) == (0, "", "")
    facts = shown(run, "mine")
    assert (facts["sample_rate"], facts["depth"], facts["format"]) == (96_000, "32f", "aiff")
    assert (facts["level"], facts["target_lufs"]) == ("lufs", -18.0)
    assert (facts["naming"], facts["creator_id"]) == ("ucs", "ANN")
    assert (facts["folder_template"], facts["trim_silence"]) == ("{category}/{date}", True)
    assert (facts["ascii_names"], facts["copyright"]) == (False, "© 2026 Anna")
    assert (facts["embeds_recipe"], facts["built_in"], facts["chosen"]) == (False, False, False)
    assert run("profiles", "use", "MINE") == (0, "", "")
    assert run("profiles", "list")[1].splitlines()[-1] == "* Mine"
    assert shown(run)["name"] == "Mine"
    lines = [json.loads(line) for line in run("profiles", "list", "--json")[1].splitlines()]
    assert [line["name"] for line in lines if line["chosen"]] == ["Mine"]
    assert "naming: ucs\n" in run("profiles", "show")[1]
    assert run("profiles", "delete", "Mine") == (0, "", "")
    assert shown(run)["name"] == "Studio"


def test_what_is_not_given_stays_as_it_is(run: Run) -> None:
    run("profiles", "save", "Mine", "--rate", 96000, "--designer", "Anna")
    run("profiles", "save", "mine", "--depth", 16)
    facts = shown(run, "Mine")
    assert (facts["sample_rate"], facts["depth"], facts["designer"]) == (96_000, "16", "Anna")
    run("profiles", "save", "Yours", "--from", "Game", "--designer", "Ben")
    facts = shown(run, "yours")
    assert (facts["naming"], facts["designer"]) == ("game", "Ben")
    run("profiles", "save", "Copy", "--from", "mine")
    assert shown(run, "copy") == {**shown(run, "mine"), "name": "Copy"}


def test_what_was_not_asked_for_gives_way_to_the_format_and_that_is_said(run: Run) -> None:
    run("profiles", "save", "Mine", "--rate", 96000, "--depth", "32f")
    status, out, err = run("profiles", "save", "Mine", "--format", "flac")
    assert (status, out) == (0, "")
    assert "the depth is 24 instead of 32f" in err
    assert (shown(run, "Mine")["depth"], shown(run, "Mine")["sample_rate"]) == ("24", 96_000)
    _, _, err = run("profiles", "save", "Mine", "--format", "mp3")
    assert "the sample rate is 48000 instead of 96000" in err


@pytest.mark.parametrize(
    ("command", "problem"),
    [
        (("save", "Mine"), "Nothing is said"),
        (("save", "Mine", "--rate", 12), "44100, 48000 or 96000"),
        (("save", "Mine", "--depth", 8), "--depth"),
        (("save", "Mine", "--lufs", "nan"), "--lufs"),
        (("save", "Mine", "--lufs", 5), "target lufs cannot be 5.0"),
        (("save", "Mine", "--folders", "{prompt}"), "{category}"),
        (("save", " ", "--rate", 48000), "no name"),
        (("save", "Mine", "--format", "mp3", "--rate", 96000), "Use 44100 or 48000 Hz"),
        (("save", "Mine", "--from", "Web", "--format", "flac", "--depth", "32f"), "whole numbers"),
        (("save", "Studio", "--rate", 44100), "built-in"),
        (("save", "Mine", "--from", "none"), "no delivery profile 'none'"),
        (("delete", "Game"), "built-in"),
        (("delete", "none"), "no delivery profile"),
        (("use", "none"), "no delivery profile"),
        (("show", "none"), "no delivery profile"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_changes_nothing(
    run: Run, command: tuple[object, ...], problem: str
) -> None:
    status, out, err = run("profiles", *command)
    assert (status, out) == (2, "")
    assert_one_line(err)
    assert problem in err
    assert len(run("profiles", "list")[1].splitlines()) == 5
