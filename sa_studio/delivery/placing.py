"""Moves the files of a row to where they belong, so that no end of the program doubles one.

A file is first delivered into a hidden folder below the destination. Which place it gets is noted
before it is moved there. Whoever finds that note knows afterwards whether the file at that place is
the one that was moved.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable
from itertools import count
from pathlib import Path

from sa_studio.delivery.batch_state import DeliveredFile
from sa_studio.delivery.new_file import move_new

STAGE = ".sa-studio-batch"


class Placing:
    """The files below a destination.

    Args:
        folder: the destination.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.stage = folder / STAGE

    def clear(self) -> None:
        """Take away what an earlier row or a killed program has left in the hidden folder.

        Raises:
            OSError: it cannot be.
        """
        if self.stage.exists():
            shutil.rmtree(self.stage)

    def is_there(self, file: DeliveredFile) -> bool:
        """Whether a file is at its place."""
        return not file.staged and (self.folder / file.path).is_file()

    def free_place(self, staged: Path, taken: Iterable[str]) -> str:
        """Where a file of the hidden folder belongs: below the destination as it is there.

        Args:
            taken: places that are others', whether something is there now or not.
        """
        wanted = staged.relative_to(self.stage)
        lower = {place.casefold() for place in taken}
        for number in count(1):
            name = wanted.name if number == 1 else f"{wanted.stem}_{number}{wanted.suffix}"
            place = wanted.with_name(name)
            if place.as_posix().casefold() not in lower and not os.path.lexists(
                self.folder / place
            ):
                return place.as_posix()
        raise AssertionError("numbers have no end")

    def place(self, file: DeliveredFile, taken: Iterable[str], note: Callable[[], None]) -> None:
        """Move a file from the hidden folder to its place; one that was moved stays there.

        Args:
            file: has both places.
            taken: see :meth:`free_place`, which finds another if something is there by now.
            note: called then, before the file is moved.

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
                    file.path = self.free_place(staged, taken)
                    note()
                    continue
            staged.unlink(missing_ok=True)
        file.staged = ""
