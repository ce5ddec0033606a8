"""The .deb in a Debian that has never seen it: installed, used and removed.

The screen, the pointer and the program that sounds are dropped on are this machine's; everything
that the application needs has to come with its package. The user's home folder has the same path
inside and outside, so that a file that was dropped can be read where it says it is.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from installer.build import Build, Stop
from installer.debian_root import (
    BARE_PATH,
    USER,
    files_of,
    forget,
    inside,
    make,
    mounts,
    root_folder,
)
from installer.smoke import LINE
from installer.steps import Say, Step, Task

DATA = ".local/share/SA Studio"
PACKAGE = "sa-studio"
PLACE = "root/sa-studio.deb"
INSTALL = ("apt-get", "install", "--yes", "--no-install-recommends", f"/{PLACE}")
REMOVE = ("apt-get", "purge", "--yes", PACKAGE)
COMMAND_VARIABLE, HOME_VARIABLE = "SA_STUDIO_INSTALLED", "SA_STUDIO_INSTALLED_HOME"
STORY = Path("tests") / "installer" / "test_installed_story.py"
SAID = re.compile(r"^told: (.+)$", re.MULTILINE)


def try_out_steps(build: Build) -> list[Step]:
    """A new Debian, and a user's first and last day with the package."""
    return [
        Step(
            "Make a new Debian of the release that this machine has (debootstrap)",
            [
                Task("end the mounts of an earlier try, and its folder", lambda _: forget(build)),
                Task(
                    f"run debootstrap --variant=minbase RELEASE {build.short(root_folder(build))} "
                    "MIRROR, with this machine's release and where apt has its packages from",
                    lambda say: make(build, say),
                ),
            ],
        ),
        Step(
            "Install the .deb there with apt, use it, remove it",
            [
                Task(
                    f"run {shlex.join(INSTALL)}; as a user sa-studio --smoke-test, then the "
                    f"story {STORY}; {shlex.join(REMOVE)}; look at what is left",
                    lambda say: try_out(build, say),
                )
            ],
        ),
    ]


def try_out(build: Build, say: Say) -> None:
    """Install, smoke-test, go through the story, remove; look at what is left each time.

    Raises:
        Stop: something is not as it should be.
    """
    root = root_folder(build)
    home = Path(tempfile.mkdtemp(prefix="sa-studio-home-"))
    uid = inside(root, ["id", "--user", USER]).strip()
    os.chown(home, int(uid), int(uid))
    before = files_of(root)
    try:
        with mounts(root, home):
            install(build, root, say)
            prefix = as_user(root, home)
            line = run_as_user(prefix, ["sa-studio", "--smoke-test"]).strip()
            if LINE.match(line) is None:
                raise Stop(f"--smoke-test printed: {line}")
            say(f"as a user, --smoke-test: {line}")
            go_through_story(build, prefix, home, say)
            remove(root, say)
        check_removed(root, home, before, say)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def install(build: Build, root: Path, say: Say) -> None:
    """``apt-get install ./sa-studio.deb``."""
    package = root / PLACE
    shutil.copy(build.asset(".deb"), package)
    inside(root, ["apt-get", "update", "--quiet"])
    inside(root, INSTALL)
    package.unlink()
    state = inside(root, ["dpkg-query", "--show", "--showformat=${Status}", PACKAGE])
    say(f"apt-get install: {state}")


def as_user(root: Path, home: Path) -> list[str]:
    """The words before a command that a user of the new Debian types."""
    variables = [f"HOME={home}", f"PATH={BARE_PATH}", "LANG=C.UTF-8"]
    return ["chroot", f"--userspec={USER}", str(root), "/usr/bin/env", "-i", *variables]


def run_as_user(prefix: Sequence[str], words: Sequence[str]) -> str:
    """Run a command of the user; what it printed."""
    done = subprocess.run(
        [*prefix, *words], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise Stop(f"{shlex.join(words)} failed as a user:\n{done.stderr.strip()[-3000:]}")
    return done.stdout


def go_through_story(build: Build, prefix: Sequence[str], home: Path, say: Say) -> None:
    """The scripted story with a real pointer on a screen of this machine, by pytest.

    It needs the development's environment: the application's own is no part of it.
    """
    python = build.root / ".venv" / "bin" / "python"
    if not python.is_file():
        raise Stop("The story needs the development's packages: python3 dev.py test --co")
    done = subprocess.run(
        [python, "-m", "pytest", "-q", "-s", "-m", "slow", "-p", "no:cacheprovider", str(STORY)],
        cwd=build.root,
        env={
            **os.environ,
            "CI": "true",  # nothing is skipped
            COMMAND_VARIABLE: shlex.join(prefix),
            HOME_VARIABLE: str(home),
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise Stop(f"The story failed:\n{done.stdout[-6000:]}{done.stderr[-2000:]}")
    for line in SAID.findall(done.stdout):
        say(line)


def remove(root: Path, say: Say) -> None:
    """``apt-get purge``; it has to say where the user's sounds are."""
    said = inside(root, REMOVE)
    told = [line.strip() for line in said.splitlines() if DATA in line]
    if not told:
        raise Stop(f"Removing did not say where the sounds are:\n{said}")
    say(f"apt-get purge said where the sounds are: {told[0]}")


def check_removed(root: Path, home: Path, before: set[str], say: Say) -> None:
    """Nothing of the package is left, and everything of the user is.

    Raises:
        Stop: naming what is left or gone.
    """
    # what apt brought beside the package stays, as it always does
    owned = {
        line
        for listing in (root / "var/lib/dpkg/info").glob("*.list")
        for line in listing.read_text(encoding="utf-8").splitlines()
    }
    merged = owned | {f"/usr{name}" for name in owned}
    left = sorted(name for name in files_of(root) - before - merged if "sa-studio" in name)
    if left:
        raise Stop(f"Removing left {len(left)} files: {', '.join(left[:10])}")
    clips = list((home / DATA / "clips").rglob("*.wav"))
    if not clips or not (home / DATA / "library.sqlite3").is_file():
        raise Stop(f"Removing took the user's sounds from {home / DATA}")
    say(f"removed: nothing of it is left; the user's {len(clips)} clip and library are")
