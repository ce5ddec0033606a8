"""Keyboards, and a box that plays itself."""

from __future__ import annotations

from sounds.instruments.sampled import Instrument, Instruments, Preset

instruments = Instruments()

instruments.add(
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
instruments.add(
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
instruments.add(
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
instruments.add(
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
instruments.add(
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
