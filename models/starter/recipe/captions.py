"""Captions: a name of the sound, with some of the words that are true of it.

Some of what could be said is never said, so that the evaluation has something new to ask for:
two synonyms of each class, and one of twenty pairs of a class and a word.
"""

from __future__ import annotations

import zlib

from sounds.dsp import Rng
from sounds.sound_class import SoundClass

# kinds of words in front of the name, in the usual order, and behind it
BEFORE = ("size", "tone", "length", "character", "material", "motion", "tempo", "quality")
BEHIND = ("surface", "place", "note", "width")
KINDS = (*BEFORE, *BEHIND)
FORMS = ("sentence", "tags", "ucs")
FORM_SHARES = (0.7, 0.2, 0.1)
LABEL_ALONE = 0.2
KEPT_USUALLY = 0.55
# what one learns by heart has to be told more often
KEPT = {"note": 0.7, "tempo": 0.8}
# a third of the captions use the label itself, so that it is never ambiguous
LABEL_FIRST = 0.34
HELD_OUT_PAIRS = 20
SHARPS = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
FLATS = ("C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B")


def is_held_out(label: str, word: str) -> bool:
    """Whether this pair of a class and a word is kept for the evaluation."""
    return zlib.crc32(f"{label}/{word}".encode()) % HELD_OUT_PAIRS == 0


def note_name(note: float, names: tuple[str, ...] = SHARPS) -> str:
    """Scientific pitch notation of a MIDI note number: 60 is C4."""
    nearest = round(note)
    return f"{names[nearest % 12]}{nearest // 12 - 1}"


def caption(item: SoundClass, words: dict[str, str], rng: Rng) -> str:
    """One way to ask for a sound of which ``words``, kind to word, are true."""
    told = {
        kind: word
        for kind, word in words.items()
        if rng.random() < KEPT.get(kind, KEPT_USUALLY) and not is_held_out(item.label, word)
    }
    if "quality" in words:
        told["quality"] = words["quality"]
    name = (
        item.label if rng.random() < LABEL_FIRST else str(rng.choice([item.label, *item.synonyms]))
    )
    if rng.random() < LABEL_ALONE and "quality" not in told:
        return name
    return phrase(name, told, str(rng.choice(FORMS, p=FORM_SHARES)), item.category)


def phrase(name: str, words: dict[str, str], form: str = "sentence", category: str = "") -> str:
    """``name`` with ``words`` as a phrase, as tags, or in the manner of the UCS."""
    before = [words[kind] for kind in BEFORE if kind in words and words[kind] not in name]
    behind = [words[kind] for kind in BEHIND if kind in words and words[kind] not in name]
    if form == "sentence":
        return " ".join([*before, name, *behind])
    if form == "tags":
        return ", ".join([name, *before, *behind])
    head = f"{category.upper()} {name}"
    return f"{head} - {', '.join([*before, *behind])}" if before or behind else head
