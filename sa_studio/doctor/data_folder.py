"""The data folder: whether it can be used, how much room it has, and who else may use it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import PurePath

import psutil

from sa_studio.amounts import bytes_text
from sa_studio.doctor.finding import Finding, State
from sa_studio.paths import DataFolder
from sa_studio.service import Studio

LOW_DISK_BYTES = 2 * 10**9
PROGRAM = "sa-studio"
MODULE = ["-m", "sa_studio"]


def examine_data_folder(data: DataFolder) -> Iterator[Finding]:
    """The folder and its disk.

    Raises:
        DataFolderError: it cannot be written.
    """
    data.create()
    yield Finding("Data folder", State.OK, str(data.root), details={"log_folder": str(data.logs)})
    free = shutil.disk_usage(data.root).free
    low = free <= LOW_DISK_BYTES
    yield Finding(
        "Free space",
        State.PROBLEM if low else State.OK,
        bytes_text(free),
        "Make room on the disk." if low else "",
        {"free_bytes": free},
    )


def examine_rendered(studio: Studio) -> Iterator[Finding]:
    """How much room the files take that were made to be dragged out."""
    files = studio.rendered_files()
    size = sum(file.size for file in files)
    taken = sum(file.was_taken for file in files)
    text = f"{bytes_text(size)} in {len(files)}, of which {taken} were dragged or copied"
    yield Finding(
        "Dragged-out files",
        State.OK,
        text if files else "none",
        "To delete some: sa-studio library rendered --help" if files else "",
        {"files": len(files), "taken": taken, "bytes": size},
    )


def examine_other_instances() -> Iterator[Finding]:
    """Whether another SA Studio runs on this computer."""
    own = {os.getpid(), *(parent.pid for parent in psutil.Process().parents())}
    others = [
        process.pid
        for process in psutil.process_iter(["cmdline"])
        if process.pid not in own and _is_ours(process.info["cmdline"] or [])
    ]
    if others:
        numbers = ", ".join(map(str, others))
        yield Finding(
            "Other SA Studio",
            State.NOTE,
            f"runs as well (process {numbers})",
            "Both can be used; if memory gets short, close one of them.",
            {"processes": others},
        )


def _is_ours(words: list[str]) -> bool:
    """Whether a command line starts SA Studio: by its program, or by ``python -m``."""
    # the program of a virtual environment is a script: python …/bin/sa-studio
    if any(PurePath(word).stem == PROGRAM for word in words[:2]):
        return True
    return words[1:3] == MODULE
