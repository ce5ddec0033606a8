"""Sirens."""

from __future__ import annotations

import numpy as np

from sounds.dsp import (
    RATE,
    Rng,
    bandpass,
    coloured,
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
from sounds.sound_class import Category, Sound, graded, pick

machines = Category("Machines")


@machines(
    "police siren",
    "siren",
    "ambulance siren",
    "wailing siren",
    "emergency vehicle siren",
    "fire truck siren",
    "cop car siren",
    "police",
    "police car",
    "emergency siren",
    "ambulance",
    "fire engine",
    "cop siren",
    held_out=("police car chasing with its siren on", "ambulance driving by"),
    seconds=(1.5, 10.0),
    sustained=True,
)
def police_siren(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    kind = rng.integers(3)
    words = {}
    low, top = pick(rng, 450, 700), pick(rng, 1150, 1700)
    if kind == 0:
        turn = t / pick(rng, 2.8, 6.0) + rng.random()
        triangle = 1 - np.abs(2 * (turn % 1) - 1)
        frequency = low * (top / low) ** (triangle**0.7)
        words["motion"] = "slow"
    elif kind == 1:
        turn = t * pick(rng, 2.3, 4.5)
        frequency = low * (top / low) ** (1 - np.abs(2 * (turn % 1) ** 0.8 - 1))
        words["motion"] = "fast"
    else:
        high = (t / pick(rng, 0.45, 0.8) + rng.random()) % 1 < 0.5
        tone = pick(rng, 400, 620)
        frequency = tone * lowpass(np.where(high, rng.choice([1.26, 1.335, 1.2]), 1.0) - 1, 80, 1)
        frequency = frequency + tone
    near = rng.random()
    words |= graded("character", near, 0.3, 0.7, ("distant", "close"))
    if rng.random() < 0.4:
        # it drives past: the pitch sinks as it goes by
        past = np.tanh((t / seconds - rng.uniform(0.35, 0.65)) * 5)
        frequency = frequency * (1 - 0.05 * past)
        side, level = 0.5 + 0.4 * past * rng.choice([-1, 1]), 0.25 + 0.75 * (1 - past**2)
    else:
        side, level = np.full(t.size, 0.5), np.ones(t.size)
    x = np.tanh(2 * (saw(frequency) + 0.5 * pulse(frequency, 0.4)))
    horn = bandpass(x, 500, 900 + 3500 * near, 1) + 0.6 * bandpass(x, 1200, 2600, 1) * near
    horn = np.stack([horn * np.cos(np.pi / 2 * side), horn * np.sin(np.pi / 2 * side)]) * level
    # house fronts answer: the streets of a distant siren are longer
    for _ in range(4):
        delay = int(rng.uniform(0.05, 0.35) * (1.5 - near) * RATE)
        wall = lowpass(horn[int(rng.integers(2))], 1500, 1) * (0.15 + 0.4 * (1 - near))
        place(horn[int(rng.integers(2))], wall, delay)
    street = [lowpass(coloured(rng, t.size, 1.2), 500) for _ in range(2)]
    out = horn + 0.05 * (1 - near) * np.stack(street)
    return Sound(finished(out, 0.03), words)


@machines(
    "air-raid siren",
    "air raid siren",
    "civil defense siren",
    "war siren",
    "tornado siren",
    "bomb warning siren",
    "war siren wailing",
    "air raid warning",
    "tornado warning",
    "wartime siren",
    "hand cranked siren",
    "emergency warning siren",
    held_out=("old mechanical siren winding up", "evacuation siren over a city"),
    seconds=(3.0, 10.5),
    sustained=True,
)
def air_raid_siren(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    top = pick(rng, 300, 680)
    ramp = t / seconds
    words = {}
    motion = rng.integers(4)
    if motion == 0:
        speed = 0.12 + 0.88 * (1 - np.exp(-t / (seconds * rng.uniform(0.2, 0.4))))
        words["motion"] = "rising"
    elif motion == 1:
        speed = np.exp(-np.maximum(ramp - rng.uniform(0.05, 0.25), 0) * rng.uniform(1.6, 2.6))
        words["motion"] = "falling"
    elif motion == 2:
        speed = 1 + 0.004 * np.sin(2 * np.pi * 0.4 * t)
        words["motion"] = "steady"
    else:
        period = pick(rng, 3.0, 6.0)
        speed = 0.72 + 0.28 * np.sin(2 * np.pi * (t / period + rng.random()))
        words["motion"] = "wailing"
    near = rng.random()
    words |= graded("character", near, 0.33, 0.67, ("distant", "close"))
    ratios = [(1.0,), (1.0, 5 / 6), (1.0, 4 / 5), (1.0, 3 / 4)][rng.integers(4)]
    ports, mellow, breathy = rng.uniform(0, 1), rng.uniform(0, 2), pick(rng, 0.05, 0.9)
    horn, width = pick(rng, 1.2, 5), rng.uniform(0.9, 2.2)
    x = np.zeros(t.size)
    for ratio in ratios:
        frequency = top * ratio * speed
        chopped = saw(frequency) + ports * pulse(frequency, 0.35) + mellow * sweep(frequency)
        breath = breathy * noise(rng, t.size) * (0.6 + 0.4 * sweep(frequency))
        x += moving_band(chopped + breath, horn * top * (0.4 + 0.6 * speed), width)
    x = lowpass(x, 500 + 6000 * near**1.5, 2) * np.clip(speed, 0, 1) ** 0.8
    out = np.stack([x, x])
    for _ in range(5):
        wall = lowpass(x, 900, 1) * rng.uniform(0.1, 0.2 + 0.35 * (1 - near))
        place(out[int(rng.integers(2))], wall, int(rng.uniform(0.12, 0.7) * RATE))
    # open air: wind carries the sound here and away
    out = out * (0.7 + 0.6 * (1 - near) * (slow(rng, t.size, 1) - 0.5))
    return Sound(finished(out, 0.05), words)
