"""What ``build_installer.py --plan`` says, for every system, on any."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import build_installer
from installer.build import NOBODY, SYSTEMS, Build, this_system
from installer.steps import Command
from sa_studio import __version__ as VERSION  # noqa: N812

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "build_installer.py"


def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    # with nothing but the standard library
    command = [sys.executable, "-I", "-S", str(SCRIPT), *arguments]
    environment = {**os.environ, **variables}
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environment)


def plan(system: str) -> list[str]:
    done = run("--plan", "--system", system)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def in_order(text: str, *words: str) -> bool:
    places = [text.find(word) for word in words]
    return -1 not in places and places == sorted(places)


@pytest.mark.parametrize(
    ("system", "words"),
    [
        ("linux", ("pyinstaller", "icences", "Smoke-test the frozen", ".tar.gz", "dpkg-deb")),
        ("windows", ("pyinstaller", "icences", "Smoke-test the frozen", "ISCC /Q")),
        (
            "macos",
            ("pyinstaller", "icences", "signing skipped", "Smoke-test the frozen", "hdiutil"),
        ),
    ],
)
def test_every_step_is_said_in_order(system: str, words: tuple[str, ...]) -> None:
    done = run("--plan", "--system", system)
    assert done.returncode == 0, done.stderr
    ending = ("2 GiB", "SHA256SUMS", "Smoke-test what was wrapped")
    assert in_order(done.stdout, "-m venv", "constraints.txt", *words, *ending)
    assert "--onefile" not in done.stdout
    assert not (ROOT / "build" / "installer" / f"{system}-never").exists()


def test_the_torch_is_named_so_that_no_other_comes(tmp_path: Path) -> None:
    assert "torch==2.13.0+cpu" in run("--plan", "--system", "linux").stdout
    with_cuda = run("--plan", "--system", "windows", "--torch", "cuda").stdout
    assert "torch==2.13.0+cu130" in with_cuda
    assert "whl/cu130" in with_cuda
    assert "-cuda" in with_cuda.splitlines()[0]
    mac = run("--plan", "--system", "macos").stdout
    assert "torch==2.13.0\n" in mac


@pytest.mark.parametrize("system", SYSTEMS)
def test_what_is_shown_is_what_would_be_run(system: str, tmp_path: Path) -> None:
    """Every line with a $ is a command, word by word, with paths of this build alone."""
    work = ROOT / "build" / "installer" / f"{system}-cpu"
    build = Build(ROOT, system, "cpu", work, ROOT / "dist")
    commands = [
        part
        for step in build_installer.steps_of(build)
        for part in step.parts
        if isinstance(part, Command)
    ]
    typed = [line.partition("$ ")[2] for line in plan(system) if "  $ " in line]
    python = str(sys.executable) if system == this_system() else "python"
    assert [command.text(build) for command in commands] == typed
    assert str(commands[0].words[0]) == python
    for line, command in zip(typed, commands, strict=True):
        if system != "windows":
            words = [
                build.short(word) if isinstance(word, Path) else word for word in command.words
            ]
            assert shlex.split(line) == words
        for word in command.words[1:]:
            if isinstance(word, Path):
                in_checkout = word.is_relative_to(build.packaging) and word.exists()
                assert in_checkout or word.is_relative_to(work), word


@pytest.mark.parametrize("system", SYSTEMS)
def test_every_path_is_of_that_system(system: str) -> None:
    text = "\n".join(plan(system))
    here, there = f"build/installer/{system}-cpu", f"build\\installer\\{system}-cpu"
    assert (here in text) is (system != "windows")
    assert (there in text) is (system == "windows")
    architecture = {"windows": "x86_64", "macos": "arm64"}.get(system)
    if architecture and system != this_system():
        assert text.startswith(f"SA-Studio-{VERSION}-{system}-{architecture}: ")


def test_signing_and_notarising_are_shown_where_there_is_an_identity() -> None:
    variables = {"SA_STUDIO_SIGNING_IDENTITY": "Somebody (TEAM)", "SA_STUDIO_NOTARY_PROFILE": "us"}
    done = run("--plan", "--system", "macos", **variables)
    words = ("codesign --force", "'Somebody (TEAM)'", "hdiutil create", "notarytool", "stapler")
    assert in_order(done.stdout, *words)
    assert "skipped" not in done.stdout


def test_whoever_is_named_answers_for_the_package() -> None:
    read = build_installer.maintainer
    assert read("Some Body <some@body.org>") == "Some Body <some@body.org>"
    named = {"DEBFULLNAME": "Some Body", "DEBEMAIL": "some@body.org"}
    assert build_installer.maintainer_of(named) == "Some Body <some@body.org>"
    assert build_installer.maintainer_of({"DEBFULLNAME": "Some Body"}) == NOBODY == read(NOBODY)
    done = run("--plan", "--maintainer", "some@body.org")
    assert done.returncode == 2
    assert "is not of the form: Name <address>" in done.stderr


def test_the_clean_root_comes_last() -> None:
    lines = run("--plan", "--system", "linux", "--clean-root").stdout
    words = ("debootstrap", "apt-get install", "as a user sa-studio", "apt-get purge")
    assert in_order(lines, "Smoke-test what was wrapped", *words)


@pytest.mark.parametrize(
    "arguments",
    [
        ("--system", "macos", "--torch", "cuda", "--plan"),
        ("--system", "windows", "--clean-root", "--plan"),
        ("--system", "amiga"),
    ],
)
def test_what_cannot_be_is_one_line(arguments: tuple[str, ...]) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith("build_installer.py: error: ")


@pytest.mark.skipif(sys.platform == "win32", reason="that is this system")
def test_another_system_is_built_there() -> None:
    done = run("--system", "windows")
    assert done.returncode == 2
    assert "is made there" in done.stderr
