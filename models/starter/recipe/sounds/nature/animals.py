"""Insects and birds."""

from __future__ import annotations

import numpy as np

from sounds.dsp import RATE, Array, Rng, bandpass, lowpass, place, slow, sweep, times
from sounds.sound_class import Category, Sound, graded, pick
from sounds.texture import fade_ends, pan, wide_noise

nature = Category("Nature")


@nature(
    "crickets",
    "crickets chirping",
    "cricket",
    "night insects",
    "summer night",
    "cicadas",
    "chirping crickets",
    "insects",
    "grasshoppers",
    "night ambience with crickets",
    "crickets in the evening",
    held_out=("insects at night", "chirping crickets in a field"),
    seconds=(1.0, 10.5),
    sustained=True,
)
def crickets(rng: Rng, seconds: float) -> Sound:
    count = times(seconds).size
    out = 0.006 * wide_noise(rng, count, ((60, -6), (300, 0), (2000, -8), (12000, -16)), 0.1)
    number = int(rng.choice((1, 2, 3, 4, 5, 6), p=(0.34, 0.13, 0.13, 0.1, 0.15, 0.15)))
    rate = pick(rng, 0.9, 3.4)
    tone = pick(rng, 3600, 5200)
    for index in range(number):
        f, syllables = tone * np.exp(rng.normal(0, 0.05)), int(rng.integers(2, 6))
        gap, t = rng.uniform(0.026, 0.042), times(rng.uniform(0.014, 0.02))
        wing = np.hanning(t.size) ** 0.7
        pulse = wing * sweep(f * (1.03 - 0.06 * t / t[-1]))
        pulse += 0.12 * wing * np.sin(4 * np.pi * f * t)
        chirp = np.zeros(round((syllables * gap + 0.03) * RATE))
        for k in range(syllables):
            place(chirp, pulse * (0.5 + 0.5 * (k + 1) / syllables), int(k * gap * RATE))
        level = 1.0 if index == 0 else pick(rng, 0.2, 1.0)
        spot = rng.uniform(-0.35, 0.35) if index == 0 else rng.uniform(-1, 1)
        period = 1 / (rate * np.exp(rng.normal(0, 0.08)))
        start = rng.uniform(0, 0.3 if index == 0 else period)
        while start < seconds:
            place(out, level * rng.uniform(0.85, 1.0) * pan(chirp, spot), int(start * RATE))
            start += max(period * np.exp(rng.normal(0, 0.04)), chirp.size / RATE)
    chorus = rng.random() * (number > 1)
    if chorus > 0.4:  # a far meadow: a shimmer of very many, and trills that stand out of it
        edges = ((0.75 * tone, -50), (0.95 * tone, 0), (1.35 * tone, 0), (1.8 * tone, -50))
        out += 0.09 * chorus * wide_noise(rng, count, edges, 0.0)
        for spot in (-0.8, -0.2, 0.4, 0.9):
            f = tone * rng.uniform(0.85, 1.35)
            blur = 1 + 0.004 * slow(rng, count, 20.0)
            trill = (0.5 + 0.5 * sweep(np.full(count, pick(rng, 28, 60)))) ** 2
            level = 0.1 * chorus * (0.5 + 0.5 * slow(rng, count, 0.6))
            out += pan(level * trill * sweep(f * blur), spot)
    words = graded("motion", rate, 1.5, 2.3, ("slow", "fast"))
    words |= graded("character", number, 2, 4, ("lone", "dense"))
    return Sound(fade_ends(out, 0.02, 0.03), words)


@nature(
    "birds",
    "birds chirping",
    "birdsong",
    "bird tweet",
    "singing birds",
    "forest birds",
    "songbird",
    "bird",
    "bird song",
    "chirping",
    "sparrows",
    "birds in a forest",
    "dawn chorus",
    "tweeting birds",
    "garden birds",
    held_out=("chirping of small birds", "morning birds singing"),
    seconds=(1.0, 10.5),
    sustained=True,
)
def birds(rng: Rng, seconds: float) -> Sound:
    count = times(seconds).size
    forest = ((60, -10), (250, 0), (1500, -10), (5000, -12), (14000, -22))
    out = pick(rng, 0.002, 0.012) * wide_noise(rng, count, forest, 0.1)
    number = int(rng.choice((1, 2, 3, 4, 5, 6), p=(0.34, 0.13, 0.13, 0.1, 0.15, 0.15)))
    height = pick(rng, 1700, 5200)
    for index in range(number):
        level = 1.0 if index == 0 else pick(rng, 0.15, 1.0)
        spot = rng.uniform(-0.6, 0.6) if index == 0 else rng.uniform(-1, 1)
        centre = height * np.exp(rng.normal(0, 0.18))
        repertoire = [_syllable(rng, centre) for _ in range(int(rng.integers(1, 5)))]
        if level < 0.4:
            repertoire = [lowpass(x, 6500, 1) for x in repertoire]
        start = rng.uniform(0, 0.15 if index == 0 else 1.5)
        while start < seconds:
            gap = rng.uniform(0.015, 0.12)
            kind = int(rng.integers(len(repertoire)))
            trill = rng.random() < 0.35  # one syllable again and again, or a tune of several
            for _ in range(int(rng.integers(2, 11) if trill else rng.integers(1, 6))):
                if not trill:
                    kind = int(rng.integers(len(repertoire)))
                grain = repertoire[kind]
                loud = level * rng.uniform(0.6, 1.0)
                place(out, loud * pan(grain, spot), int(start * RATE))
                start += grain.size / RATE + gap
            start += pick(rng, 0.25, 1.6)
    words = graded("size", -height, -3600, -2450, ("small", "big"))
    words |= graded("character", number, 2, 4, ("lone", "dense"))
    return Sound(fade_ends(out, 0.01, 0.03), words)


def _syllable(rng: Rng, centre: float) -> Array:
    """One note of a bird: a whistle that glides, bends or warbles around ``centre`` Hz."""
    t = times(pick(rng, 0.035, 0.28))
    x = np.linspace(0, 1, t.size)
    glide = rng.uniform(-0.35, 0.35) * (x - 0.5)
    bend = rng.uniform(-0.3, 0.3) * np.sin(np.pi * x)
    warble = 0.0
    if rng.random() < 0.35:
        warble = rng.uniform(0.03, 0.12) * np.sin(2 * np.pi * pick(rng, 18, 70) * t)
    f = centre * rng.uniform(0.8, 1.25) * np.exp(glide + bend + warble)
    shape = np.sin(np.pi * x ** pick(rng, 0.5, 1.6)) ** pick(rng, 0.5, 1.5)
    tone = sweep(f) + pick(rng, 0.02, 0.15) * sweep(2 * f) * (f < 9000)
    breath = pick(rng, 0.005, 0.05) * bandpass(rng.standard_normal(t.size), 2000, 9000, 1)
    return shape * (tone + breath)
