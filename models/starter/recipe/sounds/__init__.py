"""The sound classes of the starter, by category."""

from sounds import (
    cinematic,
    drums,
    foley,
    game,
    instruments,
    interface,
    loops,
    machines,
    nature,
    synths,
)
from sounds.sound_class import SoundClass

CLASSES: tuple[SoundClass, ...] = (
    *drums.CLASSES,
    *loops.CLASSES,
    *instruments.CLASSES,
    *synths.CLASSES,
    *cinematic.CLASSES,
    *game.CLASSES,
    *interface.CLASSES,
    *nature.CLASSES,
    *machines.CLASSES,
    *foley.CLASSES,
)
