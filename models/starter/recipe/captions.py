"""Captions: the label or a synonym, with some of the words that are true of the sound."""

from __future__ import annotations

from classes import Rng, SoundClass


def caption(item: SoundClass, words: list[str], rng: Rng) -> str:
    """One way to ask for this sound."""
    names = item.names
    # a third of the captions say the label itself, so that it is never ambiguous
    name = names[0] if rng.random() < 0.34 else str(rng.choice(names))
    if rng.random() < 0.3 or not words:
        return name
    kept = [word for word in words if rng.random() < 0.7]
    place = [word for word in kept if word.startswith("in ")]
    others = [word for word in kept if not word.startswith("in ")]
    others = [word for word in others if word not in name]
    if rng.random() < 0.2:
        return ", ".join([name, *others, *place])
    return " ".join([*others, name, *place])
