"""Waves, streams, drips, a fire."""

from __future__ import annotations

import numpy as np

from sounds.dsp import RATE, Rng, place, slow, times
from sounds.sound_class import Category, Sound, graded, pick
from sounds.texture import arrivals, bubble, fade_ends, pan, ring, scatter, tick, wide_noise

nature = Category("Nature")


@nature(
    "ocean waves",
    "sea waves",
    "waves on a beach",
    "surf",
    "seashore",
    "waves breaking",
    "ocean shore",
    "ocean",
    "sea",
    "beach",
    "waves",
    "waves crashing",
    "surf on the shore",
    "the sea",
    held_out=("sea washing ashore", "waves rolling in"),
    seconds=(2.5, 10.5),
    sustained=True,
)
def waves(rng: Rng, seconds: float) -> Sound:
    count = times(seconds).size
    rough = rng.random()
    period = pick(rng, 2.6, 6.0)
    step = 441  # envelopes are drawn a hundred times a second
    t = np.arange(count // step + 2) * step / RATE
    swell, crash, wash = np.zeros((3, 2, t.size))
    start = -period * rng.uniform(0.2, 0.9)
    while start < seconds + period:
        gain = rng.uniform(0.5, 1.0)
        travel = rng.uniform(-0.25, 0.25) * period / 3  # a wave breaks along the beach
        for channel, side in enumerate((-1, 1)):
            x = t - start - side * travel
            fall = np.exp(-np.maximum(x, 0) / (0.16 * period))
            rise = np.exp(np.minimum(x, 0) / (0.16 * period * (1.1 - 0.8 * rough)))
            swell[channel] += gain * np.exp(-((x / (0.3 * period)) ** 2))
            crash[channel] += gain * fall * rise
            late = np.maximum(x - 0.06 * period, 0)
            wash[channel] += gain * (1 - np.exp(-late / 0.25)) * np.exp(-late / (0.3 * period))
        start += period * rng.uniform(0.75, 1.3)
    grid = np.arange(count) / step
    index = np.arange(t.size)
    swell, crash, wash = (
        np.stack([np.interp(grid, index, x) for x in pair]) for pair in (swell, crash, wash)
    )
    low = wide_noise(rng, count, ((30, -8), (80, 0), (300, -8), (1200, -30), (8000, -70)), 0.3)
    roar = wide_noise(
        rng, count, ((100, -14), (400, 0), (1500, -4), (6000, -14), (16000, -30)), 0.2
    )
    foam = wide_noise(rng, count, ((600, -26), (2500, -4), (7000, 0), (16000, -8)), 0.05)
    out = (0.06 + swell**1.5) * (0.3 + 0.5 * rough) * low
    out += (0.02 + 0.06 * rough + 1.3 * crash) * (0.5 + 0.7 * rough) * roar
    out += (0.02 + wash) * 0.25 * foam
    fizz = arrivals(rng, count, 220, wash[0] + wash[1] + 0.02)
    bank = [tick(rng, low_edge, 2 * low_edge, 0.004) for low_edge in (3000, 4500, 6500, 8000)]
    gains = 0.35 * rng.exponential(1.0, fizz.size) * wash[0][fizz]
    scatter(out, bank, rng, fizz, gains, rng.uniform(-1, 1, fizz.size))
    words = graded("character", rough, 0.35, 0.65, ("calm", "stormy"))
    if seconds > 1.3 * period:
        words |= graded("motion", period, 3.3, 4.6, ("fast", "slow"))
    return Sound(fade_ends(out, 0.05, 0.1), words)


@nature(
    "stream",
    "babbling brook",
    "running water",
    "flowing water",
    "creek",
    "small river",
    "trickling water",
    "brook",
    "river",
    "water running",
    "mountain stream",
    "water flowing",
    "gurgling water",
    held_out=("water flowing over stones", "a brook bubbling"),
    seconds=(1.5, 10.5),
    sustained=True,
)
def stream(rng: Rng, seconds: float) -> Sound:
    count = times(seconds).size
    flow = rng.random()
    centre = pick(rng, 480, 1100)
    spectrum = ((100, -24), (400, -6), (900, 0), (2500, -6), (6000, -14), (16000, -26))
    ripple = 0.6 + 0.8 * slow(rng, count, 5.0)
    out = (0.012 + 0.11 * flow**1.5) * ripple * wide_noise(rng, count, spectrum, 0.15)
    sizes = centre * np.exp(rng.normal(0, 0.55, 40))
    bank = [bubble(float(size.clip(220, 5000)), pick(rng, 0.01, 0.25)) for size in sizes]
    # Bubbles come in runs, each from one stone: several places, each with its own rhythm.
    for spot in (-1.0, -0.75, -0.35, 0.35, 0.75, 1.0):
        rhythm = np.maximum(slow(rng, count, pick(rng, 3, 8)) - 0.25, 0.01)
        starts = arrivals(rng, count, 8 + 45 * flow, rhythm)
        gains = 0.35 * rng.exponential(1.0, starts.size)
        pans = (spot + rng.normal(0, 0.1, starts.size)).clip(-1, 1)
        voices = [bank[k] for k in rng.integers(0, len(bank), 14)]
        scatter(out, voices, rng, starts, gains, pans)
    words = graded("character", flow, 0.36, 0.66, ("gentle", "rushing"))
    words |= graded("size", -centre, -840, -630, ("small", "big"))
    return Sound(fade_ends(out, 0.03, 0.05), words)


@nature(
    "water drip",
    "dripping water",
    "water drop",
    "water droplet",
    "dripping tap",
    "leaking faucet",
    "drip drop",
    "drip",
    "drops",
    "water dripping in a cave",
    "single drop of water",
    "dripping faucet",
    "plop",
    held_out=("drops of water falling one by one", "leaky tap dripping"),
    seconds=(0.4, 8.0),
)
def drip(rng: Rng, seconds: float) -> Sound:
    count = times(seconds).size
    out = np.zeros((2, count))
    pitch = pick(rng, 420, 2300)
    period = pick(rng, 0.22, 1.5)
    metal = rng.random() < 0.33
    sink = [pick(rng, 500, 5000) for _ in range(5)]
    words = {"material": "metal"} if metal else {}
    words |= graded("size", -pitch, -1300, -720, ("small", "big"))
    start, number = 0.02, 0
    while number == 0 or start < seconds - 0.2:
        tone = pitch * np.exp(rng.normal(0, 0.09))
        main = 1.6 * bubble(tone, pick(rng, 0.03, 0.15))
        grain = np.zeros(round(0.5 * RATE))
        place(grain, 0.35 * tick(rng, 1800, 9000, 0.006), 0)
        place(grain, main, int(rng.uniform(0.008, 0.03) * RATE))
        for _ in range(int(rng.integers(0, 4))):  # the splash throws up smaller bubbles
            small = rng.uniform(0.15, 0.5) * bubble(tone * rng.uniform(1.3, 2.6), 0.1)
            place(grain, small, int(rng.uniform(0.03, 0.14) * RATE))
        if metal:
            t60s = [pick(rng, 0.1, 0.45) for _ in sink]
            place(grain, 0.3 * ring(rng, sink, t60s, rng.uniform(0.2, 1, 5)), 0)
        place(out, pan(grain * rng.uniform(0.7, 1.0), rng.uniform(-0.15, 0.15)), int(start * RATE))
        start += period * np.exp(rng.normal(0, 0.05))
        number += 1
    if number > 2:
        words |= graded("motion", period, 0.42, 0.8, ("fast", "slow"))
    return Sound(fade_ends(out, 0.001, 0.02), words)


@nature(
    "campfire",
    "crackling fire",
    "fireplace",
    "burning wood",
    "bonfire",
    "fire",
    "fire crackling",
    "fire burning",
    "crackling campfire",
    "wood burning",
    "flames",
    "fire place",
    "crackling logs",
    held_out=("logs burning", "a wood fire with crackles"),
    seconds=(1.5, 10.5),
    sustained=True,
)
def campfire(rng: Rng, seconds: float) -> Sound:
    count = times(seconds).size
    roar, busy = rng.random(), pick(rng, 15, 90)
    flames = wide_noise(rng, count, ((25, -10), (70, 0), (250, -6), (900, -18), (6000, -50)), 0.3)
    flutter = (0.25 + slow(rng, count, 9.0)) * (0.4 + slow(rng, count, 1.2))
    hiss = wide_noise(rng, count, ((700, -20), (3500, 0), (8000, -3), (16000, -14)), 0.1)
    out = (0.008 + 0.13 * roar**1.5) * flutter * flames
    out += (0.008 + 0.02 * roar) * (0.4 + slow(rng, count, 2.0)) * hiss
    bank = []
    for _ in range(16):
        low = pick(rng, 600, 5500)
        bank.append(tick(rng, low, 3 * low, pick(rng, 0.0025, 0.018)))
    # A log that splits gives a run of clicks: density comes in bursts.
    bursts = np.maximum(slow(rng, count, 5.0) - 0.35, 0.02) ** 2
    starts = arrivals(rng, count, busy, bursts)
    gains = 0.35 * rng.pareto(1.9, starts.size).clip(0.2, 5)
    scatter(out, bank, rng, starts, gains, rng.uniform(-0.8, 0.8, starts.size))
    for start in arrivals(rng, count, pick(rng, 0.3, 1.5)):  # pops of sap, with a woody body
        base = pick(rng, 280, 1100)
        body = ring(rng, (base, 2.3 * base, 4.1 * base), (0.05, 0.03, 0.02), (1, 0.7, 0.5))
        place(body, tick(rng, 900, 9000, 0.012), 0)
        place(out, pan(rng.uniform(0.2, 0.7) * body, rng.uniform(-0.6, 0.6)), int(start))
    words = graded("size", roar, 0.36, 0.66, ("small", "big"))
    words |= graded("character", busy, 27, 50, ("sparse", "dense"))
    return Sound(fade_ends(np.tanh(out), 0.02, 0.05), words)
