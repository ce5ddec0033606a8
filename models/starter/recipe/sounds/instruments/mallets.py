"""Bars and tubes that are struck."""

from __future__ import annotations

from sounds.instruments.sampled import SINGLE, Instrument, Instruments, Preset

instruments = Instruments()

instruments.add(
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
instruments.add(
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
instruments.add(
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
instruments.add(
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
