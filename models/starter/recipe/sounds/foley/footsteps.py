"""Footsteps on what is walked on."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.signal import fftconvolve

from sounds.dsp import RATE, Array, Rng, bandpass, highpass, noise, place, times
from sounds.foley.doors import creak
from sounds.sound_class import Category, Sound, graded, pick
from sounds.texture import fade_ends, pan, pulses, ring, tick, unit

foley = Category("Foley")


def _walk(rng: Rng, seconds: float, weight: float, step: Callable[[float], Array]) -> Sound:
    """Steps at a walker's pace, left and right foot in turn; ``step`` takes the time to roll."""
    out = np.zeros((2, times(seconds).size))
    period = pick(rng, 0.3, 0.95)
    start, number, side = 0.02, 0, rng.uniform(0.03, 0.16)
    roll = float(np.clip(0.16 * period, 0.05, 0.14))
    while number == 0 or start < seconds - 0.25:
        gain = rng.uniform(0.75, 1.0) * (1.0 if number % 2 else 0.9)
        grain = gain * step(roll * rng.uniform(0.85, 1.15))
        place(out, pan(grain, side if number % 2 else -side), int(start * RATE))
        start += period * np.exp(rng.normal(0, 0.03))
        number += 1
    words = graded("character", weight, 0.34, 0.66, ("light", "heavy"))
    if number > 2:
        words |= graded("motion", period, 0.44, 0.65, ("fast", "slow"))
    return Sound(fade_ends(highpass(out, 30), 0.001, 0.05), words)


@foley(
    "footsteps on wood",
    "wooden floor footsteps",
    "walking on a wooden floor",
    "steps on floorboards",
    "shoes on wood",
    "footsteps on parquet",
    "footsteps on a wooden floor",
    "steps on wood",
    "walking indoors on wood",
    "footsteps in a house",
    "shoes on floorboards",
    held_out=("someone walking across wooden boards", "heels on a wood floor"),
    seconds=(1.0, 8.0),
    sustained=True,
)
def steps_wood(rng: Rng, seconds: float) -> Sound:
    weight, heel = rng.random(), rng.uniform(0.15, 1.0)
    base = pick(rng, 120, 190) * (1 - 0.4 * weight)
    ratios = np.array([1, 1.62, 2.5, 3.9, 5.7, 8.4]) * rng.uniform(0.93, 1.07, 6)
    t60s = pick(rng, 0.09, 0.22) * np.array([1, 0.8, 0.6, 0.45, 0.35, 0.25])
    hollow = rng.uniform(0.1, 0.6)

    def strike(gain: float, hard: float) -> Array:
        gains = rng.uniform(0.5, 1.0, 6) * np.array([1, 0.8, 0.6, 0.5, 0.35, 0.25]) ** (1.3 - hard)
        grain = np.zeros(round(0.35 * RATE))
        place(grain, ring(rng, base * ratios * np.exp(rng.normal(0, 0.02, 6)), t60s, gains), 0)
        place(grain, hard * tick(rng, 900, 7000, 0.018), 0)
        place(grain, hollow * tick(rng, 90, 420, 0.14, 0.003), 0)
        return gain * grain

    def step(roll: float) -> Array:
        grain = np.zeros(round(0.6 * RATE))
        place(grain, strike(1.0, heel), 0)
        place(grain, strike(rng.uniform(0.25, 0.5), 0.5 * heel), int(roll * RATE))
        if rng.random() < 0.15:  # a board that gives way
            place(grain, 0.15 * creak(rng, 0.2, pick(rng, 60, 160)), int(0.05 * RATE))
        return grain

    return _walk(rng, seconds, weight, step)


def _crush(rng: Rng, bank: list[Array], length: float, number: int, heel: float) -> Array:
    """Many small grains under a foot: most as the heel lands, more as the toes push off."""
    grain = np.zeros(round((length + 0.06) * RATE))
    at = np.where(
        rng.random(number) < heel,
        rng.exponential(0.16 * length, number),
        length * (0.5 + 0.22 * rng.standard_normal(number)),
    )
    for start in at.clip(0, length):
        voice = bank[int(rng.integers(len(bank)))]
        place(grain, voice * rng.exponential(0.5), int(start * RATE))
    return grain


@foley(
    "footsteps on gravel",
    "walking on gravel",
    "gravel footsteps",
    "steps on small stones",
    "gravel path walk",
    "crunching gravel",
    "steps on gravel",
    "feet on gravel",
    "walking on a gravel path",
    "footsteps on stones",
    "boots on gravel",
    held_out=("someone walking over pebbles", "shoes crunching stones"),
    seconds=(1.0, 8.0),
    sustained=True,
)
def steps_gravel(rng: Rng, seconds: float) -> Sound:
    weight = rng.random()
    top = pick(rng, 2600, 6500)
    bank = []
    for _ in range(24):  # stones: a click, and a ring of a few milliseconds
        f = top * np.exp(rng.normal(-0.2, 0.45))
        voice = ring(rng, (f, 1.7 * f), (0.012, 0.008), rng.uniform(0.2, 0.8, 2))
        place(voice, tick(rng, 0.5 * f, 1.8 * f, pick(rng, 0.003, 0.012)), 0)
        bank.append(unit(voice))
    number = int(50 + 130 * weight)

    def step(roll: float) -> Array:
        length = 0.16 + roll + 0.06 * rng.random()
        grain = 0.35 * _crush(rng, bank, length, number, 0.45)
        place(grain, (0.15 + 0.5 * weight) * tick(rng, 70, 350, 0.09, 0.004), 0)
        bed = bandpass(noise(rng, grain.size), 700, 7000, 1) * np.exp(
            -(((np.arange(grain.size) / RATE - 0.4 * length) / (0.35 * length)) ** 2)
        )
        return grain + 0.08 * bed

    return _walk(rng, seconds, weight, step)


@foley(
    "footsteps on snow",
    "walking in snow",
    "snow footsteps",
    "crunching snow",
    "steps in deep snow",
    "boots on snow",
    "steps on snow",
    "feet in snow",
    "crunchy snow steps",
    "winter footsteps",
    "boots in the snow",
    held_out=("someone trudging through snow", "snow crunching underfoot"),
    seconds=(1.0, 8.0),
    sustained=True,
)
def steps_snow(rng: Rng, seconds: float) -> Sound:
    weight = rng.random()
    low, squeak = pick(rng, 350, 900), rng.uniform(0, 0.5)
    bank = [
        tick(rng, low * k, low * k * 3.2, pick(rng, 0.006, 0.016), 0.001) for k in (1, 1.6, 2.4)
    ]

    def step(roll: float) -> Array:
        length = 0.2 + 1.1 * roll + 0.06 * rng.random()
        grain = 0.3 * _crush(rng, bank, length, int(110 + 120 * weight), 0.2)
        t = np.arange(grain.size) / RATE
        press = np.exp(-(((t - 0.45 * length) / (0.3 * length)) ** 2))
        # Snow packs in small slips, faster and faster under the weight: a dry squeak.
        rate = pick(rng, 130, 260) * (1 + 0.7 * t / length)
        slips = pulses(rng, grain.size, rate, 0.5)
        body = ring(rng, (low * 1.3, low * 2.2, low * 3.4), (0.014, 0.01, 0.008), (1, 0.8, 0.5))
        grain += (0.15 + squeak) * press * fftconvolve(slips, body)[: grain.size]
        grain += 0.16 * press * bandpass(noise(rng, grain.size), low, 5 * low, 1)
        place(grain, (0.1 + 0.35 * weight) * tick(rng, 50, 220, 0.12, 0.02), 0)
        return grain * np.minimum(1, t / 0.012)

    return _walk(rng, seconds, weight, step)


@foley(
    "footsteps on metal",
    "walking on metal",
    "metal stairs footsteps",
    "steps on a metal grate",
    "footsteps on a steel walkway",
    "metallic footsteps",
    "steps on metal",
    "feet on metal grating",
    "walking on a metal bridge",
    "footsteps on iron stairs",
    "metal stairs",
    held_out=("someone walking on a catwalk", "boots on metal stairs"),
    seconds=(1.0, 8.0),
    sustained=True,
)
def steps_metal(rng: Rng, seconds: float) -> Sound:
    weight = rng.random()
    base = pick(rng, 110, 240) * (1.2 - 0.4 * weight)
    count = 14
    frequencies = base * np.sort(np.exp(rng.uniform(0, np.log(28), count)))
    frequencies[0] = base
    t60s = pick(rng, 0.18, 0.55) * (frequencies / base) ** -0.25
    rattle = rng.random()

    def strike(gain: float) -> Array:
        gains = rng.uniform(0.3, 1.0, count) * (frequencies / base) ** -0.3
        grain = ring(rng, frequencies * np.exp(rng.normal(0, 0.004, count)), t60s, 0.35 * gains)
        place(grain, 0.7 * tick(rng, 1500, 11000, 0.012), 0)
        return gain * grain

    def step(roll: float) -> Array:
        grain = np.zeros(round(0.75 * RATE))
        place(grain, strike(1.0), 0)
        place(grain, strike(rng.uniform(0.2, 0.5)), int(roll * RATE))
        if rattle > 0.5:  # a loose grating knocks against its frame
            for k in range(int(rng.integers(2, 6))):
                f = pick(rng, 1800, 5500)
                clink = ring(rng, (f, 1.53 * f), (0.05, 0.03), (1, 0.6))
                place(grain, 0.25 * 0.7**k * clink, int((0.02 + 0.03 * k * rng.random()) * RATE))
        return grain

    return _walk(rng, seconds, weight, step)
