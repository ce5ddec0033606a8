"""Weapons of science fiction."""

from __future__ import annotations

import numpy as np

from sounds.dsp import (
    Rng,
    coloured,
    decay,
    finished,
    fm,
    highpass,
    moving_band,
    noise,
    pulse,
    saw,
    sweep,
    times,
)
from sounds.game.effects import crushed, echoes, held
from sounds.sound_class import Category, Sound, graded, pick

game = Category("Game")


@game(
    "laser",
    "laser shot",
    "laser gun",
    "laser zap",
    "pew pew laser",
    "ray gun",
    "sci-fi laser",
    "laser gun shot",
    "zap",
    "laser blast",
    "star fighter laser",
    "arcade laser",
    "raygun zap",
    held_out=("laser beam firing", "video game laser sound"),
    seconds=(0.25, 1.5),
)
def laser(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    length = min(pick(rng, 0.09, 0.55), seconds * 0.8)
    top, low = pick(rng, 1600, 7000), pick(rng, 90, 450)
    frequency = low + (top - low) * np.exp(-t / (length * rng.uniform(0.2, 0.45)))
    if rng.random() < 0.3:
        frequency = frequency * (1 + 0.12 * np.sin(2 * np.pi * pick(rng, 20, 60) * t))
    words = graded("motion", length, 0.16, 0.3, ("fast", "slow"))
    kind = rng.integers(3)
    if kind == 0:
        x = sweep(frequency) + 0.2 * sweep(2 * frequency)
        words["character"] = "clean"
    elif kind == 1:
        x = crushed(pulse(frequency, rng.uniform(0.12, 0.5)), int(rng.integers(3, 7)), 6)
        words["character"] = "retro"
    else:
        x = fm(frequency, rng.choice([0.5, 1.0, 1.5, 2.41]), pick(rng, 0.8, 3) * decay(t, length))
        x = x + 0.4 * saw(frequency * 1.01)
    snap = highpass(noise(rng, t.size), 3000) * decay(t, 0.025) * rng.uniform(0, 0.5)
    x = (x * decay(t, length * 1.3, 0.001) + snap) * held(t, seconds * 0.9)
    if rng.random() < 0.4:
        return Sound(finished(echoes(x, pick(rng, 0.03, 0.14), rng.uniform(0.25, 0.5))), words)
    return Sound(finished(x), words)


@game(
    "blaster",
    "blaster shot",
    "plasma gun",
    "sci-fi gun",
    "energy weapon",
    "space gun shot",
    "plasma rifle",
    "blaster bolt",
    "pulse rifle",
    "space blaster",
    "energy gun shot",
    "plasma shot",
    "alien weapon",
    held_out=("sci-fi rifle firing", "energy blaster fire"),
    seconds=(0.35, 2.0),
)
def blaster(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    big = rng.random()
    length = min(0.16 + 0.35 * big + rng.uniform(0, 0.1), seconds * 0.7)
    drop = np.exp(-t / (length * rng.uniform(0.18, 0.3)))
    low = 170 - 115 * big
    # a struck cable: every frequency arrives later than the higher one before it
    tone = fm(low * 3 + pick(rng, 900, 2600) * drop, rng.choice([0.5, 1.41, 2.0, 3.7]), 4.0)
    cable = low * 3 + pick(rng, 2000, 9000) * drop
    zap = noise(rng, t.size) * pick(rng, 0.15, 1.5) + pick(rng, 0.4, 3) * tone
    zap = moving_band(zap, cable, rng.uniform(0.4, 1.4))
    thump = np.tanh(2.5 * sweep(low * (0.6 + 5 * np.exp(-t / 0.02)))) * decay(
        t, length * 1.6, 0.001
    )
    crack = highpass(noise(rng, t.size), pick(rng, 900, 4000)) * decay(t, pick(rng, 0.02, 0.12))
    air = coloured(rng, t.size, 0.6)
    tail = moving_band(air, low * 4 + 1500 * drop, 1.2) * decay(t, length * 3)
    x = (
        zap * decay(t, length * rng.uniform(1.1, 2.4), 0.001)
        + (0.1 + big) * pick(rng, 0.5, 1.5) * thump
    )
    x = x + pick(rng, 0.15, 1.2) * crack + pick(rng, 0.08, 0.8) * tail
    if rng.random() < 0.3:
        x = x * (0.5 + 0.5 * np.sin(2 * np.pi * pick(rng, 25, 180) * t))
    words = graded("size", big, 0.33, 0.67, ("small", "big"))
    drive = rng.random()
    if drive > 0.67:
        x = np.tanh(4 * x)
        words["character"] = "distorted"
    elif drive < 0.33:
        words["character"] = "clean"
    else:
        x = np.tanh(1.2 * x)
    x = x * held(t, seconds * 0.95, seconds * 0.3)
    bounce = rng.uniform(0, 0.45)
    out = echoes(x, pick(rng, 0.04, 0.16), bounce, 3) * held(t, seconds * 0.98, seconds * 0.2)
    return Sound(finished(out), words)
