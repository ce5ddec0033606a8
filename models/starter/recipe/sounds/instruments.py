"""Pitched instruments: notes and chords of two sampled General MIDI fonts."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy import signal

from sounds.dsp import RATE, Array, Rng, highpass, lowpass, place, times
from sounds.sound_class import Category, Sound, hertz, pick
from sounds.soundfont import Note, has_note, load_note, render_notes

instruments = Category("Instruments")

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
        if not has_note(note):
            render_notes(self.notes())
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


def _add(
    label: str,
    *synonyms: str,
    held_out: tuple[str, str],
    instrument: Instrument,
    longest: float = 5.0,
) -> None:
    register = instruments(
        label,
        *synonyms,
        held_out=held_out,
        seconds=(0.7, longest),
        sustained=instrument.held,
        pitched=True,
    )
    register(instrument)


_add(
    "piano",
    "grand piano",
    "acoustic piano",
    "piano note",
    "piano key",
    "concert grand",
    "piano tone",
    "keys",
    "upright piano",
    "one note on a piano",
    "concert piano sound",
    held_out=("piano hit", "single piano key press"),
    instrument=Instrument(
        (
            Preset(0, 30, 96),
            Preset(0, 30, 96, font="musescore"),
        )
    ),
)
_add(
    "electric piano",
    "e-piano",
    "electric keys",
    "rhodes piano",
    "stage piano",
    "vintage electric keyboard",
    "electric piano chord",
    "e-piano sound",
    "tine piano",
    "soft electric keys",
    held_out=("electric piano note", "wurlitzer keys"),
    instrument=Instrument(
        (
            Preset(4, 36, 88, share=3),
            Preset(5, 36, 88),
            Preset(5, 36, 88, font="musescore"),
        )
    ),
)
_add(
    "organ",
    "organ note",
    "organ keys",
    "keyboard organ",
    "organ tone",
    "held organ",
    "church organ",
    "hammond organ",
    "pipe organ",
    "rock organ",
    "drawbar organ",
    held_out=("sustained organ", "organ stab"),
    instrument=Instrument(
        (
            # their lowest drawbars sound one and two octaves below the key
            Preset(16, 60, 106, transpose=-24, words={"character": "hammond"}),
            Preset(18, 48, 96, transpose=-12, words={"character": "rock"}),
            Preset(19, 36, 88, words={"character": "church"}),
        ),
        held=True,
    ),
)
_add(
    "harpsichord",
    "cembalo",
    "baroque keyboard",
    "harpsichord note",
    "plucked keyboard",
    "harpsichord key",
    "old baroque keys",
    "renaissance keyboard",
    "spinet",
    held_out=("baroque harpsichord", "clavecin"),
    instrument=Instrument((Preset(6, 36, 88, share=2), Preset(6, 36, 88, bank=8))),
)
_add(
    "music box",
    "musical box",
    "toy music box",
    "wind-up music box",
    "lullaby box",
    "music box melody",
    "tinkling music box",
    "ballerina music box",
    "little clockwork tune",
    held_out=("music box note", "mechanical music box"),
    instrument=Instrument((Preset(10, 60, 96),)),
    longest=2.5,
)
_add(
    "glockenspiel",
    "orchestra bells",
    "glock",
    "small metal bars",
    "toy glockenspiel",
    "glockenspiel hit",
    "bell lyra",
    "bright metal bars",
    "high mallet bells",
    held_out=("glockenspiel note", "orchestral glockenspiel"),
    instrument=Instrument((Preset(9, 67, 103),)),
)
_add(
    "vibraphone",
    "vibes",
    "vibraphone note",
    "jazz vibes",
    "mallet vibraphone",
    "vibes hit",
    "metal bars with vibrato",
    "jazz mallets",
    "vibraphone tone",
    held_out=("vibraharp", "vibraphone hit"),
    instrument=Instrument((Preset(11, 53, 89),)),
)
_add(
    "marimba",
    "marimba note",
    "wooden bars",
    "wooden mallet instrument",
    "marimba mallet",
    "marimba tone",
    "wooden xylophone",
    "xylophone",
    "rosewood bars",
    held_out=("marimba hit", "mallet percussion made of wood"),
    instrument=Instrument((Preset(12, 45, 93),)),
    longest=2.5,
)
_add(
    "tubular bell",
    "tubular bells",
    "orchestral chimes",
    "orchestral bell",
    "tube bell",
    "church bell in an orchestra",
    "long metal tube",
    "chime bell",
    "big bell tone",
    held_out=("tubular chime", "struck metal tube bell"),
    instrument=Instrument((Preset(14, 57, 81),), chords=SINGLE),
)
_add(
    "nylon guitar",
    "classical guitar",
    "spanish guitar",
    "nylon string guitar",
    "flamenco guitar",
    "nylon guitar pluck",
    "nylon strings",
    "guitar with nylon strings",
    "bossa nova guitar",
    "finger picked classical guitar",
    held_out=("classical guitar note", "gut string guitar"),
    instrument=Instrument((Preset(24, 40, 83),), strum=(0.0, 0.045)),
)
_add(
    "steel guitar",
    "acoustic guitar",
    "steel string guitar",
    "folk guitar",
    "western guitar",
    "acoustic guitar pluck",
    "acoustic steel string",
    "strummed acoustic",
    "country guitar",
    "steel string pick",
    "dreadnought guitar",
    held_out=("acoustic guitar note", "steel strings"),
    instrument=Instrument(
        (
            Preset(25, 40, 83, share=2),
            Preset(25, 40, 83, bank=8, words={"character": "twelve-string"}),
        ),
        strum=(0.0, 0.045),
    ),
)
_add(
    "electric guitar",
    "clean electric guitar",
    "clean guitar",
    "jazz guitar",
    "electric guitar note",
    "electric guitar pluck",
    "guitar",
    "electric guitar tone",
    "clean amp guitar",
    "single coil guitar",
    held_out=("guitar through a clean amplifier", "undistorted electric guitar"),
    instrument=Instrument(
        (
            Preset(27, 40, 86, share=2),
            Preset(26, 40, 83, share=1.5),
            Preset(28, 40, 83, share=0.7, words={"character": "muted"}),
        ),
        strum=(0.0, 0.04),
    ),
)
_add(
    "distorted guitar",
    "distortion guitar",
    "overdriven guitar",
    "heavy metal guitar",
    "rock guitar",
    "fuzz guitar",
    "distorted electric guitar",
    "metal guitar",
    "power chord guitar",
    "overdrive guitar",
    "high gain guitar",
    held_out=("guitar with distortion", "crunchy guitar"),
    instrument=Instrument((Preset(30, 40, 81, share=1.5), Preset(29, 40, 81)), chords=POWER),
)
_add(
    "acoustic bass",
    "double bass pizzicato",
    "upright bass",
    "plucked double bass",
    "jazz bass",
    "contrabass pluck",
    "double bass",
    "jazz upright bass",
    "walking bass note",
    "wooden bass",
    held_out=("acoustic bass note", "standup bass"),
    instrument=Instrument((Preset(32, 28, 57),), chords=SINGLE),
)
_add(
    "electric bass",
    "bass guitar",
    "fingered bass",
    "picked bass",
    "bass guitar note",
    "electric bass note",
    "bass guitar tone",
    "four string bass",
    "rock bass guitar",
    "fretted bass",
    held_out=("bass guitar pluck", "finger style bass"),
    instrument=Instrument(
        (
            Preset(33, 28, 57, share=2),
            Preset(34, 28, 57, words={"character": "picked"}),
            Preset(35, 28, 57, words={"character": "fretless"}),
        ),
        chords=SINGLE,
    ),
)
_add(
    "slap bass",
    "slapped bass guitar",
    "funk bass",
    "popped bass",
    "slap bass note",
    "thumb slap bass",
    "slapping bass guitar",
    "funky slap",
    "slapped bass string",
    held_out=("slap and pop bass", "bass guitar slap"),
    instrument=Instrument((Preset(36, 28, 57), Preset(37, 28, 57)), chords=SINGLE),
)
_add(
    "violin",
    "solo violin",
    "fiddle",
    "violin note",
    "bowed violin",
    "violin tone",
    "violinist",
    "string solo",
    "one violin playing",
    "violin bowing",
    held_out=("single violin", "violin solo note"),
    instrument=Instrument(
        (Preset(40, 55, 96, share=2), Preset(40, 55, 96, bank=8)),
        held=True,
        chords=SINGLE,
    ),
)
_add(
    "strings",
    "string section",
    "orchestral strings",
    "string ensemble",
    "string orchestra",
    "bowed strings",
    "string pad",
    "orchestra strings",
    "violins and cellos",
    "symphonic strings",
    "bowed string ensemble",
    held_out=("orchestra string section", "sustained strings"),
    instrument=Instrument(
        (
            Preset(48, 36, 91, share=2),
            Preset(49, 36, 91),
        ),
        held=True,
    ),
)
_add(
    "pizzicato strings",
    "pizzicato",
    "plucked strings",
    "string pizzicato",
    "plucked violins",
    "plucked orchestral strings",
    "pizz",
    "pizzicato note",
    "violins plucked with fingers",
    held_out=("pizzicato string section", "orchestra plucking strings"),
    instrument=Instrument((Preset(45, 36, 91),)),
    longest=2.5,
)
_add(
    "harp",
    "concert harp",
    "harp pluck",
    "harp note",
    "orchestral harp",
    "harp tone",
    "celtic harp",
    "angelic harp",
    "harp string plucked",
    held_out=("harp string", "plucked harp"),
    instrument=Instrument((Preset(46, 31, 84),), strum=(0.0, 0.09)),
)
_add(
    "choir",
    "choir voices",
    "vocal choir",
    "choir ensemble",
    "choral voices",
    "sung choir chord",
    "people singing aah",
    "church choir",
    "choral aahs",
    "voices singing together",
    "choir chord",
    held_out=("choir singing", "group of singers"),
    instrument=Instrument(
        (
            Preset(52, 53, 81, share=1.5, words={"character": "aah"}),
            Preset(53, 43, 79, words={"character": "ooh"}),
        ),
        held=True,
    ),
)
_add(
    "brass",
    "brass section",
    "horn section",
    "orchestral brass",
    "brass ensemble",
    "trumpets and trombones",
    "trumpet section",
    "brass fanfare",
    "trombones",
    "brass note",
    "horns playing together",
    held_out=("brass players", "orchestra horns"),
    instrument=Instrument(
        (
            Preset(61, 36, 84, share=1.5),
            Preset(61, 36, 84, bank=8),
            Preset(60, 36, 77),
        ),
        held=True,
    ),
)
_add(
    "saxophone",
    "sax",
    "saxophone note",
    "jazz saxophone",
    "sax solo",
    "alto saxophone",
    "tenor sax",
    "sax tone",
    "saxophone playing",
    "reed instrument",
    held_out=("sax note", "saxophone player"),
    instrument=Instrument(
        (
            Preset(65, 50, 81, share=1.5, words={"character": "alto"}),
            Preset(66, 44, 75, share=1.5, words={"character": "tenor"}),
            Preset(67, 37, 68, words={"character": "baritone"}),
            Preset(64, 56, 87, words={"character": "soprano"}),
        ),
        held=True,
        chords=SINGLE,
    ),
)
_add(
    "flute",
    "concert flute",
    "flute note",
    "orchestral flute",
    "woodwind flute",
    "flute tone",
    "flutist",
    "blown flute",
    "silver flute",
    "flute playing",
    held_out=("transverse flute", "flute solo"),
    instrument=Instrument((Preset(73, 60, 96),), held=True, chords=SINGLE),
)


def prepare() -> None:
    """Render every note that these classes draw from, once for all clips."""
    makers = [item.make for item in instruments.classes]
    presets = [p for make in makers if isinstance(make, Instrument) for p in make.presets]
    render_notes([note for preset in presets for note in preset.notes()])
