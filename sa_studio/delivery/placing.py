"""Moves the files of a row to where they belong, so that no end of the program doubles one.

A file is first delivered into a hidden folder below the destination. Which place it gets is noted
before it is moved there. Whoever finds that note knows afterwards whether the file at that place is
the one that was moved.
"""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import psutil

from sa_studio.atomic_file import writer_of
from sa_studio.delivery.batch_state import DeliveredFile
from sa_studio.delivery.new_file import move_new
from sa_studio.errors import SheetError

PREFIX = ".sa-studio-batch-"


class Placing:
    """The files below a destination.

    Args:
        folder: the destination.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.stage = folder / f"{PREFIX}{os.getpid()}"

    def open(self) -> None:
        """Make the hidden folder, which also tells others that somebody is at work here.

        Raises:
            SheetError: somebody is.
            OSError: it cannot be made.
        """
        self.stage.mkdir(parents=True, exist_ok=True)
        for other in self.folder.glob(f"{PREFIX}*"):
            if other != self.stage and _is_in_use(other):
                self.close()
                raise SheetError(
                    f"Another batch is being made in {str(self.folder)!r}",
                    "Wait until it is done, or choose another folder.",
                )

    def clear(self) -> None:
        """Take away what an earlier row has left in the hidden folder.

        Raises:
            OSError: it cannot be.
        """
        for path in self.stage.iterdir():
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()

    def clear_others(self) -> None:
        """Take away what programs that were killed have left: hidden folders, half a state or
        report; raises OSError.
        """
        for path in self.folder.iterdir():
            if path.name.startswith(PREFIX) and path != self.stage:
                shutil.rmtree(path)
            writer = writer_of(path)
            if writer is not None and not psutil.pid_exists(writer):
                path.unlink()

    def close(self) -> None:
        """Take the hidden folder away, with what may be left in it."""
        shutil.rmtree(self.stage, ignore_errors=True)

    def is_there(self, file: DeliveredFile) -> bool:
        """Whether a file is at its place."""
        return not file.staged and (self.folder / file.path).is_file()

    def is_used(self, place: str) -> bool:
        """Whether there is anything at a place."""
        return os.path.lexists(self.folder / place)

    def place_of(self, staged: Path) -> str:
        """Where a file of the hidden folder belongs: below the destination as it is there."""
        return staged.relative_to(self.stage).as_posix()

    def place(self, file: DeliveredFile, note: Callable[[], None]) -> None:
        """Move a file from the hidden folder to its place; one that was moved stays there.

        Args:
            file: has both places. If somebody else has put something there by now, it gets
                another.
            note: called with every other one, before the file is moved there.

        Raises:
            OSError: it cannot be moved.
        """
        staged = self.folder / file.staged
        while staged.is_file():
            target = self.folder / file.path
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                move_new(staged, target)
            except FileExistsError:
                if not target.samefile(staged):  # as a program leaves it that is killed here
                    file.path = self._free(target)
                    note()
                    continue
            staged.unlink(missing_ok=True)
        file.staged = ""

    def _free(self, path: Path) -> str:
        free = (path.with_stem(f"{path.stem}_{number}") for number in itertools.count(2))
        found = next(itertools.dropwhile(os.path.lexists, free))
        return found.relative_to(self.folder).as_posix()


def _is_in_use(stage: Path) -> bool:
    """Whether the process that a hidden folder is of still runs on this computer.

    The number of one that ended may be another's now: one that began after the folder was made.
    """
    try:
        process = psutil.Process(int(stage.name.removeprefix(PREFIX)))
        return float(process.create_time()) <= stage.stat().st_ctime
    except (ValueError, OverflowError, OSError, psutil.Error):
        return False
