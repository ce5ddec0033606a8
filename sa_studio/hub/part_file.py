"""A file on its way: what has come of it, and whether that is what it should be."""

from __future__ import annotations

import hashlib
import os
import threading
from pathlib import Path
from types import TracebackType

from sa_studio.hub.abandonable import check
from sa_studio.hub.client import RemoteFile

HASH_BLOCK_BYTES = 1 << 20


class WrongContent(Exception):  # noqa: N818 (theirs)
    """What came is not what the hub lists."""


class PartFile:
    """What has come of a file, which may have been in an earlier run of the application.

    Its name on disk is the hash that it is going to have: a file that has changed on the hub
    never continues what came of the one before.

    Args:
        folder: where parts lie; it exists.
        remote: the file as the hub lists it.

    Raises:
        OSError: it cannot be opened.
    """

    def __init__(self, folder: Path, remote: RemoteFile) -> None:
        self._path, self._remote = folder / remote.digest, remote
        self._file = self._path.open("ab+", buffering=0)
        self._begin()

    def _begin(self) -> None:
        self.bytes = 0
        self._sha256 = hashlib.sha256()
        # git puts a header before the content (https://git-scm.com/book, Git Objects)
        header = f"blob {self._remote.bytes}\0".encode()
        self._git_sha1 = hashlib.sha1(header, usedforsecurity=False)

    def _count(self, block: bytes) -> None:
        self._sha256.update(block)
        if self._remote.git_sha1:
            self._git_sha1.update(block)
        self.bytes += len(block)

    def bytes_on_disk(self) -> int:
        """How much is here, counted or not; raises OSError."""
        return os.fstat(self._file.fileno()).st_size

    def resume(self, cancel: threading.Event) -> None:
        """Hash what is here already; raises TransferCancelled, or OSError."""
        self._file.seek(0)
        while block := self._file.read(HASH_BLOCK_BYTES):
            check(cancel)
            self._count(block)
        if self.bytes > self._remote.bytes:
            self.restart()

    def restart(self) -> None:
        """Forget what is here; raises OSError."""
        self._file.truncate(0)
        self._begin()

    def append(self, block: bytes) -> None:
        """Add what came.

        Raises:
            WrongContent: it is more than there should be.
            OSError: the disk does not take it; what it took is kept.
        """
        if self.bytes + len(block) > self._remote.bytes:
            raise WrongContent(f"more than {self._remote.bytes} bytes")
        rest = memoryview(block)
        while rest:
            written = self._file.write(rest)
            self._count(bytes(rest[:written]))
            rest = rest[written:]

    def finish(self, target: Path) -> str:
        """Check the whole, make it safe on disk and move it to its place.

        Returns:
            Its SHA-256.

        Raises:
            WrongContent: the hash is another one; what came is deleted.
            OSError: it cannot be moved.
        """
        found = self._sha256.hexdigest() if self._remote.sha256 else self._git_sha1.hexdigest()
        if found != self._remote.digest:
            kind = "SHA-256" if self._remote.sha256 else "git hash"
            raise WrongContent(f"its {kind} is {found}, not {self._remote.digest}")
        os.fsync(self._file.fileno())
        self.close()
        target.parent.mkdir(parents=True, exist_ok=True)
        self._path.replace(target)
        return self._sha256.hexdigest()

    def discard(self) -> None:
        """Delete it; raises OSError."""
        self.close()
        self._path.unlink(missing_ok=True)

    def close(self) -> None:
        """Keep what is here for the next time."""
        self._file.close()

    def __enter__(self) -> PartFile:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
