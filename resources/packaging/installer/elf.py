"""Linux programs and libraries, and folders of the building machine that they look into.

A Python that was built from its sources, and the modules beside it, look for libraries where it was
installed (DT_RPATH, DT_RUNPATH of the System V ABI, chapter 5). On another computer anybody may own
that folder. Paths that begin with ``$ORIGIN``, the library's own place, stay.
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from installer.steps import Say

ELF = b"\x7fELF"
# 64 bits, least significant byte first: x86-64 and ARM64
KIND = ELF + b"\x02\x01"
LOADED, DYNAMIC = 1, 2
END, STRINGS, RPATH, RUNPATH = 0, 5, 15, 29


@dataclass(frozen=True)
class SearchPath:
    """Where a library looks for others.

    Attributes:
        text: folders with colons between them.
        offset: of the text in the file.
    """

    text: str
    offset: int


def is_elf(file: Path) -> bool:
    """Whether a file is a Linux program or library; links do not count."""
    if file.is_symlink() or not file.is_file():
        return False
    with file.open("rb") as content:
        return content.read(4) == ELF


def forget_search_paths(folder: Path, say: Say) -> None:
    """Empty the search paths that lead to folders of this machine, in every file below."""
    changed = sum(bool(forget(file)) for file in folder.rglob("*") if is_elf(file))
    say(f"{changed} files looked for others in folders of this machine, and do so no more")


def forget(file: Path) -> list[SearchPath]:
    """Empty those of one file; the linker passes over an empty one."""
    with file.open("r+b") as opened, mmap.mmap(opened.fileno(), 0) as content:
        foreign = [path for path in search_paths(content) if "$ORIGIN" not in path.text]
        for path in foreign:
            content[path.offset] = 0
    return foreign


def search_paths(content: mmap.mmap | bytes) -> Iterator[SearchPath]:
    """The search paths of a program or library that are not empty."""
    if content[:6] != KIND:
        return
    (headers,) = struct.unpack_from("<Q", content, 0x20)
    size, count = struct.unpack_from("<HH", content, 0x36)
    segments = []
    for number in range(count):
        kind, _, offset, address, _, length = struct.unpack_from(
            "<IIQQQQ", content, headers + number * size
        )
        segments.append((kind, offset, address, length))

    def place(address: int) -> int:
        for kind, offset, start, length in segments:
            if kind == LOADED and start <= address < start + length:
                return int(offset + address - start)
        raise ValueError(f"nothing is loaded at {address:#x}")

    entries: list[tuple[int, int]] = []
    for kind, offset, _, length in segments:
        if kind == DYNAMIC:
            entries += struct.iter_unpack("<qQ", content[offset : offset + length])
    tables = dict(reversed(entries))
    for tag, value in entries:
        if tag == END:
            return
        if tag in (RPATH, RUNPATH):
            start = place(tables[STRINGS]) + value
            text = content[start : content.find(b"\0", start)].decode()
            if text:
                yield SearchPath(text, start)
