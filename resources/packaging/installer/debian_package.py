"""The Debian package: its tree, what it says about itself, and what it needs."""

from __future__ import annotations

import gzip
import hashlib
import os
import shutil
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

from installer.build import NOBODY, Build, Stop
from installer.elf import is_elf
from installer.frozen import folder_size
from installer.steps import Say, fill
from installer.system_needs import dependencies, needed_packages

DEBIAN_ARCHITECTURES = {"x86_64": "amd64", "arm64": "arm64"}
PROGRAM_FOLDER = Path("usr/lib/sa-studio")
ICON_SIZES = (16, 32, 48, 64, 128, 256, 512)
METAINFO = "org.sa_studio.SAStudio.metainfo.xml"


def package_name(build: Build) -> str:
    """Each edition is a package of its own."""
    return "sa-studio-cuda" if build.torch == "cuda" else "sa-studio"


def lay_out_package(build: Build, tree: Path, say: Say) -> None:
    """The tree that dpkg-deb packs, with what the package needs of the system."""
    shutil.rmtree(tree, ignore_errors=True)
    program = tree / PROGRAM_FOLDER
    program.parent.mkdir(parents=True)
    # hard links where that works: a copy would be another gigabyte
    shutil.copytree(build.frozen, program, symlinks=True, copy_function=_link_or_copy)
    link = tree / "usr" / "bin" / "sa-studio"
    link.parent.mkdir(parents=True)
    link.symlink_to(Path("..") / "lib" / "sa-studio" / "sa-studio")
    icons = tree / "usr/share/icons/hicolor"
    _place(build.icons / "sa-studio.svg", icons / "scalable/apps/sa-studio.svg")
    for size in ICON_SIZES:
        picture = build.icons / f"sa-studio-{size}.png"
        _place(picture, icons / f"{size}x{size}/apps/sa-studio.png")
    _describe(build, tree)
    needs = dependencies(needed_packages(build.frozen))
    control = tree / "DEBIAN" / "control"
    control.parent.mkdir()
    control.write_text(control_text(build, needs, folder_size(tree)), encoding="utf-8")
    _place(build.packaging / "linux" / "postrm", control.parent / "postrm")
    (control.parent / "md5sums").write_text("".join(_sums(tree)), encoding="utf-8")
    _make_readable(tree)
    (control.parent / "postrm").chmod(0o755)
    say(f"it needs: {', '.join(needs)}")
    if build.maintainer == NOBODY:
        say("it names no maintainer: if you pass it on, build it with --maintainer")


def _describe(build: Build, tree: Path) -> None:
    """Menu entry, page of the manual, licence, changes, and what lintian may pass over."""
    linux, share, package = build.packaging / "linux", tree / "usr" / "share", package_name(build)
    _place(linux / "sa-studio.desktop", share / "applications" / "sa-studio.desktop")
    _place(linux / "copyright", share / "doc" / package / "copyright")
    for name, target in {
        METAINFO: share / "metainfo" / METAINFO,
        "lintian-overrides": share / "lintian" / "overrides" / package,
    }.items():
        target.parent.mkdir(parents=True)
        target.write_text(filled(build, name), encoding="utf-8")
    for text, target in {
        filled(build, "sa-studio.1"): share / "man" / "man1" / "sa-studio.1.gz",
        filled(build, "changelog"): share / "doc" / package / "changelog.gz",
        (build.root / "CHANGELOG.md").read_text(encoding="utf-8"): (
            share / "doc" / package / "CHANGELOG.md.gz"
        ),
    }.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(gzip.compress(text.encode(), mtime=0))


def filled(build: Build, name: str) -> str:
    """A template of the package with this build's version, names and date."""
    made = datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH") or time.time()), UTC)
    words = {
        "package": package_name(build),
        "version": build.version,
        "maintainer": build.maintainer,
        "day": made.date().isoformat(),
        "date": format_datetime(made),
    }
    return fill(build.packaging / "linux" / name, **words)


def control_text(build: Build, needs: list[str], size: int) -> str:
    """The package's control file."""
    other = "sa-studio" if build.torch == "cuda" else "sa-studio-cuda"
    architecture = DEBIAN_ARCHITECTURES.get(build.architecture)
    if architecture is None:
        raise Stop(f"There is no Debian architecture for {build.architecture}")
    return fill(
        build.packaging / "linux" / "control",
        package=package_name(build),
        version=build.version,
        maintainer=build.maintainer,
        architecture=architecture,
        installed_kib=str(-(-size // 1024)),
        depends=", ".join(needs),
        relations=f"Conflicts: {other}\nReplaces: {other}",
    )


def _link_or_copy(source: str, target: str) -> None:
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:
        shutil.copy2(source, target, follow_symlinks=False)


def _place(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _sums(tree: Path) -> Iterator[str]:
    """What ``dpkg --verify`` compares the installed files with."""
    for file in sorted((tree / "usr").rglob("*")):
        if file.is_file() and not file.is_symlink():
            with file.open("rb") as content:
                digest = hashlib.file_digest(content, "md5").hexdigest()
            yield f"{digest}  {file.relative_to(tree).as_posix()}\n"


def _make_readable(tree: Path) -> None:
    """Modes that do not depend on this machine's umask; only programs can be run."""
    for path in (tree, *tree.rglob("*")):
        if path.is_symlink():
            continue
        runs = path.stat().st_mode & 0o100 and ".so" not in path.name and is_elf(path)
        path.chmod(0o755 if path.is_dir() or runs else 0o644)
