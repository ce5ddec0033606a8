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
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from installer.build import Build, Stop
from installer.smoke import LINE
from installer.steps import Command, Say, Step, Task

USER = "designer"
DATA = ".local/share/SA Studio"
PACKAGE = "sa-studio"
BARE_PATH = "/usr/sbin:/usr/bin:/sbin:/bin"
COMMAND_VARIABLE, HOME_VARIABLE = "SA_STUDIO_INSTALLED", "SA_STUDIO_INSTALLED_HOME"
STORY = Path("tests") / "installer" / "test_installed_story.py"
SAID = re.compile(r"^told: (.+)$", re.MULTILINE)
# what apt and dpkg note down for themselves
OWN_NOTES = ("/var/", "/etc/ld.so.cache", "/run/", "/tmp/", "/proc/", "/sys/", "/dev/")  # noqa: S108


def try_out_steps(build: Build) -> list[Step]:
    """A new Debian, and a user's first and last day with the package."""
    return [
        Step(
            "Make a new Debian of the release that this machine has (debootstrap)",
            [
                Task("end the mounts of an earlier try, and its folder", lambda _: forget(build)),
                Task(
                    "make it, from where this machine has its packages",
                    lambda say: make(build, say),
                ),
            ],
        ),
        Step(
            "Install the .deb there with apt, use it, remove it",
            [Task(f"the story is {STORY}", lambda say: try_out(build, say))],
        ),
    ]


def root_folder(build: Build) -> Path:
    """The new Debian's root."""
    return build.work / "clean-root"


def release() -> str:
    """This machine's release of Debian, such as ``bookworm``."""
    text = Path("/etc/os-release").read_text(encoding="utf-8")
    found = re.search(r"^VERSION_CODENAME=(\S+)$", text, re.MULTILINE)
    if found is None or "ID=debian" not in text.split():
        raise Stop("--clean-root works on Debian alone")
    return found[1].strip('"')


def mirror() -> str:
    """Where this machine's apt gets Debian from."""
    sources = Path("/etc/apt")
    for file in (sources / "sources.list", *sorted(sources.glob("sources.list.d/debian*"))):
        if file.is_file():
            text = file.read_text(encoding="utf-8")
            found = re.search(r"^(?:URIs:|deb(?: \[.*\])?)\s+(\S+/debian)/?\s", f"{text}\n", re.M)
            if found is not None:
                return found[1]
    raise Stop("apt's sources name no mirror of Debian")


def forget(build: Build) -> None:
    """Unmount what an interrupted try left, and only then remove its folder."""
    root = root_folder(build)
    mounted = Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines()
    for line in reversed(mounted):
        place = line.split()[1].replace("\\040", " ")
        if Path(place).is_relative_to(root):
            Command(("umount", place)).run(build)
    shutil.rmtree(root, ignore_errors=True)


def make(build: Build, say: Say) -> None:
    """The smallest Debian, with a user."""
    root = root_folder(build)
    Command(("debootstrap", "--variant=minbase", release(), root, mirror())).run(build)
    for file in Path("/etc/apt/apt.conf.d").iterdir():
        if "proxy" in file.read_text(encoding="utf-8", errors="replace").lower():
            shutil.copy(file, root / "etc/apt/apt.conf.d")
    shutil.copy("/etc/resolv.conf", root / "etc" / "resolv.conf")
    inside(root, ["useradd", "--no-create-home", USER])
    packages = inside(root, ["dpkg-query", "--show"]).count("\n")
    say(f"Debian {release()} with {packages} packages")


def inside(root: Path, words: Sequence[str], *, may_fail: bool = False) -> str:
    """Run a program in the new Debian as root; what it printed.

    Raises:
        Stop: it failed, with what it said.
    """
    done = subprocess.run(
        ["chroot", root, *words],
        env={"PATH": BARE_PATH, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0 and not may_fail:
        said = (done.stderr or done.stdout).strip()[-3000:]
        raise Stop(f"In the new Debian, {shlex.join(words)} failed:\n{said}")
    return done.stdout


@contextmanager
def mounts(root: Path, home: Path) -> Iterator[None]:
    """What a running system has: /proc, /dev, the screen's socket, the user's home."""
    binds = [Path("/proc"), Path("/dev"), Path("/tmp/.X11-unix"), home]  # noqa: S108 (X11's place)
    done: list[Path] = []
    try:
        for place in binds:
            place.mkdir(parents=True, exist_ok=True)
            target = root / place.relative_to("/")
            target.mkdir(parents=True, exist_ok=True)
            subprocess.run(["mount", "--bind", str(place), str(target)], check=True)
            done.append(target)
        yield
    finally:
        for target in reversed(done):
            subprocess.run(["umount", str(target)], check=False)


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
    """``apt-get install ./sa-studio.deb``, and what came with it."""
    place = "root/sa-studio.deb"
    package = root / place
    shutil.copy(build.asset(".deb"), package)
    inside(root, ["apt-get", "update", "--quiet"])
    inside(root, ["apt-get", "install", "--yes", "--no-install-recommends", f"/{place}"])
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
    said = inside(root, ["apt-get", "purge", "--yes", PACKAGE])
    told = [line.strip() for line in said.splitlines() if DATA in line]
    if not told:
        raise Stop(f"Removing did not say where the sounds are:\n{said}")
    say(f"apt-get purge said where the sounds are: {told[0]}")


def files_of(root: Path) -> set[str]:
    """Every file of the new Debian but what the system writes down for itself."""
    found = set()
    for folder, folders, names in os.walk(root):
        place = folder.removeprefix(str(root)) or "/"
        folders[:] = [name for name in folders if not f"{place}/{name}/".startswith(OWN_NOTES)]
        found |= {f"{place}/{name}".replace("//", "/") for name in names}
    return {name for name in found if not name.startswith(OWN_NOTES)}


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
