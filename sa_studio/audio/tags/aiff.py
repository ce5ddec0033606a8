"""Texts, markers and loops in AIFF files ("Audio Interchange File Format", version 1.3, 1989).

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
COUNT = struct.Struct(">H")
MARK = struct.Struct(">hI")  # number, place
# note, cents, lowest and highest note and velocity, gain; kind, first and last mark of two loops
INSTRUMENT = struct.Struct(">bbbbbbh3h3h")
MAX_MARKERS, MAX_LABEL = 30_000, 255
MIDDLE_C, FORWARD = 60, 1


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
    return _form(content, *_places(facts), *written, _chunk(ID3, id3(facts)))


def read_aiff(file: BinaryIO) -> dict[str, Any]:
    """What its ID3 chunk says, as plain values under the names of :class:`SoundFacts`."""
    for name, _ in _chunks(file):
        if name == ID3:
            return read_id3(file)
    return {}


def _places(facts: SoundFacts) -> Iterator[bytes]:
    """``MARK`` and ``INST``: the markers, and a loop between two more of them."""
    marks = [(marker.sample, marker.label) for marker in facts.markers[:MAX_MARKERS]]
    if facts.loop is not None:
        # a mark lies before the sample that it counts to
        marks += [(facts.loop[0], "loop start"), (facts.loop[1] + 1, "loop end")]
    if not marks:
        return
    listed = (
        MARK.pack(number, place) + _counted(label)
        for number, (place, label) in enumerate(marks, start=1)
    )
    yield _chunk(b"MARK", COUNT.pack(len(marks)) + b"".join(listed))
    if facts.loop is not None:
        note = MIDDLE_C if facts.root_note is None else facts.root_note
        loop = (FORWARD, len(marks) - 1, len(marks))
        yield _chunk(b"INST", INSTRUMENT.pack(note, 0, 0, 127, 1, 127, 0, *loop, 0, 0, 0))


def _counted(label: str) -> bytes:
    """A text behind its length, both together of even size."""
    text = ascii_text(label[:MAX_LABEL]).encode()[:MAX_LABEL]
    return bytes([len(text)]) + text + b"\0" * (1 - len(text) % 2)


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
