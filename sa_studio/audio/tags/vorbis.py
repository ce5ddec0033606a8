"""Vorbis comments, as FLAC and OGG hold them (https://www.xiph.org/vorbis/doc/v-comment.html)."""

from __future__ import annotations

import struct

from sa_studio.audio.sound_facts import SoundFacts
from sa_studio.audio.tags.fields import RECIPE, fields_of, places_of, recipe_text

LENGTH = struct.Struct("<I")


def comments_of(facts: SoundFacts) -> list[tuple[str, str]]:
    """Names and texts: the fields that every player shows, then ours. ``facts`` are cleaned."""
    shown = {
        "ARTIST": facts.designer,
        "ALBUM": facts.library,
        "GENRE": facts.category,
        "DATE": f"{facts.created:%Y-%m-%d}" if facts.created else "",
        "COMMENT": facts.description,
        "BPM": "" if facts.tempo is None else f"{facts.tempo:.10g}",
    }
    recipe = {RECIPE: recipe_text(facts.recipe)} if facts.recipe else {}
    fields = {**fields_of(facts), **shown, **places_of(facts), **recipe}
    return [(name, text) for name, text in fields.items() if text]


def comment_block(vendor: bytes, comments: list[tuple[str, str]]) -> bytes:
    """The comments as bytes; ``vendor`` says which library encoded the samples."""
    lines = [f"{name}={text}".encode() for name, text in comments]
    counted = (LENGTH.pack(len(line)) + line for line in lines)
    return b"".join((LENGTH.pack(len(vendor)), vendor, LENGTH.pack(len(lines)), *counted))


def vendor_of(block: bytes) -> bytes:
    """Which library encoded the samples."""
    return block[LENGTH.size :][: LENGTH.unpack_from(block)[0]]


def read_comments(block: bytes) -> dict[str, str]:
    """Texts by their upper-case names, of several of one name the first; as many as are whole."""
    found: dict[str, str] = {}
    place = LENGTH.size + (LENGTH.unpack_from(block)[0] if len(block) >= LENGTH.size else 0)
    place += LENGTH.size  # the number of comments, which the length of the block tells too
    while place + LENGTH.size <= len(block):
        size = LENGTH.unpack_from(block, place)[0]
        place += LENGTH.size
        if place + size > len(block):
            break
        name, _, text = block[place : place + size].decode(errors="replace").partition("=")
        found.setdefault(name.upper(), text)
        place += size
    return found
