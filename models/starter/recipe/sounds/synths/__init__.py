"""Synthesisers: leads, plucks, pads, basses and patterns from band-limited oscillators."""

from sounds.synths import basses, leads, pads, struck

CLASSES = (
    *leads.synths.classes,
    *struck.synths.classes,
    *pads.synths.classes,
    *basses.synths.classes,
)
