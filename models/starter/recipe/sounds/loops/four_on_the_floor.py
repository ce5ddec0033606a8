"""Techno and house."""

from __future__ import annotations

import numpy as np

from sounds import drum_hits as hits
from sounds.dsp import Rng, lowpass, times
from sounds.loops.parts import (
    MINOR,
    bass_note,
    chord,
    glued,
    hats,
    kick_electronic,
    minor_chord,
    percussion,
)
from sounds.sound_class import Category, Sound, one_of, pick, told
from sounds.step_grid import StepGrid, euclid, varied

loops = Category("Loops")


@loops(
    "techno loop",
    "techno beat",
    "techno drum loop",
    "techno groove",
    "warehouse techno beat",
    "industrial club beat",
    "four on the floor techno",
    "driving techno drums",
    "berlin techno",
    "hard techno pattern",
    held_out=("techno rhythm", "club techno drums"),
    seconds=(2.0, 10.5),
    sustained=True,
)
def techno(rng: Rng, seconds: float) -> Sound:
    tempo = int(rng.integers(120, 151))
    grid = StepGrid(rng, seconds, tempo)
    character = one_of(rng, "distorted", "minimal", "deep", "")
    motion = one_of(rng, "driving", "steady")
    four = "X..."
    kick = kick_electronic(rng, pick(rng, 5, 14) if character == "distorted" else 1.8)
    drums = grid.play(four, kick)
    drums += grid.play("..X.", hats(rng, pick(rng, 0.15, 0.4), False, 1), pick(rng, 0.15, 0.35))
    if motion == "driving":
        closed = hats(rng, pick(rng, 0.04, 0.09), False)
        drums += grid.play(one_of(rng, "xoXo", "oxXx", ".oxo"), closed, pick(rng, 0.12, 0.3), 0.6)
    if character != "minimal":
        clap = [hits.clap(rng, times(0.4), 0.025, pick(rng, 0.15, 0.35))]
        if rng.random() < 0.7:
            drums += grid.play("....X...", clap, pick(rng, 0.25, 0.5))
        if rng.random() < 0.35:
            ride = [hits.hat_acoustic(rng, times(0.6), 0.6, 0.5, 2600)]
            drums += grid.play("..x...X.", ride, 0.15, 0.35)
    for pan in rng.uniform(0.2, 0.8, 1 if character == "minimal" else 2):
        steps = int(rng.choice([8, 12, 16, 16]))
        pattern = euclid(int(rng.integers(2, 6)), steps, int(rng.integers(1, 8)))
        drums += grid.play(varied(rng, pattern, 0.1), percussion(rng), pick(rng, 0.1, 0.3), pan)
    low = np.zeros_like(drums)
    root = int(rng.integers(29, 41))
    if character == "deep":
        rumble = [lowpass(kick[0], 110)]
        low = 1.4 * grid.play(".xXx", rumble)
    elif character != "minimal" and rng.random() < 0.6:
        line = "".join(str(rng.choice(["0", "0", ".", ".", "1", "4"])) for _ in range(16))
        make = bass_note(pick(rng, 150, 500), pick(rng, 0.2, 0.5))
        low = grid.tune(line, [root + i for i in MINOR], make, 0.45)
    if character == "" and rng.random() < 0.6:
        make = chord(pick(rng, 500, 1800), pick(rng, 0.2, 0.6), (0, 3, 7, 10))
        line = "".join("0" if letter != "." else "." for letter in euclid(3, 16, 3))
        low = low + grid.tune(line, [root + 24], make, 0.35)
    x = drums + grid.ducked(low, four, 0.9, 0.09)
    x = glued(x, 4.0 if character == "distorted" else 1.2)
    return Sound(x, told(character=character, motion=motion), tempo=tempo)


@loops(
    "house loop",
    "house beat",
    "house drum loop",
    "house music groove",
    "deep house loop",
    "disco house beat",
    "house drums",
    "four to the floor house beat",
    "chicago house",
    "club house beat",
    held_out=("house rhythm", "dance floor house groove"),
    seconds=(2.0, 10.5),
    sustained=True,
)
def house(rng: Rng, seconds: float) -> Sound:
    tempo = int(rng.integers(114, 131))
    motion = one_of(rng, "swinging", "straight")
    swing = rng.uniform(0.58, 0.66) if motion == "swinging" else 0.5
    grid = StepGrid(rng, seconds, tempo, swing, 0.002)
    character = one_of(rng, "warm", "minimal", "punchy")
    four = "X..."
    drive = pick(rng, 3, 5) if character == "punchy" else 1.5
    drums = grid.play(four, kick_electronic(rng, drive))
    clap = [hits.clap(rng, times(0.4), 0.025, pick(rng, 0.12, 0.3))]
    drums += grid.play("....X...", clap, pick(rng, 0.35, 0.6))
    drums += grid.play("..X.", hats(rng, pick(rng, 0.2, 0.4), False, 1), pick(rng, 0.2, 0.35))
    closed = hats(rng, pick(rng, 0.04, 0.08), rng.random() < 0.5)
    sixteenths = one_of(rng, "Xoxo", "xoXo", "x.ox")
    drums += grid.play(varied(rng, sixteenths * 4, 0.1), closed, pick(rng, 0.12, 0.25), 0.62)
    shaken = [hits.shake(rng, times(0.12), 4500, 10000, 0.05, 3000) for _ in range(3)]
    if rng.random() < 0.6:
        drums += grid.play("oxXx", shaken, pick(rng, 0.08, 0.18), 0.3)
    pattern = euclid(int(rng.integers(3, 6)), 16, int(rng.integers(1, 8)))
    drums += grid.play(varied(rng, pattern, 0.1), percussion(rng), pick(rng, 0.1, 0.25), 0.4)
    low = np.zeros_like(drums)
    if character != "minimal":
        root = int(rng.integers(29, 41))
        notes = [root + i for i in MINOR]
        warm = character == "warm"
        line = one_of(rng, "..0...0...0...3.", "0..0..0...4..0..", "..0..00...3..04.", "..0...5.")
        make = bass_note(pick(rng, 140, 240) if warm else pick(rng, 300, 700), pick(rng, 0.3, 0.7))
        low = grid.tune(line, notes, make, 0.5)
        stab = one_of(rng, "0..0..0.....0...", "...0..0....0....", "0.....0....0..0.", "..0.")
        cutoff = pick(rng, 450, 800) if warm else pick(rng, 1200, 2500)
        make = chord(cutoff, pick(rng, 0.3, 0.9), minor_chord(rng))
        low = low + grid.tune(stab * 3 + stab.replace("0", "2"), [n + 24 for n in notes], make, 0.4)
    x = glued(drums + grid.ducked(low, four, 0.7, 0.08), 1.2)
    return Sound(x, told(character=character, motion=motion), tempo=tempo)
