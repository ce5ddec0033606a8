"""Kicks, snares and what stands in for them: rims and hands."""

from __future__ import annotations

import numpy as np

from sounds import drum_hits as hits
from sounds.dsp import RATE, Rng, decay, ended, highpass, lowpass, panned, place, sweep, times
from sounds.sound_class import Category, Sound, graded, hertz, one_of, pick, told

drums = Category("Drums")


@drums(
    "kick drum",
    "kick",
    "bass drum",
    "kick hit",
    "kick drum one shot",
    "bass drum hit",
    "four on the floor kick",
    "kick beat",
    "techno kick",
    "thumping bass drum",
    "floor-shaking kick",
    held_out=("kick sample", "drum kick"),
    seconds=(0.4, 1.5),
)
def kick(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    material = one_of(rng, "acoustic", "electronic")
    character = one_of(rng, "deep", "punchy", "distorted", "soft", "")
    base = pick(rng, 44, 68)
    t60 = pick(rng, 0.25, 0.6)
    click, drive = pick(rng, 0.08, 0.4), pick(rng, 1.0, 2.5)
    if character == "deep":
        base, t60, click = pick(rng, 36, 46), pick(rng, 0.5, 0.9), 0.06
    elif character == "punchy":
        base, t60, click = pick(rng, 56, 78), pick(rng, 0.16, 0.3), pick(rng, 0.35, 0.7)
    elif character == "distorted":
        drive = pick(rng, 6, 25)
    elif character == "soft":
        click, drive = 0.02, 1.0
    hit = hits.kick_acoustic if material == "acoustic" else hits.kick_electronic
    x = hit(rng, t, base, min(t60, 0.95 * seconds), click, drive)
    if character == "soft":
        x = lowpass(x, pick(rng, 250, 700))
    return Sound(ended(x), told(material=material, character=character))


@drums(
    "808 bass",
    "sub kick",
    "deep sub kick",
    "808",
    "808 kick",
    "booming 808",
    "trap 808 bass note",
    "long bass kick",
    "tuned 808",
    "sub bass drum",
    "booming low drum",
    held_out=("long 808 sub", "hip hop 808 bass hit"),
    seconds=(0.8, 3.5),
    pitched=True,
)
def bass_808(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    note = int(rng.integers(26, 46))
    base = hertz(note)
    character = one_of(rng, "clean", "distorted", "punchy")
    t60 = min(pick(rng, 0.9, 4.0), 1.05 * seconds)
    top = base * (pick(rng, 3, 9) if character == "punchy" else pick(rng, 0.3, 2.0))
    fall = np.exp(-t / pick(rng, 0.008, 0.025))
    hold = rng.uniform(0, 0.25) * seconds
    x = sweep(base + top * fall) * decay(np.maximum(t - hold, 0), t60) * np.clip(t / 0.002, 0, 1)
    if character == "distorted":
        # a lopsided curve adds even harmonics, as an overdriven valve does
        x = np.tanh(pick(rng, 3, 12) * x + 0.4) - np.tanh(0.4)
        x = lowpass(highpass(x, 20, 1), pick(rng, 900, 5000))
    else:
        x = hits.driven(x, rng.uniform(0.2, 1.3))
    if character == "punchy":
        x = x + rng.uniform(0.2, 0.5) * hits.burst(rng, t, 1200, 8000, 0.02)
    return Sound(ended(x), told(character=character), note=note)


@drums(
    "snare drum",
    "snare",
    "snare hit",
    "snare drum hit",
    "snare one shot",
    "backbeat snare",
    "snare crack",
    "rattling snare",
    "military snare",
    "drum snare hit",
    held_out=("snare sample", "drum kit snare"),
    seconds=(0.4, 1.5),
)
def snare(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    material = one_of(rng, "acoustic", "electronic")
    character = one_of(rng, "soft", "hard", "distorted", "")
    base = pick(rng, 140, 290)
    t60 = pick(rng, 0.16, 0.5) * (base / 200) ** -0.6
    force = {"soft": rng.uniform(0, 0.15), "hard": rng.uniform(0.8, 1)}.get(character, 0.5)
    hit = hits.snare_acoustic if material == "acoustic" else hits.snare_electronic
    x = hit(rng, t, base, min(t60, 0.8 * seconds), force)
    if character == "distorted":
        x = hits.driven(x, pick(rng, 5, 15))
    words = told(material=material, character=character)
    return Sound(ended(x), words | graded("size", -base, -225, -170, ("small", "big")))


@drums(
    "rimshot",
    "rim shot",
    "side stick",
    "cross stick",
    "snare rim click",
    "stick on the rim of a snare",
    "stick click on a drum",
    "metal rim of a drum",
    "clicking side stick",
    "snare edge",
    held_out=("rim hit", "drum rim tap"),
    seconds=(0.3, 1.0),
)
def rimshot(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    character, material = one_of(rng, "soft", "hard", ""), one_of(rng, "wood", "metal")
    force = {"soft": rng.uniform(0, 0.2), "hard": rng.uniform(0.75, 1.0), "": 0.45}[character]
    base = pick(rng, 330, 620) * (1.3 if material == "metal" else 1)
    x = hits.rim(rng, t, base, force, material == "metal")
    return Sound(ended(x), told(character=character, material=material))


@drums(
    "hand clap",
    "clap",
    "handclap",
    "one clap",
    "clapping hands hit",
    "clap hit",
    "electronic clap",
    "clapping once",
    "people clap together once",
    "disco clap",
    held_out=("clap sample", "single hand clap"),
    seconds=(0.4, 1.5),
)
def clap(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    if rng.random() < 0.45:
        tight = one_of(rng, "tight", "loose")
        spread = pick(rng, 0.018, 0.028) if tight == "tight" else pick(rng, 0.045, 0.08)
        x = hits.clap(rng, t, spread, min(pick(rng, 0.12, 0.45), 0.7 * seconds))
        return Sound(ended(x), told(material="electronic", character=tight))
    size = one_of(rng, "small", "big")
    if size == "small":
        return Sound(ended(hits.palms(rng, t)), told(size=size, material="acoustic"))
    out = np.zeros((2, t.size))
    grain = times(min(0.15, seconds))
    for _ in range(int(rng.integers(6, 18))):
        start = abs(rng.normal(0, 0.018))
        far = rng.uniform(0.3, 1)
        x = panned(far * hits.palms(rng, grain), rng.random())
        place(out, x, int(start * RATE))
    return Sound(ended(out), told(size=size, material="acoustic"))
