"""Pads and a drone."""

from __future__ import annotations

import numpy as np

from sounds.dsp import Rng, highpass, lowpass, noise, slow, times
from sounds.oscillators import drive, pan, unison, wave
from sounds.sound_class import Category, Sound, graded, hertz, pick
from sounds.swept_filter import swept_lowpass
from sounds.synths.playing import chord, draw_note, filled

synths = Category("Synth")


@synths(
    "warm pad",
    "synth pad",
    "analog pad",
    "soft synth chord",
    "lush synth pad",
    "analog strings pad",
    "pad",
    "warm synth strings",
    "soft analog pad",
    "mellow synth background",
    "lush pad chord",
    held_out=("warm analogue synth bed", "mellow pad chord"),
    seconds=(2.0, 10.5),
    sustained=True,
    pitched=True,
)
def warm_pad(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    note = draw_note(rng, 40, 62)
    intervals, words = chord(rng)
    cents = pick(rng, 6, 16)
    x = np.zeros((2, t.size))
    for order, interval in enumerate(intervals):
        f = hertz(note + interval) * 2 ** (
            4 / 1200 * np.sin(2 * np.pi * (rng.uniform(0.1, 0.5) * t + rng.random()))
        )
        x += unison(rng, "saw", f, t.size, 4, cents, 1.0) * 0.9**order
    x += 0.4 * wave("triangle", hertz(note), t.size)
    depth = rng.uniform(0, 1.6)
    rate = rng.uniform(0.08, 0.5)
    moving = 2 ** (depth * np.sin(2 * np.pi * (rate * t + rng.random())))
    x = swept_lowpass(x, pick(rng, 350, 1500) * moving, rng.uniform(0, 0.8))
    sway = 0.2 * np.sin(2 * np.pi * rng.uniform(0.1, 0.6) * t + rng.uniform(0, 6))
    x = x * np.stack([1 + sway, 1 - sway])
    words |= graded("motion", depth, 0.5, 1.1, ("steady", "evolving"))
    attack = min(pick(rng, 0.15, 2.0), seconds / 3)
    return Sound(filled(x, attack, min(pick(rng, 0.3, 2.0), seconds / 3)), words, note)


@synths(
    "digital pad",
    "bright pad",
    "shimmering pad",
    "glassy synth pad",
    "airy synth pad",
    "ethereal pad",
    "digital synth pad",
    "bright airy pad",
    "shiny pad",
    "icy pad",
    "new age pad",
    held_out=("sparkling digital pad", "crystal clear synth bed"),
    seconds=(2.0, 10.5),
    sustained=True,
    pitched=True,
)
def digital_pad(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    note = draw_note(rng, 52, 72)
    intervals, words = chord(rng)
    x = np.zeros((2, t.size))
    slope = rng.uniform(0.35, 0.9)
    depth = rng.uniform(0.1, 1.0)
    for interval in intervals:
        share = 1.0 if interval == 0 else 0.75
        # partials that come and go one by one, each somewhere else between the channels
        for partial in (1, 2, 3, 4, 6, 8, 12, 16):
            f = hertz(note + interval) * partial * 2 ** (rng.normal(0, 3) / 1200)
            if f > 16000:
                break
            rate = rng.uniform(0.2, 2.5)
            swell = 1 - depth * (0.5 + 0.5 * np.sin(2 * np.pi * (rate * t + rng.random())))
            tone = np.sin(2 * np.pi * (f * t + rng.random()))
            x += share * pan(tone * swell, rng.choice([-1, 1])) / partial**slope
        body = unison(rng, "triangle", hertz(note + interval), t.size, 2, pick(rng, 4, 9), 0.9)
        x += share * body
    air = highpass(noise(rng, 2 * t.size).reshape(2, -1), 6000)
    x += rng.uniform(0.01, 0.12) * air * (0.3 + slow(rng, t.size, 1.5))
    x = highpass(x, hertz(note) * 0.7)
    words |= graded("motion", depth, 0.4, 0.7, ("steady", "shimmering"))
    attack = min(pick(rng, 0.1, 1.5), seconds / 3)
    return Sound(filled(x, attack, min(pick(rng, 0.3, 2.0), seconds / 3)), words, note)


@synths(
    "synth drone",
    "drone",
    "ambient drone",
    "low synth drone",
    "continuous synth tone",
    "droning synthesizer",
    "long low drone",
    "static drone",
    "dark ambient drone",
    "sustained synth tone",
    held_out=("endless synthesizer drone", "humming ambient bed"),
    seconds=(2.0, 10.5),
    sustained=True,
    pitched=True,
)
def drone(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    note = draw_note(rng, 28, 50)
    f = hertz(note)
    x = unison(rng, "saw", f, t.size, int(rng.integers(4, 8)), pick(rng, 3, 14), 1.0)
    for ratio, loud in ((1.5, 0.3), (2, 0.5), (3, 0.25), (4, 0.2)):
        swell = slow(rng, t.size, pick(rng, 0.2, 0.8))
        shape = str(rng.choice(["saw", "triangle", "square"]))
        x += loud * swell * unison(rng, shape, f * ratio, t.size, 2, pick(rng, 2, 9), 1.0)
    depth = rng.uniform(0.1, 2.2)
    curve = slow(rng, t.size, pick(rng, 0.2, 0.6))
    cutoff = pick(rng, 180, 1200) * 2 ** (depth * (2 * curve - 1))
    x = swept_lowpass(x, cutoff, rng.uniform(0, 2))
    x += 0.5 * np.sin(2 * np.pi * f * t)
    words = graded("motion", depth, 0.8, 1.5, ("steady", "evolving"))
    dirt = rng.random()
    if dirt > 0.66:
        x = drive(x / np.abs(x).max(), pick(rng, 5, 14))
        air = lowpass(noise(rng, 2 * t.size).reshape(2, -1), 3000)
        x += 0.05 * air * np.abs(x)
        words["character"] = "gritty"
    elif dirt < 0.33:
        words["character"] = "clean"
    fade = min(pick(rng, 0.05, 1.5), seconds / 4)
    return Sound(filled(x, fade, fade), words, note)
