"""The chunk ``LIST``/``INFO``: texts that every program shows."""

from __future__ import annotations

from sa_studio.audio.plain_text import cut
from sa_studio.audio.sound_facts import SoundFacts
from sa_studio.audio.wav.riff import chunk, parts

# libsndfile skips the rest of a list from a text on that is longer than its buffer of 2,048 bytes;
# longer descriptions are whole in the iXML chunk
MAX_TEXT_BYTES = 2_000
MAX_SOFTWARE_BYTES = 100  # sox warns of an attack if it is some hundred more


def info_list(facts: SoundFacts) -> bytes:
    """The chunk, in UTF-8; nothing if there is nothing to say."""
    texts = {
        b"INAM": facts.title,
        b"ICMT": facts.description,
        b"IART": facts.designer,
        b"IPRD": facts.library or facts.project,
        b"IGNR": facts.category,
        b"IKEY": ", ".join(facts.keywords),
        b"ICOP": facts.copyright,
        b"ISFT": cut(facts.software, MAX_SOFTWARE_BYTES),
        b"ICRD": f"{facts.created:%Y-%m-%d}" if facts.created else "",
    }
    written = [
        chunk(name, cut(text, MAX_TEXT_BYTES).encode(), b"\0")
        for name, text in texts.items()
        if text
    ]
    return chunk(b"LIST", b"INFO", *written) if written else b""


def read_info(content: bytes) -> dict[bytes, str]:
    """The texts of the list, by the names of their chunks."""
    return {name: text.rstrip(b"\0").decode(errors="replace") for name, text in parts(content)}
