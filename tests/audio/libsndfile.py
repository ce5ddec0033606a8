"""What libsndfile, which knows nothing of our writers, finds in a file beside its samples."""

from __future__ import annotations

import struct
from typing import Any

import soundfile

GET_CUE, GET_INSTRUMENT, GET_LOOP_INFO, GET_BROADCAST_INFO = 0x10CE, 0x10D0, 0x10E0, 0x10F0
BROADCAST = struct.Struct("<256s32s32s10s8s2xIIh64s5h180sI256s")
POINT = struct.Struct("<iIiiiI256s")
MAX_POINTS = 100


def _asked(file: soundfile.SoundFile, command: int, size: int) -> bytes | None:
    answer = soundfile._ffi.new("char[]", size)
    found = soundfile._snd.sf_command(file._file, command, answer, size)
    return bytes(soundfile._ffi.buffer(answer, size)) if found else None


def broadcast_info(file: soundfile.SoundFile) -> dict[str, Any] | None:
    answer = _asked(file, GET_BROADCAST_INFO, BROADCAST.size)
    if answer is None:
        return None
    values = BROADCAST.unpack(answer)
    texts = [value.split(b"\0")[0].decode("ascii") for value in values[:5]]
    names = ("description", "originator", "reference", "date", "time")
    history = values[16][: values[15]].split(b"\0")[0].decode("ascii")
    return dict(zip(names, texts, strict=True)) | {
        "version": values[7],
        "levels": values[9:14],
        "history": history,
    }


def cues(file: soundfile.SoundFile) -> list[tuple[int, str]]:
    """Sample and label of every cue point."""
    answer = _asked(file, GET_CUE, 4 + MAX_POINTS * POINT.size)
    if answer is None:
        return []
    count = struct.unpack_from("<I", answer)[0]
    points = [POINT.unpack_from(answer, 4 + index * POINT.size) for index in range(count)]
    return [(point[5], point[6].split(b"\0")[0].decode(errors="ignore")) for point in points]


def loop(file: soundfile.SoundFile) -> tuple[int, int, int] | None:
    """Note, first and last sample of the first loop of a sampler."""
    answer = _asked(file, GET_INSTRUMENT, 16 + 16 * 16)
    if answer is None or struct.unpack_from("<i", answer, 12)[0] == 0:
        return None
    # unlike the file, libsndfile says which sample is the first that is not repeated
    _, first, behind, _ = struct.unpack_from("<iIII", answer, 16)
    return struct.unpack_from("<b", answer, 4)[0], first, behind - 1


def tempo(file: soundfile.SoundFile) -> float | None:
    answer = _asked(file, GET_LOOP_INFO, 44)
    return struct.unpack_from("<f", answer, 12)[0] if answer else None
