"""Texts that any program may have typed, made fit for files that other programs read."""

from __future__ import annotations

import re
import unicodedata

MAX_CHARACTERS = 10_000
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
# C0 and C1 controls but tab and newline become spaces: XML 1.0 forbids most of them, and a NUL ends
# a text for every program written in C
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_FORBIDDEN = re.compile(r"[\ufffe\uffff]")  # by XML 1.0 too
# what does not come apart into an ASCII letter and its accents
_ASCII = {
    "ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O",
    "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "ı": "i",
    "‘": "'", "’": "'", "‚": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"',
    "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "−": "-", "×": "x", "⁄": "/", "•": "*",
    "©": "(c)",
}  # fmt: skip


def clean(text: str) -> str:
    """``text`` as valid Unicode without control characters but tab and newline, nor ends of space.

    Halves of characters (lone surrogates) become U+FFFD; what exceeds ``MAX_CHARACTERS`` is cut.
    """
    text = text[: 2 * MAX_CHARACTERS]  # halves of characters may come together
    if text.isprintable():
        return text[:MAX_CHARACTERS].strip()
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    lines = whole.replace("\r\n", "\n").replace("\r", "\n").replace("\x85", "\n")
    spaced = _CONTROLS.sub(" ", lines)
    return _FORBIDDEN.sub(REPLACEMENT, spaced)[:MAX_CHARACTERS].strip()


def one_line(text: str) -> str:
    """``text`` as :func:`clean` leaves it, in one line."""
    return " ".join(clean(text).split())


def ascii_text(text: str) -> str:
    """``text`` in ASCII: accents dropped, punctuation straightened, "?" for what has no like."""
    whole = clean(text)
    return whole if whole.isascii() else "".join(map(_ascii_character, whole))


def _ascii_character(character: str) -> str:
    if character.isascii():
        return character
    if character in _ASCII:
        return _ASCII[character]
    parts = unicodedata.normalize("NFKD", character)
    plain = "".join(_ASCII.get(part, part if part.isascii() else "") for part in parts)
    # accents and joiners that stand alone belong to what is before them
    is_silent = all(unicodedata.category(part) in ("Mn", "Me", "Cf") for part in parts)
    return plain or ("" if is_silent else "?")


def cut(text: str, size: int) -> str:
    """The beginning of ``text`` that takes no more than ``size`` bytes of UTF-8."""
    return text.encode()[:size].decode(errors="ignore")
