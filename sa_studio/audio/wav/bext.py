"""The broadcast extension chunk, version 2 (EBU Tech 3285)."""

from __future__ import annotations

import math
import struct
from datetime import datetime
from typing import Any

from sa_studio.audio.loudness_course import LoudnessCourse
from sa_studio.audio.plain_text import ascii_text
from sa_studio.audio.sound_facts import SoundFacts
from sa_studio.audio.wav.riff import chunk
from sa_studio.vocabulary.delivery import Depth

# description, originator, its reference, date, time, samples since midnight, version, UMID, five
# levels, reserved
LAYOUT = struct.Struct("<256s32s32s10s8sQH64s5h180s")
VERSION = 2
UNKNOWN = 0x7FFF  # what a level says that was not measured
BITS = {Depth.INT16: 16, Depth.INT24: 24, Depth.FLOAT32: 32}
HIGHEST = 9_999  # hundredths, either way
MAX_MAKER = 200


def bext(
    facts: SoundFacts, course: LoudnessCourse | None, *, rate: int, channels: int, depth: Depth
) -> bytes:
    """The chunk; its texts are ASCII, cut to what they may be long.

    Args:
        facts: cleaned.
        course: loudness range and highest loudness; ``None`` where nothing was measured.
        rate: Hz.
        channels: 1 or 2.
        depth: of the samples.
    """
    loudness = facts.loudness
    levels = (
        _hundredths(loudness.lufs if loudness else None),
        _hundredths(course.range if course else None),
        _hundredths(loudness.true_peak_db if loudness else None),
        _hundredths(course.max_momentary if course else None),
        _hundredths(course.max_short_term if course else None),
    )
    when = facts.created
    fixed = LAYOUT.pack(
        _field(facts.description, 256),
        _field(facts.software, 32),
        _field(facts.clip_id, 32),
        f"{when:%Y-%m-%d}".encode() if when else b"",
        f"{when:%H:%M:%S}".encode() if when else b"",
        0,
        VERSION,
        b"",
        *levels,
        b"",
    )
    return chunk(b"bext", fixed, _history(facts, rate, channels, depth))


def read_bext(content: bytes) -> dict[str, Any]:
    """What the chunk says, under the names of :class:`SoundFacts`; empty if it is cut off."""
    if len(content) < LAYOUT.size:
        return {}
    fields = LAYOUT.unpack_from(content)
    description, originator, reference, date, time = (
        field.split(b"\0")[0].decode("latin-1") for field in fields[:5]
    )
    said: dict[str, Any] = {
        "description": description,
        "software": originator,
        "clip_id": reference,
    }
    try:
        said["created"] = datetime.fromisoformat(f"{date}T{time}").isoformat()
    except ValueError:
        said["created"] = ""
    names = ("lufs", "range", "true_peak_db", "max_momentary", "max_short_term")
    levels = zip(names, fields[8:13], strict=True)
    if fields[6] >= VERSION:
        said["loudness"] = {name: level / 100 for name, level in levels if level != UNKNOWN}
    return {name: value for name, value in said.items() if value}


def _field(text: str, size: int) -> bytes:
    # nothing that is written becomes shorter but accents that stand alone: leave room for some
    return ascii_text(text[: 4 * size]).encode()[:size]


def _hundredths(level: float | None) -> int:
    """A level as the chunk holds it; what is no level, as of silence, counts as not measured."""
    if level is None or not math.isfinite(level):
        return UNKNOWN
    hundredths = round(level * 100)
    return hundredths if abs(hundredths) <= HIGHEST else UNKNOWN


def _history(facts: SoundFacts, rate: int, channels: int, depth: Depth) -> bytes:
    """One line of coding history (EBU R98): how the samples are coded, and what made them."""
    makers = (
        ascii_text(text[:MAX_MAKER])[:MAX_MAKER] for text in (facts.software, facts.model) if text
    )
    text = "; ".join(makers).replace(",", " ")
    mode = "mono" if channels == 1 else "stereo"
    return f"A=PCM,F={rate},W={BITS[depth]},M={mode},T={text}\r\n".encode()
