"""Cue points and their labels: the chunks ``cue `` and ``LIST``/``adtl``."""

from __future__ import annotations

import struct
from collections.abc import Sequence

from sa_studio.audio.plain_text import cut
from sa_studio.audio.sound_facts import Marker
from sa_studio.audio.wav.riff import chunk, parts

COUNT = struct.Struct("<I")
# name, place in the play order, chunk that it is in, that chunk's place, block's place, sample
POINT = struct.Struct("<II4sIII")
MAX_LABEL_BYTES = 255  # what libsndfile, and so many programs, have room for


def cue(markers: Sequence[Marker]) -> bytes:
    """Both chunks; nothing if there are no markers."""
    if not markers:
        return b""
    numbered = list(enumerate(markers, start=1))
    points = b"".join(
        POINT.pack(name, marker.sample, b"data", 0, 0, marker.sample) for name, marker in numbered
    )
    labels = (
        chunk(b"labl", COUNT.pack(name), cut(marker.label, MAX_LABEL_BYTES).encode(), b"\0")
        for name, marker in numbered
    )
    return chunk(b"cue ", COUNT.pack(len(numbered)), points) + chunk(b"LIST", b"adtl", *labels)


def read_cue(points: bytes, labels: bytes) -> list[list[int | str]]:
    """Sample and label of every cue point.

    Args:
        points: content of ``cue ``.
        labels: content of ``LIST``/``adtl``, without its type.
    """
    texts: dict[int, str] = {}
    for name, content in parts(labels):
        if name == b"labl" and len(content) >= COUNT.size:
            text = content[COUNT.size :].split(b"\0")[0]
            texts[COUNT.unpack_from(content)[0]] = text.decode(errors="replace")
    whole = (len(points) - COUNT.size) // POINT.size * POINT.size
    found = POINT.iter_unpack(points[COUNT.size : COUNT.size + max(whole, 0)])
    return [[point[5], texts.get(point[0], "")] for point in found]
