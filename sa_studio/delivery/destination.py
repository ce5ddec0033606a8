"""The folder that a delivery goes to."""

from __future__ import annotations

import errno
import itertools
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path, PurePath

from sa_studio.delivery.new_file import sweep, write_new
from sa_studio.errors import DeliveryError

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class Destination:
    """A folder that files are written to, and folders below it.

    Args:
        root: the folder; made when it is first needed.
        is_taken: says of paths below it that they cannot be used, although nothing is there.
    """

    def __init__(self, root: Path, is_taken: Callable[[Path], bool] | None = None) -> None:
        self.root = root
        self._is_taken = is_taken
        self._ready: set[Path] = set()

    def check(self) -> None:
        """Make the folder, and prove that it can be written, by whatever rules the disk has.

        Raises:
            DeliveryError: it cannot.
        """
        folder = self._prepared(PurePath())
        try:
            tempfile.TemporaryFile(dir=folder).close()
        except OSError as error:
            raise _unwritable(folder, error) from error

    def write(self, below: PurePath, names: Iterable[str], content: bytes | memoryview) -> Path:
        """Write a file under the first of ``names`` that is free; returns where it is.

        Args:
            below: a folder below the root.
            names: file names.
            content: of the file.

        Raises:
            DeliveryError: it cannot be written; nothing of it is left behind.
        """
        folder = self._prepared(below)
        try:
            return write_new(self._usable(folder / name for name in names), content)
        except OSError as error:
            raise _unwritable(folder, error) from error

    def _usable(self, paths: Iterable[Path]) -> Iterable[Path]:
        return paths if self._is_taken is None else itertools.filterfalse(self._is_taken, paths)

    def _prepared(self, below: PurePath) -> Path:
        folder = self.root / below
        if folder not in self._ready:
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise _unwritable(folder, error) from error
            sweep(folder)
            self._ready.add(folder)
        return folder


def _unwritable(folder: Path, error: OSError) -> DeliveryError:
    reason = error.strerror or str(error)
    if error.errno in FULL:
        return DeliveryError(
            f"There is no room for the sound in {str(folder)!r} ({reason})",
            "Free some space there, or choose another folder.",
        )
    return DeliveryError(
        f"The sound cannot be written to {str(folder)!r} ({reason})",
        "Change the permissions of the folder, or choose another one.",
    )
