"""Strings, bowed and plucked."""

from __future__ import annotations

from sounds.instruments.sampled import SINGLE, Instrument, Instruments, Preset

instruments = Instruments()

instruments.add(
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
instruments.add(
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
instruments.add(
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
instruments.add(
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
