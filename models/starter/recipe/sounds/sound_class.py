"""What a sound class is: names, useful lengths, and a seeded procedure that makes one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from sounds.dsp import Array, Rng


@dataclass(frozen=True)
class Sound:
    """One rendered clip and what is true of it.

    Attributes:
        audio: [2, n] samples at 44.1 kHz, of any level.
        words: kind (a key of ``captions.KINDS``) to a word that is true of this very clip.
        note: MIDI number of the pitch that one hears, where there is one.
        tempo: beats a minute, where there is a beat.
    """

    audio: Array
    words: dict[str, str] = field(default_factory=dict)
    note: float | None = None
    tempo: float | None = None


@dataclass(frozen=True)
class SoundClass:
    """A kind of sound that the model learns.

    Attributes:
        label: what it is called.
        synonyms: other ways to ask for it, trained.
        held_out: two more, never trained: the evaluation asks with them.
        category: heading in the list of classes.
        make: the procedure: a random generator and the seconds to fill, to a sound.
        seconds: the range of useful lengths.
        sustained: it lasts as long as is asked for, rather than ending by itself.
        pitched: captions may name its note.
    """

    label: str
    synonyms: tuple[str, ...]
    held_out: tuple[str, str]
    category: str
    make: Callable[[Rng, float], Sound]
    seconds: tuple[float, float]
    sustained: bool
    pitched: bool


class Category:
    """The classes under one heading; calling it registers a procedure."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.classes: list[SoundClass] = []

    def __call__(
        self,
        label: str,
        *synonyms: str,
        held_out: tuple[str, str],
        seconds: tuple[float, float],
        sustained: bool = False,
        pitched: bool = False,
    ) -> Callable[[Callable[[Rng, float], Sound]], Callable[[Rng, float], Sound]]:
        def register(make: Callable[[Rng, float], Sound]) -> Callable[[Rng, float], Sound]:
            self.classes.append(
                SoundClass(label, synonyms, held_out, self.name, make, seconds, sustained, pitched)
            )
            return make

        return register


def pick(rng: Rng, low: float, high: float) -> float:
    """A number between two, evenly in its logarithm."""
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def one_of(rng: Rng, *options: str) -> str:
    return options[int(rng.integers(len(options)))]


def told(**words: str) -> dict[str, str]:
    """The words by kind; an empty one says that there is nothing to say."""
    return {kind: word for kind, word in words.items() if word}


def graded(
    kind: str, value: float, low: float, high: float, words: tuple[str, str]
) -> dict[str, str]:
    """The first word below ``low``, the second above ``high``, none between."""
    return {kind: words[0]} if value < low else {kind: words[1]} if value > high else {}


def hertz(note: float) -> float:
    """The frequency of a MIDI note number."""
    return 440.0 * 2 ** ((note - 69) / 12)
