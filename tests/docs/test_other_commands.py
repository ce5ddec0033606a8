"""The documents' commands that open the window, use what the installer makes, or take minutes."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
import torch

from installer.assets import place, write_sums
from installer.debian_package import lay_out_package
from installer.linux import make_archive
from sa_studio.paths import DATA_DIR_VARIABLE
from tests.docs.documents import ROOT, Command
from tests.docs.handling import How, handling
from tests.docs.test_commands import run_bench, typed
from tests.installer.checkers import require
from tests.installer.small_build import make_small_build
from tests.virtual_screen import virtual_screen

NEEDED_MEMORY = 8e9  # bytes, for the largest model that is imitated


def text_of(command: Command) -> str:
    return command.text


@pytest.mark.parametrize("command", typed(How.WINDOW), ids=text_of)
def test_the_window_opens_and_closing_it_ends_the_program(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    *variables, program = shlex.split(command.words)
    assert program == "sa-studio"
    monkeypatch.setenv(DATA_DIR_VARIABLE, str(tmp_path / "data"))
    with virtual_screen(tmp_path / "screen") as screen:
        started = screen.start(["env", *variables, sys.executable, "-m", "sa_studio"])
        window = screen.wait_for_window("SA Studio")
        screen.xdotool("windowactivate", "--sync", window, "key", "alt+F4")
        assert started.wait() == 0, started.log


@pytest.fixture(scope="module")
def downloads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a .deb and a .tar.gz, one more file in parts, and the checksums."""
    require("dpkg-deb", "dpkg", "objdump", "tar", "sha256sum")
    work = tmp_path_factory.mktemp("work")
    build = make_small_build(work)
    make_archive(build, print)
    lay_out_package(build, work / "tree", print)
    package = ["dpkg-deb", "--root-owner-group", "-Zgzip", "--build", work / "tree"]
    subprocess.run([*package, build.asset(".deb")], check=True, capture_output=True)
    folder = tmp_path_factory.mktemp("downloads")
    for suffix in (".deb", ".tar.gz"):
        shutil.copy(build.asset(suffix), folder)
    large = work / "NAME"
    large.write_bytes(os.urandom(5000))
    assert len(place(large, folder, largest=3000, part=2000)) == 3
    write_sums(folder, print)
    return folder


@pytest.mark.skipif(sys.platform != "linux", reason="these files are for Linux")
def test_what_the_installer_makes_is_used_as_the_page_says(downloads: Path) -> None:
    commands = typed(How.PRODUCT)
    assert [command.words.split()[0] for command in commands] == [
        *("sudo", "tar", "cd", "sha256sum", "cat")
    ]
    for command in commands:
        if command.text.startswith("sudo apt "):
            require("apt-get")  # which has the same grammar, and is made for scripts
        line = command.text.replace("sudo apt ", "apt-get ").strip()
        done = subprocess.run(
            ["bash", "-c", f"{line} {handling(command).more}"],
            cwd=downloads,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{command.text}\n{done.stdout}{done.stderr}"
    parts = sorted(downloads.glob("NAME.part*"))
    assert (downloads / "NAME").read_bytes() == b"".join(part.read_bytes() for part in parts)


@pytest.mark.parametrize("command", typed(How.OTHER), ids=text_of)
def test_other_programs_know_what_they_are_asked(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    require(shlex.split(command.text)[0])
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in [name for name in os.environ if name.startswith("XDG_")]:
        monkeypatch.delenv(name)
    line = command.text.replace("APP_ID", "org.example.Daw")
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    if "override" in line:
        written = tmp_path / ".local/share/flatpak/overrides/org.example.Daw"
        assert f"filesystems={tmp_path}/.local/share/SA Studio:ro" in written.read_text()


@pytest.mark.parametrize("marked", [[], ["-m", "slow"]], ids=["usual", "slow"])
def test_pytest_finds_the_tests_that_the_pages_name(marked: list[str]) -> None:
    lines = [
        shlex.split(command.text.partition("dev.py test ")[2]) for command in typed(How.COLLECTED)
    ]
    named = [line for line in lines if ("slow" in line) is bool(marked)]
    paths = sorted({word for line in named for word in line if word.startswith("tests/")})
    assert paths
    words = [sys.executable, "-m", "pytest", *marked, *paths, "--collect-only", "-q"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    found = done.stdout.splitlines()
    assert all(any(line.startswith(path) for line in found) for path in paths), done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("command", typed(How.SLOW), ids=text_of)
def test_commands_that_take_minutes_work(command: Command) -> None:
    program, *words = shlex.split(command.words)
    assert [program, words[0]] == ["sa-studio", "bench"]
    if words[1] == "model" and "cuda" in words and not torch.cuda.is_available():
        pytest.skip("it needs an NVIDIA card")
    if psutil.virtual_memory().available < NEEDED_MEMORY:
        pytest.skip(f"it needs {NEEDED_MEMORY / 1e9:.0f} GB of memory")
    assert run_bench(words, timeout=None) == 0
