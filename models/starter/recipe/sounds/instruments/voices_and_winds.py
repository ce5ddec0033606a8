"""A choir, and what is blown."""

from __future__ import annotations

from sounds.instruments.sampled import SINGLE, Instrument, Instruments, Preset

instruments = Instruments()

instruments.add(
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
instruments.add(
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
instruments.add(
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
instruments.add(
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
