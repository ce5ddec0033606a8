"""The finished files: none larger than hosts of releases take, each with its checksum."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

from installer.build import LARGEST_ASSET, Build, Stop
from installer.steps import Say, Step, Task

SUMS = "SHA256SUMS"
PART = LARGEST_ASSET - 64 * 2**20
BLOCK = 2**22


def publish_steps(build: Build) -> list[Step]:
    """From what was wrapped to what is uploaded."""
    output, sums = build.short(build.output), build.short(build.output / SUMS)
    return [
        Step(
            f"Check the sizes: hosts of releases refuse more than {LARGEST_ASSET / 2**30:g} GiB",
            [
                Task(
                    f"copy to {output}, cut into numbered parts what is larger",
                    lambda say: publish(build, say),
                )
            ],
        ),
        Step(
            "Write the checksums",
            [
                Task(
                    f"write {sums}",
                    lambda say: write_sums(build.output, say),
                )
            ],
        ),
    ]


def publish(build: Build, say: Say) -> None:
    """Put what was wrapped into the output folder.

    Raises:
        Stop: nothing was wrapped.
    """
    wrapped = sorted(file for file in build.wrapped.glob(f"{build.name}*") if file.is_file())
    if not wrapped:
        raise Stop(f"Nothing was wrapped in {build.short(build.wrapped)}")
    build.output.mkdir(parents=True, exist_ok=True)
    for old in build.output.glob(f"{build.name}*"):
        old.unlink()
    for file in wrapped:
        for made in place(file, build.output):
            say(f"{made.name}: {made.stat().st_size / 1e6:.0f} MB")
        if file.stat().st_size > LARGEST_ASSET:
            say(f"join its parts with: cat {file.name}.part* > {file.name}")


def place(file: Path, folder: Path, largest: int = LARGEST_ASSET, part: int = PART) -> list[Path]:
    """Copy a file, or write it as ``NAME.part1``, ``NAME.part2`` … if it is too large for a host.

    Args:
        file: what is copied.
        folder: where to.
        largest: bytes that a host takes.
        part: bytes of a part.

    Returns:
        The files that were made; together they are the file.
    """
    target = folder / file.name
    if file.stat().st_size <= largest:
        try:
            os.link(file, target)
        except OSError:
            shutil.copy2(file, target)
        return [target]
    made: list[Path] = []
    with file.open("rb") as source:
        while block := source.read(min(BLOCK, part)):
            piece = target.with_name(f"{target.name}.part{len(made) + 1}")
            made.append(piece)
            with piece.open("wb") as sink:
                written = sink.write(block)
                while written < part and (block := source.read(min(BLOCK, part - written))):
                    written += sink.write(block)
    return made


def write_sums(folder: Path, say: Say) -> None:
    """SHA256SUMS of every file in the folder, as ``sha256sum --check`` reads it."""
    lines = []
    for file in sorted(folder.iterdir()):
        if file.is_file() and file.name != SUMS:
            with file.open("rb") as content:
                digest = hashlib.file_digest(content, "sha256").hexdigest()
            lines.append(f"{digest}  {file.name}\n")
    (folder / SUMS).write_bytes("".join(lines).encode())
    say(f"{len(lines)} files; check them with: sha256sum --check {SUMS}")
