"""Recorded takes of classes that are otherwise synthesised: Sonic Pi's samples and drum kits."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import soundfile
from scipy import signal
from sources import open_source

from sounds.dsp import RATE, Array, Rng, highpass, lowpass, place, times
from sounds.sound_class import Sound, graded, pick
from sounds.soundfont import DRUM_BANK, Note, load_note, render_notes

SONIC_PI = "usr/share/sonic-pi/samples"


def _files(*names: str) -> list[str]:
    return [f"{SONIC_PI}/{name}.flac" for name in names]


TAKES = {
    "kick drum": _files(
        *(
            f"bd_{name}"
            for name in ["ada", "fat", "gas", "haus", "klub", "pure", "sone", "tek", "zome", "zum"]
        ),
        "bd_mehackit",
        "drum_bass_hard",
        "drum_bass_soft",
        "drum_heavy_kick",
        "elec_hollow_kick",
        "elec_soft_kick",
    ),
    "808 bass": _files("bd_808", "bd_boom"),
    "snare drum": _files(
        *(f"sn_{name}" for name in ["dolf", "dub", "generic", "zome"]),
        "drum_snare_hard",
        "drum_snare_soft",
        "elec_hi_snare",
        "elec_lo_snare",
        "elec_mid_snare",
        "elec_snare",
    ),
    "closed hi-hat": _files("drum_cymbal_closed", "drum_cymbal_pedal"),
    "open hi-hat": _files("drum_cymbal_open"),
    "crash cymbal": _files(
        "drum_cymbal_hard", "drum_splash_hard", "drum_splash_soft", "elec_cymbal"
    ),
    "tom drum": _files(
        *(f"drum_tom_{size}_{touch}" for size in ("lo", "mid", "hi") for touch in ("soft", "hard")),
        "elec_fuzz_tom",
    ),
    "cowbell": _files("drum_cowbell"),
    "wood block": _files("elec_wood"),
    "tabla": _files(
        *(f"tabla_ghe{number}" for number in range(1, 9)),
        *(f"tabla_{name}{number}" for name in ("tas", "tun") for number in (1, 2, 3)),
        *(
            f"tabla_{name}"
            for name in ["dhec", "na", "na_o", "na_s", "re", "te1", "te2", "te_m", "te_ne"]
        ),
    ),
    "whoosh": _files("perc_swoosh"),
    "glitch": _files(*(f"glitch_perc{number}" for number in range(1, 6))),
    "robot chirp": _files(
        *(f"mehackit_robot{number}" for number in range(1, 8)), "glitch_robot1", "glitch_robot2"
    ),
    "UI pop": _files("elec_pop"),
    "UI tick": _files("elec_tick"),
    "vinyl crackle": _files("vinyl_hiss"),
}


def _drums(keys: tuple[int, ...], kits: tuple[int, ...]) -> list[Note]:
    return [_hit(DRUM_BANK, kit, key) for kit in kits for key in keys]


def _hit(bank: int, programme: int, key: int) -> Note:
    return Note("fluid", bank, programme, key, 115, 1500, 2500)


TAIKO, TIMPANI = 116, 47
# kits: 0 standard, 8 room, 16 power, 24 electronic, 25 TR-808, 32 jazz, 48 orchestra
ELECTRONIC = (24, 25)
KITS = {
    "kick drum": _drums((35, 36), (0, 8, 16, 24, 25, 32)),
    "snare drum": _drums((38, 40), (0, 16, 24, 25, 32, 48)),
    "rimshot": _drums((37,), (0, 25)),
    "hand clap": _drums((39,), (0, 25)),
    "closed hi-hat": _drums((42,), (0, 16, 25)),
    "open hi-hat": _drums((46,), (0, 25)),
    "crash cymbal": [*_drums((49, 57), (0,)), *_drums((57,), (48,))],
    "ride cymbal": [*_drums((51, 59), (0,)), *_drums((51,), (25,))],
    "tom drum": _drums((41, 43, 45, 47, 48, 50), (0, 16, 24, 25)),
    "cowbell": _drums((56,), (0, 25)),
    "shaker": _drums((70, 82), (0, 25)),
    "tambourine": _drums((54,), (0,)),
    "conga": _drums((62, 63, 64), (0, 25)),
    "wood block": _drums((76, 77), (0,)),
    "taiko drum": [_hit(0, TAIKO, key) for key in range(40, 62, 3)],
    "timpani": [_hit(0, TIMPANI, key) for key in range(38, 58)],
}


def prepare(labels: Collection[str]) -> None:
    """Render the drum kits' hits, once for all clips, if one of these classes takes from them."""
    if not KITS.keys().isdisjoint(labels):
        render_notes([note for notes in KITS.values() for note in notes])


def recorded_take(label: str, rng: Rng, seconds: float) -> Sound | None:
    """One of the recorded takes of a class, a little varied, or None where there is none."""
    files, notes = TAKES.get(label, []), KITS.get(label, [])
    if not files and not notes:
        return None
    choice = int(rng.integers(len(files) + len(notes)))
    if choice < len(files):
        words = _said_by_name(files[choice])
        return _vary(rng, _read(files[choice]), seconds, words, varispeed=3.0)
    note = notes[choice - len(files)]
    words = {"character": "electronic"} if _is_electronic(note) else {}
    pitched = note.bank == 0 and note.programme == TIMPANI
    sound = _vary(rng, load_note(note), seconds, words, varispeed=0.0 if pitched else 3.0)
    return Sound(sound.audio, sound.words, note=note.key) if pitched else sound


def _is_electronic(note: Note) -> bool:
    return note.bank == DRUM_BANK and note.programme in ELECTRONIC


def _said_by_name(path: str) -> dict[str, str]:
    name = path.rpartition("/")[2].removesuffix(".flac")
    for ending in ("soft", "hard"):
        if name.endswith(f"_{ending}"):
            return {"character": ending}
    return {"character": "electronic"} if name.startswith("elec_") else {}


def _read(path: str) -> Array:
    audio, rate = soundfile.read(open_source(path), dtype="float32", always_2d=True)
    assert rate == RATE, path
    stereo = np.broadcast_to(audio, (len(audio), 2)) if audio.shape[1] == 1 else audio
    sounding = np.flatnonzero(np.abs(stereo).max(axis=1) > 0.02 * np.abs(stereo).max())
    return highpass(stereo[sounding[0] :].T, 16)


def _vary(rng: Rng, audio: Array, seconds: float, words: dict[str, str], varispeed: float) -> Sound:
    """Another speed (up to so many semitones), brightness and decay, on a clip of its length."""
    shift = rng.uniform(-varispeed, varispeed)
    if varispeed:
        audio = signal.resample_poly(audio, round(100 * 2 ** (-shift / 12)), 100, axis=1)
        words = {**words, **graded("size", -shift, -1.5, 1.5, ("small", "big"))}
    tilt = rng.uniform(-1, 1)
    if tilt < 0:
        audio = lowpass(audio, pick(rng, 3000, 14000), 1)
    else:
        audio = audio + tilt * highpass(audio, pick(rng, 1000, 5000), 1)
    out = np.zeros((2, round(seconds * RATE)))
    place(out, audio, 0)
    t = times(seconds)
    if rng.random() < 0.4:
        out *= np.exp(-t * pick(rng, 0.5, 6))
    # what is longer than the clip fades out over its last tenth
    out *= np.clip((seconds - t) / (0.1 * seconds), 0, 1)
    return Sound(out, words)


def recorded_files() -> list[str]:
    """Every file that a take may be read from."""
    return [path for paths in TAKES.values() for path in paths]
