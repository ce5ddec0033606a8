"""Vorbis comments in FLAC files (RFC 9639, section 8)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from sa_studio.audio.sound_facts import SoundFacts
from sa_studio.audio.tags.fields import facts_of
from sa_studio.audio.tags.vorbis import comment_block, comments_of, read_comments, vendor_of
from sa_studio.errors import AudioFileError

MAGIC = b"fLaC"
HEADER_SIZE = 4  # kind, and whether it is the last one; three bytes of size
PADDING, VORBIS_COMMENT, LAST = 1, 4, 0x80
MAX_SIZE = (1 << 24) - 1


def tagged_flac(content: bytes, facts: SoundFacts) -> bytes:
    """A FLAC file with these comments instead of those that it has; its frames stay as they are.

    Raises:
        AudioFileError: there is more to say than such a file has room for.
    """
    blocks = []
    place = len(MAGIC)
    vendor = b""
    is_last = False
    while not is_last:
        kind, size = content[place], int.from_bytes(content[place + 1 : place + HEADER_SIZE], "big")
        is_last = bool(kind & LAST)
        block = content[place + HEADER_SIZE :][:size]
        if kind & ~LAST == VORBIS_COMMENT:
            vendor = vendor_of(block)
        elif kind & ~LAST != PADDING:
            blocks.append((kind & ~LAST, block))
        place += HEADER_SIZE + size
    comments = comment_block(vendor, comments_of(facts))
    if len(comments) > MAX_SIZE:
        raise AudioFileError(
            "The texts of the sound are too long for a FLAC file",
            "Shorten them, or leave the recipe out.",
        )
    # what describes the stream is always first
    blocks.insert(1, (VORBIS_COMMENT, comments))
    written = [
        bytes([kind | (LAST if number == len(blocks) else 0)])
        + len(block).to_bytes(3, "big")
        + block
        for number, (kind, block) in enumerate(blocks, start=1)
    ]
    return b"".join((MAGIC, *written, content[place:]))


def read_flac(file: BinaryIO) -> dict[str, Any]:
    """What the comments say, as plain values under the names of :class:`SoundFacts`."""
    file.seek(len(MAGIC))
    for kind, block in _blocks(file):
        if kind == VORBIS_COMMENT:
            return facts_of(read_comments(block))
    return {}


def _blocks(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    while len(header := file.read(HEADER_SIZE)) == HEADER_SIZE:
        yield header[0] & ~LAST, file.read(int.from_bytes(header[1:], "big"))
        if header[0] & LAST:
            return
