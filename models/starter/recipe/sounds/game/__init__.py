"""Game and science-fiction sounds: weapons, pick-ups, machines that think, explosions."""

from sounds.game import blasts, fields, pick_ups, thinking_machines, weapons

CLASSES = (
    *weapons.game.classes,
    *pick_ups.game.classes,
    *fields.game.classes,
    *thinking_machines.game.classes,
    *blasts.game.classes,
)
