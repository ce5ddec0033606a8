"""What ``build_installer.py --plan`` says, for every system, on any."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "build_installer.py"


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    # with nothing but the standard library
    command = [sys.executable, "-I", "-S", str(SCRIPT), *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT)


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


def test_the_clean_root_comes_last() -> None:
    lines = run("--plan", "--system", "linux", "--clean-root").stdout
    assert in_order(lines, "Smoke-test what was wrapped", "debootstrap", "remove it")


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
