"""Write a folder whole or not at all, and hash its files on the way."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Protocol

from sa_studio.engine.weight_sources import WeightSource
from sa_studio.engine.weights_writer import (
    Advance,
    copy_hashed,
    file_bytes,
    write_hashed,
    write_weights_file,
)
from sa_studio.model_offers import FileCheck

# Is told the file at work and how many bytes more it has; what it raises ends the writing.
ReportBytes = Callable[[str, int], None]


class NewFile(Protocol):
    """A file that a folder shall have."""

    @property
    def file(self) -> str:
        """Its path in the folder, with forward slashes."""

    @property
    def bytes(self) -> int:
        """Its size."""

    def write(self, path: Path, advance: Advance) -> FileCheck:
        """Write it as ``path``, which is not there yet; raises OSError or ModelError."""


@dataclass(frozen=True, slots=True)
class CopiedFile:
    """The same as ``source``."""

    file: str
    source: Path

    @property
    def bytes(self) -> int:
        """Its size."""
        return self.source.stat().st_size

    def write(self, path: Path, advance: Advance) -> FileCheck:
        """Copy it."""
        return copy_hashed(self.source, path, advance)


@dataclass(frozen=True, slots=True)
class WeightsFile:
    """A safetensors file of ``tensors``."""

    file: str
    tensors: Mapping[str, WeightSource]

    @property
    def bytes(self) -> int:
        """Its size."""
        return file_bytes(self.tensors)

    def write(self, path: Path, advance: Advance) -> FileCheck:
        """Write tensor after tensor."""
        return write_weights_file(path, self.tensors, advance)


@dataclass(frozen=True, slots=True)
class TextFile:
    """A file of ``text`` in UTF-8."""

    file: str
    text: str

    @property
    def bytes(self) -> int:
        """Its size."""
        return len(self.text.encode())

    def write(self, path: Path, advance: Advance) -> FileCheck:
        """Write it at once."""
        return write_hashed(path, iter([memoryview(self.text.encode())]), advance)


def write_folder(folder: Path, files: Sequence[NewFile], report: ReportBytes) -> list[FileCheck]:
    """Write ``files`` into the new ``folder``, in that order; if that fails, nothing is left.

    Args:
        folder: where; its parent is there, itself is not.
        files: what it shall hold.
        report: called on this thread after every few megabytes.

    Returns:
        Path in the folder, size and SHA-256 of every file; all are safe on the disk.

    Raises:
        ModelError: a source of weights cannot be read.
        OSError: ``folder`` exists, or the disk is full or cannot be written.
    """
    folder.mkdir()
    try:
        return list(_write(folder, files, report))
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _write(folder: Path, files: Sequence[NewFile], report: ReportBytes) -> Iterator[FileCheck]:
    for item in files:
        path = folder / item.file
        path.parent.mkdir(exist_ok=True)
        yield replace(item.write(path, partial(report, item.file)), file=item.file)
    for parent in {folder, *((folder / item.file).parent for item in files)}:
        _sync_folder(parent)


def _sync_folder(path: Path) -> None:
    """Make the names in a folder safe on the disk, where a folder can be opened."""
    if os.name == "posix":
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
