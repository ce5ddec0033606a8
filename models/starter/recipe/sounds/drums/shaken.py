"""Toms, and what is held in the hand: bells, shakers, tambourines."""

from __future__ import annotations

import numpy as np

from sounds import drum_hits as hits
from sounds.dsp import RATE, Rng, decay, ended, lowpass, place, sweep, times
from sounds.sound_class import Category, Sound, graded, hertz, one_of, pick, told

drums = Category("Drums")


@drums(
    "tom drum",
    "tom",
    "tom-tom",
    "tom hit",
    "tom one shot",
    "drum fill tom",
    "floor tom",
    "rack tom",
    "low tom",
    "tom roll hit",
    held_out=("tom sample", "drum kit tom"),
    seconds=(0.5, 2.0),
)
def tom(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    note = int(rng.integers(38, 59))
    base = hertz(note)
    material = one_of(rng, "acoustic", "electronic")
    character = one_of(rng, "soft", "hard", "")
    force = {"soft": 0.1, "hard": 0.9, "": 0.45}[character]
    t60 = min(pick(rng, 0.4, 1.3) * (base / 120) ** -0.4, 0.95 * seconds)
    if material == "electronic":
        swoop = pick(rng, 0.4, 1.8)
        x = sweep(base * (1 + swoop * np.exp(-t / pick(rng, 0.02, 0.06)))) * decay(t, t60, 0.001)
        x = hits.driven(x, 1 + force) + force * 0.3 * hits.burst(rng, t, 500, 9000, 0.08)
    else:
        x = hits.scaled(
            hits.skin(t, base, 0.05 + 0.3 * force, pick(rng, 0.02, 0.05), t60, hits.SKIN)
        )
        stick = hits.burst(rng, t, 700, 2000 + 6000 * force, 0.025)
        shell = hits.burst(rng, t, base, base * 5, 0.15, 0.002)
        x = hits.driven(x + (0.1 + 0.5 * force) * stick + 0.12 * shell, 1.2)
    words = told(material=material, character=character)
    words |= graded("size", -note, -50, -44, ("small", "big"))
    return Sound(ended(x), words, note=note)


@drums(
    "cowbell",
    "cow bell",
    "cowbell hit",
    "cowbell one shot",
    "bell percussion hit",
    "metal cowbell",
    "disco cowbell",
    "808 cowbell",
    "bell struck with a stick",
    held_out=("cowbell sample", "latin cowbell"),
    seconds=(0.3, 1.2),
)
def cowbell(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    electronic = rng.random() < 0.4
    character = one_of(rng, "soft", "hard", "muted", "")
    base = pick(rng, 380, 900)
    t60 = pick(rng, 0.06, 0.11) if character == "muted" else pick(rng, 0.25, 0.8)
    force = {"soft": 0.05, "hard": 1.0}.get(character, 0.5)
    x = hits.cowbell(rng, t, base, min(t60, seconds), electronic, force)
    if character == "soft":
        x = lowpass(x, base * 2.5)
    elif character == "hard":
        x = hits.driven(x, 3)
    words = told(material="electronic" if electronic else "metal", character=character)
    return Sound(ended(x), words | graded("size", -base, -650, -500, ("small", "big")))


@drums(
    "shaker",
    "maraca",
    "maracas",
    "egg shaker",
    "shaker hit",
    "rattle shaker",
    "shaking seeds",
    "shaken eggs",
    "rhythm shaker",
    "rattling beads",
    held_out=("shaker sample", "shaken maraca"),
    seconds=(0.25, 1.2),
)
def shaker(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    material = one_of(rng, "metal", "wood", "")
    low = pick(rng, *{"metal": (6000, 8000), "wood": (1800, 3000), "": (3500, 5500)}[material])
    high = low * pick(rng, 1.7, 3.0)
    beads = pick(rng, 400, 5000)
    motion = one_of(rng, "fast", "slow")
    length = min(pick(rng, *((0.04, 0.08) if motion == "fast" else (0.14, 0.24))), seconds / 1.6)
    motion = motion if length < 0.09 or length > 0.13 else ""
    x = hits.shake(rng, t, low, high, length, beads)
    if 2.9 * length < seconds and rng.random() < 0.4:
        # the way back, a little softer
        back = hits.shake(rng, t, low, high * 0.9, length, beads)
        place(x, rng.uniform(0.5, 0.9) * back, int(1.3 * length * RATE))
    return Sound(ended(x), told(material=material, motion=motion))


@drums(
    "tambourine",
    "tambourine hit",
    "tambourine jingles",
    "jingling tambourine",
    "hand percussion jingle",
    "shaking a tambourine",
    "small metal jingles",
    "hit on a tambourine",
    "gospel tambourine",
    held_out=("tambourine sample", "shaken tambourine jingles"),
    seconds=(0.4, 2.5),
)
def tambourine(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    motion = one_of(rng, "struck", "shaken")
    character = one_of(rng, "soft", "hard", "")
    loud = {"soft": 0.2, "hard": 1.0, "": 0.5}[character]
    t60 = pick(rng, 0.12, 0.35)
    if motion == "struck":
        count = int(rng.integers(8, 24))
        starts = np.sort(rng.exponential(0.025, count))
        x = hits.jingles(rng, t, starts, np.exp(-starts / 0.04), t60)
        head = hits.burst(rng, t, 180, 900, 0.07) + hits.burst(rng, t, 900, 6000, 0.02)
        x = x + (0.15 + 0.5 * loud) * rng.uniform(0.4, 1) * head
    else:
        rate, until = pick(rng, 8, 16), seconds * rng.uniform(0.6, 0.8)
        starts, levels = [], []
        for index in range(max(2, int(until * rate))):
            for _ in range(int(rng.integers(3, 7))):
                starts.append(max(0.0, (index + rng.normal(0.1, 0.12)) / rate))
                levels.append(rng.uniform(0.3, 1) * (1 if index % 2 else 0.7))
        x = hits.jingles(rng, t, np.array(starts), np.array(levels), t60 * 0.6)
    if character == "soft":
        x = lowpass(x, 6500, 1)
    elif character == "hard":
        x = hits.driven(x, 2.5)
    return Sound(ended(x), told(motion=motion, character=character))
