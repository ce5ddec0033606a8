"""Texts in AIFF files ("Audio Interchange File Format", version 1.3, 1989).

What its own chunks cannot say is in an ``ID3 `` chunk, as most programs write and read it.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from typing import Any, BinaryIO

from sa_studio.audio.plain_text import ascii_text
from sa_studio.audio.sound_facts import SoundFacts
from sa_studio.audio.tags.id3 import id3, read_id3

HEADER = struct.Struct(">4sI")
FORM_SIZE = 12  # FORM, size and type
MAX_SIZE = 0xFFFF_FFFF
MAX_TEXT = 1_000  # libsndfile refuses files with texts that are longer than its buffer
ID3 = b"ID3 "


def tagged_aiff(content: bytes, facts: SoundFacts) -> bytes:
    """An AIFF file with these facts behind its samples."""
    texts = {
        b"NAME": facts.title,
        b"AUTH": facts.designer,
        b"(c) ": facts.copyright,
        b"ANNO": facts.description,
    }
    written = [
        _chunk(name, ascii_text(text[:MAX_TEXT]).encode()[:MAX_TEXT])
        for name, text in texts.items()
        if text
    ]
    return _form(content, *written, _chunk(ID3, id3(facts)))


def read_aiff(file: BinaryIO) -> dict[str, Any]:
    """What its ID3 chunk says, as plain values under the names of :class:`SoundFacts`."""
    for name, _ in _chunks(file):
        if name == ID3:
            return read_id3(file)
    return {}


def _form(content: bytes, *added: bytes) -> bytes:
    size = len(content) - HEADER.size + sum(map(len, added))
    return b"".join((HEADER.pack(b"FORM", size), content[HEADER.size :], *added))


def _chunk(name: bytes, content: bytes) -> bytes:
    return HEADER.pack(name, len(content)) + content + b"\0" * (len(content) % 2)


def _chunks(file: BinaryIO) -> Iterator[tuple[bytes, int]]:
    end = file.seek(0, os.SEEK_END)
    file.seek(FORM_SIZE)
    while file.tell() + HEADER.size <= end:
        name, size = HEADER.unpack(file.read(HEADER.size))
        following = file.tell() + size + size % 2
        yield name, size
        file.seek(following)
