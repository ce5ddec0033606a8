"""Loops of one voice or a few: hi-hats, percussion."""

from __future__ import annotations

import numpy as np

from sounds import drum_hits as hits
from sounds.dsp import Array, Rng, times
from sounds.loops.parts import glued, hats, rolls
from sounds.sound_class import Category, Sound, one_of, pick, told
from sounds.step_grid import StepGrid, euclid, varied

loops = Category("Loops")


@loops(
    "hi-hat loop",
    "hihat loop",
    "hi-hat pattern",
    "hats loop",
    "top loop",
    "hi-hat groove",
    "hi-hats playing",
    "pattern of hats",
    "sixteenth note hats",
    "hat sequence",
    held_out=("hi-hat rhythm", "looping hats"),
    seconds=(2.0, 10.5),
    sustained=True,
)
def hat_loop(rng: Rng, seconds: float) -> Sound:
    tempo = int(rng.integers(70, 171))
    motion = one_of(rng, "swinging", "rolling", "straight")
    swing = rng.uniform(0.6, 0.67) if motion == "swinging" else 0.5
    acoustic = rng.random() < 0.5
    grid = StepGrid(rng, seconds, tempo, swing, 0.004 if acoustic else 0.0)
    closed = hats(rng, pick(rng, 0.04, 0.12), acoustic, 4)
    pan = rng.uniform(0.4, 0.6)
    if motion == "rolling":
        x = grid.strike(*rolls(rng, grid.steps, 0.45), closed, 1.0, pan)
    else:
        ticks = one_of(rng, "Xoxo", "XoXo", "X.xo", "xoXo", "XxXx")
        x = grid.play(varied(rng, ticks * 4, 0.1), closed, 1.0, pan)
    if rng.random() < 0.6:
        opened = hats(rng, pick(rng, 0.2, 0.5), acoustic, 2)
        where = one_of(rng, "..X.", "..........X.....", "......X.......x.", ".......X........")
        x += grid.play(where, opened, pick(rng, 0.6, 1.0), pan)
    if rng.random() < 0.3:
        shaken = [hits.shake(rng, times(0.12), 4500, 11000, 0.05, 3000) for _ in range(3)]
        x += grid.play("oxXx", shaken, 0.35, 1 - pan)
    words = told(motion=motion, material="acoustic" if acoustic else "electronic")
    return Sound(glued(x, 1.0), words, tempo=tempo)


@loops(
    "percussion loop",
    "percussion groove",
    "hand percussion loop",
    "latin percussion loop",
    "tribal percussion",
    "conga and bongo loop",
    "percussion pattern",
    "hand drums playing",
    "shakers and drums loop",
    "world percussion",
    held_out=("percussion rhythm", "bongo and shaker groove"),
    seconds=(2.0, 10.5),
    sustained=True,
)
def percussion_loop(rng: Rng, seconds: float) -> Sound:
    tempo = int(rng.integers(78, 146))
    motion = one_of(rng, "busy", "sparse")
    material = one_of(rng, "wood", "metal", "skin")
    grid = StepGrid(rng, seconds, tempo, rng.uniform(0.5, 0.62), 0.005)
    t = times(0.45)
    voices: list[list[Array]] = []
    if material == "skin":
        low = pick(rng, 150, 210)
        for ratio in (1.0, 1.34, 1.9):
            voices.append([hits.conga_hit(rng, t, low * ratio, "open") for _ in "ab"])
        voices.append([hits.conga_hit(rng, t, low * 1.34, stroke) for stroke in ("muted", "slap")])
    elif material == "wood":
        for base in (pick(rng, 450, 700), pick(rng, 800, 1200), pick(rng, 1500, 2500)):
            voices.append([hits.block(rng, t, base, 0.1, force) for force in (0.3, 0.7)])
        voices.append([hits.rim(rng, t, pick(rng, 350, 500), 0.3, metal=False)])
    else:
        base = pick(rng, 420, 600)
        for ratio in (1.0, 1.42):
            voices.append([hits.cowbell(rng, t, base * ratio, 0.3, False, f) for f in (0.3, 0.8)])
        starts = np.sort(rng.exponential(0.02, 10))
        voices.append([hits.jingles(rng, t, starts, np.exp(-starts / 0.04), 0.2)])
        voices.append([hits.cowbell(rng, t, base * 3.1, 0.9, False, 1.0)])
    x = np.zeros((2, grid.count))
    for index, voice in enumerate(voices):
        many = int(rng.integers(4, 8)) if motion == "busy" else int(rng.integers(1, 4))
        shift = 0 if index == 0 else int(rng.integers(1, 12))
        pattern = varied(rng, euclid(many, 16, shift), 0.15 if motion == "busy" else 0.03)
        pan = 0.5 if index == 0 else rng.uniform(0.2, 0.8)
        x += grid.play(pattern, voice, rng.uniform(0.5, 1.0), pan)
    if rng.random() < (0.8 if motion == "busy" else 0.3):
        low = 2500 if material == "wood" else 5000
        shaken = [hits.shake(rng, times(0.14), low, 2.2 * low, 0.06, 2500) for _ in range(3)]
        x += grid.play(one_of(rng, "oxXx", "X.x.", "Xoxo"), shaken, 0.3, rng.uniform(0.3, 0.7))
    return Sound(glued(x, 1.0), told(material=material, motion=motion), tempo=tempo)
