"""Windows: a setup program by Inno Setup."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path, PureWindowsPath

from installer.build import Build, Stop
from installer.smoke import smoke_test
from installer.steps import Command, Say, Step, Task, fill

QUIET = ("/VERYSILENT", "/SUPPRESSMSGBOXES", "/NORESTART")
INSTALL = (*QUIET, "/CURRENTUSER")
UNINSTALLER = "unins000.exe"


def wrap_steps(build: Build) -> list[Step]:
    """The script for Inno Setup, filled in, and the setup program that it makes."""
    script = build.work / "sa-studio.iss"
    return [
        Step(
            "Wrap: a setup program (Inno Setup 6.3 or newer must be installed, ISCC on the PATH)",
            [
                Task(
                    f"write {build.short(script)}",
                    lambda _: write_script(build, script),
                ),
                Command(("ISCC", "/Q", script)),
            ],
        )
    ]


def test_steps(build: Build) -> list[Step]:
    """Install, run, remove."""
    setup, place = build.short(build.asset(".exe")), PureWindowsPath("DIR")
    return [
        Step(
            "Smoke-test what was wrapped, in an empty folder DIR",
            [
                Task(
                    f"run {subprocess.list2cmdline([setup, *INSTALL, f'/DIR={place}'])}; "
                    f"{place / 'sa-studio.exe'} --smoke-test; "
                    f"{subprocess.list2cmdline([str(place / UNINSTALLER), *QUIET])}; "
                    "see that DIR is empty",
                    lambda say: test_setup(build, say),
                )
            ],
        )
    ]


def write_script(build: Build, script: Path) -> None:
    """The Inno Setup script with this build's paths."""
    script.parent.mkdir(parents=True, exist_ok=True)
    script.write_text(script_text(build), encoding="utf-8-sig")


def script_text(build: Build) -> str:
    """What Inno Setup reads; its paths are Windows'."""

    def windows(path: Path) -> str:
        return str(PureWindowsPath(path))

    return fill(
        build.packaging / "windows" / "sa-studio.iss",
        version=build.version,
        name=build.name,
        licence=windows(build.root / "LICENSE"),
        output=windows(build.wrapped),
        icon=windows(build.icons / "sa-studio.ico"),
        frozen=windows(build.frozen),
    )


def test_setup(build: Build, say: Say) -> None:
    """Install without a question, make a sound, remove again."""
    with tempfile.TemporaryDirectory() as parent:
        folder = Path(parent) / "SA Studio"
        words = [str(build.asset(".exe")), *INSTALL, f"/DIR={folder}"]
        if subprocess.run(words, check=False).returncode != 0:
            raise Stop("The setup program failed")
        smoke_test(build.executable(folder), say)
        if subprocess.run([str(folder / UNINSTALLER), *QUIET], check=False).returncode != 0:
            raise Stop("Removing failed")
        left = [file for file in folder.rglob("*") if file.is_file()]
        if left:
            raise Stop(f"Removing left {len(left)} files, such as {left[0]}")
        say("removed, and nothing is left of it")
