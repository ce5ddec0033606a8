"""What the frozen folder needs of a Linux system, as Debian packages, read from its files."""

from __future__ import annotations

import os
import re
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cmp_to_key
from pathlib import Path

from installer.build import Stop
from installer.elf import is_elf

NEEDED = re.compile(r"^ +NEEDED +(\S+)$", re.MULTILINE)
REFERENCES = re.compile(r"^ +required from (\S+):\n((?: +0x.*\n)+)", re.MULTILINE)
# what is loaded by name while the application runs: no file says so
LOADED_BY_NAME = ("libEGL.so.1", "libGL.so.1", "libdbus-1.so.3", "libfontconfig.so.1")
GLIBC = "libc6"
# names that packages got when Debian and Ubuntu moved to 64-bit times; these came before
RENAMED = {"libasound2": "libasound2t64", "libglib2.0-0": "libglib2.0-0t64"}
# where dpkg notes since which version of a package a version of its symbols has been there
SYMBOLS = Path("/var/lib/dpkg/info")


@dataclass(frozen=True)
class Linked:
    """What one program or library asks of others.

    Attributes:
        libraries: their names.
        versions: of their symbols, by the name: ``{"libc.so.6": {"GLIBC_2.34"}}``.
    """

    libraries: frozenset[str]
    versions: Mapping[str, frozenset[str]]


def needed_packages(folder: Path) -> dict[str, str]:
    """The packages of the libraries that are needed and do not lie in ``folder``.

    Returns:
        By the name of each package the oldest version of it that will do; empty if any will.

    Raises:
        Stop: a library is needed that this machine does not have either.
    """
    files = [file for file in folder.rglob("*") if is_elf(file)]
    inside = {file.name for file in files}
    versions: defaultdict[str, set[str]] = defaultdict(set)
    for linked in map(linked_with, files):
        for name in linked.libraries - inside:
            versions[name] |= linked.versions.get(name, frozenset())
    for name in LOADED_BY_NAME:
        if name not in inside:
            versions[name] |= set()
    known = known_libraries()
    missing = sorted(versions.keys() - known.keys())
    if missing:
        raise Stop(f"Libraries are needed that this machine lacks, too: {', '.join(missing)}")
    symbols: defaultdict[str, set[str]] = defaultdict(set)
    for name, asked in versions.items():
        package = package_of(known[name].resolve())
        if package is not None:
            symbols[package] |= asked
    return {package: oldest_with(package, symbols[package]) for package in sorted(symbols)}


def dependencies(packages: Mapping[str, str]) -> list[str]:
    """The packages as a control file names them, glibc first."""
    order = sorted(packages, key=lambda package: (package != GLIBC, package))

    def words(package: str) -> str:
        version = f" (>= {packages[package]})" if packages[package] else ""
        names = [RENAMED[package], package] if package in RENAMED else [package]
        return " | ".join(f"{name}{version}" for name in names)

    return [words(package) for package in order]


def oldest_with(package: str, symbols: Iterable[str]) -> str:
    """The oldest version of a package that has these versions of symbols; empty if any has."""
    files = [*SYMBOLS.glob(f"{package}.symbols"), *SYMBOLS.glob(f"{package}:*.symbols")]
    text = "\n".join(file.read_text(encoding="utf-8") for file in files)
    since = [
        found[1]
        for symbol in symbols
        if (found := re.search(rf"^ {re.escape(symbol)}@\S+ (\S+)", text, re.MULTILINE))
    ]
    return max(since, key=cmp_to_key(compare_versions), default="")


def compare_versions(one: str, other: str) -> int:
    """1 if the one version of a package is newer, −1 if the other is, else 0."""
    for relation, result in (("gt", 1), ("lt", -1)):
        query = ["dpkg", "--compare-versions", one, relation, other]
        if subprocess.run(query, check=False).returncode == 0:
            return result
    return 0


def linked_with(file: Path | str) -> Linked:
    """What a program or library is linked with; nothing if it is neither."""
    query = ["objdump", "--private-headers", str(file)]
    plain = {**os.environ, "LC_ALL": "C"}  # objdump speaks other languages, too
    said = subprocess.run(query, env=plain, capture_output=True, text=True, check=False).stdout
    versions = {
        library: frozenset(line.split()[-1] for line in lines.splitlines())
        for library, lines in REFERENCES.findall(said)
    }
    return Linked(frozenset(NEEDED.findall(said)), versions)


def needed_by(file: Path | str) -> Iterable[str]:
    """The names of the libraries that a program or library is linked with."""
    return linked_with(file).libraries


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


def package_of(library: Path) -> str | None:
    """The Debian package that a file belongs to; ``None`` if there is none."""
    # dpkg knows some files by the path from before /lib became /usr/lib
    places = [library]
    if library.is_relative_to("/usr/lib"):
        places.append(Path("/lib") / library.relative_to("/usr/lib"))
    for place in places:
        query = ["dpkg-query", "--search", str(place)]
        done = subprocess.run(query, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return done.stdout.partition(":")[0]
    return None
