"""Trailer sounds: risers and falls, impacts and booms, movements through the air, tension."""

from sounds.cinematic import air, hits, risers, tension

CLASSES = (
    *risers.cinematic.classes,
    *hits.cinematic.classes,
    *air.cinematic.classes,
    *tension.cinematic.classes,
)
