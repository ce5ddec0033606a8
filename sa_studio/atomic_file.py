"""Writing a file whole or not at all."""

from __future__ import annotations

import errno
import os
import re
import threading
from pathlib import Path

TEMPORARY = re.compile(r"\.(\d{1,9})-\d+\.part")  # the process and its thread


def write_atomically(path: Path, content: bytes | memoryview) -> None:
    """Write a file beside its destination, make it safe on disk, then rename it.

    Whatever happens on the way, an interruption too, the destination holds its old content or
    the new one, and nothing else is left behind. A link goes on leading to its file, which gets
    the content; what is no file, such as a pipe or a device, is written into.

    Raises:
        OSError: it cannot be written.
    """
    if not path.name:
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if path.is_symlink():
        path = Path(os.path.realpath(path))
    if path.exists() and not path.is_file():
        path.write_bytes(content)
        return
    # not made of the destination's name, which may be as long as a name can be
    temporary = path.with_name(f".{os.getpid()}-{threading.get_ident()}.part")
    try:
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def writer_of(path: Path) -> int | None:
    """The process whose temporary file of :func:`write_atomically` this is, whether it still runs
    or was killed; ``None``: it is some other file.
    """
    found = TEMPORARY.fullmatch(path.name)
    return int(found[1]) if found else None
