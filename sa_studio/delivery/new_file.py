"""A new file under the first free name: whole or not at all, and never in another's place.

Whoever looks into the folder, at any moment, and whatever ends the program, finds the whole file
or none: nothing empty that keeps a name, nothing half written.

- Linux writes a file that has no name (``O_TMPFILE``) and gives it one when it is whole. Nothing
  is left of a program that is killed before that.
- Elsewhere, and on file systems that lack this, the file is written beside its destination under
  a hidden name, and is then linked or renamed to where nothing is yet. What a killed program
  leaves there, :func:`sweep` takes away the next time that something is delivered into the folder.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import platform
import re
import sys
import time
import uuid
from collections.abc import Iterable, Iterator
from pathlib import Path

import psutil

PREFIX, SUFFIX = ".sa-studio-", ".part"
# ours are told by the computer and the process that write them
_HIDDEN = re.compile(rf"{re.escape(PREFIX)}([0-9a-f]{{8}})-(\d+)-[0-9a-f]+{re.escape(SUFFIX)}")
# of another computer, on a shared disk, nobody here knows what still runs
FOREIGN_SECONDS = 24 * 3600.0
FOLDER_OF_OPEN_FILES = "/proc/self/fd"
NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}


def write_new(names: Iterable[Path], content: bytes | memoryview) -> Path:
    """Write a file at the first of ``names`` that is free; returns that.

    Args:
        names: paths in one folder, which must exist; there may be no end of them.

    Raises:
        FileExistsError: none of them is free.
        OSError: the file cannot be written; nothing of it is left behind.
    """
    for path in names:
        # cheaper than writing a file that nobody can have
        if os.path.lexists(path):
            continue
        with contextlib.suppress(FileExistsError):
            if not _write_nameless(path, content):
                _write_hidden(path, content)
            return path
    raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))


def _write_nameless(path: Path, content: bytes | memoryview) -> bool:
    """Write a file that gets its name at last; whether this system can do that."""
    if sys.platform != "linux":
        return False
    with contextlib.ExitStack() as stack:
        try:
            # the link is made by way of this folder
            folder = os.open(FOLDER_OF_OPEN_FILES, os.O_RDONLY)
            stack.callback(os.close, folder)
            descriptor = os.open(path.parent, os.O_TMPFILE | os.O_WRONLY, 0o666)
            stack.callback(os.close, descriptor)
        except OSError:  # the other way tells what is wrong, if anything is
            return False
        _write(descriptor, content)
        try:
            # with a folder for the source, and only then, Python lets the link be followed
            os.link(str(descriptor), path, src_dir_fd=folder, follow_symlinks=True)
        except FileExistsError:
            raise
        except OSError:
            return False
    return True


def _write(descriptor: int, content: bytes | memoryview) -> None:
    """All of ``content``, safe on disk."""
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
    os.fsync(descriptor)


def _write_hidden(path: Path, content: bytes | memoryview) -> None:
    """Write a file under a hidden name, and move it to its place if that is still free."""
    hidden = path.with_name(f"{PREFIX}{_computer()}-{os.getpid()}-{uuid.uuid4().hex}{SUFFIX}")
    try:
        with hidden.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        move_new(hidden, path)
    finally:
        hidden.unlink(missing_ok=True)


def move_new(hidden: Path, path: Path) -> None:
    """Let ``path`` be what ``hidden`` is, in the same file system; ``hidden`` may still be there.

    Raises:
        FileExistsError: there is something at ``path``.
    """
    if sys.platform == "win32":
        hidden.rename(path)  # which never replaces there
        return
    try:
        os.link(hidden, path)
    except OSError as error:
        if error.errno not in NO_LINKS:
            raise
        _rename(hidden, path)


def _rename(hidden: Path, path: Path) -> None:
    """The same on file systems without links, such as those of memory cards.

    A rename replaces there; of two programs that deliver into the folder at the same time, each
    waits for the other.
    """
    if sys.platform != "win32":
        import fcntl

        folder = os.open(path.parent, os.O_RDONLY)
        try:
            with contextlib.suppress(OSError):  # some disks of other computers have no locks
                fcntl.flock(folder, fcntl.LOCK_EX)
            if os.path.lexists(path):
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
            hidden.rename(path)
        finally:
            os.close(folder)  # which ends the waiting of others


def sweep(folder: Path) -> None:
    """Delete what killed programs left half written in ``folder``; nobody else's files.

    What this program or another that still runs is writing stays.
    """
    for path in _hidden(folder):
        # another one may be as quick, or the folder be read-only: neither is in anyone's way
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)


def _hidden(folder: Path) -> Iterator[Path]:
    """Our hidden files in ``folder`` that nobody writes any more."""
    try:
        names = [entry.name for entry in os.scandir(folder) if entry.name.startswith(PREFIX)]
    except OSError:
        return  # whoever writes there will be told
    for name in names:
        if found := _HIDDEN.fullmatch(name):
            computer, process = found.groups()
            path = folder / name
            if computer == _computer():
                if not psutil.pid_exists(int(process)):
                    yield path
            elif _age(path) > FOREIGN_SECONDS:
                yield path


def _age(path: Path) -> float:
    """Seconds since a file was written to; 0 if it is gone."""
    try:
        return time.time() - path.stat().st_mtime
    except OSError:
        return 0.0


def _computer() -> str:
    """A word for this computer: process numbers of others mean nothing here."""
    return hashlib.sha256(platform.node().encode()).hexdigest()[:8]
