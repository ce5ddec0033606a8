"""The sound classes of the starter, by category."""

from sounds.cinematic import cinematic
from sounds.drums import drums
from sounds.foley import foley
from sounds.game import game
from sounds.instruments import instruments
from sounds.interface import interface
from sounds.loops import loops
from sounds.machines import machines
from sounds.nature import nature
from sounds.sound_class import Category, SoundClass
from sounds.synths import synths

CATEGORIES: tuple[Category, ...] = (
    drums,
    loops,
    instruments,
    synths,
    cinematic,
    game,
    interface,
    nature,
    machines,
    foley,
)
CLASSES: tuple[SoundClass, ...] = tuple(
    item for category in CATEGORIES for item in category.classes
)
