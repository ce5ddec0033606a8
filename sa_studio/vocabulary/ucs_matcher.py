"""Which categories a prompt fits: words that few categories share say most.

A term's weight in a category depends on where it stands (name, synonym, explanation), and on how
many categories have it (inverse document frequency; Spärck Jones, 1972).
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sa_studio.vocabulary.words import ADJECTIVES, PLACE_WORDS, STOP_WORDS, Word, stem, words_of

# how much a word says, by where a category has it
PHRASE, COMPOUND, NAME, SYNONYM, EXPLANATION = 1.3, 1.15, 1.0, 0.75, 0.3
HEADING = 0.85  # the name that it shares with others of its kind
NAMED = 0.8  # how rare a word is at least where it is a part of a name
RELATED = 0.7  # a word that only begins as the one that was typed

# how much a word of the prompt says of what is heard
ADJECTIVE, PLACE, EMPTY, UNKNOWN = 0.5, 0.45, 0.1, 0.7
# words of every recording
EMPTY_WORDS = frozenset(map(stem, (
    "audio", "clip", "effect", "foley", "fx", "one", "recording", "sample", "sfx", "single",
    "sound", "track",
)))  # fmt: skip
SAME = {"wooden": "wood", "metallic": "metal", "electrical": "electric", "breaking": "break",
        "broken": "break"}  # fmt: skip
# where nothing tells the categories under a heading apart, the general one is meant
GENERAL = {"MISC": 0.08, "GENERAL": 0.1}
UNUSUAL = {"ARCHIVED": 0.5, "CARTOON": 0.85}  # said so if it is meant

# such sentences name what belongs elsewhere
_ELSEWHERE = re.compile(
    r"see also|\bgo(?:es)? (?:to|in|under)\b|own (?:sub)?category|overlap|not fitting", re.I
)
_REFERENCE = re.compile(r"\b[A-Z]{2}[A-Z&-]+\b")
_SENTENCE = re.compile(r"(?<=[.;])\s+")
_PLACE = re.compile(rf"\b(?:{'|'.join(PLACE_WORDS)})\b", re.I)
_LIST_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")
_MIN_PREFIX = 5
MAX_CHARACTERS = 2000

# of what the prompt says, how much a category must have to be suggested at all
MIN_COVERAGE = 0.32
# these make confidences come true, on the prompts of the starter's classes
SHARPNESS, CERTAINTY = 5.0, 0.93
# below these the best is a guess, and another one not worth showing
MIN_CONFIDENCE, MIN_OTHER = 0.1, 0.02
RIVALS = 12


@dataclass(frozen=True, slots=True)
class Described:
    """All the words that there are for a category."""

    category: str
    subcategory: str
    explanation: str
    synonyms: tuple[str, ...]
    phrases: tuple[str, ...]


@dataclass(slots=True)
class _Term:
    """A word of a prompt: how much it says, and where it leads."""

    importance: float
    weights: dict[int, float]
    rarity: float
    where: float


class Matcher:
    """Finds the categories that a prompt fits.

    Args:
        categories: what is said of each.
    """

    def __init__(self, categories: Sequence[Described]) -> None:
        self._categories = categories
        self._weights: dict[str, dict[int, float]] = {}
        self._phrases: dict[tuple[str, ...], dict[int, float]] = {}
        self._stems: dict[str, str] = {}
        for index, item in enumerate(categories):
            self._enter(index, item)
        self._terms = sorted(self._weights)
        self._rarities: dict[str, float] = {}
        self._names = {term for item in categories for term in self._stemmed(item.subcategory)}
        self._longest = max(map(len, self._phrases), default=0)

    def best(self, prompt: str, count: int) -> list[tuple[int, float]]:
        """The places of the ``count`` best categories with their confidences, the best first."""
        terms = self._read(prompt)
        said = sum(term.importance * term.rarity for term in terms)
        if said <= 0:
            return []
        scores: dict[int, float] = {}
        for term in terms:
            for index, weight in term.weights.items():
                scores[index] = scores.get(index, 0.0) + term.importance * term.rarity * weight
        for index in scores:
            item = self._categories[index]
            scores[index] *= UNUSUAL.get(item.category, 1.0)
            scores[index] += GENERAL.get(item.subcategory, 0.0) * min(scores[index], 1.0)
        ranked = sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))[:RIVALS]
        total = sum(score**SHARPNESS for _, score in ranked)
        found: list[tuple[int, float]] = []
        for index, score in ranked[:count]:
            coverage = min(score / said, 1.0)
            confidence = CERTAINTY * score**SHARPNESS / total * math.sqrt(coverage)
            if coverage < MIN_COVERAGE or confidence < (MIN_OTHER if found else MIN_CONFIDENCE):
                break
            found.append((index, confidence))
        return found

    # --- reading ----------------------------------------------------------------------------
    def _read(self, prompt: str) -> list[_Term]:
        """The words of a prompt; a longer one than any is read no further."""
        prompt = prompt[:MAX_CHARACTERS]
        place = next((match.start() for match in _PLACE.finditer(prompt) if match.start()), None)
        stems, terms = [], []
        for word in words_of(prompt):
            found = self._stem(word.text.casefold())
            where = PLACE if place is not None and word.start > place else 1.0
            stems.append(found)
            terms.append(self._term(found, word, where))
        for size in range(1, self._longest + 1):
            for start in range(len(stems) - size + 1):
                meant = self._phrases.get(tuple(sorted(stems[start : start + size])))
                if meant:
                    self._mean(terms[start : start + size], meant)
        for start in range(len(stems) - 1):  # "sci-fi", "fire place"
            joined = self._weights.get(stems[start] + stems[start + 1])
            if joined:
                self._mean(terms[start : start + 2], joined)
        unique: dict[str, _Term] = {}
        for text, term in zip(stems, terms, strict=True):
            if text not in unique or unique[text].importance < term.importance:
                unique[text] = term
        return list(unique.values())

    def _term(self, text: str, word: Word, where: float) -> _Term:
        importance = where
        if word.is_measure:
            importance = 0.0  # unless it is a part of a name: "8-bit"
        elif text in EMPTY_WORDS:
            importance *= EMPTY
        elif word.text.casefold() in ADJECTIVES and text not in self._names:
            importance *= ADJECTIVE
        weights = self._weights.get(text)
        if weights is not None:
            return _Term(importance, dict(weights), self._rarity(text), where)
        related: dict[int, float] = {}
        for other in self._related(text):
            for index, weight in self._weights[other].items():
                related[index] = max(related.get(index, 0.0), weight * RELATED)
        return _Term(importance, related, UNKNOWN, where)

    def _mean(self, terms: Sequence[_Term], weights: dict[int, float]) -> None:
        """Several words are one name in some categories."""
        for term in terms:
            raised = max(term.rarity, NAMED)
            for index, weight in weights.items():
                weight = weight * raised / term.rarity
                term.weights[index] = max(term.weights.get(index, 0.0), weight)
            term.importance = max(term.importance, NAMED * term.where)

    def _related(self, text: str) -> Iterator[str]:
        """Known words that an unknown one is made of, or begins as."""
        for end in range(4, len(text) - 3):
            parts = (text[:end], text[end:])
            if all(part in self._weights for part in parts):
                yield from parts
                return
        if text.removesuffix("y") in self._weights:
            yield text.removesuffix("y")
        elif len(text) > _MIN_PREFIX:
            beginning = text[: max(_MIN_PREFIX, len(text) - 3)]
            for other in self._terms[bisect_left(self._terms, beginning) :]:
                if not other.startswith(beginning):
                    break
                yield other

    def _rarity(self, text: str) -> float:
        """1 for a word of a single category, near 0 for one of all; explanations count little."""
        found = self._rarities.get(text)
        if found is None:
            weights, total = self._weights[text].values(), len(self._categories)
            spread = sum(1.0 if weight > EXPLANATION else 0.4 for weight in weights)
            found = math.log(1 + total / max(spread, 1.0)) / math.log(1 + total)
            self._rarities[text] = found
        return found

    # --- building ---------------------------------------------------------------------------
    def _enter(self, index: int, item: Described) -> None:
        said = [text for text in _SENTENCE.split(item.explanation) if not _ELSEWHERE.search(text)]
        self._weigh(index, _REFERENCE.sub(" ", "\n".join(said)), EXPLANATION)
        # one of many synonyms says less
        synonym = SYNONYM * (1 - 0.2 * min(len(item.synonyms) / 60, 1))
        self._weigh(index, "\n".join(item.synonyms), synonym)
        for text in item.synonyms:
            if " " in text:
                self._name(index, text, COMPOUND)
        self._weigh(index, item.category, HEADING)
        if item.subcategory not in GENERAL:
            self._weigh(index, item.subcategory, NAME)
        for text in item.phrases:
            self._name(index, text, PHRASE)

    def _weigh(self, index: int, text: str, weight: float) -> None:
        for term in self._stemmed(text):
            weights = self._weights.setdefault(term, {})
            if weight > weights.get(index, 0.0):
                weights[index] = weight

    def _name(self, index: int, text: str, weight: float) -> None:
        """Words that are a name of a category together, in whatever order."""
        names = self._phrases.setdefault(tuple(sorted(self._stemmed(text))), {})
        names[index] = max(weight, names.get(index, 0.0))

    def _stemmed(self, text: str) -> list[str]:
        """The stems of a text of the list: faster than ``words_of``, for there are many."""
        words = _LIST_WORD.findall(text.casefold())
        return [self._stem(word) for word in words if word not in STOP_WORDS]

    def _stem(self, word: str) -> str:
        found = self._stems.get(word)
        if found is None:
            found = self._stems[word] = stem(SAME.get(word, word))
        return found
