"""ID3 tags, version 2.3 (https://id3.org/id3v2.3.0), which every program reads: MP3 and AIFF."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any, BinaryIO

from sa_studio.audio.sound_facts import SoundFacts
from sa_studio.audio.tags.fields import RECIPE, facts_of, fields_of, places_of, recipe_text

HEADER = struct.Struct(">3sBBB4s")  # magic, version (two numbers), flags, size
FRAME = struct.Struct(">4sIH")
MAGIC = b"ID3"
VERSION = 3
LATIN_1, UTF_16 = b"\0", b"\1"
LANGUAGE = b"eng"
MAX_SIZE = 32 << 20
# frames that hold a field of ours whole; the others are TXXX, with the field as their description
OWN_FRAMES = {
    b"TIT2": "TITLE",
    b"TPE1": "DESIGNER",
    b"TALB": "LIBRARY",
    b"TCON": "CATEGORY",
    b"TCOP": "COPYRIGHT",
    b"TSSE": "SOFTWARE",
    b"COMM": "DESCRIPTION",
}


def id3(facts: SoundFacts) -> bytes:
    """A whole tag. ``facts`` are cleaned."""
    fields = {**fields_of(facts), **places_of(facts)}
    if facts.recipe:
        fields[RECIPE] = recipe_text(facts.recipe)
    frames = []
    for name, field in OWN_FRAMES.items():
        if text := fields.pop(field, ""):
            frames.append(_comment(text) if name == b"COMM" else _text_frame(name, text))
    if facts.created:
        for name, form in ((b"TYER", "%Y"), (b"TDAT", "%d%m"), (b"TIME", "%H%M")):
            frames.append(_text_frame(name, facts.created.strftime(form)))
    if facts.tempo is not None:
        frames.append(_text_frame(b"TBPM", str(round(facts.tempo))))
    frames += [_frame(b"TXXX", _encoded(field, text)) for field, text in fields.items()]
    content = b"".join(frames)
    return HEADER.pack(MAGIC, VERSION, 0, 0, _synchsafe(len(content))) + content


def read_id3(file: BinaryIO) -> dict[str, Any]:
    """What the tag at the file's place says, under the names of :class:`SoundFacts`."""
    header = file.read(HEADER.size)
    if len(header) < HEADER.size or header[:3] != MAGIC or header[3] != VERSION:
        return {}
    content = file.read(min(_size(header[6:]), MAX_SIZE))
    fields: dict[str, str] = {}
    for name, frame in _frames(content):
        texts = _texts(frame[:1], frame[4:] if name == b"COMM" else frame[1:])
        if name in OWN_FRAMES:
            # a comment has a description of its own before it
            fields.setdefault(OWN_FRAMES[name], texts[-1])
        elif name == b"TXXX" and len(texts) > 1:
            fields.setdefault(texts[0], texts[1])
    return facts_of(fields)


def _text_frame(name: bytes, text: str) -> bytes:
    return _frame(name, _encoded(text))


def _comment(text: str) -> bytes:
    """With an empty description: the comment that every player shows."""
    content = _encoded("", text)
    return _frame(b"COMM", content[:1] + LANGUAGE + content[1:])


def _frame(name: bytes, content: bytes) -> bytes:
    return FRAME.pack(name, len(content), 0) + content


def _encoded(*texts: str) -> bytes:
    """The encoding, and the texts with an end between them: Latin-1, or UTF-16 if it must be."""
    if all(text.isascii() for text in texts):
        return LATIN_1 + b"\0".join(text.encode() for text in texts)
    return UTF_16 + b"\0\0".join(b"\xff\xfe" + text.encode("utf-16-le") for text in texts)


def _texts(encoding: bytes, content: bytes) -> list[str]:
    if encoding != UTF_16:
        return content.decode("latin-1").rstrip("\0").split("\0")
    whole = content.decode("utf-16-le", "replace").rstrip("\0").split("\0")
    return [text.removeprefix("\ufeff") for text in whole]


def _frames(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = 0
    while place + FRAME.size <= len(content) and content[place]:
        name, size, _ = FRAME.unpack_from(content, place)
        place += FRAME.size
        yield name, content[place : place + size]
        place += size


def _synchsafe(size: int) -> bytes:
    """A size in bytes of seven bits, so that no player takes it for the beginning of sound."""
    return bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0))


def _size(content: bytes) -> int:
    return sum(byte << shift for byte, shift in zip(content, (21, 14, 7, 0), strict=True))
