"""How an instrument of a sampled General MIDI font is played: presets, notes, chords."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy import signal

from sounds.dsp import RATE, Array, Rng, highpass, lowpass, place, times
from sounds.sound_class import Category, Sound, hertz, pick
from sounds.soundfont import Note, load_note

SOFT, LOUD = 50, 116
# Every third key is rendered, the others are at most a semitone away ...
STEP = 3
# ... which is this ratio of whole numbers, a tenth of a cent off.
SEMITONE = (89, 84)
# the longest note that is kept, in milliseconds, and its release
HOLD, TAIL = 5300, 300

TRIADS = {"major chord": (0, 4, 7), "minor chord": (0, 3, 7), "fifth": (0, 7), "octave": (0, 12)}
POWER = {"power chord": (0, 7, 12), "octave": (0, 12)}
SINGLE: dict[str, tuple[int, ...]] = {}


@dataclass(frozen=True)
class Preset:
    """One programme of a font, and what is true of every note of it.

    Attributes:
        programme: counted from 0.
        low, high: the range of keys that is useful.
        bank: MIDI bank.
        font: a key of ``soundfont.FONTS``.
        share: how often it is taken, relative to the others.
        words: as in ``Sound``.
        transpose: semitones that it sounds above the key.
    """

    programme: int
    low: int
    high: int
    bank: int = 0
    font: str = "fluid"
    share: float = 1.0
    words: dict[str, str] = field(default_factory=dict)
    transpose: int = 0

    def notes(self) -> list[Note]:
        keys = range(self.low + 1, self.high + 2, STEP)
        return [self.note(key, velocity) for key in keys for velocity in (SOFT, LOUD)]

    def note(self, key: int, velocity: int) -> Note:
        return Note(self.font, self.bank, self.programme, key, velocity, HOLD, TAIL)

    def play(self, key: int, velocity: int, seconds: float) -> Array:
        """[2, n] of a key, made from the rendered key next to it; ``n`` is about right."""
        nearest = self.low + 1 + (key - self.low) // STEP * STEP
        note = self.note(nearest, velocity)
        audio = load_note(note, seconds * 1.06 + 0.01)
        if key == nearest:
            return audio
        down, up = SEMITONE if key > nearest else SEMITONE[::-1]
        return signal.resample_poly(audio, up, down, axis=1)


@dataclass(frozen=True)
class Instrument:
    """What is played under one label.

    Attributes:
        presets: the sounds that it may have.
        held: notes last until they are let go; else they die away.
        chords: a word to the semitones above the lowest note.
        strum: seconds from one note of a chord to the next, least and most.
    """

    presets: tuple[Preset, ...]
    held: bool = False
    chords: dict[str, tuple[int, ...]] = field(default_factory=lambda: TRIADS)
    strum: tuple[float, float] = (0.0, 0.008)

    def __call__(self, rng: Rng, seconds: float) -> Sound:
        shares = np.array([preset.share for preset in self.presets])
        preset = self.presets[rng.choice(len(shares), p=shares / shares.sum())]
        words, tones = dict(preset.words), (0,)
        if self.chords and rng.random() < 0.2:
            words["character"] = str(rng.choice(list(self.chords)))
            tones = self.chords[words["character"]]
        key = int(rng.integers(preset.low, preset.high - max(tones) + 1))
        touch = rng.random()
        velocity = SOFT if touch < 0.5 else LOUD
        out = np.zeros((2, round(seconds * RATE)))
        delay = rng.uniform(*self.strum)
        for index, tone in enumerate(tones):
            start = index * delay
            audio = preset.play(key + tone, velocity, seconds - start)
            place(out, audio * rng.uniform(0.8, 1.0), round(start * RATE))
        # the fonts change little but the level, where a real touch changes the overtones
        edge = float(np.clip(hertz(key + preset.transpose) * pick(rng, 2.5, 5), 500, 5000))
        if touch < 1 / 3:
            out = lowpass(out, edge, 1)
            words.setdefault("character", "soft")
        elif touch > 2 / 3:
            out += rng.uniform(0.5, 1.5) * highpass(out, edge, 1)
            words.setdefault("character", "hard")
        self._let_go(rng, out, seconds)
        return Sound(out, words, note=key + preset.transpose)

    def _let_go(self, rng: Rng, out: Array, seconds: float) -> None:
        """Damp the note: just before the end, or, if it dies away anyhow, at times before."""
        release = pick(rng, 0.08, min(0.3, seconds * 0.3))
        stop = seconds - release
        if not self.held and rng.random() < 0.4:
            stop = pick(rng, min(0.3, stop), stop)
        out *= 10 ** (-3 * np.clip((times(seconds) - stop) / release, 0, None))


class Instruments(Category):
    """The classes under one heading that are an :class:`Instrument`."""

    def __init__(self) -> None:
        super().__init__("Instruments")

    def add(
        self,
        label: str,
        *synonyms: str,
        held_out: tuple[str, str],
        instrument: Instrument,
        longest: float = 5.0,
    ) -> None:
        register = self(
            label,
            *synonyms,
            held_out=held_out,
            seconds=(0.7, longest),
            sustained=instrument.held,
            pitched=True,
        )
        register(instrument)
