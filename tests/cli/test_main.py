from __future__ import annotations

from pathlib import Path

import pytest

from sa_studio import __version__
from sa_studio.cli import main
from tests.cli.command_line import Run, assert_one_line


def test_version_and_help(run: Run) -> None:
    assert run("--version") == (0, f"SA Studio {__version__}\n", "")
    status, out, err = run("generate", "--help")
    assert (status, err) == (0, "")
    for option in (
        "--negative",
        "--seconds",
        "--seed",
        "--init-audio",
        "--sigma-max",
        "--lora",
        "--json",
    ):
        assert option in out


@pytest.mark.parametrize(
    "arguments",
    [
        *(("nonesuch",), ("generate",), ("library",), ("models",), ("presets",), ("bench",)),
        *(("bench", "nonesuch"), ("--nonesuch",), ("library", "show"), ("models", "nonesuch")),
        ("library", "show", "nonesuch"),
        *(("library", "list", "--limit", value) for value in ("0", "-1", "9" * 30, "x")),
        *(("models", "info", value) for value in ("nonesuch", ".", "")),
        *(("presets", verb, "../settings") for verb in ("show", "delete")),
        ("presets", "save", "x"),
        ("presets", "save", "../x", "--prompt", "kick"),
    ],
)
def test_bad_commands_are_refused_in_one_line(run: Run, arguments: tuple[str, ...]) -> None:
    status, out, err = run(*arguments)
    assert (status, out) == (2, "")
    assert_one_line(err)


@pytest.mark.parametrize("place", ["file", "file/below", "~nobody-of-that-name/file/x"])
def test_a_data_folder_that_cannot_be_written(run: Run, tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    folder = tmp_path / place if place.startswith("file") else f"/dev/null/{place}"
    status, out, err = run("--data-dir", folder, "generate", "kick")
    assert (status, out) == (2, "")
    assert_one_line(err)
    assert "--data-dir" in err
    assert (tmp_path / "file").read_text(encoding="utf-8") == "mine"


def test_our_bug_elsewhere_is_status_1(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def bug(*arguments: object, **named: object) -> None:
        raise ZeroDivisionError("oops")

    monkeypatch.setattr("sa_studio.service.Studio.clips", bug)
    status, out, err = run("library", "list")
    assert (status, out) == (1, "")
    assert err.count("Traceback") == 1
    assert "report" in err.splitlines()[-1]


def test_the_data_folder_may_be_named_before_and_after_the_command(tmp_path: Path) -> None:
    for number, order in enumerate(("before", "after")):
        folder = str(tmp_path / f"folder {number}")
        command = ["presets", "list"]
        option = ["--data-dir", folder]
        assert main([*option, *command] if order == "before" else [*command, *option]) == 0
        assert Path(folder, "library.sqlite3").is_file()
