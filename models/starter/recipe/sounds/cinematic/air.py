"""Movements through the air."""

from __future__ import annotations

import numpy as np

from sounds.cinematic.layers import edges, metallic, wide_noise
from sounds.dsp import RATE, Array, Rng, bandpass, lowpass, slow, times
from sounds.oscillators import pan
from sounds.sound_class import Category, Sound, graded, pick
from sounds.swept_filter import swept_band, swept_peak
from sounds.texture import unit

cinematic = Category("Cinematic")


def passing(t: Array, length: float, peak: float, sharp: float) -> Array:
    """A swell from nothing to its peak and back in ``length`` seconds, ends at silence."""
    rise = np.clip(t / peak, 0, 1)
    fall = np.clip((length - t) / (length - peak), 0, 1)
    return (np.sin(np.pi / 2 * np.minimum(rise, fall)) ** 2) ** sharp


def moving(rng: Rng, t: Array, length: float) -> Array | float:
    """Where it is between left and right: across, or still."""
    if rng.random() < 0.6:
        side = rng.choice([-1, 1]) * rng.uniform(0.5, 1)
        return side * np.clip(2 * t / length - 1, -1, 1)
    return rng.uniform(-0.2, 0.2)


@cinematic(
    "whoosh",
    "swoosh",
    "air whoosh",
    "fly by",
    "pass by whoosh",
    "transition whoosh",
    "quick whoosh",
    "passing whoosh",
    "flying past",
    "air movement",
    "transition swoosh",
    "rush of air",
    held_out=("something rushing past", "cinematic swoosh transition"),
    seconds=(0.5, 4.0),
)
def whoosh(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    length = min(0.97 * seconds, pick(rng, 0.35, 3.5))
    peak = length * rng.uniform(0.3, 0.75)
    bell = passing(t, length, peak, rng.uniform(1.0, 2.5))
    size = rng.random()
    low = 700 * 2 ** (-2.2 * size)
    # what flies past drops in pitch as it leaves
    doppler = 2 ** (-rng.uniform(0.1, 0.6) * np.tanh(4 * (t - peak) / length))
    centre = low * (1 + pick(rng, 2, 7) * bell) * doppler
    air = wide_noise(rng, t.size, rng.uniform(0.2, 1.0), 0.6)
    broad = rng.uniform(1.4, 3.0)
    x = unit(swept_band(air, centre / broad, centre * broad)) * bell
    flutter = 1 - rng.uniform(0, 0.5) * slow(rng, t.size, pick(rng, 8, 30))
    x *= flutter
    if rng.random() < 0.5:
        x += 0.35 * unit(swept_peak(air, 1.8 * centre, pick(rng, 3, 9)) * bell**2)
    if size > 0.5:
        body = lowpass(wide_noise(rng, t.size, 1.5, 1.0)[0], 160) * bell**1.5
        x += (size - 0.3) * unit(body)
    words = graded("motion", length, 0.7, 1.4, ("fast", "slow"))
    words |= graded("size", size, 0.33, 0.67, ("small", "big"))
    where = moving(rng, t, length)
    x = 0.5 * x + 0.5 * pan(1.4 * x.mean(axis=0), where) if np.ndim(where) else x
    return Sound(edges(x), words)


@cinematic(
    "swish",
    "sword swing",
    "stick swish",
    "quick air swing",
    "blade swing",
    "whip through the air",
    "sword swish",
    "swinging a stick",
    "fast swing",
    "swooshing blade",
    "cane swish",
    "whip",
    held_out=("fast swing of a sword", "thin swipe through air"),
    seconds=(0.3, 1.2),
)
def swish(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    length = min(0.95 * seconds, pick(rng, 0.12, 0.5))
    peak = length * rng.uniform(0.45, 0.75)
    bell = passing(t, length, peak, rng.uniform(1.2, 3.0))
    weight = rng.random()
    top = 5500 * 2 ** (-1.7 * weight) * rng.uniform(0.9, 1.2)
    centre = top * (0.35 + 0.65 * bell)
    air = wide_noise(rng, t.size, rng.uniform(0, 0.5), 0.75)
    x = unit(swept_peak(air, centre, pick(rng, 1.2, 5)) * bell)
    x += rng.uniform(0.1, 0.5) * unit(swept_band(air, centre, 3 * centre) * bell)
    words = graded("character", weight, 0.33, 0.67, ("light", "heavy"))
    kind = rng.random()
    if kind < 0.33:
        ring = metallic(rng, t.size, pick(rng, 1500, 3200), 8, pick(rng, 0.25, 0.7))
        shaped = np.roll(unit(ring), round(0.5 * peak * RATE), axis=-1)
        shaped[:, : round(0.5 * peak * RATE)] = 0
        soft = np.clip((t - 0.5 * peak) / (0.4 * peak), 0, 1)
        x += rng.uniform(0.2, 0.45) * shaped * soft
        words["material"] = "metal"
    elif kind < 0.66:
        words["material"] = "wood"
        x = 0.9 * x + 0.35 * unit(bandpass(air, 150, 600) * bell**2)
    where = moving(rng, t, length)
    x = 0.4 * x + 0.6 * pan(1.4 * x.mean(axis=0), where) if np.ndim(where) else x
    return Sound(edges(x), words)
