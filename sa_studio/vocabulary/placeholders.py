r"""Prompts that stand for several: ``{wood|metal|glass} impact, {short|long}``.

Each take says one of the variants. Braces may be nested, and a variant may be empty. Braces without
a bar are just braces, and so is whatever follows a backslash: ``\{``, ``\|``, ``\}``, ``\\``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from math import lcm, prod

from sa_studio.errors import StudioError

MAX_DEPTH = 8
SPECIAL = "{|}\\"
HINT = r"Write \{ or \} for a brace itself."
_NOTHING = " \t\r\n,;"
_REPEATED_COMMA = re.compile(r"[ \t]*,(?:[ \t]*,)+")
_SPACE_BEFORE_COMMA = re.compile(r"[ \t]+,")
_SPACES = re.compile(r"[ \t]{2,}")


class PlaceholderError(StudioError):
    """The braces of a text do not match; the message goes on after "In the prompt, "."""


@dataclass(frozen=True, slots=True)
class Longest:
    """The longest variant of a text.

    Attributes:
        text: the variant.
        places: where each of its characters stands in the text with the placeholders.
    """

    text: str
    places: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Letter:
    text: str
    place: int


@dataclass(frozen=True, slots=True)
class _Choice:
    """``variants`` are those of all alternatives together."""

    alternatives: tuple[_Sequence, ...]
    variants: int


_Sequence = tuple[_Letter | _Choice, ...]


def expand(text: str, seed: int) -> str:
    """The variant of ``text`` that belongs to ``seed``.

    Seeds that follow each other give different variants until every one has had its turn, and
    different words in every place as soon as can be: the takes of a job are spread over them.

    Raises:
        PlaceholderError: the braces do not match.
    """
    sequence = _parse(text)
    letters = _spell(sequence, seed % _count(sequence))
    spelled = "".join(letter.text for letter in letters)
    return _tidy(spelled) if _has_choice(sequence) else spelled


def variants(text: str) -> int:
    """How many variants ``text`` has: 1 without placeholders.

    Raises:
        PlaceholderError: the braces do not match.
    """
    return _count(_parse(text))


def longest(text: str) -> Longest:
    """The variant of ``text`` with the most characters.

    Raises:
        PlaceholderError: the braces do not match.
    """
    letters = _longest(_parse(text))
    return Longest(
        "".join(letter.text for letter in letters), tuple(letter.place for letter in letters)
    )


def can_be_blank(text: str) -> bool:
    """Whether a variant of ``text`` has nothing but spaces and commas.

    Raises:
        PlaceholderError: the braces do not match.
    """
    return _can_be_blank(_parse(text))


def literal(text: str) -> str:
    """What has to be written so that it expands to ``text``: itself where that does."""
    try:
        if expand(text, 0) == text:
            return text
    except PlaceholderError:
        pass  # its braces do not match, so that they have to be escaped
    return "".join(f"\\{letter}" if letter in SPECIAL else letter for letter in text)


@lru_cache(maxsize=64)
def _parse(text: str) -> _Sequence:
    # the alternatives of each open brace, the outermost first; the lowest is the text itself
    open_: list[list[list[_Letter | _Choice]]] = [[[]]]
    starts: list[int] = []
    place = 0
    while place < len(text):
        letter = text[place]
        here = open_[-1][-1]
        if letter == "\\" and text[place + 1 : place + 2] in tuple(SPECIAL):
            here.append(_Letter(text[place + 1], place))
            place += 1
        elif letter == "{":
            if len(starts) == MAX_DEPTH:
                raise PlaceholderError(f"braces are nested deeper than {MAX_DEPTH}", HINT)
            starts.append(place)
            open_.append([[]])
        elif letter == "|" and starts:
            open_[-1].append([])
        elif letter == "}":
            if not starts:
                raise PlaceholderError(f"a “}}” closes nothing{_after(text, place)}", HINT)
            alternatives, start = open_.pop(), starts.pop()
            if len(alternatives) == 1:
                inside = alternatives[0]
                open_[-1][-1] += [_Letter("{", start), *inside, _Letter("}", place)]
            else:
                open_[-1][-1].append(_choice(alternatives))
        else:
            here.append(_Letter(letter, place))
        place += 1
    if starts:
        place = starts[-1]
        raise PlaceholderError(f"a “{{” is never closed{_before(text, place)}", HINT)
    return tuple(open_[0][0])


def _before(text: str, place: int) -> str:
    words = text[place + 1 :].split()
    return f" before “{words[0][:20]}”" if words else ""


def _after(text: str, place: int) -> str:
    words = text[:place].split()
    return f" after “{words[-1][-20:]}”" if words else ""


def _choice(alternatives: list[list[_Letter | _Choice]]) -> _Choice:
    sequences = tuple(map(tuple, alternatives))
    return _Choice(sequences, sum(map(_count, sequences)))


def _count(sequence: _Sequence) -> int:
    return prod(part.variants for part in sequence if isinstance(part, _Choice))


def _has_choice(sequence: _Sequence) -> bool:
    return any(isinstance(part, _Choice) for part in sequence)


def _spell(sequence: _Sequence, index: int) -> list[_Letter]:
    """Variant ``index`` of ``sequence``.

    Each choice goes round by itself, so that all change from one index to the next. Where the
    rounds of a choice meet those before it in the same way again, it takes a step more: so every
    combination comes once.
    """
    letters: list[_Letter] = []
    before = 1  # combinations of the choices so far
    for part in sequence:
        if isinstance(part, _Letter):
            letters.append(part)
            continue
        turn = index % (before * part.variants)
        letters += _pick(part, (turn + turn // lcm(before, part.variants)) % part.variants)
        before *= part.variants
    return letters


def _pick(choice: _Choice, index: int) -> list[_Letter]:
    for sequence in choice.alternatives:
        if index < (own := _count(sequence)):
            return _spell(sequence, index)
        index -= own
    raise AssertionError(index)


def _longest(sequence: _Sequence) -> list[_Letter]:
    letters: list[_Letter] = []
    for part in sequence:
        if isinstance(part, _Letter):
            letters.append(part)
        else:
            spelled: list[list[_Letter]] = [_longest(one) for one in part.alternatives]
            longest: list[_Letter] = max(spelled, key=len)
            letters += longest
    return letters


def _can_be_blank(sequence: _Sequence) -> bool:
    return all(
        part.text in _NOTHING
        if isinstance(part, _Letter)
        else any(map(_can_be_blank, part.alternatives))
        for part in sequence
    )


def _tidy(text: str) -> str:
    """Without the spaces and commas that an empty variant leaves standing around."""
    text = _REPEATED_COMMA.sub(",", text)
    text = _SPACE_BEFORE_COMMA.sub(",", text)
    return _SPACES.sub(" ", text).strip(" \t,")
