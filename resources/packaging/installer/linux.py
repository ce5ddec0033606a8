"""Linux: a folder to unpack anywhere, and a Debian package."""

from __future__ import annotations

import gzip
import tarfile
import tempfile
from pathlib import Path

from installer.build import Build
from installer.debian_package import lay_out_package
from installer.smoke import smoke_test
from installer.steps import Command, Say, Step, Task, fill
from installer.system_needs import GLIBC, needed_packages


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
    archive, package = (build.short(build.asset(suffix)) for suffix in (".tar.gz", ".deb"))
    return [
        Step(
            "Smoke-test what was wrapped",
            [
                Task(
                    f"unpack {archive}, run its ./sa-studio --smoke-test",
                    lambda say: test_archive(build, say),
                ),
                Task(
                    f"unpack {package}, run its /usr/bin/sa-studio --smoke-test",
                    lambda say: test_package(build, say),
                ),
            ],
        )
    ]


def make_archive(build: Build, say: Say) -> None:
    """The frozen folder with a note, as .tar.gz; the files belong to nobody in particular."""
    note = build.frozen / "README.txt"
    packages = needed_packages(build.frozen)
    text = fill(
        build.packaging / "linux" / "README.txt",
        version=build.version,
        glibc=packages.pop(GLIBC).partition("-")[0],
        packages=" ".join(packages),
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
