"""Engines, motors, fans."""

from __future__ import annotations

import numpy as np

from sounds.dsp import (
    Array,
    Rng,
    bandpass,
    coloured,
    decay,
    finished,
    highpass,
    lowpass,
    moving_band,
    noise,
    saw,
    slow,
    sweep,
    times,
)
from sounds.machines.bodies import beats, resonances, struck
from sounds.sound_class import Category, Sound, graded, pick

machines = Category("Machines")


def combustion(rng: Rng, rate: Array, rough: float) -> tuple[Array, Array]:
    """Exhaust note and valve train of an engine that fires ``rate`` times a second."""
    count = rate.shape[0]
    at = beats(rng, rate, 0.02 + 0.07 * rough)
    # no two cylinders are equally strong, which is what makes an idle lope
    cylinders = 1 + rough * rng.uniform(-0.6, 0.6, int(rng.choice([2, 3, 4, 6, 8])))
    hits = np.zeros(count)
    swing = 1 + 0.3 * rough * rng.standard_normal(at.size)
    np.add.at(hits, at, cylinders[np.arange(at.size) % cylinders.size] * swing)
    t = times(0.16)
    base = float(np.median(rate))
    # what fires fast is small, and so are its pipes
    scale = (base / 26) ** 0.8
    pipe = [
        (base * rng.uniform(1.7, 2.3), 0.12, 1.0),
        (scale * pick(rng, 95, 170), 0.10, 0.9),
        (scale * pick(rng, 190, 330), 0.07, 0.6),
        (scale * pick(rng, 380, 700), 0.05, 0.35 + 0.3 * rough),
        (scale * pick(rng, 800, 1600), 0.03, 0.2 * rough + 0.05),
    ]
    burst = lowpass(noise(rng, t.size), 1400) * decay(t, 0.05, 0.002)
    exhaust = struck(hits, resonances(rng, t, pipe) + 0.6 * burst)
    puff = lowpass(np.maximum(struck(hits, decay(t, 0.08)), 0), 200, 1)
    exhaust = exhaust + 0.5 * bandpass(noise(rng, count), 120, 900, 1) * puff
    ticks = np.zeros(count)
    np.add.at(ticks, beats(rng, 2 * rate, 0.03), 1.0)
    ticks = ticks * (0.6 + 0.4 * rng.random(count))
    tick_t = times(0.02)
    valve = bandpass(noise(rng, tick_t.size), 1800, 6500, 1) * decay(tick_t, 0.014)
    return exhaust, struck(ticks, valve)


@machines(
    "engine idle",
    "car engine",
    "idling engine",
    "truck engine running",
    "motorcycle engine",
    "diesel engine",
    "car motor running",
    "idling car",
    "engine",
    "car running",
    "motor idling",
    "truck idling",
    "engine running in neutral",
    held_out=("parked vehicle with its engine on", "car ticking over"),
    seconds=(1.5, 10.0),
    sustained=True,
)
def engine_idle(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    firing, rough = pick(rng, 15, 48), rng.random()
    words = graded("size", firing, 22, 33, ("big", "small"))
    words |= graded("character", rough, 0.33, 0.67, ("smooth", "rough"))
    load = np.zeros(t.size)
    motion = rng.integers(3)
    if motion == 0:
        for start in np.arange(rng.uniform(0.1, 0.5), seconds, pick(rng, 1.2, 2.5)):
            after = np.maximum(t - start, 0)
            load += rng.uniform(0.5, 1) * (1 - np.exp(-after / 0.12)) * np.exp(-after / 0.45)
        words["motion"] = "revving"
    elif motion == 1:
        words["motion"] = "steady"
    wander = (0.02 if motion == 1 else 0.1) * (slow(rng, t.size, 3) - 0.5)
    rate = firing * (1 + wander + rng.uniform(1.5, 3) * load)
    exhaust, valves = combustion(rng, rate, rough)
    exhaust = np.tanh(exhaust / np.std(exhaust) * rng.uniform(0.4, 1.0))
    dull = lowpass(exhaust, pick(rng, 250, 3500), 1)
    x = dull + load * exhaust
    valves = valves / (np.std(valves) + 1e-9) * pick(rng, 0.02, 0.25)
    whine = 0.02 * rng.random() * sweep(rate * rng.choice([11, 14, 17]))
    intake = [0.06 * lowpass(coloured(rng, t.size, 0.7), 2500) * (0.4 + load) for _ in range(2)]
    return Sound(finished(np.stack(intake) + x + valves + whine, 0.03), words)


@machines(
    "electric motor",
    "motor whirring",
    "electric motor whine",
    "servo motor",
    "small motor",
    "motor whine",
    "motor",
    "electric engine",
    "small electric motor",
    "whirring motor",
    "power drill",
    "servo",
    "robot arm motor",
    held_out=("whirring electric machine", "electric drive running"),
    seconds=(0.8, 8.0),
    sustained=True,
)
def electric_motor(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    shaft = pick(rng, 22, 150)
    words = graded("size", shaft, 42, 80, ("big", "small"))
    speed = shaft * (1 + 0.03 * (slow(rng, t.size, 2) - 0.5))
    motion = rng.integers(4)
    ramp = t / seconds
    if motion == 0:
        speed = speed * 2 ** (-1.8 * np.exp(-3.5 * ramp))
        words["motion"] = "rising"
    elif motion == 1:
        speed = speed * 2 ** (-2.4 * ramp**1.6)
        words["motion"] = "falling"
    elif motion == 2:
        words["motion"] = "steady"
    else:
        speed = speed * (1 + 0.25 * (slow(rng, t.size, 1.5) - 0.5))
    slots = int(rng.integers(5, 13))
    x = 0.3 * sweep(speed) + 0.2 * sweep(2 * speed)
    for order in (1, 2, 3, 4, 6):
        weight = rng.uniform(0.1, 1) / order**0.7
        eccentric = 1 + rng.uniform(0, 0.5) * sweep(speed)
        x = x + weight * sweep(order * slots * speed) * eccentric
    gear = rng.uniform(0, 0.7) * lowpass(saw(speed * rng.uniform(2.2, 4.8)), 3500, 1)
    brush = moving_band(noise(rng, t.size), speed * slots * 5, 1.4)
    brush = brush * (1 + 0.6 * np.sign(sweep(speed * 2)))
    x = np.tanh(0.8 * (x + gear)) + rng.uniform(0.2, 1.2) * brush
    air = [0.08 * bandpass(noise(rng, t.size), 300, 5000, 1) for _ in range(2)]
    level = (speed / speed.max()) ** 0.7
    return Sound(finished((np.stack(air) + x) * level, 0.03), words)


@machines(
    "ventilation fan",
    "fan",
    "air conditioner",
    "air vent",
    "ventilation system",
    "desk fan",
    "extractor fan",
    "fan running",
    "air conditioning",
    "ventilation",
    "computer fan",
    "blower",
    "HVAC hum",
    "hair dryer",
    held_out=("air conditioning unit running", "spinning fan blowing air"),
    seconds=(1.5, 10.5),
    sustained=True,
)
def ventilation_fan(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    turns = pick(rng, 5, 40)
    words = graded("motion", turns, 10, 20, ("slow", "fast"))
    blades = int(rng.integers(3, 8))
    passing = np.full(t.size, turns * blades) * (1 + 0.01 * (slow(rng, t.size, 1) - 0.5))
    wobble = 1 + 0.25 * sweep(passing / blades) + rng.uniform(0.1, 0.6) * sweep(passing)
    size = rng.random()
    words |= graded("size", size, 0.33, 0.67, ("small", "big"))
    cut, floor = 6500 * 0.2**size, 240 * 0.2**size
    shared = coloured(rng, t.size, 0.9)
    air = np.stack([0.6 * shared + 0.6 * coloured(rng, t.size, 0.9) for _ in range(2)])
    air = highpass(lowpass(air, cut, 1), floor, 1) * wobble
    tone = sum(rng.uniform(0.2, 1) / k * sweep(k * passing) for k in (1, 2, 3, 5))
    hum = sum(rng.uniform(0, 1) / k * np.sin(2 * np.pi * 100 * k * t) for k in (1, 2, 3))
    x = air + pick(rng, 0.08, 0.9) * tone + rng.uniform(0, 0.25) * hum
    if rng.random() < 0.33:
        hits = np.zeros(t.size)
        at = beats(rng, passing / blades, 0.03)
        np.add.at(hits, at, rng.uniform(0.2, 1, at.size))
        rattle_t = times(0.06)
        modes = [(pick(rng, 500, 4500), pick(rng, 0.02, 0.06), rng.uniform(0.3, 1)) for _ in "abcd"]
        loose = resonances(rng, rattle_t, modes) + noise(rng, rattle_t.size) * decay(rattle_t, 0.01)
        x = x + rng.uniform(0.8, 1.8) * struck(hits, loose)
        words["character"] = "rattling"
    return Sound(finished(x, 0.03), words)
