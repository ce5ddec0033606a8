"""Linux: a folder to unpack anywhere, and a Debian package."""

from __future__ import annotations

import gzip
import os
import platform
import shutil
import tarfile
import tempfile
from pathlib import Path
from string import Template

from installer.build import Build, Stop
from installer.frozen import folder_size
from installer.smoke import smoke_test
from installer.steps import Command, Say, Step, Task
from installer.system_needs import needed_packages

DEBIAN_ARCHITECTURES = {"x86_64": "amd64", "arm64": "arm64"}
PROGRAM_FOLDER = Path("usr/lib/sa-studio")
ICON_SIZES = (16, 32, 48, 64, 128, 256, 512)


def wrap_steps(build: Build) -> list[Step]:
    """The .tar.gz and the .deb."""
    archive, package = build.asset(".tar.gz"), build.asset(".deb")
    tree = build.work / "deb"
    return [
        Step(
            "Wrap: a self-contained folder",
            [Task(f"write {build.short(archive)}", lambda say: make_archive(build, say))],
        ),
        Step(
            "Wrap: a Debian package",
            [
                Task(
                    f"lay out {build.short(tree)}: program, link, desktop file, icons, control",
                    lambda say: lay_out_package(build, tree, say),
                ),
                Command(
                    (
                        "dpkg-deb",
                        "--root-owner-group",
                        "-Zxz",
                        "-z3",
                        "--threads-max=2",
                        "--build",
                        tree,
                        package,
                    )
                ),
            ],
        ),
    ]


def test_steps(build: Build) -> list[Step]:
    """The smoke test again, from the wrapped products."""
    return [
        Step(
            "Smoke-test what was wrapped",
            [
                Task("unpack the .tar.gz and run it", lambda say: test_archive(build, say)),
                Task("unpack the .deb and run it", lambda say: test_package(build, say)),
            ],
        )
    ]


def fill(template: Path, **words: str) -> str:
    """A template with its ``$words`` filled in; one that is missing is an error."""
    return Template(template.read_text(encoding="utf-8")).substitute(words)


def glibc() -> str:
    """The oldest glibc that runs what is frozen here: this machine's."""
    return platform.libc_ver()[1]


def make_archive(build: Build, say: Say) -> None:
    """The frozen folder with a note, as .tar.gz; the files belong to nobody in particular."""
    note = build.frozen / "README.txt"
    packages = " ".join(needed_packages(build.frozen))
    text = fill(
        build.packaging / "linux" / "README.txt",
        version=build.version,
        glibc=glibc(),
        packages=packages,
    )
    note.write_text(text, encoding="utf-8")
    target = build.asset(".tar.gz")
    target.parent.mkdir(parents=True, exist_ok=True)

    def without_owner(entry: tarfile.TarInfo) -> tarfile.TarInfo:
        entry.uid = entry.gid = 0
        entry.uname = entry.gname = ""
        return entry

    with (
        gzip.GzipFile(target, "wb", compresslevel=6) as packed,
        tarfile.open(fileobj=packed, mode="w") as archive,
    ):
        archive.add(build.frozen, build.name, filter=without_owner)
    note.unlink()
    say(f"{target.stat().st_size / 1e6:.0f} MB")


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
    linux = build.packaging / "linux"
    _place(linux / "sa-studio.desktop", tree / "usr/share/applications/sa-studio.desktop")
    _place(linux / "copyright", tree / "usr/share/doc/sa-studio/copyright")
    icons = tree / "usr/share/icons/hicolor"
    _place(build.icons / "sa-studio.svg", icons / "scalable/apps/sa-studio.svg")
    for size in ICON_SIZES:
        picture = build.icons / f"sa-studio-{size}.png"
        _place(picture, icons / f"{size}x{size}/apps/sa-studio.png")
    needs = [f"libc6 (>= {glibc()})", *needed_packages(build.frozen)]
    control = tree / "DEBIAN" / "control"
    control.parent.mkdir()
    control.write_text(control_text(build, needs, folder_size(tree)), encoding="utf-8")
    _place(linux / "postrm", control.parent / "postrm")
    (control.parent / "postrm").chmod(0o755)
    _make_readable(tree)
    say(f"it needs: {', '.join(needs)}")


def control_text(build: Build, needs: list[str], size: int) -> str:
    """The package's control file."""
    package = "sa-studio-cuda" if build.torch == "cuda" else "sa-studio"
    other = "sa-studio" if build.torch == "cuda" else "sa-studio-cuda"
    architecture = DEBIAN_ARCHITECTURES.get(build.architecture)
    if architecture is None:
        raise Stop(f"There is no Debian architecture for {build.architecture}")
    return fill(
        build.packaging / "linux" / "control",
        package=package,
        version=build.version,
        architecture=architecture,
        installed_kib=str(-(-size // 1024)),
        depends=", ".join(needs),
        relations=f"Conflicts: {other}\nReplaces: {other}",
    )


def test_archive(build: Build, say: Say) -> None:
    """Unpack the .tar.gz in an empty folder and let it make a sound."""
    with tempfile.TemporaryDirectory(dir=build.work) as folder:
        with tarfile.open(build.asset(".tar.gz")) as archive:
            archive.extractall(folder, filter="tar")
        smoke_test(build.executable(Path(folder) / build.name), say)


def test_package(build: Build, say: Say) -> None:
    """Unpack the .deb in an empty folder and let it make a sound, through its link."""
    with tempfile.TemporaryDirectory(dir=build.work) as folder:
        Command(("dpkg-deb", "--extract", build.asset(".deb"), Path(folder))).run(build)
        smoke_test(Path(folder) / "usr/bin/sa-studio", say)


def _link_or_copy(source: str, target: str) -> None:
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:
        shutil.copy2(source, target, follow_symlinks=False)


def _place(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _make_readable(tree: Path) -> None:
    """Modes that do not depend on this machine's umask."""
    for path in (tree, *tree.rglob("*")):
        if path.is_symlink():
            continue
        runs = path.is_dir() or path.stat().st_mode & 0o100
        path.chmod(0o755 if runs else 0o644)
