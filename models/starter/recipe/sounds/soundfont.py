"""Single notes of a General MIDI soundfont, rendered by the ``fluidsynth`` command and kept.

Starting the synthesiser and loading its samples takes about a second, so notes are asked for many
at a time, spaced apart in one MIDI file, and kept as FLAC files in a cache folder: the argument, or
the environment variable ``STARTER_CACHE``, or a folder of that name in the temporary directory.
"""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from sources import open_source

from sounds.dsp import RATE, Array, highpass

FONTS = {
    "fluid": "usr/share/sounds/sf2/FluidR3_GM.sf2",
    "musescore": "usr/share/sounds/sf3/MuseScore_General_Lite.sf3",
}
DRUM_BANK = 128
DRUM_CHANNEL = 9
GAIN = "0.5"
# between the end of a slot and the next note, milliseconds: the programme is changed meanwhile
GAP = 50
# below this a note counts as over, relative to its peak
SILENT = 10 ** (-66 / 20)
PEAK = 0.9


@dataclass(frozen=True)
class Note:
    """One key pressed once.

    Attributes:
        font: a key of ``FONTS``.
        bank: MIDI bank; 128 holds the drum kits.
        programme: counted from 0.
        key: MIDI note number, in drum kits the drum.
        velocity: 1 to 127.
        hold: milliseconds until the key is let go.
        tail: milliseconds kept after that.
    """

    font: str
    bank: int
    programme: int
    key: int
    velocity: int
    hold: int
    tail: int

    @property
    def name(self) -> str:
        return (
            f"{self.font}-{self.bank}-{self.programme}-{self.key}-{self.velocity}"
            f"-{self.hold}-{self.tail}.flac"
        )


def cache_folder(cache: Path | None = None) -> Path:
    default = Path(tempfile.gettempdir()) / "starter-cache"
    folder = cache or Path(os.environ.get("STARTER_CACHE", default))
    return folder / "notes"


def has_note(note: Note, cache: Path | None = None) -> bool:
    return (cache_folder(cache) / note.name).exists()


def load_note(note: Note, seconds: float | None = None, cache: Path | None = None) -> Array:
    """[2, n] float32 samples of a note that :func:`render_notes` kept, at most ``seconds``."""
    path = cache_folder(cache) / note.name
    if not path.exists():
        message = f"{path} is missing: the notes must be prepared before a clip is made."
        raise FileNotFoundError(message)
    frames = -1 if seconds is None else round(seconds * RATE)
    audio, _ = soundfile.read(path, frames=frames, dtype="float32", always_2d=True)
    return audio.T


def render_notes(notes: list[Note], cache: Path | None = None) -> None:
    """Fill the cache with the notes, all together, unless it holds every one.

    A synthesiser begins a note at the next of its blocks, so what else is in the file changes it a
    little; with always the same notes in it, the data are always the same.
    """
    folder = cache_folder(cache)
    folder.mkdir(parents=True, exist_ok=True)
    for font in FONTS:
        own = [note for note in notes if note.font == font]
        if not all(has_note(note, cache) for note in own):
            _render(font, own, folder)


def _render(font: str, notes: list[Note], folder: Path) -> None:
    if shutil.which("fluidsynth") is None:
        message = "The command fluidsynth is missing: install it to render soundfonts."
        raise FileNotFoundError(message)
    starts = np.cumsum([GAP, *(n.hold + n.tail + GAP for n in notes)])
    with tempfile.TemporaryDirectory() as work:
        midi, raw = Path(work) / "notes.mid", Path(work) / "notes.raw"
        midi.write_bytes(midi_file(notes, [int(start) for start in starts[:-1]]))
        command = ["fluidsynth", "-ni", "-q", "-R", "0", "-C", "0", "-g", GAIN, "-r", str(RATE)]
        command += ["-o", "synth.dynamic-sample-loading=1", "-o", "synth.lock-memory=0"]
        command += ["-O", "float", "-T", "raw", "-F", str(raw)]
        command += [str(open_source(FONTS[font])), str(midi)]
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603
        audio = np.fromfile(raw, np.float32).reshape(-1, 2)
    for note, start in zip(notes, starts, strict=False):
        first = start * RATE // 1000
        slot = audio[first : first + (note.hold + note.tail) * RATE // 1000]
        # some samples are off centre
        _keep(highpass(slot.T, 16).T, folder / note.name)


def _keep(slot: Array, path: Path) -> None:
    """Write one note, cut where it is over; two processes may write the same one."""
    loudness = np.abs(slot).max(axis=1)
    peak = loudness.max(initial=0.0)
    if peak == 0:
        message = f"The soundfont is silent at {path.stem}: the key lies outside its range."
        raise ValueError(message)
    sounding = np.flatnonzero(loudness > peak * SILENT)
    slot = slot[max(0, sounding[0] - RATE // 500) : sounding[-1] + 1]
    if np.vdot(slot[:, 0], slot[:, 1]) < 0.1 * np.sqrt(np.prod((slot**2).sum(axis=0))):
        # Microphones this far apart cancel each other in mono: the right one gets half the left.
        slot = np.stack([slot[:, 0], slot.mean(axis=1)], axis=1)
        peak = np.abs(slot).max()
    fade = min(len(slot), RATE // 50)
    slot = slot * (PEAK / peak)
    slot[len(slot) - fade :] *= np.linspace(1, 0, fade)[:, None]
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".flac", delete=False) as file:
        soundfile.write(file, slot, RATE, format="FLAC", subtype="PCM_16")
    Path(file.name).replace(path)


def midi_file(notes: list[Note], starts: list[int]) -> bytes:
    """A format 0 MIDI file that plays each note at its start; both in milliseconds."""
    events: list[tuple[int, bytes]] = []
    for note, start in zip(notes, starts, strict=True):
        channel = DRUM_CHANNEL if note.bank == DRUM_BANK else 0
        change = start - GAP // 2
        if note.bank != DRUM_BANK:
            events.append((change, bytes((0xB0 | channel, 0, note.bank))))
        events.append((change, bytes((0xC0 | channel, note.programme))))
        events.append((start, bytes((0x90 | channel, note.key, note.velocity))))
        events.append((start + note.hold, bytes((0x80 | channel, note.key, 0))))
        # all sound off: nothing rings into the next slot
        events.append((start + note.hold + note.tail, bytes((0xB0 | channel, 120, 0))))
    # one quarter a second, a thousand ticks each: a tick is a millisecond
    track = bytearray(b"\x00\xff\x51\x03" + (1_000_000).to_bytes(3, "big"))
    now = 0
    for moment, event in sorted(events, key=lambda item: item[0]):
        track += _delta(moment - now) + event
        now = moment
    track += _delta(GAP) + b"\xff\x2f\x00"
    header = b"MThd" + struct.pack(">IHHH", 6, 0, 1, 1000)
    return header + b"MTrk" + struct.pack(">I", len(track)) + bytes(track)


def _delta(ticks: int) -> bytes:
    """A MIDI variable-length number: seven bits a byte, the last byte without the top bit."""
    out = [ticks & 0x7F]
    while ticks := ticks >> 7:
        out.append(0x80 | (ticks & 0x7F))
    return bytes(reversed(out))
