"""Rain on what it falls on."""

from __future__ import annotations

import numpy as np

from sounds.dsp import Array, Rng, place, slow, times
from sounds.sound_class import Category, Sound, graded, pick
from sounds.texture import arrivals, bubble, fade_ends, ring, scatter, tick, unit, wide_noise

nature = Category("Nature")


# What the drops that are too many to be told apart sound like together, in dB over frequency.
_RAIN_BEDS = {
    "": ((100, -20), (400, -8), (1200, -3), (4000, -2), (9000, -5), (18000, -14)),
    "on a tin roof": ((80, -16), (300, -4), (700, 0), (2500, -3), (6000, -9), (16000, -22)),
    "on leaves": ((100, -32), (500, -14), (1500, -5), (3200, 0), (6000, -7), (16000, -22)),
    "on concrete": ((100, -28), (500, -14), (2000, -6), (6000, 0), (12000, -2), (19000, -9)),
}


def _drop(rng: Rng, surface: str) -> Array:
    """What one drop does to what it falls on."""
    if surface == "on a tin roof":
        base = pick(rng, 380, 1900)
        ratios = np.array([1, 2.14, 3.41, 5.2]) * rng.uniform(0.93, 1.07, 4)
        t60s = pick(rng, 0.03, 0.14) * np.array([1, 0.7, 0.5, 0.3])
        body = ring(rng, base * ratios, t60s, (1, 0.7, 0.5, 0.4))
        place(body, 0.6 * tick(rng, 2500, 9000, 0.004), 0)
        return unit(body)
    if surface == "on leaves":
        low = pick(rng, 600, 2600)
        return tick(rng, low, 2.6 * low, pick(rng, 0.005, 0.018), 0.0012)
    if surface == "on concrete":
        if rng.random() < 0.1:
            return 0.4 * unit(bubble(pick(rng, 1800, 5500), 0.05))
        low = pick(rng, 2200, 6500)
        return tick(rng, low, 3 * low, pick(rng, 0.002, 0.006))
    low = pick(rng, 700, 4500)
    return tick(rng, low, 3 * low, pick(rng, 0.003, 0.01), 0.0005)


def gusts(rng: Rng, count: int, rate: float, depth: float) -> Array:
    """A strength between 1 - ``depth`` and 1, both of which are reached."""
    curve = slow(rng, count, rate)
    return 1 - depth * (curve - curve.min()) / (np.ptp(curve) + 1e-9)


def _rain(rng: Rng, count: int, surface: str, rate: float, bed: float, gust: float) -> Array:
    """``rate`` drops a second that stand out of a ``bed``; both swell by ``gust`` (0 to 1)."""
    swell = gusts(rng, count, 0.7, gust)
    spectrum = [(hertz, level + rng.normal(0, 1.5)) for hertz, level in _RAIN_BEDS[surface]]
    out = bed * swell**1.5 * wide_noise(rng, count, spectrum, rng.uniform(0, 0.25))
    if surface == "on a tin roof":  # the sheets boom at a few resonances of their own
        base = pick(rng, 220, 620)
        peaks = (
            (base * 0.8, -20),
            (base, 0),
            (base * 1.25, -18),
            (base * 1.9, -3),
            (base * 3, -30),
        )
        out += 0.5 * bed * swell * wide_noise(rng, count, peaks, 0.3)
    starts = arrivals(rng, count, rate, swell)
    gains = 0.4 * (rng.exponential(1.0, starts.size) ** 1.3).clip(0, 4)
    bank = [_drop(rng, surface) for _ in range(40)]
    scatter(out, bank, rng, starts, gains, rng.uniform(-1, 1, starts.size))
    return fade_ends(out, 0.03, 0.05)


def _surface(rng: Rng) -> tuple[str, dict[str, str]]:
    surface = str(rng.choice(list(_RAIN_BEDS), p=(0.25, 0.25, 0.25, 0.25)))
    return surface, {"surface": surface} if surface else {}


@nature(
    "light rain",
    "rain",
    "drizzle",
    "gentle rain",
    "soft rainfall",
    "raindrops",
    "rain drops falling",
    "light rain shower",
    "rain outside",
    "quiet rain",
    "soft rain",
    "spring rain",
    "a few raindrops",
    "rain on a window",
    held_out=("a little rain", "rain sprinkling softly"),
    seconds=(1.0, 10.5),
    sustained=True,
)
def light_rain(rng: Rng, seconds: float) -> Sound:
    surface, words = _surface(rng)
    rate = pick(rng, 18, 200)
    bed = 0.02 * (rate / 60) ** 0.8
    words |= graded("character", rate, 40, 90, ("sparse", "dense"))
    return Sound(_rain(rng, times(seconds).size, surface, rate, bed, 0.4), words)


@nature(
    "heavy rain",
    "downpour",
    "pouring rain",
    "rainstorm",
    "torrential rain",
    "hard rain",
    "heavy rainfall",
    "cloudburst",
    "strong rain",
    "monsoon",
    "rain storm",
    "heavy shower",
    "rain hammering",
    "raining cats and dogs",
    held_out=("rain pouring down", "very strong rain"),
    seconds=(1.0, 10.5),
    sustained=True,
)
def heavy_rain(rng: Rng, seconds: float) -> Sound:
    surface, words = _surface(rng)
    gust = rng.uniform(0, 0.8)
    if seconds > 3:
        words |= graded("motion", gust, 0.22, 0.5, ("steady", "gusty"))
    rate, bed = pick(rng, 300, 900), pick(rng, 0.14, 0.4)
    return Sound(_rain(rng, times(seconds).size, surface, rate, bed, gust), words)
