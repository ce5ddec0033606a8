"""Clicks, ticks, pops."""

from __future__ import annotations

import numpy as np

from sounds.dsp import RATE, Rng, bandpass, decay, lowpass, noise, place, sweep, times
from sounds.interface.materials import edges, struck
from sounds.oscillators import pan
from sounds.sound_class import Category, Sound, graded, pick

interface = Category("Interface")


@interface(
    "UI click",
    "button click",
    "click",
    "interface click",
    "menu click",
    "mouse click",
    "button press",
    "click sound",
    "interface button",
    "mouse button",
    "menu button",
    "touch button",
    "keyboard key",
    held_out=("app button tap", "user interface press"),
    seconds=(0.25, 0.6),
)
def click(rng: Rng, seconds: float) -> Sound:
    out = np.zeros(times(seconds).size)
    material = str(rng.choice(["plastic", "wood", "metal", "glass"]))
    hardness = rng.random()
    f = pick(rng, 700, 3200)
    t60 = pick(rng, 0.015, 0.07)
    place(out, struck(rng, material, f, t60, 0.2 + 0.8 * hardness), 60)
    if rng.random() < 0.45:
        # a button comes back up
        gap = rng.uniform(0.025, 0.09)
        up = struck(rng, material, f * rng.uniform(1.1, 1.5), 0.7 * t60, hardness)
        place(out, rng.uniform(0.3, 0.8) * up, round(gap * RATE))
    if rng.random() < 0.4:
        t = times(0.05)
        place(out, rng.uniform(0.3, 0.8) * np.sin(2 * np.pi * 180 * t) * decay(t, 0.04, 0.001), 60)
    words = {"material": material} if rng.random() < 0.6 else {}
    words |= graded("character", hardness, 0.33, 0.67, ("soft", "hard"))
    return Sound(edges(pan(out, rng.uniform(-0.1, 0.1))), words)


@interface(
    "UI tick",
    "tick",
    "scroll tick",
    "selector tick",
    "tiny click",
    "dial tick",
    "tiny tick",
    "small interface tick",
    "scrolling tick",
    "wheel tick",
    "step of a dial",
    held_out=("scroll wheel notch", "picker wheel tick"),
    seconds=(0.25, 0.5),
)
def tick(rng: Rng, seconds: float) -> Sound:
    out = np.zeros(times(seconds).size)
    t = times(0.03)
    f = pick(rng, 2200, 7500)
    sharp = rng.random()
    grain = np.sin(2 * np.pi * f * t) * decay(t, pick(rng, 0.004, 0.018), 0.0003)
    grain += (0.2 + sharp) * bandpass(noise(rng, t.size), f, min(2.5 * f, 18000)) * decay(t, 0.004)
    grain = edges(grain)
    words = graded("character", sharp, 0.33, 0.67, ("soft", "sharp"))
    place(out, grain, 80)
    if rng.random() < 0.3:
        # a wheel runs over several notches, slower and slower
        at, gap = 0.0, pick(rng, 0.02, 0.06)
        while at + gap < seconds - 0.04:
            at, gap = at + gap, gap * rng.uniform(1.05, 1.25)
            place(out, rng.uniform(0.7, 1) * grain, 80 + round(at * RATE))
        words["motion"] = "repeated"
    elif rng.random() < 0.5:
        words["motion"] = "single"
    return Sound(edges(pan(out, rng.uniform(-0.1, 0.1))), words)


@interface(
    "UI pop",
    "pop",
    "bubble pop",
    "message pop",
    "pop up sound",
    "soft pop notification",
    "popping bubble",
    "bubble",
    "pop sound",
    "cork pop",
    "soft bubble pop",
    "chat pop",
    held_out=("bubbly interface blip", "chat bubble pop"),
    seconds=(0.25, 0.7),
)
def pop(rng: Rng, seconds: float) -> Sound:
    out = np.zeros(times(seconds).size)
    length = pick(rng, 0.03, 0.13)
    t = times(length * 1.6)
    low = pick(rng, 220, 800)
    turn = rng.random()
    octaves = rng.uniform(0.5, 1.8)
    # a bubble rises in pitch as it closes; a cork or a tongue falls
    ramp = np.clip(t / length, 0, 1)
    pitch = low * 2 ** (octaves * (ramp**1.5 if turn < 0.65 else 1 - ramp**0.5))
    x = sweep(pitch) * decay(t, length * 1.5, 0.002)
    x += rng.uniform(0.1, 0.4) * sweep(2 * pitch) * decay(t, length * 0.8, 0.002)
    x += rng.uniform(0, 0.4) * lowpass(noise(rng, t.size), 3500) * decay(t, 0.008)
    x = edges(x)
    place(out, x, 60)
    words = {"motion": "rising" if turn < 0.65 else "falling"}
    if rng.random() < 0.3:
        place(out, rng.uniform(0.5, 0.9) * x, 60 + round(rng.uniform(0.06, 0.12) * RATE))
        words["character"] = "double"
    words |= graded("size", low, 340, 560, ("big", "small"))
    return Sound(edges(pan(out, rng.uniform(-0.1, 0.1))), words)
