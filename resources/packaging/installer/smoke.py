"""Lets the frozen application make a sound, away from everything that this machine has."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from pathlib import Path

from installer.build import Build, Stop
from installer.steps import Say, Step, Task

MINUTES = 10
LINE = re.compile(r"^SA Studio \S+: made 1 s at 44100 Hz with starter; file and library agree$")
# what a process needs of a system, and nothing of Python or of this checkout
KEPT_VARIABLES = ("SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "TEMP", "TMP", "PATHEXT", "COMSPEC")


def smoke_step(build: Build) -> Step:
    """The frozen application, as PyInstaller left it."""
    return Step(
        "Smoke-test the frozen application, headless",
        [
            Task(
                f"run {build.short(build.executable(build.frozen))} --smoke-test",
                lambda say: smoke_test(build.executable(build.frozen), say),
            )
        ],
    )


def bare_environment(home: Path) -> dict[str, str]:
    """An environment in which only the bundle can be found."""
    kept = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
    path = kept.get("SYSTEMROOT", "") or "/usr/bin:/bin"
    return {**kept, "PATH": path, "HOME": str(home), "USERPROFILE": str(home)}


def smoke_test(program: Path, say: Say) -> None:
    """Run ``--smoke-test`` in an empty folder, and look at the line that it prints.

    Raises:
        Stop: it fails, or prints something else.
    """
    with tempfile.TemporaryDirectory() as home:
        try:
            done = subprocess.run(
                [program, "--smoke-test"],
                cwd=home,
                env=bare_environment(Path(home)),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=60 * MINUTES,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise Stop(f"The application does not run: {error}") from error
    line = done.stdout.strip()
    if done.returncode != 0 or LINE.match(line) is None:
        said = (done.stderr or done.stdout).strip()[-4000:]
        raise Stop(f"The smoke test failed with status {done.returncode}:\n{said}")
    say(line)
