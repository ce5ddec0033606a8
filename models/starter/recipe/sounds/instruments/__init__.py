"""Pitched instruments: notes and chords of two sampled General MIDI fonts."""

from collections.abc import Collection

from sounds.instruments import guitars, keyboards, mallets, strings, voices_and_winds
from sounds.instruments.sampled import Instrument
from sounds.soundfont import render_notes

CLASSES = (
    *keyboards.instruments.classes,
    *mallets.instruments.classes,
    *guitars.instruments.classes,
    *strings.instruments.classes,
    *voices_and_winds.instruments.classes,
)


def prepare(labels: Collection[str]) -> None:
    """Render every note of every instrument, once for all clips, if one of these plays them."""
    if not {item.label for item in CLASSES}.intersection(labels):
        return
    makers = [item.make for item in CLASSES]
    presets = [p for make in makers if isinstance(make, Instrument) for p in make.presets]
    render_notes([note for preset in presets for note in preset.notes()])
