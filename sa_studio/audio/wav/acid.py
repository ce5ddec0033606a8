"""The chunk ``acid`` of a loop in a tempo, as ACID, FL Studio and many samplers read it.

It was never published; the layout is the one that libsndfile reads.
"""

from __future__ import annotations

import struct

from sa_studio.audio.wav.riff import chunk

# kind, note, two fields that nobody knows, beats, meter (denominator, numerator), tempo
LAYOUT = struct.Struct("<IHHfIHHf")
HAS_NOTE, STRETCHES = 0x02, 0x04
MIDDLE_C = 60


def acid(tempo: float | None, root_note: int | None, seconds: float) -> bytes:
    """The chunk; nothing without a tempo.

    Args:
        tempo: beats per minute.
        root_note: MIDI.
        seconds: how long the file is, which tells the beats; the meter is 4/4.
    """
    if tempo is None:
        return b""
    kind = STRETCHES | (0 if root_note is None else HAS_NOTE)
    note = MIDDLE_C if root_note is None else root_note
    beats = max(round(seconds * tempo / 60), 1)
    return chunk(b"acid", LAYOUT.pack(kind, note, 0x8000, 0.0, beats, 4, 4, tempo))


def read_acid(content: bytes) -> float | None:
    """The tempo."""
    return LAYOUT.unpack_from(content)[7] if len(content) >= LAYOUT.size else None
