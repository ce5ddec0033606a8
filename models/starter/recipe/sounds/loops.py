"""Loops: bars of a genre's drums, with its bass or chords, cut where the clip ends."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sounds import drum_hits as hits
from sounds.drums import finished, one_of, told
from sounds.dsp import RATE, Array, Rng, decay, highpass, lowpass, noise, place, saw, sweep, times
from sounds.sound_class import Category, Sound, hertz, pick
from sounds.step_grid import StepGrid, euclid, varied

loops = Category("Loops")

MINOR = (0, 3, 5, 7, 10, 12)


def glued(x: Array, gain: float = 1.0) -> Array:
    """The sum as one: soft peaks and no offset."""
    return finished(hits.driven(x, gain))


def crushed(rng: Rng, x: Array) -> Array:
    """As an old sampler plays it: few steps in time and in level, no top."""
    hold = int(rng.integers(2, 5))
    held = np.repeat(hits.scaled(x)[:, ::hold], hold, axis=1)[:, : x.shape[1]]
    steps = 2 ** rng.uniform(4.5, 6)
    return lowpass(np.round(np.tanh(1.5 * held) * steps) / steps, pick(rng, 5500, 9000))


def released(x: Array, seconds: float = 0.008) -> Array:
    """The same with a short end, so that a note stops without a click."""
    count = x.shape[-1]
    fade = min(round(seconds * RATE), count)
    x[..., count - fade :] *= np.linspace(1, 0, fade)
    return x


def bass_note(cutoff: float, t60: float) -> Callable[[int, float], Array]:
    """A plucked saw bass: its harmonics die before its fundamental."""

    def make(note: int, seconds: float) -> Array:
        t = times(seconds)
        wave = saw(np.full(t.size, hertz(note)))
        x = lowpass(wave, cutoff) * decay(t, t60, 0.003)
        return released(x + lowpass(wave, 5 * cutoff) * decay(t, 0.3 * t60, 0.001))

    return make


def reese_note(rng: Rng, drive: float) -> Callable[[int, float], Array]:
    """Saws that beat against each other over a sine an octave below."""
    apart, cutoff = rng.uniform(0.006, 0.016), pick(rng, 300, 1100)

    def make(note: int, seconds: float) -> Array:
        t = times(seconds)
        f = hertz(note)
        beating = sum(saw(np.full(t.size, f * (1 + apart * k))) for k in (-1, 0, 1.1))
        x = hits.driven(lowpass(beating, cutoff), drive)
        return released((0.6 * x + 0.6 * np.sin(np.pi * f * t)) * np.clip(t / 0.005, 0, 1))

    return make


def sub_note(drive: float, t60: float) -> Callable[[int, float], Array]:
    """A sine with a falling start, clean or overdriven."""

    def make(note: int, seconds: float) -> Array:
        t = times(seconds)
        f = hertz(note)
        x = sweep(f * (1 + 1.5 * np.exp(-t / 0.015))) * decay(t, t60, 0.002)
        return released(hits.driven(x, drive), 0.02)

    return make


def chord(cutoff: float, t60: float, intervals: tuple[int, ...]) -> Callable[[int, float], Array]:
    """A short stab of saws, a little sharp on one side and flat on the other: [2, n]."""

    def make(note: int, seconds: float) -> Array:
        t = times(min(seconds, t60))
        f = np.array([hertz(note + i) for i in intervals])
        flat, sharp = (sum(saw(np.full(t.size, each)) for each in f * d) for d in (0.997, 1.004))
        x = np.stack([flat + 0.4 * sharp, 0.4 * flat + sharp]) / len(f)
        return released(
            lowpass(x, cutoff) * decay(t, t60, 0.004)
            + 0.5 * lowpass(x, 3 * cutoff) * decay(t, 0.3 * t60, 0.002)
        )

    return make


def minor_chord(rng: Rng) -> tuple[int, ...]:
    """A minor seventh, a minor ninth or a minor triad with its octave."""
    return ((0, 3, 7, 10), (0, 3, 7, 10, 14), (0, 3, 7, 12))[int(rng.integers(3))]


def kick_electronic(rng: Rng, drive: float = 1.6) -> list[Array]:
    t = times(0.5)
    t60, click = pick(rng, 0.25, 0.5), pick(rng, 0.1, 0.4)
    return [hits.kick_electronic(rng, t, pick(rng, 44, 58), t60, click, drive)]


def hats(rng: Rng, t60: float, acoustic: bool, takes: int = 3) -> list[Array]:
    """Several takes on one hi-hat, louder than drums of the same peak: they are so short."""
    make = hits.hat_acoustic if acoustic else hits.hat_electronic
    t, base = times(min(1.1 * t60, 0.6)), pick(rng, 2800, 4800)
    return [1.5 * make(rng, t, t60, rng.uniform(0.35, 0.65), base) for _ in range(takes)]


def percussion(rng: Rng) -> list[Array]:
    """Some small thing, struck."""
    t = times(0.3)
    kind = int(rng.integers(5))
    if kind == 0:
        return [hits.conga_hit(rng, t, pick(rng, 180, 350), "open")]
    if kind == 1:
        return [hits.rim(rng, t, pick(rng, 350, 700), 0.4, metal=False)]
    if kind == 2:
        return [hits.block(rng, t, pick(rng, 500, 1800), 0.09, 0.5)]
    if kind == 3:
        return [hits.cowbell(rng, t, pick(rng, 450, 850), 0.25, True, 0.5)]
    return [sweep(pick(rng, 200, 600) * (1 + 2 * np.exp(-t / 0.02))) * decay(t, 0.15, 0.001)]


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


def snares(rng: Rng, acoustic: bool, t60: float) -> list[Array]:
    """Two takes on one snare."""
    make = hits.snare_acoustic if acoustic else hits.snare_electronic
    t, base = times(min(1.2 * t60, 0.5)), pick(rng, 165, 250)
    return [make(rng, t, base * rng.uniform(0.99, 1.01), t60, rng.uniform(0.4, 0.7)) for _ in "ab"]


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


def rolls(rng: Rng, steps: int, chance: float) -> tuple[list[float], list[float]]:
    """Eighths on a hi-hat, some of them split into two, three, four or six: one repeated bar."""
    bar_positions, bar_strengths = [], []
    for eighth in range(8):
        split = int(rng.choice([3, 4, 6])) if rng.random() < chance else int(rng.choice([1, 2]))
        rising = rng.random() < 0.5
        for index in range(split):
            bar_positions.append(2 * eighth + 2 * index / split)
            ramp = (index + 1) / split if rising else 1 - 0.5 * index / split
            bar_strengths.append((1.0 if split < 3 else 0.8) * (0.4 + 0.6 * ramp))
    bars = -(-steps // 16)
    positions = [16 * bar + position for bar in range(bars) for position in bar_positions]
    return positions, bar_strengths * bars


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
