"""What is dragged out: files in the profile that is chosen, made once and never replaced.

A DAW plays a file from where it was dragged. So each take has a folder here, with one folder in it
for each thing that its file ever was: another profile or edit makes another file, and the one in
use stays as it is.

Files are made ready before anybody drags them. As long as nobody has, a mark lies beside the
folder of the file; those are deleted a day after they were wanted last. The mark goes when the
file leaves the window: from then on, only the user deletes it.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sa_studio.delivery.deliverable import Deliverable
from sa_studio.delivery.new_file import PREFIX
from sa_studio.errors import DataFolderError
from sa_studio.vocabulary.delivery import DeliveryProfile

# goes up when the same settings make other files
VERSION = 1
KEY_CHARACTERS = 16
READY = ".ready"
READY_SECONDS = 24 * 3600.0

Deliver = Callable[[Path], Path]
"""Delivers a sound into a folder; returns its file."""


@dataclass(frozen=True, slots=True)
class RenderedFile:
    """A file that was made to be dragged out.

    Attributes:
        path: where it is.
        clip_id: its take, which need not be in the library any more.
        size: bytes.
        used_at: when it was made or, until it is dragged, wanted last; seconds since 1970.
        was_taken: whether it was dragged or copied: a DAW may play it from here.
    """

    path: Path
    clip_id: str
    size: int
    used_at: float
    was_taken: bool


class RenderedFolder:
    """The files that were made to be dragged out.

    Args:
        root: where they are; need not be there.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        # two threads that want the same file would make it twice
        self._lock = threading.Lock()
        self._is_tidy = False

    def file_of(
        self,
        sound: Deliverable,
        profile: DeliveryProfile,
        set_lufs: float | None,
        deliver: Deliver,
    ) -> Path:
        """The file of a take in a profile; made by ``deliver`` if it is not there."""
        folder = self.root / sound.clip_id / _key(sound, profile, set_lufs)
        mark = _mark_of(folder)
        with self._lock:
            self._tidy()
            is_new = not folder.exists()
            path = _file_in(folder) or deliver(folder)
            # without a mark it counts as dragged, and stays: so does whatever ends before this
            with contextlib.suppress(OSError):
                if is_new or mark.exists():
                    mark.touch()
            return path

    def take(self, paths: Iterable[Path]) -> None:
        """Note that files leave the window: from now on, only the user deletes them.

        Raises:
            DataFolderError: that cannot be noted; they may be gone tomorrow.
        """
        try:
            for path in paths:
                _mark_of(path.parent).unlink(missing_ok=True)
        except OSError as error:
            raise DataFolderError(
                f"The file cannot be handed out ({error.strerror or error})",
                "Check the permissions of the data folder, and try again.",
            ) from error

    def files(self) -> Iterator[RenderedFile]:
        """Every file that is here."""
        for folder in sorted(self.root.glob("*/*/")):
            path = _file_in(folder)
            mark = _mark_of(folder)
            with contextlib.suppress(FileNotFoundError):  # deleted meanwhile
                if path is not None:
                    facts, was_taken = path.stat(), not mark.exists()
                    used_at = facts.st_mtime if was_taken else mark.stat().st_mtime
                    yield RenderedFile(path, folder.parent.name, facts.st_size, used_at, was_taken)

    def delete(self, files: Iterable[RenderedFile]) -> None:
        """Delete files; one that was dragged since it was listed stays.

        Raises:
            DataFolderError: one cannot be deleted; those before it are.
        """
        for file in files:
            try:
                self._delete(file.path.parent, was_taken=file.was_taken)
            except OSError as error:
                raise DataFolderError(
                    f"{str(file.path)!r} cannot be deleted ({error.strerror or error})",
                    "Close the programs that use it, and try again.",
                ) from error

    def _delete(self, folder: Path, *, was_taken: bool) -> None:
        if not was_taken:
            try:
                # whoever takes the mark away decides: this, or a drag at the same moment
                _mark_of(folder).unlink()
            except FileNotFoundError:
                return
        shutil.rmtree(folder)
        with contextlib.suppress(OSError):  # other files of the take are there
            folder.parent.rmdir()

    def _tidy(self) -> None:
        """Once, when the first file is wanted: delete what nobody dragged for a day."""
        if self._is_tidy:
            return
        self._is_tidy = True
        oldest = time.time() - READY_SECONDS
        for mark in self.root.glob(f"*/*{READY}"):
            # what cannot be deleted today is in nobody's way
            with contextlib.suppress(OSError):
                if mark.stat().st_mtime < oldest:
                    self._delete(mark.with_suffix(""), was_taken=False)


def _mark_of(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}{READY}")


def _file_in(folder: Path) -> Path | None:
    try:
        found = [path for path in folder.iterdir() if not path.name.startswith(PREFIX)]
    except (FileNotFoundError, NotADirectoryError):
        return None
    return min(found, default=None)


def _key(sound: Deliverable, profile: DeliveryProfile, set_lufs: float | None) -> str:
    """A word for everything that decides what is in the file, and what it is called."""
    content = {
        "version": VERSION,
        # not its name: a profile that is renamed delivers the same
        "profile": {**profile.as_dict(), "name": ""},
        "edit": sound.edit.as_dict(),
        "told": [sound.cat_id, sound.name, sound.number, sound.tags, sound.notes],
        "collections": sound.collections,
        "set_lufs": None if set_lufs is None else round(set_lufs, 2),
    }
    text = json.dumps(content, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:KEY_CHARACTERS]
