"""Every command in the documents does what it says, or is at least one that the program knows.

``handling.py`` says which are run, which are made smaller, which are only parsed, and why. Those
that ask the hub are in ``test_hub_commands.py``; those that open the window, use what the installer
makes, or take minutes, in ``test_other_commands.py``.
"""

from __future__ import annotations

import argparse
import ast
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from sa_studio.cli import main, parser
from sa_studio.cli.bench import NAMES
from sa_studio.paths import DATA_DIR_VARIABLE
from tests.docs.documents import DOCUMENTS, ROOT, Command, commands
from tests.docs.handling import ROWS, STAND_INS, How, handling

PATIENCE = 300.0  # seconds; each takes a few on an idle machine
MAY_FIND_PROBLEMS = "sa-studio doctor"  # status 2 if this computer lacks something


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the documents' example files, and a data folder with one take of the starter."""
    home = tmp_path_factory.mktemp("home")
    shutil.copytree(ROOT / "docs" / "examples", home / "docs" / "examples")
    arguments = ["--data-dir", str(home / "data"), "generate", "kick drum", "--seconds", "0.5"]
    assert main([*arguments, "--steps", "4", "--out", str(home / "take.wav")]) == 0
    return home


@pytest.fixture
def at_home(sandbox: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(DATA_DIR_VARIABLE, str(sandbox / "data"))
    monkeypatch.setenv("HOME", str(sandbox))
    monkeypatch.chdir(sandbox)
    return sandbox


@pytest.fixture
def clip_id(at_home: Path, capfd: pytest.CaptureFixture[str]) -> str:
    assert main(["library", "list"]) == 0
    *_, oldest = capfd.readouterr().out.splitlines()
    return oldest.split()[0]


def typed(*hows: How) -> list[Command]:
    """The commands that can be typed and are tried in one of these ways, each once."""
    found: dict[str, Command] = {}
    for document in DOCUMENTS:
        for command in commands(document):
            if not command.is_synopsis and handling(command).how in hows:
                found.setdefault(command.words, command)
    return list(found.values())


def documents_with(*hows: How) -> list[str]:
    return sorted({command.document for command in typed(*hows)})


@pytest.mark.parametrize("document", documents_with(How.RUN, How.SMALLER))
def test_commands_of_a_document_work_from_top_to_bottom(
    document: str,
    at_home: Path,
    clip_id: str,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for command in typed(How.RUN, How.SMALLER):
        if command.document != document:
            continue
        pasted = io.BytesIO((at_home / "docs" / "examples" / "cues.csv").read_bytes())
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(pasted))
        status = run(f"{command.words} {handling(command).more}", at_home, clip_id)
        said = capfd.readouterr()
        allowed = {0, 2} if command.words.startswith(MAY_FIND_PROBLEMS) else {0}
        assert status in allowed, f"{command.text}\n{said.err}"


def run(line: str, home: Path, clip_id: str) -> int:
    """Run what stands in a document; returns the exit status."""
    words = [
        stand_in.format(clip=clip_id, file=home / "take.wav")
        if (stand_in := STAND_INS.get(word)) is not None
        else word
        for word in shlex.split(line)
    ]
    program, *arguments = words
    if [program, *arguments[:1]] == ["sa-studio", "bench"]:
        return run_bench(arguments)
    if program == "sa-studio":
        return main(arguments)
    assert program == "python3", f"no way to run {line!r}"
    command = [sys.executable, str(ROOT / arguments[0]), *arguments[1:]]
    return subprocess.run(command, check=False, timeout=PATIENCE).returncode


def run_bench(arguments: list[str], timeout: float | None = PATIENCE) -> int:
    """A process of its own: what is measured chooses threads, and Qt's platform."""
    command = [sys.executable, "-m", "sa_studio", *arguments]
    environment = {"QT_QPA_PLATFORM": "offscreen", **os.environ}
    return subprocess.run(
        command, check=False, cwd=ROOT, env=environment, timeout=timeout
    ).returncode


@pytest.mark.parametrize(
    "command", typed(How.PARSED, How.COLLECTED, How.SLOW), ids=lambda command: command.text
)
def test_commands_that_are_not_run_are_known_to_their_program(command: Command) -> None:
    words = shlex.split(command.words)
    while re.fullmatch(r"[A-Z_]+=.*", words[0]):
        variable = words.pop(0).partition("=")[0]
        assert variable == "QT_QPA_PLATFORM" or any(
            variable in path.read_text(encoding="utf-8") for path in ROOT.glob("tests/ui/*.py")
        )
    match words:
        case ["sa-studio", "bench", name, *rest]:
            assert name in NAMES
            import_module(f"sa_studio.bench.{name}")._parser().parse_args(rest)
        case ["sa-studio", *rest]:
            parser().parse_args(rest)
        case ["python3", "dev.py", "test", *rest]:
            assert_pytest_takes(rest)
        case ["python" | "python3", script, *rest]:
            assert options(rest) <= options_of(ROOT / script), command.text
        case _:
            pytest.fail(f"no way to parse {command.text!r}")


def assert_pytest_takes(words: list[str]) -> None:
    for word in words:
        assert word in ("-x", "-m", "slow", "-q") or (ROOT / word).exists(), word


def options(words: list[str]) -> set[str]:
    return {word.partition("=")[0] for word in words if word.startswith("--")}


def options_of(script: Path) -> set[str]:
    """The options that a script knows, read without running it."""
    return {
        node.value
        for node in ast.walk(ast.parse(script.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and re.fullmatch(r"--[a-z-]+", str(node.value))
    }


@pytest.mark.skipif(shutil.which("bash") is None or os.name == "nt", reason="there is no bash")
@pytest.mark.parametrize("document", documents_with(*How))
def test_a_shell_understands_every_line(document: str) -> None:
    lines = [line.text for line in commands(document) if not line.is_synopsis]
    script = "\n".join(lines)
    done = subprocess.run(["bash", "-n"], input=script, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def synopses() -> list[Command]:
    return [item for document in DOCUMENTS for item in commands(document) if item.is_synopsis]


@pytest.mark.parametrize("command", synopses(), ids=lambda command: command.text)
def test_what_shows_a_grammar_shows_the_real_one(command: Command) -> None:
    program, *words = re.findall(r"\[[^\]]*\]|\S+", command.words)
    assert program == "sa-studio", "only our own grammar is checked"
    grammar = outer = parser()
    for word in words:
        names = word.strip("[]").split("|")
        if word == "·":
            grammar = outer
        elif (below := sub_commands(grammar)) and not word.startswith(("[", "-")) and word != "…":
            assert set(names) <= set(below), f"{names} of {sorted(below)}"
            outer, grammar = grammar, below[names[0]]
        else:
            for option, *values in (part.split() for part in option_parts(word)):
                assert option in grammar._option_string_actions, option
                choices = grammar._option_string_actions[option].choices
                if choices and values and values[0].islower():
                    assert set(values[0].split("|")) <= set(choices)


def option_parts(word: str) -> Iterator[str]:
    if word.strip("[").startswith("--"):
        yield word.strip("[]")


def sub_commands(grammar: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """The commands below a command."""
    for action in grammar._actions:
        if isinstance(action, argparse._SubParsersAction):
            return dict(action.choices)
    return {}


def test_every_row_of_the_handling_is_needed() -> None:
    everything = [command.words for document in DOCUMENTS for command in commands(document)]
    unused = [
        row.pattern for row in ROWS if not any(re.match(row.pattern, words) for words in everything)
    ]
    assert not unused


def test_most_commands_are_really_run() -> None:
    really = typed(How.RUN, How.SMALLER, How.HUB, How.WINDOW, How.PRODUCT, How.OTHER)
    assert len(really) >= 45
    assert all(row.reason for row in ROWS)


def test_what_is_only_parsed_is_the_suite_or_the_recipe() -> None:
    """Anything else has a way to be run; the recipe's steps have a test of their own."""
    for command in typed(How.PARSED, How.SYNTAX):
        suite = command.text.startswith("python3 dev.py test")
        assert suite or command.document.startswith("models/starter/"), command.text
