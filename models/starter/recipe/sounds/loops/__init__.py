"""Loops: bars of a genre's drums, with its bass or chords, cut where the clip ends."""

from sounds.loops import broken_beats, four_on_the_floor, percussion

CLASSES = (
    *four_on_the_floor.loops.classes,
    *broken_beats.loops.classes,
    *percussion.loops.classes,
)
