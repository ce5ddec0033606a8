"""Switches and swipes."""

from __future__ import annotations

import numpy as np

from sounds.dsp import RATE, Rng, bandpass, lowpass, noise, place, sweep, times
from sounds.interface.materials import edges, struck, tone
from sounds.oscillators import pan
from sounds.sound_class import Category, Sound, graded, pick
from sounds.swept_filter import swept_band

interface = Category("Interface")


@interface(
    "toggle switch",
    "switch click",
    "toggle",
    "flip switch",
    "on off switch",
    "light switch click",
    "switch",
    "light switch",
    "flipping a switch",
    "toggle click",
    "mechanical switch",
    "rocker switch",
    held_out=("flicking a small lever", "settings toggle sound"),
    seconds=(0.3, 0.8),
)
def toggle(rng: Rng, seconds: float) -> Sound:
    out = np.zeros(times(seconds).size)
    on = rng.random() < 0.5
    words = {"motion": "rising" if on else "falling"}
    gap = rng.uniform(0.03, 0.11)
    f = pick(rng, 700, 2600)
    ratio = rng.uniform(1.25, 1.7) ** (1 if on else -1)
    if rng.random() < 0.65:
        material = str(rng.choice(["plastic", "metal"]))
        t60 = pick(rng, 0.02, 0.08)
        first = struck(rng, material, f, t60, rng.uniform(0.5, 1))
        second = struck(rng, material, f * ratio, 1.3 * t60, rng.uniform(0.6, 1))
        place(out, 0.6 * first, 60)
        place(out, second, 60 + round(gap * RATE))
        slide = bandpass(noise(rng, round(gap * RATE)), 1500, 6000)
        place(out, 0.06 * slide * np.hanning(slide.size), 60)
        words["material"] = material
    else:
        for index, pitch in enumerate((f / 1.5, f * ratio / 1.5)):
            blip = tone(rng, str(rng.choice(["sine", "triangle"])), pitch, 0.12)
            place(out, blip, 60 + round(index * gap * RATE))
        words["character"] = "electronic"
    return Sound(edges(pan(out, rng.uniform(-0.15, 0.15))), words)


@interface(
    "swipe",
    "swipe gesture",
    "screen swipe",
    "page swipe",
    "slide transition",
    "finger swipe",
    "swiping",
    "swipe on a phone",
    "swipe sound",
    "turning a page",
    "slide gesture",
    "quick swipe on glass",
    held_out=("touchscreen swipe sound", "card sliding on a screen"),
    seconds=(0.3, 1.0),
)
def swipe(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    length = min(0.95 * seconds, pick(rng, 0.12, 0.6))
    phase = np.clip(t / length, 0, 1)
    bell = np.sin(np.pi * phase ** rng.uniform(0.6, 1.4)) ** rng.uniform(1.2, 2.5)
    low = pick(rng, 900, 2600)
    octaves = rng.uniform(0.4, 2.0) * rng.choice([-1, 1])
    centre = low * 2 ** (octaves * (phase - 0.5))
    body = rng.random()
    broad = rng.uniform(1.3, 2.2)
    shared = noise(rng, t.size)
    air = np.stack([shared + 0.6 * noise(rng, t.size) for _ in range(2)])
    x = swept_band(air, centre / broad, centre * broad) * bell
    x /= np.abs(x).max()
    # a finger is dry and grainy, air is smooth
    if body < 0.5:
        x *= 0.4 + 0.6 * lowpass(np.abs(noise(rng, t.size)), 90, 1) * 2
    if rng.random() < 0.35:
        glide = sweep(0.5 * centre) * bell**2
        x += rng.uniform(0.15, 0.4) * glide
        words = {"character": "tonal"}
    else:
        words = graded("character", body, 0.4, 0.5, ("grainy", "airy"))
    words |= graded("motion", length, 0.2, 0.36, ("fast", "slow"))
    side = rng.choice([-1, 1]) * rng.uniform(0, 0.8)
    angle = side * (2 * phase - 1)
    x *= np.stack([np.sqrt(1 - angle), np.sqrt(1 + angle)])
    return Sound(edges(x), words)
