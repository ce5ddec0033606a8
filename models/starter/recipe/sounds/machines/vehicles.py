"""A helicopter overhead, a lorry that reverses."""

from __future__ import annotations

import numpy as np

from sounds.dsp import (
    RATE,
    Rng,
    bandpass,
    decay,
    finished,
    lowpass,
    moving_band,
    noise,
    place,
    pulse,
    saw,
    slow,
    sweep,
    times,
)
from sounds.machines.bodies import beats, struck
from sounds.machines.engines import combustion
from sounds.sound_class import Category, Sound, graded, hertz, pick

machines = Category("Machines")


@machines(
    "helicopter",
    "chopper",
    "helicopter flying",
    "helicopter rotor",
    "military helicopter",
    "helicopter blades",
    "helicopter passing",
    "helicopter hovering",
    "rotor",
    "army helicopter",
    "helicopter engine",
    "chopper blades",
    held_out=("chopper hovering overhead", "rotor blades chopping the air"),
    seconds=(2.0, 10.5),
    sustained=True,
)
def helicopter(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    rate = pick(rng, 9, 24)
    words = graded("size", rate, 12.5, 17.5, ("big", "small"))
    motion = rng.integers(4)
    ramp = t / seconds
    near = rng.random()
    if motion == 0:
        close = 0.12 + 0.88 * ramp**1.3
        words["motion"] = "approaching"
    elif motion == 1:
        close = 0.12 + 0.88 * (1 - ramp) ** 1.3
        words["motion"] = "leaving"
    else:
        close = np.full(t.size, 0.15 + 0.85 * near)
        words |= graded("character", near, 0.33, 0.67, ("distant", "close"))
        if motion == 2:
            words["motion"] = "steady"
    blades = np.full(t.size, rate) * (1 + 0.02 * (slow(rng, t.size, 1) - 0.5))
    hits = np.zeros(t.size)
    at = beats(rng, blades, 0.012)
    uneven = rng.uniform(0.7, 1.0)
    np.add.at(
        hits, at, np.where(np.arange(at.size) % 2, uneven, 1) * rng.uniform(0.9, 1.1, at.size)
    )
    slap_t = times(0.11)
    light = np.log(rate / 9) / np.log(24 / 9)
    deep = pick(rng, 38, 58) * (1 + light)
    thump = sweep(deep * (1 + np.exp(-slap_t / 0.012))) * decay(slap_t, 0.1, 0.006)
    slap = bandpass(noise(rng, slap_t.size), 160 + 250 * light, 1300 + 2000 * light, 1) * decay(
        slap_t, 0.06, 0.008
    )
    rotor = (1.2 - 0.7 * light) * struck(hits, thump)
    rotor = rotor + rng.uniform(0.5, 1.4) * close * struck(hits, slap)
    swish = lowpass(struck(hits, np.hanning(int(0.7 * RATE / rate))), 60, 1)
    air = [moving_band(noise(rng, t.size), 350 + 900 * close, 1.3) * swish for _ in range(2)]
    tail = lowpass(saw(blades * rng.uniform(4.7, 6.2)), 900, 1)
    whine = sweep(blades * rng.uniform(190, 330)) + 0.5 * sweep(blades * rng.uniform(350, 500))
    turbine = 0.05 * whine + 0.2 * bandpass(noise(rng, t.size), 2000, 7000, 1)
    x = rotor + 0.15 * tail + pick(rng, 0.4, 1.6) * close**2 * turbine
    out = (x + 0.9 * (0.3 + close) * np.stack(air)) * close**0.8
    # air swallows the high end of what is far away
    far = lowpass(out, 450, 1)
    return Sound(finished(far + close**1.5 * (out - far), 0.05), words)


@machines(
    "reversing beep",
    "truck reversing",
    "truck backing up",
    "reverse alarm",
    "backup beeper",
    "vehicle reverse beep",
    "backing up beep",
    "lorry reversing",
    "truck beeping",
    "vehicle backing up",
    "reversing truck warning",
    held_out=("lorry going backwards", "forklift backing up with a warning tone"),
    seconds=(1.5, 9.0),
    sustained=True,
)
def reversing_beep(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    tempo = float(rng.integers(60, 121))
    rate = tempo / 60
    words = graded("motion", rate, 1.25, 1.6, ("slow", "fast"))
    note = float(rng.integers(81, 91))
    harsh = rng.random()
    words |= graded("character", harsh, 0.33, 0.67, ("soft", "harsh"))
    gate = ((t * rate) % 1 < rng.uniform(0.4, 0.58)).astype(float)
    frequency = np.full(t.size, hertz(note))
    tone = sweep(frequency) + 2 * harsh**1.5 * pulse(frequency, 0.3)
    beep = bandpass(tone, 600, 2000 + 7000 * harsh, 1) * lowpass(gate, 120, 2)
    out = np.stack([beep, beep])
    # it beeps in a yard
    for _ in range(3):
        wall = lowpass(beep, 2500, 1) * rng.uniform(0.03, 0.16)
        place(out[int(rng.integers(2))], wall, int(rng.uniform(0.03, 0.2) * RATE))
    if rng.random() < 0.6:
        exhaust, valves = combustion(rng, np.full(t.size, pick(rng, 18, 32)), rng.random())
        diesel = lowpass(exhaust / np.std(exhaust), 700, 1) + 0.1 * valves / np.std(valves)
        out = out + rng.uniform(0.03, 0.2) * diesel
    return Sound(finished(out, 0.02), words, note=note, tempo=tempo)
