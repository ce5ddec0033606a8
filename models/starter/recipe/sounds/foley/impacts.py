"""Things that are struck, and shots."""

from __future__ import annotations

import numpy as np

from sounds.dsp import RATE, Rng, decay, highpass, lowpass, noise, place, sweep, times
from sounds.sound_class import Category, Sound, graded, pick
from sounds.texture import fade_ends, pan, ring, scatter, tick, unit, wide_noise

foley = Category("Foley")


@foley(
    "glass breaking",
    "breaking glass",
    "glass shatter",
    "smashed glass",
    "shattering window",
    "broken bottle",
    "glass smash",
    "shattering glass",
    "broken glass",
    "window breaking",
    "glass crash",
    "smashing a bottle",
    "shards of glass",
    held_out=("a window being smashed", "glass falling to pieces"),
    seconds=(0.7, 3.5),
)
def glass(rng: Rng, seconds: float) -> Sound:
    count = times(seconds).size
    size = rng.random()
    out = np.zeros((2, count))
    spread = min(0.16 + 0.45 * size, seconds / 4)
    floor = 3800 - 2400 * size
    bank = []
    for _ in range(20):  # shards: thin plates, each with a handful of high modes
        f = pick(rng, floor, 7000)
        ratios = np.sort(rng.uniform(1.0, 2.8, 4))
        t60s = pick(rng, 0.05, 0.35) * ratios**-0.8
        voice = ring(rng, f * ratios, t60s, rng.uniform(0.3, 1.0, 4))
        place(voice, 0.6 * tick(rng, 3500, 14000, 0.006), 0)
        bank.append(unit(voice))
    number = int(30 + 170 * size)
    starts = 0.02 + rng.exponential(spread, number)
    gains = 0.3 * rng.exponential(0.7, number) * np.exp(-starts / (2.5 * spread))
    inside = starts < seconds - 0.1
    starts, gains = (starts * RATE)[inside], gains[inside]
    scatter(out, bank, rng, starts, gains, rng.uniform(-0.9, 0.9, starts.size))
    crack = np.stack([tick(rng, 1200, 15000, 0.05 + 0.06 * size) for _ in "lr"])
    place(out, crack, int(0.015 * RATE))
    place(out, (0.2 + 0.7 * size) * pan(tick(rng, 120, 900, 0.09), 0.0), int(0.015 * RATE))
    ends = np.clip((seconds - times(seconds)[:count]) / 0.3, 0, 1)
    words = graded("size", size, 0.34, 0.66, ("small", "big"))
    return Sound(fade_ends(out * ends, 0.001, 0.02), words)


@foley(
    "metal clang",
    "clanging metal",
    "metal pipe hit",
    "metal clank",
    "hitting metal",
    "metallic bang",
    "anvil hit",
    "clang",
    "metal hit",
    "metal impact",
    "iron bar falling",
    "banging on metal",
    "metal object dropped",
    held_out=("steel bar struck", "hammer hitting a metal sheet"),
    seconds=(0.6, 4.0),
)
def clang(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    base = pick(rng, 90, 900)
    long = pick(rng, 0.25, 3.0)
    if rng.random() < 0.4:  # a bar or pipe: the modes of a free beam
        ratios = np.array([1, 2.757, 5.404, 8.933, 13.34, 18.64]) * rng.uniform(0.98, 1.02, 6)
    else:  # a sheet or lump: crowded, uneven
        ratios = np.sort(np.exp(rng.uniform(0, np.log(min(30, 9000 / base)), 16)))
        ratios[0] = 1
    bend = pick(rng, 0.2, 0.55)
    channels, hard = [], rng.random()
    strength = rng.uniform(0.3, 1.0, ratios.size) * ratios ** (0.8 * (hard - 1))
    for _ in "lr":  # each mode is a pair that beats; the two ears stand at different places
        near = strength * rng.uniform(0.6, 1.4, ratios.size)
        t60s = np.minimum(long * ratios**-bend, seconds)
        x = ring(rng, base * ratios, t60s, near)
        y = ring(rng, base * ratios * (1 + rng.uniform(0.0005, 0.004, ratios.size)), t60s, near)
        out = np.zeros(t.size)
        place(out, x + 0.6 * y, 0)
        channels.append(out)
    out = np.stack(channels)
    out *= 1 / np.abs(out).max()
    hit = (0.2 + 0.6 * hard) * tick(rng, 600 + 1800 * hard, 12000, 0.02)
    place(out, pan(hit, 0.0), 0)
    words = graded("size", -base, -430, -190, ("small", "big"))
    words |= graded("character", hard, 0.33, 0.67, ("soft", "hard"))
    return Sound(fade_ends(out, 0.0005, 0.1 * seconds), words)


@foley(
    "knocking",
    "knock on a door",
    "door knock",
    "knocking on wood",
    "knock knock",
    "someone at the door",
    "knock",
    "door knocking",
    "knocking at the door",
    "rapping on a door",
    "fist on a door",
    "three knocks",
    held_out=("knuckles on a door", "a visitor knocks"),
    seconds=(0.6, 4.0),
)
def knock(rng: Rng, seconds: float) -> Sound:
    out = np.zeros((2, times(seconds).size))
    material = str(rng.choice(("wood", "metal", "glass"), p=(0.5, 0.25, 0.25)))
    base, long = {
        "wood": (pick(rng, 130, 330), pick(rng, 0.06, 0.13)),
        "metal": (pick(rng, 170, 420), pick(rng, 0.25, 0.7)),
        "glass": (pick(rng, 480, 1000), pick(rng, 0.07, 0.18)),
    }[material]
    ratios = np.array([1, 1.58, 2.41, 3.3, 4.9, 7.1, 10.2]) * rng.uniform(0.94, 1.06, 7)
    period, hard = pick(rng, 0.12, 0.42), rng.random()
    start, number = 0.02, 0
    limit = int(rng.integers(2, 9))
    while number < limit and (number == 0 or start < seconds - 0.15):
        gains = rng.uniform(0.5, 1.0, 7) * ratios ** -(1.1 - 0.7 * hard)
        grain = ring(
            rng, base * ratios * np.exp(rng.normal(0, 0.01, 7)), long * ratios**-0.4, gains
        )
        grain = 0.6 * unit(grain)
        place(grain, (0.1 + 0.6 * hard) * tick(rng, 500, 2500 + 5000 * hard, 0.012), 0)
        place(grain, 0.4 * tick(rng, 80, 300, 0.05, 0.001) * (material == "wood"), 0)
        place(out, rng.uniform(0.75, 1.0) * pan(grain, 0.0), int(start * RATE))
        start += period * np.exp(rng.normal(0, 0.06))
        number += 1
    words = {"material": material} | graded("character", hard, 0.34, 0.66, ("soft", "hard"))
    if number > 2:
        words |= graded("motion", period, 0.18, 0.28, ("fast", "slow"))
    return Sound(fade_ends(out, 0.0005, 0.05), words)


@foley(
    "gunshot",
    "gun shot",
    "pistol shot",
    "rifle shot",
    "gunfire",
    "shotgun blast",
    "firing a gun",
    "gun",
    "shot",
    "pistol",
    "rifle",
    "gun firing",
    "revolver shot",
    "shooting",
    held_out=("a gun being fired", "single bullet shot"),
    seconds=(0.6, 3.5),
)
def gunshot(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    size, near = rng.random(), rng.random()
    out = np.zeros((2, t.size))
    width = 0.0006 + 0.0028 * size  # of the muzzle's blast wave: a peak, then a longer dip
    blast = (1 - t / width) * np.exp(-t / width)
    body = sweep(55 + 160 * (1 - 0.6 * size) * np.exp(-t / 0.02)) * decay(
        t, 0.1 + 0.25 * size, 0.001
    )
    tail = pick(rng, 0.25, 0.6) + 0.7 * size
    shared = 1.6 * unit(lowpass(blast, 9000, 1)) + (0.4 + 0.6 * size) * body
    report = highpass(noise(rng, t.size), 300, 1) * decay(t, 0.05 + 0.08 * size)
    out += shared + 0.9 * report
    smoke = wide_noise(
        rng, t.size, ((40, -6), (150, 0), (700, -3), (3000, -10), (12000, -28)), 0.25
    )
    out += 0.3 * smoke * decay(t, tail, 0.003)
    for _ in range(int(rng.integers(1, 6))):  # it comes back from walls and trees
        delay, dull = rng.uniform(0.05, 0.5), pick(rng, 700, 3000)
        echo = lowpass(noise(rng, t.size), dull) * decay(t, 0.3, 0.012)
        place(out, 0.25 * np.exp(-2.5 * delay) * pan(echo, rng.uniform(-1, 1)), int(delay * RATE))
    out = np.tanh(1.6 * out)
    if near < 0.4:  # far away: no crack, and the air's dull colour
        out = lowpass(out, 500 + 3000 * near, 1)
        out *= np.minimum(1, t / 0.004)
    words = graded("size", size, 0.34, 0.66, ("small", "big"))
    words |= graded("character", near, 0.3, 0.6, ("distant", "close"))
    return Sound(fade_ends(out, 0.0003, 0.15 * seconds), words)
