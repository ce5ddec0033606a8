"""Impacts, booms, braams."""

from __future__ import annotations

import numpy as np

from sounds.cinematic.layers import edges, metallic, wide_noise
from sounds.dsp import (
    RATE,
    Rng,
    bandpass,
    decay,
    highpass,
    lowpass,
    noise,
    place,
    room,
    slow,
    sweep,
    times,
)
from sounds.oscillators import drive, pan, unison
from sounds.sound_class import Category, Sound, graded, hertz, pick
from sounds.swept_filter import swept_lowpass
from sounds.texture import unit

cinematic = Category("Cinematic")


@cinematic(
    "cinematic impact",
    "trailer hit",
    "impact",
    "big hit",
    "trailer impact",
    "cinematic hit",
    "epic slam",
    "movie impact",
    "trailer boom hit",
    "huge impact",
    "dramatic slam",
    "blockbuster hit",
    "impact with a long reverb",
    held_out=("movie trailer slam", "dramatic hit sound"),
    seconds=(1.5, 6.0),
)
def impact(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    size = rng.random()
    t60 = min(0.5 + 3.2 * size * rng.uniform(0.8, 1.2), 0.95 * seconds)
    base = 62 - 26 * size
    drop = pick(rng, 50, 180)
    bass = sweep(base + drop * np.exp(-t / pick(rng, 0.03, 0.09))) * decay(t, t60, 0.001)
    crack = noise(rng, t.size) * decay(t, 0.03) + bandpass(noise(rng, t.size), 180, 1200) * decay(
        t, 0.18
    )
    body = wide_noise(rng, t.size, 1.0, 0.4) * decay(t, 0.5 * t60, 0.002)
    body = swept_lowpass(body, 250 + pick(rng, 1500, 7000) * np.exp(-t / (0.15 * t60 + 0.05)))
    x = 1.1 * bass + 0.5 * crack + 0.7 * unit(body)
    words = graded("size", size, 0.33, 0.67, ("small", "huge"))
    if rng.random() < 0.35:
        ring = metallic(rng, t.size, pick(rng, 110, 380), 18, min(2.5, 0.9 * seconds))
        x += rng.uniform(0.5, 0.9) * unit(ring)
        words["material"] = "metal"
    elif rng.random() < 0.4:
        for _ in range(int(rng.integers(6, 18))):
            grain = bandpass(noise(rng, 2600), pick(rng, 500, 2500), 6000) * decay(
                times(2600 / RATE), 0.05
            )
            start = int(rng.exponential(0.25) * RATE) + 1500
            place(x, pan(grain, rng.uniform(-1, 1)) * rng.uniform(0.05, 0.3), start)
        words["material"] = "debris"
    push = rng.random()
    x = drive(unit(x), 1.5 if push < 0.66 else pick(rng, 4, 9))
    if push >= 0.66:
        words["character"] = "distorted"
    x = room(rng, x, 0.8 + 2.2 * size, rng.uniform(0.25, 0.6))
    return Sound(edges(x, 0.0005, min(0.4, seconds / 5)), words)


@cinematic(
    "boom",
    "deep boom",
    "sub boom",
    "low boom",
    "cinematic boom",
    "bass drop hit",
    "huge low boom",
    "sub drop",
    "deep bass boom",
    "distant boom",
    "cinematic sub hit",
    held_out=("trailer sub drop", "deep low thud with a long tail"),
    seconds=(1.5, 6.0),
)
def boom(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    t60 = min(pick(rng, 1.0, 5.0), 0.95 * seconds)
    words: dict[str, str] = {}
    base = pick(rng, 30, 55)
    frequency = base + pick(rng, 15, 60) * np.exp(-t / pick(rng, 0.05, 0.2))
    if rng.random() < 0.33:
        frequency *= 2 ** (-rng.uniform(0.6, 1.1) * np.clip(t / t60, 0, 1))
        frequency = np.maximum(frequency, 24)
        words["motion"] = "falling"
    nearness = rng.random()
    attack = 0.003 + 0.06 * (1 - nearness)
    x = sweep(frequency) * decay(t, t60, attack)
    x = drive(x, pick(rng, 1.5, 5))
    rumble = lowpass(wide_noise(rng, t.size, 1.6, 0.3), 60 + 160 * nearness)
    x = x + rng.uniform(0.2, 0.6) * unit(rumble * decay(t, 0.9 * t60, attack))
    thud = lowpass(noise(rng, t.size), 200 + 1400 * nearness**2) * decay(t, 0.12, 0.002)
    x += nearness * rng.uniform(0.4, 0.9) * unit(thud)
    x = lowpass(x, 250 + 3500 * nearness**2)
    words |= graded("character", nearness, 0.33, 0.67, ("distant", "close"))
    x = room(rng, x, 1.5, 0.2 + 0.4 * (1 - nearness))
    return Sound(edges(x, 0.0005, min(0.3, seconds / 5)), words)


@cinematic(
    "braam",
    "brass cinematic hit",
    "inception horn",
    "trailer horn",
    "huge brass blast",
    "epic brass drone hit",
    "braaam",
    "trailer braam",
    "huge brass",
    "massive brass drone",
    "movie horn",
    held_out=("movie trailer brass blast", "giant low horn"),
    seconds=(1.5, 7.0),
    pitched=True,
)
def braam(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    note = int(rng.integers(26, 44))
    words: dict[str, str] = {}
    release = min(1.6, 0.35 * seconds) * rng.uniform(0.5, 1)
    end = (seconds - release) * rng.uniform(0.6, 0.95)
    attack = pick(rng, 0.01, 0.12)
    bend = np.zeros(t.size)
    turn = rng.random()
    if turn > 0.68:
        bend = -rng.uniform(2, 5) * np.clip((t - 0.35 * end) / (0.8 * end), 0, 1) ** 1.5
        words["motion"] = "falling"
    elif turn < 0.33:
        words["motion"] = "steady"
    # the pitch scoops into place as lips and air settle
    f = hertz(note) * 2 ** ((bend - rng.uniform(0.2, 1) * np.exp(-t / 0.04)) / 12)
    x = np.zeros((2, t.size))
    for ratio, loud in ((1, 1.0), (2, 0.8), (3, 0.35), (4, 0.35)):
        x += loud * unison(rng, "saw", f * ratio, t.size, 4, pick(rng, 6, 18), 0.9)
    growl = 1 + rng.uniform(0.1, 0.4) * np.sin(2 * np.pi * pick(rng, 18, 38) * t) * slow(
        rng, t.size, 3
    )
    swell = np.clip(t / attack, 0, 1) * (0.55 + 0.45 * np.exp(-t / (0.4 * end)))
    swell *= 10 ** (-3 * np.maximum(t - end, 0) / release)
    bright = pick(rng, 1200, 4500)
    x = swept_lowpass(x * growl, 120 + bright * swell**1.3, rng.uniform(0.3, 1.4)) * swell
    x += 0.5 * unit(bandpass(x, 350, 900))
    dirt = rng.random()
    if dirt > 0.6:
        x = drive(unit(x), pick(rng, 5, 14))
        words["character"] = "distorted"
    else:
        x = drive(unit(x), 1.6)
        if dirt < 0.33:
            words["character"] = "clean"
    # clipping stretches the tail, so it is shaped once more
    x *= 10 ** (-1.5 * np.maximum(t - end, 0) / release)
    hit = sweep(hertz(note) + 80 * np.exp(-t / 0.04)) * decay(t, 0.8, 0.002)
    hit += 0.5 * lowpass(noise(rng, t.size), 2500) * decay(t, 0.12)
    x = unit(x) + rng.uniform(0, 0.6) * hit
    x = room(rng, x, rng.uniform(1.2, 2.5), rng.uniform(0.2, 0.45))
    return Sound(
        edges(highpass(x, 18, 1), 0.002, min(0.3, seconds / 6)),
        words,
        None if turn > 0.68 else note,
    )
