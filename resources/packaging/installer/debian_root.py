"""A new Debian in a folder: made, mounted, asked, and taken away."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from installer.build import Build, Stop
from installer.steps import Command, Say

# an ordinary user whom both systems know: a message bus of this one refuses strangers
USER = "nobody"
BARE_PATH = "/usr/sbin:/usr/bin:/sbin:/bin"
# what the system writes down for itself
OWN_NOTES = ("/var/", "/etc/ld.so.cache", "/run/", "/tmp/", "/proc/", "/sys/", "/dev/")  # noqa: S108


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
    """The smallest Debian."""
    root = root_folder(build)
    Command(("debootstrap", "--variant=minbase", release(), root, mirror())).run(build)
    for file in Path("/etc/apt/apt.conf.d").iterdir():
        if "proxy" in file.read_text(encoding="utf-8", errors="replace").lower():
            shutil.copy(file, root / "etc/apt/apt.conf.d")
    shutil.copy("/etc/resolv.conf", root / "etc" / "resolv.conf")
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


def files_of(root: Path) -> set[str]:
    """Every file of the new Debian but what the system writes down for itself."""
    found = set()
    for folder, folders, names in os.walk(root):
        place = folder.removeprefix(str(root)) or "/"
        folders[:] = [name for name in folders if not f"{place}/{name}/".startswith(OWN_NOTES)]
        found |= {f"{place}/{name}".replace("//", "/") for name in names}
    return {name for name in found if not name.startswith(OWN_NOTES)}
