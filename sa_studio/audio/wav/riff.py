"""RIFF chunks ("Multimedia Programming Interface and Data Specifications 1.0", 1991)."""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from typing import BinaryIO

HEADER = struct.Struct("<4sI")  # name and size
MAX_SIZE = 0xFFFF_FFFF
"""What a size can say; a RIFF file cannot be longer than this and eight bytes."""
MAX_TEXT_CHUNK = 4 << 20
"""Bytes of metadata that are read from one chunk: more is none of ours."""


def chunk(name: bytes, *content: bytes) -> bytes:
    """A chunk: name, size, content, and a byte more if the size is odd."""
    size = sum(map(len, content))
    return b"".join((HEADER.pack(name, size), *content, b"\0" * (size % 2)))


def chunks(file: BinaryIO, end: int) -> Iterator[tuple[bytes, int]]:
    """Name and size of every RIFF chunk up to ``end``; the file stands at its content."""
    while file.tell() + HEADER.size <= end:
        name, size = HEADER.unpack(file.read(HEADER.size))
        following = file.tell() + size + size % 2
        yield name, size
        file.seek(following)


def contents(file: BinaryIO) -> dict[bytes, bytes]:
    """The metadata chunks of a WAV file by name; lists as ``LIST`` and their type.

    Of chunks of one name it is the first. Empty for files of other kinds.
    """
    end = file.seek(0, os.SEEK_END)
    file.seek(0)
    head = file.read(12)
    found: dict[bytes, bytes] = {}
    if head[:4] != b"RIFF" or head[8:] != b"WAVE":
        return found
    for name, size in chunks(file, end):
        if name == b"data" or size > MAX_TEXT_CHUNK:
            continue
        content = file.read(size)
        if name == b"LIST":
            name, content = name + content[:4], content[4:]
        found.setdefault(name, content)
    return found


def parts(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Names and contents of the chunks that a list holds; one that is cut off ends it."""
    place = 0
    while place + HEADER.size <= len(content):
        name, size = HEADER.unpack_from(content, place)
        place += HEADER.size
        yield name, content[place : place + size]
        place += size + size % 2
