"""The words of a prompt, brought to a form in which they can be compared."""

from __future__ import annotations

import re
from dataclasses import dataclass


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


# words that say nothing of the sound
STOP_WORDS = _set(
    "a an and as at but by for from i in into is it its like my near of off on onto or over please "
    "some than that the then this through to under very with without"
)
# what follows one of these is where or in what, not the sound itself: "rain on a tin roof"
PLACE_WORDS = _set("at by from in into near on onto over through to under with")
# there are sounds of every kind behind these
GENERAL_WORDS = _set(
    "audio clip down effect foley fx game hit loop music noise note one recording sample sfx shot "
    "single sound tone track ui up "
    # of music and of measures
    "bar beat bpm db flat hertz hz key khz major minor mono ms octave sec second sharp stereo tempo"
)
# they say how a sound is, and there are sounds of every kind that are so
ADJECTIVES = _set(
    "acoustic airy analog big bouncy bright broken buzzy cinematic clean close closed cold "
    "continuous cute dark deep digital dirty distant dry electric electronic epic fast fat funny "
    "futuristic gentle giant glassy gritty hard harsh heavy high hollow huge large light little "
    "long loud low massive metal metallic modern muffled muted natural old open orchestral plastic "
    "powerful punchy quick quiet real realistic retro rich sharp short slow small soft steady "
    "strange strong thick thin tight tiny vintage warm weird wet wide wild wood wooden young"
)
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_FLAT_NOTE = re.compile(r"[a-g]b")
_VOWEL = re.compile(r"[aeiouy]")


@dataclass(frozen=True, slots=True)
class Word:
    """A word where it stands.

    Attributes:
        text: as it was typed.
        stem: what its plural, its gerund and its participle have in common with it.
        start, end: its place, in characters.
    """

    text: str
    stem: str
    start: int
    end: int

    @property
    def is_measure(self) -> bool:
        """A number, a note or a letter: "120", "C4", "F", "Bb"."""
        lower = self.text.casefold()
        return (
            len(lower) == 1
            or any(letter.isdecimal() for letter in lower)
            or _FLAT_NOTE.fullmatch(lower) is not None
        )

    @property
    def is_form_of_verb(self) -> bool:
        """It ends as a gerund or participle does: "howling", "distorted"."""
        return self.text.casefold().endswith(("ing", "ed"))


def words_of(text: str) -> list[Word]:
    """The words of ``text`` in their order, without those that say nothing."""
    return [
        Word(match[0], stem(match[0]), match.start(), match.end())
        for match in _WORD.finditer(text)
        if match[0].casefold() not in STOP_WORDS
    ]


def before_place(name: str) -> str:
    """``name`` up to where it says where or in what: "rain" of "rain on a tin roof"."""
    for match in _WORD.finditer(name):
        if match.start() > 0 and match[0].casefold() in PLACE_WORDS:
            return name[: match.start()]
    return name


def stem(word: str) -> str:
    """The part that "wave", "waves" and "waving" share; no word of any language otherwise."""
    word = re.sub(r"['’]s?$", "", word.casefold())
    if word.endswith("ies") and len(word) > 4:
        word = f"{word[:-3]}y"
    elif word.endswith(("sses", "xes", "zes", "ches", "shes")):
        word = word[:-2]
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3:
        word = word[:-1]
    for ending in ("ing", "ed"):
        rest = word.removesuffix(ending)
        if rest != word and len(rest) > 2 and _VOWEL.search(rest) and not word.endswith("eed"):
            # "humming" is of "hum", "hissing" of "hiss"
            is_doubled = rest[-1] == rest[-2] and rest[-1] not in "lsz"
            word = rest[:-1] if is_doubled else rest
            break
    return word.removesuffix("e") if len(word) > 3 else word
