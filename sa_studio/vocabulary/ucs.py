"""The Universal Category System: the names that sound libraries give to kinds of sounds.

By Tim Nielsen, Justin Drury and Kai Paquin; https://universalcategorysystem.com.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sa_studio.vocabulary.sounds import is_found
from sa_studio.vocabulary.ucs_matcher import Described, Matcher

PHRASES = "phrases.json"


@dataclass(frozen=True, slots=True)
class UcsCategory:
    """A kind of sound.

    Attributes:
        cat_id: what it is called in file names: "DOORWood".
        category, subcategory: what that stands for: "DOORS" and "WOOD".
        explanation: what belongs there, and what does not.
        synonyms: other words for it.
    """

    cat_id: str
    category: str
    subcategory: str
    explanation: str
    synonyms: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """As it is shown beside the CatID: "Doors, wood"."""
        return f"{self.category.capitalize()}, {self.subcategory.lower()}"

    @property
    def words(self) -> str:
        """What a search for takes finds it by, beside the CatID: "DOORS WOOD"."""
        return f"{self.category} {self.subcategory}"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A category that a prompt may be of.

    Attributes:
        category: the category.
        confidence: how often such a suggestion is right, 0 … 1.
    """

    category: UcsCategory
    confidence: float


class UcsList:
    """All categories of the list, in its order.

    Args:
        categories: as they are published.
        phrases: more words for some of them, by CatID: what people call these sounds in prompts.
    """

    def __init__(
        self, categories: Sequence[UcsCategory], phrases: dict[str, list[str]] | None = None
    ) -> None:
        self.categories = tuple(categories)
        self._by_id = {item.cat_id.casefold(): item for item in self.categories}
        more = phrases or {}
        self._matcher = Matcher(
            [
                Described(
                    category=item.category,
                    subcategory=item.subcategory,
                    explanation=item.explanation,
                    synonyms=item.synonyms,
                    phrases=tuple(more.get(item.cat_id, ())),
                )
                for item in self.categories
            ]
        )

    @classmethod
    def load(cls, path: Path) -> UcsList:
        """Read the list as it is published, and ``phrases.json`` beside it, if it is there.

        Raises:
            OSError, ValueError: the files are not there, or not whole.
        """
        phrases = path.with_name(PHRASES)
        return cls(
            [_category(item) for item in json.loads(path.read_text(encoding="utf-8"))],
            json.loads(phrases.read_text(encoding="utf-8")) if phrases.is_file() else None,
        )

    def find(self, cat_id: str) -> UcsCategory | None:
        """The category of this CatID, whatever its capitals; ``None`` if there is none."""
        return self._by_id.get(cat_id.strip().casefold())

    def suggest(self, prompt: str, count: int = 3) -> list[Suggestion]:
        """The categories that fit ``prompt`` best, the best first; none rather than a guess."""
        return [
            Suggestion(self.categories[index], confidence)
            for index, confidence in self._matcher.best(prompt, count)
        ]

    def search(self, typed: str) -> list[UcsCategory]:
        """The categories that have every word of ``typed``, those that are called so first.

        A word may be the beginning of a CatID, or stand anywhere in a name or a synonym; nothing
        typed finds all.
        """
        wanted = typed.strip().casefold()

        def rank(item: UcsCategory) -> int | None:
            if item.cat_id.casefold().startswith(wanted):
                return 0
            if is_found(wanted, [item.cat_id, item.words]):
                return 1
            return 2 if is_found(wanted, [item.cat_id, item.words, *item.synonyms]) else None

        ranked = [(rank(item), item) for item in self.categories]
        found = [(place, item) for place, item in ranked if place is not None]
        return [item for _, item in sorted(found, key=lambda pair: pair[0])]


def _category(item: dict[str, Any]) -> UcsCategory:
    try:
        return UcsCategory(
            cat_id=item["CatID"],
            category=item["Category"],
            subcategory=item["SubCategory"],
            explanation=item["Explanations"],
            synonyms=tuple(item["Synonyms"]),
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"{item!r} is no category of the list ({error!r})") from error
