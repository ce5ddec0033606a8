"""Beats whose kick is not on every beat: hip hop, drum and bass, trap, breaks."""

from __future__ import annotations

import numpy as np

from sounds import drum_hits as hits
from sounds.dsp import Rng, highpass, lowpass, noise, place, times
from sounds.loops.parts import (
    MINOR,
    crushed,
    glued,
    hats,
    kick_electronic,
    percussion,
    reese_note,
    rolls,
    snares,
    sub_note,
)
from sounds.sound_class import Category, Sound, one_of, pick, told
from sounds.step_grid import StepGrid, euclid, varied

loops = Category("Loops")


@loops(
    "hip hop beat",
    "hip hop loop",
    "boom bap beat",
    "hip hop drum loop",
    "rap beat",
    "old school hip hop drums",
    "boom bap drums",
    "hip hop drums",
    "rap instrumental drums",
    "slow head-nodding beat",
    held_out=("hip hop groove", "lo-fi rap drums"),
    seconds=(2.0, 10.5),
    sustained=True,
)
def hip_hop(rng: Rng, seconds: float) -> Sound:
    tempo = int(rng.integers(74, 106))
    motion = one_of(rng, "swinging", "straight")
    swing = rng.uniform(0.58, 0.67) if motion == "swinging" else 0.5
    grid = StepGrid(rng, seconds, tempo, swing, 0.006)
    character = one_of(rng, "gritty", "heavy", "clean")
    t60 = pick(rng, 0.5, 0.8) if character == "heavy" else pick(rng, 0.25, 0.45)
    make = hits.kick_acoustic if rng.random() < 0.6 else hits.kick_electronic
    kick = [make(rng, times(0.6), pick(rng, 46, 62), t60, pick(rng, 0.1, 0.4), 2.0)]
    boom = one_of(
        rng, "X..x..X..Xx.....", "X......xX.x.....", "X.x....X..X..o..", "X..o...x..X....x"
    )
    x = grid.play(varied(rng, boom, 0.07), kick)
    snare = snares(rng, rng.random() < 0.7, pick(rng, 0.18, 0.4))
    back = varied(rng, "....X.......X...", 0.05)
    x += grid.play(back, snare, pick(rng, 0.55, 0.8))
    if rng.random() < 0.35:
        clap = [hits.clap(rng, times(0.4), 0.025, 0.2)]
        x += grid.play("....X...", clap, 0.35)
    closed = hats(rng, pick(rng, 0.05, 0.11), True)
    # swing is heard on every second sixteenth only
    ticks = one_of(rng, "Xoxo", "X.xo", "x.Xo", "X.x." if motion == "straight" else "xoXo")
    x += grid.play(varied(rng, ticks * 4, 0.12), closed, pick(rng, 0.15, 0.3), 0.58)
    if rng.random() < 0.5:
        x += grid.play("." * 30 + "X.", hats(rng, 0.4, True, 1), 0.25, 0.58)
    if character == "heavy" or rng.random() < 0.4:
        root = int(rng.integers(31, 43))
        line = one_of(rng, "0.....0..3......", "0..0....4.0.....", "0.........2.1...")
        bass = sub_note(2.5 if character == "heavy" else 1.0, 1.2)
        x += grid.tune(line + line, [root + i for i in MINOR], bass, 0.55, 0.9)
    if character == "gritty":
        x = crushed(rng, x) + 0.004 * highpass(noise(rng, grid.count), 1000, 1)
    x = glued(x, 2.5 if character == "heavy" else 1.2)
    return Sound(x, told(character=character, motion=motion), tempo=tempo)


@loops(
    "drum and bass loop",
    "drum and bass beat",
    "dnb loop",
    "jungle beat",
    "drum and bass drums",
    "fast drum and bass groove",
    "drum & bass",
    "jungle drums",
    "fast breakbeat at 174",
    "dnb drums",
    held_out=("drum n bass rhythm", "liquid dnb drums"),
    seconds=(2.0, 10.5),
    sustained=True,
)
def drum_and_bass(rng: Rng, seconds: float) -> Sound:
    tempo = int(rng.integers(160, 181))
    grid = StepGrid(rng, seconds, tempo, rng.uniform(0.5, 0.54), 0.002)
    character = one_of(rng, "heavy", "deep", "minimal")
    motion = one_of(rng, "rolling", "steady")
    acoustic = rng.random() < 0.5
    make = hits.kick_acoustic if acoustic else hits.kick_electronic
    kick = [make(rng, times(0.35), pick(rng, 50, 70), pick(rng, 0.15, 0.28), 0.4, 2.5)]
    step = one_of(rng, "X.........X.....", "X.....x...X.....", "X..x......X.....")
    x = grid.play(varied(rng, step, 0.03), kick)
    snare = snares(rng, acoustic, pick(rng, 0.15, 0.3))
    x += grid.play("....X.......X...", snare, 0.8)
    closed = hats(rng, pick(rng, 0.04, 0.09), True)
    if motion == "rolling":
        x += grid.play(varied(rng, ".o....oo.o.....o", 0.12), snare, 0.45, 0.45)
        x += grid.play("XoxoXoxx", closed, pick(rng, 0.2, 0.35), 0.6)
        shaken = [hits.shake(rng, times(0.1), 5000, 11000, 0.04, 3000) for _ in range(3)]
        x += grid.play("oxXx", shaken, 0.12, 0.35)
    else:
        x += grid.play("X.x.", closed, pick(rng, 0.2, 0.35), 0.6)
    if rng.random() < 0.4:
        ride = [hits.cymbal(rng, times(0.6), 400, 0.8, 5500, 0.0, 80)]
        x += grid.play("X...", ride, 0.13)
    if character != "minimal":
        root = int(rng.integers(38, 48)) if character == "heavy" else int(rng.integers(29, 38))
        line = one_of(
            rng, "0.........2.....", "0.......0..1....", "0.....3....2....", "0" + "." * 15
        )
        other = line.replace("0", str(rng.choice(["0", "1", "4"])))
        notes = [root + i for i in MINOR]
        bass = reese_note(rng, pick(rng, 3, 7)) if character == "heavy" else sub_note(1.3, 1.6)
        low = grid.tune(line + other, notes, bass, 0.4 if character == "heavy" else 0.65)
        x += grid.ducked(low, step, 0.6, 0.05)
    x = glued(x, 2.2 if character == "heavy" else 1.3)
    return Sound(x, told(character=character, motion=motion), tempo=tempo)


@loops(
    "trap beat",
    "trap loop",
    "trap drums",
    "trap drum loop",
    "808 trap beat",
    "trap beat with fast hi-hats",
    "trap pattern",
    "trap hi-hats and 808",
    "atlanta trap drums",
    "trap music beat",
    held_out=("trap rhythm", "southern rap drums with 808"),
    seconds=(2.0, 10.5),
    sustained=True,
)
def trap(rng: Rng, seconds: float) -> Sound:
    tempo = int(rng.integers(124, 161))
    grid = StepGrid(rng, seconds, tempo)
    character = one_of(rng, "distorted", "clean", "heavy")
    motion = one_of(rng, "rolling", "steady")
    boom = one_of(
        rng, "X.....x...x.....", "X..x......X...x.", "X.......x..x....", "X......x..X..x.."
    )
    kick = kick_electronic(rng, 2.0)
    x = grid.play(boom, kick, 0.8)
    snare = snares(rng, False, pick(rng, 0.15, 0.35))
    clap = [hits.clap(rng, times(0.5), 0.02, pick(rng, 0.15, 0.4))]
    x += grid.play("........X.......", clap, pick(rng, 0.4, 0.7))
    x += grid.play("........X.......", snare, pick(rng, 0.3, 0.6))
    closed = hats(rng, pick(rng, 0.03, 0.06), False)
    if motion == "rolling":
        x += grid.strike(*rolls(rng, grid.steps, 0.4), closed, pick(rng, 0.2, 0.35), 0.55)
    else:
        x += grid.play("X.x.", closed, pick(rng, 0.2, 0.35), 0.55)
    if rng.random() < 0.5:
        opened = hats(rng, pick(rng, 0.2, 0.4), False, 1)
        x += grid.play("." * int(rng.choice([6, 10, 14])) + "X" + "." * 25, opened, 0.2, 0.45)
    if rng.random() < 0.4:
        x += grid.play(euclid(3, 16, 3), percussion(rng), 0.2, rng.uniform(0.2, 0.8))
    root = int(rng.integers(26, 38))
    line = "".join("0" if letter == "X" else "1" if letter == "x" else "." for letter in boom)
    other = line.replace("1", str(rng.integers(1, 5)))
    drive = {"distorted": pick(rng, 5, 14), "clean": 0.6, "heavy": 2.0}[character]
    long = 3.0 if character == "heavy" else pick(rng, 0.8, 1.6)
    notes = [root, root + int(rng.choice([0, 3, -2])), *(root + i for i in MINOR[1:])]
    x += grid.tune(
        line + other, notes, sub_note(drive, long), 0.75 if character != "heavy" else 1.0
    )
    x = glued(x, {"distorted": 2.0, "clean": 0.8, "heavy": 1.8}[character])
    return Sound(x, told(character=character, motion=motion), tempo=tempo)


@loops(
    "breakbeat",
    "break beat",
    "drum break",
    "breakbeat loop",
    "funk drum loop",
    "acoustic drum loop",
    "live drummer groove",
    "break",
    "sampled drum break",
    "acoustic drums playing a groove",
    "broken beat",
    held_out=("funky drum groove", "big beat drums"),
    seconds=(2.0, 10.5),
    sustained=True,
)
def breakbeat(rng: Rng, seconds: float) -> Sound:
    tempo = int(rng.integers(92, 146))
    motion = one_of(rng, "swinging", "straight")
    swing = rng.uniform(0.57, 0.63) if motion == "swinging" else 0.5
    grid = StepGrid(rng, seconds, tempo, swing, 0.005)
    character = one_of(rng, "gritty", "heavy", "clean")
    t60 = pick(rng, 0.25, 0.4)
    kick = [
        hits.kick_acoustic(rng, times(0.5), pick(rng, 52, 68), t60, pick(rng, 0.2, 0.5), 1.8)
        for _ in "ab"
    ]
    boom = one_of(
        rng, "X.X.......XX....", "X.X.......X..x..", "X..x..X...X.....", "X.....xX..X....x"
    )
    x = grid.play(varied(rng, boom, 0.05), kick)
    snare = snares(rng, True, pick(rng, 0.2, 0.4))
    crack = one_of(
        rng, "....X..o.o..X..o", "....X..o.o.oX...", "....X.......X.o.", "....X..X.o..X..o"
    )
    fill = "....X..o.o..XxXx" if rng.random() < 0.4 else crack
    x += grid.play(varied(rng, crack, 0.06) + crack + fill, snare, pick(rng, 0.6, 0.85))
    if rng.random() < 0.3:
        ride = [hits.cymbal(rng, times(0.8), 420, 1.2, 5500, 0.0, 90) for _ in "ab"]
        x += grid.play("X.x.X.xo", ride, pick(rng, 0.14, 0.25), 0.35)
    else:
        closed = hats(rng, pick(rng, 0.06, 0.14), True)
        ticks = one_of(rng, "Xoxo", "X.xo", "X.x." if motion == "straight" else "XoXo")
        x += grid.play(varied(rng, ticks * 4, 0.08), closed, pick(rng, 0.2, 0.35), 0.6)
        if rng.random() < 0.6:
            opened = hats(rng, pick(rng, 0.25, 0.5), True, 1)
            x += grid.play("." * int(rng.choice([7, 10, 14])) + "X" + "." * 24, opened, 0.3, 0.6)
    if rng.random() < 0.35:
        crash = hits.cymbal(rng, times(2.0), 350, 2.2, 5000, 0.0)
        x += grid.strike([0], [1.0], [crash], 0.35)
    # the microphones over the kit hear the near walls too
    walls = np.zeros_like(x)
    for channel, late in enumerate(rng.integers(250, 700, 2)):
        place(walls[channel], lowpass(x[channel], 6000), int(late))
    x = x + rng.uniform(0.1, 0.3) * walls
    if character == "gritty":
        x = crushed(rng, x)
    x = glued(x, {"gritty": 1.2, "heavy": pick(rng, 4, 7), "clean": 0.8}[character])
    return Sound(x, told(character=character, motion=motion), tempo=tempo)
