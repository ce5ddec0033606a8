"""Where a download is put together: nothing in here looks like a model until it is moved out."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from sa_studio.errors import ModelError
from sa_studio.hub.client import RemoteFile
from sa_studio.hub.part_file import PartFile
from sa_studio.hub.record import RECORD, InstallRecord, RecordedFile

log = logging.getLogger(__name__)

PARTS = ".parts"


class Staging:
    """The folder of one unfinished download, as it may have been left by an earlier run.

    Files that are complete and checked are noted in the record that they will be installed
    with; those on their way lie apart. So a restart trusts the former and resumes the latter.

    Args:
        folder: below the store's folder of incoming models; made when it is needed.
        record: of the install to be: source, revision and licence, no files yet.
        files: all that belong to it.
    """

    def __init__(self, folder: Path, record: InstallRecord, files: Collection[RemoteFile]) -> None:
        self._folder, self._files = folder, {item.path: item for item in files}
        self._record = record
        self._record = replace(record, files=self._complete())

    def _complete(self) -> dict[str, RecordedFile]:
        """Of what was complete before, that which still belongs to the download."""
        try:
            before = InstallRecord.load(self._folder)
        except ModelError as error:
            log.warning("what was downloaded is checked anew: %s", error.one_line())
            before = None
        if before is None:
            return {}
        return {
            path: noted
            for path, noted in before.files.items()
            if path in self._files and self._is_still(path, noted, before.revision)
        }

    def _is_still(self, path: str, noted: RecordedFile, revision: str) -> bool:
        """Whether a file that was complete before is the one wanted now, and as it was left."""
        wanted, here = self._files[path], self._folder / path
        # the record does not have git's hash, but at the same commit nothing has changed
        same = wanted.sha256 == noted.sha256 or revision == self._record.revision
        return same and here.is_file() and here.stat().st_size == noted.bytes == wanted.bytes

    def prepare(self) -> None:
        """Make the folder, and delete what does not belong into it any more; raises OSError."""
        parts = self._folder / PARTS
        parts.mkdir(parents=True, exist_ok=True)
        wanted = {item.digest for item in self.missing()}
        for part in parts.iterdir():
            if part.name not in wanted:
                part.unlink()
        for path in self._folder.rglob("*"):
            name = path.relative_to(self._folder).as_posix()
            known = name in self._record.files or name == RECORD or name.startswith(f"{PARTS}/")
            if path.is_file() and not known:
                path.unlink()
        self._record.save(self._folder)

    def missing(self) -> list[RemoteFile]:
        """What is not complete, the smallest first: a refusal shows before the big ones."""
        rest = [item for path, item in self._files.items() if path not in self._record.files]
        return sorted(rest, key=lambda item: (item.bytes, item.path))

    def present_bytes(self) -> int:
        """How much of everything is here."""
        parts = (self._folder / PARTS / item.digest for item in self.missing())
        return sum(item.bytes for item in self._record.files.values()) + sum(
            part.stat().st_size for part in parts if part.is_file()
        )

    def part(self, file: RemoteFile) -> PartFile:
        """What has come of a file; raises OSError."""
        return PartFile(self._folder / PARTS, file)

    def accept(self, file: RemoteFile, part: PartFile) -> None:
        """Take a file that has come whole.

        Raises:
            WrongContent: it is not what it should be.
            OSError: it cannot be put in its place.
        """
        sha256 = part.finish(self._folder / file.path)
        noted = RecordedFile(file.bytes, sha256)
        self._record = replace(self._record, files={**self._record.files, file.path: noted})
        self._record.save(self._folder)

    def close(self) -> None:
        """Leave only what is to be installed; raises OSError."""
        shutil.rmtree(self._folder / PARTS)


def bytes_in(folder: Path) -> int:
    """The size of everything in a folder that may not be there, links not followed."""
    if not folder.is_dir():
        return 0
    paths = folder.rglob("*")
    return sum(path.lstat().st_size for path in paths if path.is_file() and path.name != RECORD)
