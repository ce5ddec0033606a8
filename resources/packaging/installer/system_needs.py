"""What the frozen folder needs of a Linux system, as Debian packages."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable
from pathlib import Path

from installer.build import Stop
from installer.licences import package_of

ELF = b"\x7fELF"
NEEDED = re.compile(r"\(NEEDED\).*\[(.+)\]")
# what is loaded by name while the application runs: no file says so
LOADED_BY_NAME = ("libEGL.so.1", "libGL.so.1", "libdbus-1.so.3", "libfontconfig.so.1")
# parts of glibc, which has a line of its own
GLIBC = "libc6"
# names that packages got when Debian and Ubuntu moved to 64-bit times; these came before
RENAMED = {
    "libasound2": "libasound2t64 | libasound2",
    "libglib2.0-0": "libglib2.0-0t64 | libglib2.0-0",
}


def needed_packages(folder: Path) -> list[str]:
    """The packages of the libraries that are needed and do not lie in ``folder``.

    Raises:
        Stop: a library is needed that this machine does not have either.
    """
    files = [file for file in folder.rglob("*") if is_elf(file)]
    inside = {file.name for file in files}
    names = {name for file in files for name in needed_by(file)} - inside
    names |= {name for name in LOADED_BY_NAME if name not in inside}
    known = known_libraries()
    missing = sorted(names - known.keys())
    if missing:
        raise Stop(f"Libraries are needed that this machine lacks, too: {', '.join(missing)}")
    packages = {package_of(known[name].resolve()) for name in names} - {GLIBC, None}
    return sorted(RENAMED.get(package, package) for package in packages if package)


def is_elf(file: Path) -> bool:
    """Whether a file is a Linux program or library; links do not count."""
    if file.is_symlink() or not file.is_file():
        return False
    with file.open("rb") as content:
        return content.read(4) == ELF


def needed_by(file: Path | str) -> Iterable[str]:
    """The names of the libraries that a program or library is linked with."""
    query = ["readelf", "--dynamic", "--wide", str(file)]
    done = subprocess.run(query, capture_output=True, text=True, check=False)
    return NEEDED.findall(done.stdout)


def known_libraries() -> dict[str, Path]:
    """The libraries that this machine's linker knows, by name."""
    query = ["/sbin/ldconfig", "--print-cache"]
    done = subprocess.run(query, capture_output=True, text=True, check=True)
    found: dict[str, Path] = {}
    for line in done.stdout.splitlines():
        name, arrow, path = line.strip().partition(" => ")
        if arrow:
            found.setdefault(name.partition(" ")[0], Path(path))
    return found
