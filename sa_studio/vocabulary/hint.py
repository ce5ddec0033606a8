"""Finds out whether a prompt names a sound that the model knows, and if not, what comes near.

One word that tells a sound from others is enough, for a model makes something of the rest. Two
kinds of words tell: the last one of a name ("siren" of "police siren", "techno" of "techno loop",
for there are loops of everything), and one of the label that no other sound has ("vinyl" of "vinyl
crackle"). General words, adjectives, the model's attributes, verbs' forms before the last word
("howling wind") and what stands behind a preposition do not.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise

from sa_studio.vocabulary.sounds import SoundClass, Vocabulary
from sa_studio.vocabulary.words import ADJECTIVES, GENERAL_WORDS, Word, before_place, stem, words_of

NEAREST = 3
# beyond these a prompt is compared no further: it is looked at while it is typed
LOOKED_AT = 12
# the ends of compounds are short words in many others: there is rain in a train
SHARED_START, SHARED_END = 4, 5
SIMILAR = 0.75
_GENERAL = frozenset(map(stem, GENERAL_WORDS | ADJECTIVES))


@dataclass(frozen=True, slots=True)
class PromptHint:
    """What there is to say of a prompt that names no sound of the model's.

    Attributes:
        unknown: the words that the model has not learned; none if all are known and yet no sound
            is named: "bright, in a hall".
        nearest: labels of at most three sounds that come near, the nearest first.
        start, end: the first passage of unknown words, in characters; equal if there is none.
    """

    unknown: tuple[str, ...]
    nearest: tuple[str, ...]
    start: int
    end: int

    def with_sound(self, prompt: str, label: str) -> str:
        """The prompt that the hint is for, naming ``label`` in place of what is unknown."""
        if self.start == self.end:
            return with_added(prompt, label)
        return f"{prompt[: self.start]}{label}{prompt[self.end :]}"


def with_added(prompt: str, label: str) -> str:
    """The prompt with one sound more."""
    kept = prompt.rstrip(" \t\r\n,;.")
    return f"{kept}, {label}" if kept else label


def hint_for(prompt: str, vocabulary: Vocabulary) -> PromptHint | None:
    """What to say of ``prompt``.

    Returns:
        ``None`` if there is nothing to say: the prompt names a sound, has no words but numbers,
        or nobody has written down what the model knows.
    """
    if not vocabulary.classes:
        return None
    words = words_of(prompt)
    index = _index(vocabulary)
    if index.names_a_sound(words):
        return None
    words = [word for word in words if not word.is_measure]
    if not words:
        return None
    unknown = [word for word in words if word.stem not in index.known]
    start, end = _first_passage(prompt, unknown)
    telling = [word for word in words if word.stem not in index.attributes]
    return PromptHint(
        unknown=tuple(dict.fromkeys(word.text for word in unknown)),
        nearest=index.nearest(telling or words),
        start=start,
        end=end,
    )


def names_a_sound(prompt: str, vocabulary: Vocabulary) -> bool:
    """Whether ``prompt`` names something of ``vocabulary``, or nobody knows what that is."""
    if not vocabulary.classes:
        return True
    return _index(vocabulary).names_a_sound(words_of(prompt))


def _first_passage(prompt: str, words: Sequence[Word]) -> tuple[int, int]:
    """Where the first of ``words`` stands, and those that follow it at once."""
    if not words:
        return 0, 0
    end = words[0].end
    for word in words[1:]:
        if prompt[end : word.start].strip(" -"):
            break
        end = word.end
    return words[0].start, end


class _Index:
    """A vocabulary by the stems of its words.

    Attributes:
        attributes: stems that name no sound: general ones and the model's attributes.
        known: all stems that the model has met, and general ones.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.attributes = _GENERAL | {
            word.stem for text in vocabulary.words for word in words_of(text)
        }
        self._classes = vocabulary.classes
        self._names = [
            frozenset(word.stem for word in words_of(name))
            for sound in vocabulary.classes
            for name in sound.names
        ]
        self._stems = [_stems(sound) for sound in vocabulary.classes]
        self.known = self.attributes.union(*self._stems)
        self._telling = self._telling_stems()

    def names_a_sound(self, words: Sequence[Word]) -> bool:
        """Whether a prompt of ``words`` has all words of a name, or one that tells."""
        stems = {word.stem for word in words} | set(_joined(words))
        return not stems.isdisjoint(self._telling) or any(
            name and name <= stems for name in self._names
        )

    def nearest(self, words: Sequence[Word]) -> tuple[str, ...]:
        """The labels of the sounds that share most with ``words``."""
        scores: dict[int, float] = defaultdict(float)
        for word in {word.stem: word for word in words[:LOOKED_AT]}.values():
            likeness = {other: _likeness(word.stem, other) for other in set().union(*self._stems)}
            for number, stems in enumerate(self._stems):
                best = max((likeness[other] for other in stems), default=0)
                if best:
                    scores[number] += best
        ranked = sorted(scores, key=lambda number: (-scores[number], number))
        return tuple(self._classes[number].label for number in ranked[:NEAREST])

    def _telling_stems(self) -> frozenset[str]:
        telling: set[str] = set()
        of_labels: set[str] = set()
        for sound in self._classes:
            for name in sound.names:
                words = words_of(before_place(name))
                telling.update(_joined(words))
                candidates = [word for word in words if word.stem not in self.attributes]
                telling.update(word.stem for word in candidates[-1:])
                if name == sound.label:
                    of_labels.update(word.stem for word in candidates if not word.is_form_of_verb)
        sounds_with = Counter(other for stems in self._stems for other in stems)
        return frozenset(telling | {other for other in of_labels if sounds_with[other] == 1})


@lru_cache(maxsize=4)
def _index(vocabulary: Vocabulary) -> _Index:
    return _Index(vocabulary)


def _stems(sound: SoundClass) -> frozenset[str]:
    return frozenset(word.stem for name in sound.names for word in words_of(name))


def _joined(words: Sequence[Word]) -> Iterator[str]:
    """Neighbours as one word: "hi-hat" and "hand clap" are also written without a gap."""
    for first, second in pairwise(words):
        yield stem(re.sub(r"\W", "", first.text + second.text))


def _likeness(asked: str, known: str) -> float:
    """How near two stems are; 0 for not at all."""
    if asked == known:
        return 3.0
    shorter, longer = sorted((asked, known), key=len)
    if len(shorter) < len(longer) and (
        (len(shorter) >= SHARED_START and longer.startswith(shorter))
        or (len(shorter) >= SHARED_END and longer.endswith(shorter))
    ):
        return 2.0
    # a slip of the finger seldom hits the first letter, or more than one
    if len(shorter) < SHARED_START or len(longer) - len(shorter) > 1 or asked[0] != known[0]:
        return 0.0
    matcher = SequenceMatcher(None, asked, known)
    ratio = matcher.ratio() if matcher.quick_ratio() >= SIMILAR else 0.0
    return ratio if ratio >= SIMILAR else 0.0
