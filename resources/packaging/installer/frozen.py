"""From a clean environment to a folder that runs without Python."""

from __future__ import annotations

import ast
import hashlib
import re
import shutil
import sys
import tomllib
from collections import Counter
from importlib.metadata import Distribution, distributions
from pathlib import Path

from installer.build import Build, Stop, this_system
from installer.elf import forget_search_paths
from installer.steps import Command, Say, Step, Task

BUILD_TOOLS = ("pyinstaller", "pyinstaller-hooks-contrib", "altgraph", "pip", "setuptools")
LARGEST_SHOWN = 14
# what a frozen torch was built for, read without importing it: sa_studio.doctor.unused_card
BUILT_FOR = "torch/version.py"
PIN_FILES = ("pyproject.toml", "constraints.txt")
STAMP = "installed"


def environment_step(build: Build) -> Step:
    """A virtual environment with the application, the chosen torch, and what freezes them."""
    install = (build.program("python"), "-m", "pip", "install", "--quiet")
    pins = ("--constraint", "constraints.txt")
    torch = Command((*install, *pins, build.torch_requirement))
    if build.system != "macos":
        index = ("--extra-index-url", build.torch_index)
        torch = Command(torch.words, otherwise=Command((*torch.words, *index)))
    python = Path(sys.executable) if build.system == this_system() else "python"
    freezer = build.packaging / "requirements.txt"
    return Step(
        "Make a clean environment: the application, its pinned packages, PyInstaller",
        [
            Task("remove an environment with other pins", lambda _: forget_environment(build)),
            Command((python, "-m", "venv", build.environment)),
            torch,
            Command((*install, *pins, "--no-cache-dir", "--force-reinstall", "--no-deps", ".")),
            Command((*install, *pins, ".")),
            Command((*install, "--requirement", freezer)),
            Task("remember the pins", lambda _: remember_pins(build)),
        ],
    )


def freeze_step(build: Build) -> Step:
    """PyInstaller makes a folder; what does not belong there stops the build."""
    return Step(
        "Freeze (onedir, no UPX)",
        [
            Command(
                (
                    build.program("python"),
                    build.packaging / "draw_icons.py",
                    build.packaging / "icon.svg",
                    build.icons,
                )
            ),
            Command(
                (
                    # not "-m PyInstaller", which would find the checkout's package first
                    build.program("pyinstaller"),
                    "--noconfirm",
                    "--log-level=WARN",
                    "--distpath",
                    build.frozen.parent,
                    "--workpath",
                    build.work / "pyinstaller",
                    build.packaging / "sa_studio.spec",
                    "--",
                    "--version",
                    build.version,
                    "--icons",
                    build.icons,
                )
            ),
            Task("check that nothing of the development is inside", lambda _: check_clean(build)),
            *(_search_paths(build) if build.system == "linux" else []),
            Task("say how large it is, and what takes the room", lambda say: say_sizes(build, say)),
        ],
    )


def _search_paths(build: Build) -> list[Task]:
    text = "let no library look for others in folders of this machine"
    return [Task(text, lambda say: forget_search_paths(build.frozen, say))]


def hash_of_pins(build: Build) -> str:
    """What the environment depends on, as a hash."""
    digest = hashlib.sha256(f"{build.torch_requirement} {sys.version} {sys.prefix}".encode())
    for file in (*map(build.root.joinpath, PIN_FILES), build.packaging / "requirements.txt"):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def forget_environment(build: Build) -> None:
    """Begin anew when anything is pinned otherwise; else only the application is replaced."""
    stamp = build.environment / STAMP
    if not stamp.is_file() or stamp.read_text(encoding="utf-8") != hash_of_pins(build):
        shutil.rmtree(build.environment, ignore_errors=True)
    shutil.rmtree(build.frozen.parent, ignore_errors=True)


def remember_pins(build: Build) -> None:
    """Only an environment that was finished is used again."""
    (build.environment / STAMP).write_text(hash_of_pins(build), encoding="utf-8")


def collected_files(build: Build) -> dict[str, Path]:
    """Where each file of the frozen folder came from, by its place below the libraries."""
    entries = read_notes(build.notes / "COLLECT-00.toc")
    return {place: Path(source) for place, source, kind in entries if kind != "SYMLINK"}


def collected_modules(build: Build) -> set[str]:
    """The names of the modules in the archive beside those files."""
    return {name for name, _, _ in read_notes(build.notes / "PYZ-00.toc")}


def read_notes(file: Path) -> list[tuple[str, str, str]]:
    """A list of PyInstaller's: names, sources and kinds.

    Raises:
        Stop: it cannot be read.
    """
    try:
        content = ast.literal_eval(file.read_text(encoding="utf-8"))
        (entries,) = [part for part in content if isinstance(part, list)]
    except (OSError, SyntaxError, ValueError, TypeError) as error:
        raise Stop(f"PyInstaller's {file.name} cannot be read: {error}") from error
    return entries


def normal(name: str) -> str:
    """A distribution's name as pip compares them."""
    return re.sub(r"[-_.]+", "-", name).lower()


def unwanted(build: Build) -> set[str]:
    """Distributions that must not be inside: for development, and for building."""
    project = tomllib.loads((build.root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    words = [word for extra in project["optional-dependencies"].values() for word in extra]
    names = {normal(re.split(r"[^\w.-]", word, maxsplit=1)[0]) for word in words}
    return {*names, *BUILD_TOOLS}


def check_clean(build: Build) -> None:
    """Refuse a frozen folder with something of the development in it.

    Raises:
        Stop: naming what it is, or what is not there.
    """
    places = {place.replace("\\", "/") for place in collected_files(build)}
    if BUILT_FOR not in places:
        raise Stop(f"{BUILT_FOR} is not inside: the window could not say that a card lies idle")
    tops = {Path(place).parts[0].lower() for place in places}
    tops |= {name.partition(".")[0].lower() for name in collected_modules(build)}
    modules = {name.replace("-", "_"): name for name in unwanted(build)}
    found = sorted(modules[top] for top in tops & modules.keys())
    recorded = {top.partition("-")[0] for top in tops if top.endswith(".dist-info")}
    found += sorted(normal(name) for name in recorded if normal(name) in unwanted(build))
    if found:
        raise Stop(f"What only the development needs is inside: {', '.join(found)}")


def frozen_distributions(build: Build) -> list[Distribution]:
    """Every distribution whose metadata lie in the frozen folder, by name."""
    found = distributions(path=[str(build.libraries)])
    return sorted(found, key=lambda distribution: normal(distribution.name))


def size_table(folder: Path) -> list[tuple[str, int]]:
    """What takes the room: bytes by the first name below ``folder``, largest first."""
    sizes: Counter[str] = Counter()
    for file in folder.rglob("*"):
        if file.is_file() and not file.is_symlink():
            sizes[file.relative_to(folder).parts[0]] += file.stat().st_size
    return sizes.most_common()


def folder_size(folder: Path) -> int:
    """Bytes of all files below a folder; a link counts nothing."""
    files = (file for file in folder.rglob("*") if not file.is_symlink())
    return sum(file.stat().st_size for file in files if file.is_file())


def say_sizes(build: Build, say: Say) -> None:
    """The frozen size, and what takes the room."""
    total = folder_size(build.frozen)
    table = size_table(build.libraries)
    say(f"frozen size {total / 1e6:.0f} MB, of it:")
    for name, size in table[:LARGEST_SHOWN]:
        say(f"{size / 1e6:8.1f} MB  {name}")
    rest = total - sum(size for _, size in table[:LARGEST_SHOWN])
    say(f"{rest / 1e6:8.1f} MB  everything else")
