"""Machines: engines and motors, hums, clocks, and everything that warns or rings."""

from sounds.machines import engines, household, signals, sirens, vehicles

CLASSES = (
    *engines.machines.classes,
    *household.machines.classes,
    *sirens.machines.classes,
    *signals.machines.classes,
    *vehicles.machines.classes,
)
