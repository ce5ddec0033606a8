"""The sampler chunk ``smpl``: what is repeated, and at which note it plays untransposed."""

from __future__ import annotations

import struct

from sa_studio.audio.wav.riff import chunk

# maker, product, nanoseconds of a sample, note, fraction of a semitone, SMPTE format and offset,
# number of loops, bytes of the maker's own
FIXED = struct.Struct("<9I")
LOOP = struct.Struct("<6I")  # name, kind, first and last sample, fraction, how often
FORWARD, FOR_EVER = 0, 0
MIDDLE_C = 60
NANOSECONDS = 10**9


def sampler(loop: tuple[int, int] | None, root_note: int | None, rate: int) -> bytes:
    """The chunk; nothing without a loop, whose last sample is part of it."""
    if loop is None:
        return b""
    note = MIDDLE_C if root_note is None else root_note
    fixed = FIXED.pack(0, 0, round(NANOSECONDS / rate), note, 0, 0, 0, 1, 0)
    return chunk(b"smpl", fixed, LOOP.pack(0, FORWARD, *loop, 0, FOR_EVER))


def read_sampler(content: bytes) -> list[int] | None:
    """First and last sample of the first loop, or ``None`` if there is none."""
    if len(content) < FIXED.size + LOOP.size or not FIXED.unpack_from(content)[7]:
        return None
    return list(LOOP.unpack_from(content, FIXED.size)[2:4])
