"""Doors and their hinges."""

from __future__ import annotations

import numpy as np
from scipy.signal import fftconvolve

from sounds.dsp import RATE, Array, Rng, coloured, highpass, lowpass, place, slow, times
from sounds.sound_class import Category, Sound, graded, pick
from sounds.texture import fade_ends, pan, pulses, ring, tick, unit

foley = Category("Foley")


def creak(rng: Rng, length: float, rate: float) -> Array:
    """A hinge or board that sticks and slips: uneven pulses through a few resonances."""
    count = times(length).size
    course = rate * np.exp(
        1.1 * (slow(rng, count, 4.0) - 0.5) + 0.5 * (slow(rng, count, 14.0) - 0.5)
    )
    slips = pulses(rng, count, course, 0.6)
    modes = np.sort([pick(rng, 380, 4200) for _ in range(6)])
    body = ring(rng, modes, [pick(rng, 0.012, 0.05) for _ in modes], rng.uniform(0.3, 1.0, 6))
    out = highpass(fftconvolve(slips, body)[:count], 120)
    ends = np.minimum(1, np.minimum(np.arange(count), np.arange(count)[::-1]) / (0.03 * RATE))
    return unit(out * ends * (0.3 + slow(rng, count, 3.0)))


def _latch(rng: Rng, size: float) -> Array:
    """A bolt that snaps: two or three metal clicks close together."""
    out = np.zeros(round(0.16 * RATE))
    start = 0.0
    for _ in range(int(rng.integers(2, 4))):
        f = pick(rng, 1300, 4200) * (1.2 - 0.5 * size)
        click = ring(rng, (f, 1.47 * f, 2.6 * f), (0.03, 0.022, 0.014), rng.uniform(0.3, 0.8, 3))
        place(click, tick(rng, 1500, 9000, 0.008), 0)
        place(out, click * rng.uniform(0.4, 1.0), int(start * RATE))
        start += rng.uniform(0.012, 0.05)
    return unit(out)


def _thump(rng: Rng, size: float, hard: float, material: str) -> Array:
    """A door leaf that meets its frame."""
    base = pick(rng, 75, 125) * (1.3 - 0.7 * size)
    ratios = np.array([1, 1.7, 2.6, 3.7, 5.3, 7.9, 11.5]) * rng.uniform(0.9, 1.1, 7)
    long = pick(rng, 0.5, 1.3) if material == "metal" else pick(rng, 0.1, 0.24)
    t60s = (0.6 + 0.8 * size) * long * ratios**-0.45
    out = np.zeros(round(1.6 * RATE))
    place(out, ring(rng, base * ratios, t60s, rng.uniform(0.4, 1.0, 7) * ratios**-0.35), 0)
    place(out, (0.4 + 1.4 * hard) * tick(rng, 250, 2000 + 6000 * hard, 0.05 + 0.07 * hard), 0)
    place(out, (0.8 + size) * tick(rng, 40, 180, 0.14 + 0.2 * size, 0.002), 0)
    return unit(out)


def _material(rng: Rng) -> str:
    return "metal" if rng.random() < 0.4 else "wood"


def _door(
    rng: Rng, seconds: float, parts: list[tuple[float, Array]], size: float, material: str
) -> Sound:
    """The parts, each from its start in seconds on."""
    out = np.zeros(times(seconds).size)
    for start, grain in parts:
        place(out, grain, int(start * RATE))
    words = graded("size", size, 0.34, 0.66, ("small", "big")) | {"material": material}
    out = pan(highpass(out, 25), rng.uniform(-0.1, 0.1))
    return Sound(fade_ends(out, 0.001, 0.08), words)


@foley(
    "door open",
    "door opening",
    "opening a door",
    "door handle and opening",
    "someone opens a door",
    "door opens",
    "opening door",
    "turning a door handle",
    "unlatching a door",
    "room door opens",
    held_out=("a door being opened", "open the door"),
    seconds=(0.8, 3.0),
)
def door_open(rng: Rng, seconds: float) -> Sound:
    size, material = rng.random(), _material(rng)
    handle = 0.03
    release = handle + rng.uniform(0.1, 0.25)
    travel = max(0.3, min(seconds - release - 0.1, pick(rng, 0.4, 1.6)))
    t = times(travel)
    air = np.sin(np.pi * t / travel) ** 2 * lowpass(coloured(rng, t.size, 1.0), 900)
    parts = [
        (handle, 0.5 * _latch(rng, size)),
        (release, _latch(rng, size)),
        (
            release,
            0.5 * lowpass(_thump(rng, size, 0.1, material), 4000 if material == "metal" else 1200),
        ),
        (release + 0.05, rng.uniform(0.03, 0.1) * air),
        (release + 0.05, rng.uniform(0.05, 0.45) * creak(rng, travel, pick(rng, 35, 160))),
    ]
    return _door(rng, seconds, parts, size, material)


@foley(
    "door close",
    "door closing",
    "closing a door",
    "door shut",
    "shutting a door",
    "door closes",
    "closing door",
    "door shutting",
    "door clicks shut",
    "room door closes",
    held_out=("a door being closed", "close the door quietly"),
    seconds=(0.5, 2.5),
)
def door_close(rng: Rng, seconds: float) -> Sound:
    size, material = rng.random(), _material(rng)
    travel = min(pick(rng, 0.1, 0.9), seconds - 0.35)
    parts = [
        (travel, _thump(rng, size, rng.uniform(0.05, 0.35), material)),
        (travel + rng.uniform(0.01, 0.06), rng.uniform(0.25, 0.6) * _latch(rng, size)),
    ]
    if travel > 0.25:
        t = times(travel)
        air = (t / travel) ** 2 * lowpass(coloured(rng, t.size, 1.0), 900)
        parts.append((0.0, rng.uniform(0.02, 0.08) * air))
        parts.append((0.0, rng.uniform(0.0, 0.2) * creak(rng, travel, pick(rng, 40, 160))))
    return _door(rng, seconds, parts, size, material)


@foley(
    "door slam",
    "slamming door",
    "slammed door",
    "door slammed shut",
    "door bang",
    "door slams",
    "slam",
    "slamming a door",
    "loud door bang",
    "door smashed shut",
    held_out=("someone slams a door", "angry door shut"),
    seconds=(0.5, 2.5),
)
def door_slam(rng: Rng, seconds: float) -> Sound:
    size, material = rng.random(), _material(rng)
    rush = min(pick(rng, 0.03, 0.25), seconds / 4)
    t = times(rush)
    air = (t / rush) ** 3 * lowpass(coloured(rng, t.size, 0.8), 1500)
    bang = np.tanh(2.2 * _thump(rng, size, rng.uniform(0.6, 1.0), material))
    parts = [(0.0, 0.08 * air), (rush, bang), (rush + 0.004, 0.4 * _latch(rng, size))]
    at, gain = rush + 0.05, 0.3
    for _ in range(int(rng.integers(2, 7))):  # frame, panes and handle rattle on
        parts.append((at, gain * _latch(rng, size)))
        parts.append((at, gain * tick(rng, 120, 900, 0.06)))
        at += rng.uniform(0.03, 0.09)
        gain *= 0.7
    return _door(rng, seconds, parts, size, material)


@foley(
    "creaking door",
    "door creak",
    "squeaky door",
    "creaky hinge",
    "creak",
    "squeaking hinges",
    "rusty door opening slowly",
    "creaky door",
    "door hinge squeak",
    "squeak",
    "creaking wood",
    "squealing hinge",
    "spooky door",
    held_out=("old door creaking open", "haunted house door"),
    seconds=(0.8, 6.0),
)
def door_creak(rng: Rng, seconds: float) -> Sound:
    rate, tight = pick(rng, 22, 260), rng.random()
    out = np.zeros(times(seconds).size)
    start = 0.02
    while start < seconds - 0.35:  # it is pushed a few times
        length = min(pick(rng, 0.35, 2.2), seconds - start - 0.05)
        grain = creak(rng, length, rate * np.exp(rng.normal(0, 0.15)))
        if tight > 0.5:  # a dry hinge also sings, an octave or so above
            grain = grain + 0.5 * creak(rng, length, 3.1 * rate)
        place(out, rng.uniform(0.6, 1.0) * grain, int(start * RATE))
        start += length + rng.uniform(0.02, 0.4)
    words = graded("motion", rate, 50, 115, ("slow", "fast"))
    return Sound(fade_ends(pan(out, rng.uniform(-0.15, 0.15)), 0.001, 0.05), words)
