"""The numbers that a musical prompt tells: a note and a tempo. Standard library only."""

from __future__ import annotations

import re

# scientific pitch notation, "F#3" or "Bb-1"; a capital, as "a2" in words is seldom a note
_NOTE = re.compile(r"(?<![\w#♯♭])([A-G])([#♯b♭]?)(-1|\d)(?!\w)")
_TEMPO = re.compile(r"(?<![\w.])(\d{2,3}(?:\.\d+)?)\s*-?\s*bpm\b", re.IGNORECASE)
_SEMITONES = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_SIGNS = {"": 0, "#": 1, "♯": 1, "b": -1, "♭": -1}
_HIGHEST = 127


def note_in(prompt: str) -> int | None:
    """The MIDI number of the first note with an octave in ``prompt``: 60 for "piano C4"."""
    for letter, sign, octave in _NOTE.findall(prompt):
        number = 12 * (int(octave) + 1) + _SEMITONES[letter] + _SIGNS[sign]
        if 0 <= number <= _HIGHEST:
            return number
    return None


def tempo_in(prompt: str) -> float | None:
    """The beats a minute that ``prompt`` asks for: 120.0 for "120 bpm techno loop"."""
    found = _TEMPO.search(prompt)
    return float(found[1]) if found else None
