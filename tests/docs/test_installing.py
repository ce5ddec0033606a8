"""What docs/installing.md promises follows from the log of a whole build."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from tests.docs.documents import ROOT, read

PAGE, LOG = read("docs/installing.md"), read("docs/installer-log.txt")
# https://sourceware.org/glibc/wiki/Release, and which release each distribution has
GLIBC_OF = {"Debian 12": "2.36", "Ubuntu 24.04": "2.39"}


def numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def found(pattern: str, text: str) -> str:
    """The only place where the text says that."""
    (value,) = re.findall(pattern, text, re.MULTILINE)
    return str(value)


def test_no_older_system_is_promised_than_the_frozen_files_run_on() -> None:
    needed = numbers(found(r"it needs: .*\blibc6 \(>= ([\d.]+)\)", LOG))
    assert numbers(found(r"glibc ([\d.]+) or newer", PAGE)) >= needed
    row = found(r"^\| (.+) and newer \| `SA-Studio-VERSION-linux-x86_64\.deb`", PAGE)
    for distribution in row.split(", "):
        assert numbers(GLIBC_OF[distribution]) >= needed, distribution


def test_the_log_is_of_the_steps_that_the_script_has() -> None:
    command = [sys.executable, ROOT / "build_installer.py", "--plan", "--system", "linux"]
    plan = subprocess.run(
        [*command, "--clean-root"], capture_output=True, text=True, check=True
    ).stdout
    titles = r"^ ?\d+\. .+$"
    assert re.findall(titles, LOG, re.MULTILINE) == re.findall(titles, plan, re.MULTILINE)
    assert len(re.findall(r"^ +done in \d+ s$", LOG, re.MULTILINE)) == 12
    for line in ("install ok installed", "--smoke-test: SA Studio", "dragged into", "removed: "):
        assert line in LOG


@pytest.mark.parametrize(
    ("told", "logged"),
    [
        (r"^\| (\d+) \| the frozen folder, of it \|$", r"frozen size (\d+) MB"),
        (r"^\| (\d+) \| PyTorch ", r"^ +([\d.]+) MB  torch$"),
        (r"^\| (\d+) \| Qt and PySide6 \|$", r"^ +([\d.]+) MB  PySide6$"),
        (r"^\| (\d+) \| the starter model \|$", r"^ +([\d.]+) MB  models$"),
    ],
)
def test_sizes_are_those_of_the_log(told: str, logged: str) -> None:
    assert float(found(told, PAGE)) == pytest.approx(float(found(logged, LOG)), rel=0.03)


def test_the_log_names_no_folder_of_the_machine() -> None:
    assert not re.search(r"(?<![~.\w])/(home|root|tmp|work|Users)/", LOG)
