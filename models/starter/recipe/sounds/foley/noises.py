"""Applause, and plain noise."""

from __future__ import annotations

import numpy as np

from sounds.dsp import RATE, Array, Rng, slow, times
from sounds.sound_class import Category, Sound, graded, pick
from sounds.texture import fade_ends, scatter, tick, wide_noise

foley = Category("Foley")


@foley(
    "applause",
    "clapping audience",
    "audience clapping",
    "people clapping",
    "crowd applause",
    "ovation",
    "clapping hands",
    "clapping",
    "people applauding",
    "clapping crowd",
    "audience",
    "theatre applause",
    "cheering audience clapping",
    held_out=("an audience applauds", "clapping after a concert"),
    seconds=(1.5, 10.0),
    sustained=True,
)
def applause(rng: Rng, seconds: float) -> Sound:
    count = times(seconds).size
    crowd = pick(rng, 4, 400)
    near = min(int(crowd), 45)
    out = np.zeros((2, count))
    course, motion = np.ones(count), rng.random()
    if seconds > 2.5 and motion < 0.25:
        course = 0.08 + 0.92 * np.linspace(0, 1, count) ** 1.5
    elif seconds > 2.5 and motion > 0.75:
        course = 0.06 + 0.94 * np.linspace(1, 0, count) ** 1.5
    for _ in range(near):  # each pair of hands has its own pace, sound and seat
        centre = pick(rng, 750, 2300)
        bank = [tick(rng, 0.6 * centre, 2.2 * centre, pick(rng, 0.012, 0.035)) for _ in range(2)]
        pace = rng.uniform(2.8, 5.2)
        beats = int(seconds * pace) + 1
        at = (rng.random() + np.arange(beats) + rng.normal(0, 0.07, beats)) / pace * RATE
        at = at[(at >= 0) & (at < count)]
        at = at[rng.random(at.size) < np.sqrt(course[at.astype(int)])]
        loud = pick(rng, 0.25, 1.0) * rng.uniform(0.6, 1.0, at.size)
        loud = loud * course[at.astype(int)]
        scatter(out, bank, rng, at, loud, np.full(at.size, rng.uniform(-1, 1)))
    if crowd > 30:  # the rows behind are a hiss with the colour of hands
        spectrum = ((150, -30), (500, -12), (1100, 0), (2200, -2), (5000, -12), (14000, -28))
        grainy = np.stack([0.6 + 0.8 * slow(rng, count, 25.0) for _ in "lr"])
        level = 0.09 * np.sqrt(crowd / 30) * course
        out += level * grainy * wide_noise(rng, count, spectrum, 0.1)
    words = graded("size", crowd, 18, 90, ("small", "big"))
    if course[0] != course[-1]:
        words["motion"] = "rising" if course[-1] > course[0] else "falling"
    return Sound(fade_ends(out, 0.02, 0.1), words)


def _swell(rng: Rng, count: int) -> tuple[Array, dict[str, str]]:
    """A third each: steady, growing, or dying away."""
    kind = str(rng.choice(("steady", "rising", "falling")))
    ramp = np.linspace(0, 1, count) ** pick(rng, 0.8, 2.0)
    course = {"steady": np.ones(count), "rising": ramp, "falling": ramp[::-1]}[kind]
    return 0.02 + 0.98 * course, {"motion": kind}


@foley(
    "white noise",
    "constant noise",
    "steady noise",
    "static hiss noise",
    "plain noise",
    "noise",
    "hissing",
    "random noise",
    "flat noise",
    "shhh",
    held_out=("pure noise", "white noise generator"),
    seconds=(0.4, 10.0),
    sustained=True,
)
def white_noise(rng: Rng, seconds: float) -> Sound:
    count = times(seconds).size
    course, words = _swell(rng, count)
    tilt = rng.uniform(-1.5, 1.5)
    flat = ((20, -tilt), (700, 0), (22000, tilt))
    return Sound(fade_ends(course * wide_noise(rng, count, flat, rng.uniform(0, 1))), words)


@foley(
    "low rumble",
    "rumble",
    "deep rumble",
    "rumbling",
    "brown noise",
    "earthquake",
    "ground shaking",
    "deep low rumble",
    "rumbling ground",
    "quake",
    "subway rumble",
    "distant rumbling",
    "underground rumble",
    held_out=("the earth rumbling", "very low rumbling noise"),
    seconds=(1.0, 10.0),
    sustained=True,
)
def low_rumble(rng: Rng, seconds: float) -> Sound:
    count = times(seconds).size
    course, words = _swell(rng, count)
    peak = pick(rng, 32, 85)
    spectrum = ((20, -8), (peak, 0), (2.2 * peak, -9), (6 * peak, -26), (4000, -62))
    out = wide_noise(rng, count, spectrum, rng.uniform(0.3, 0.7))
    rolling = rng.random()
    roll = 1 - 0.85 * rolling * slow(rng, count, pick(rng, 2, 7))
    grit = wide_noise(rng, count, ((120, -10), (350, 0), (900, -12), (5000, -50)), 0.1)
    scrape = np.clip(4 * slow(rng, count, 11.0) - 2, 0, 1)
    out = (out + 0.7 * rolling**2 * scrape * grit) * roll
    words |= graded("character", rolling, 0.3, 0.7, ("smooth", "rough"))
    return Sound(fade_ends(np.tanh(0.4 * out * course), 0.03, 0.05), words)
