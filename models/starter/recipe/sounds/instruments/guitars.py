"""Guitars and basses."""

from __future__ import annotations

from sounds.instruments.sampled import POWER, SINGLE, Instrument, Instruments, Preset

instruments = Instruments()

instruments.add(
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
instruments.add(
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
instruments.add(
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
instruments.add(
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
instruments.add(
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
instruments.add(
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
instruments.add(
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
