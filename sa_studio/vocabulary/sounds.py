"""The sounds and words that a model was trained on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SoundClass:
    """A kind of sound that a model makes.

    Attributes:
        label: what it is called; works as a prompt.
        category: heading in lists.
        synonyms: other names for it that work as prompts, too.
    """

    label: str
    category: str = ""
    synonyms: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The label and the synonyms."""
        return (self.label, *self.synonyms)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All that a model knows.

    Attributes:
        classes: the sounds that it makes.
        words: what else it heeds: "bright", "in a hall".
    """

    classes: tuple[SoundClass, ...] = ()
    words: tuple[str, ...] = ()

    def by_category(self) -> dict[str, list[SoundClass]]:
        """The sounds under their headings, both in the model's order."""
        groups: dict[str, list[SoundClass]] = {}
        for sound in self.classes:
            groups.setdefault(sound.category or "Sounds", []).append(sound)
        return groups


NOTHING_SAID = Vocabulary()
"""That of a model which does not say what it knows."""


def is_found(typed: str, names: Sequence[str]) -> bool:
    """Whether a search for ``typed`` finds something that is called ``names``.

    Each word may stand anywhere in any of the names; hyphens may be left out or typed as spaces.
    """
    text = "\n".join(names).casefold()
    variants = (text, text.replace("-", " "), text.replace("-", ""))
    return all(any(word in variant for variant in variants) for word in typed.casefold().split())
