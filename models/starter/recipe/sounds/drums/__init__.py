"""Drums and cymbals: one hit (of the timpani and the tambourine also a roll) that dies away."""

from sounds.drums import cymbals, kicks_and_snares, shaken, skins

CLASSES = (
    *kicks_and_snares.drums.classes,
    *cymbals.drums.classes,
    *shaken.drums.classes,
    *skins.drums.classes,
)
