"""Thunder and wind."""

from __future__ import annotations

import numpy as np

from sounds.dsp import RATE, Array, Rng, decay, filtered_sweep, lowpass, place, slow, sweep, times
from sounds.nature.rain import gusts
from sounds.sound_class import Category, Sound, graded, pick
from sounds.texture import arrivals, fade_ends, pan, scatter, tick, wide_noise

nature = Category("Nature")


@nature(
    "thunder",
    "thunderclap",
    "thunder rumble",
    "thunderstorm",
    "lightning strike",
    "rolling thunder",
    "thunder crack",
    "lightning",
    "thunder and lightning",
    "thunder crash",
    "distant thunderstorm",
    "storm",
    "thunder in the distance",
    held_out=("clap of thunder", "storm thunder roll"),
    seconds=(2.5, 10.0),
)
def thunder(rng: Rng, seconds: float) -> Sound:
    count = times(seconds).size
    near = rng.random()
    number = int(rng.integers(4, 13))
    first = rng.uniform(0.02, 0.15)
    starts = np.append(first, first + 0.6 * seconds * rng.random(number - 1) ** 1.5)
    gains = np.exp(-2 * starts / seconds) * rng.uniform(0.25, 1.0, number)
    gains[0] = 1.0
    out = np.zeros((2, count))
    # Air swallows the highs: from far away only the two lowest layers arrive, and arrive slowly.
    layers = (
        (((20, -6), (35, 0), (75, 0), (160, -22), (1000, -70)), pick(rng, 1.6, 3.2), 1.0),
        (((40, -20), (90, 0), (350, -6), (900, -24), (5000, -70)), pick(rng, 0.8, 1.7), 0.9),
        (((150, -30), (500, 0), (2500, -5), (9000, -22)), pick(rng, 0.2, 0.6), 1.6 * near**2),
    )
    attack = 0.004 + 0.3 * (1 - near) ** 2
    for spectrum, tail, level in layers:
        shape = decay(times(min(1.2 * tail + attack, seconds)), tail, attack)
        envelope = np.zeros((2, count))
        for start, gain in zip(starts, gains, strict=True):
            place(envelope, gain * pan(shape, rng.uniform(-0.7, 0.7)), int(start * RATE))
        flutter = 0.35 + 1.1 * slow(rng, count, 9.0)
        out += level * envelope * flutter * wide_noise(rng, count, spectrum, 0.3)
    if near > 0.5:
        out += near * _crack(rng, count, int(first * RATE))
        out = np.tanh(0.7 * out)
    words = graded("character", near, 0.36, 0.66, ("distant", "close"))
    return Sound(fade_ends(out, 0.005, 0.25 * seconds), words)


def _crack(rng: Rng, count: int, start: int) -> Array:
    """The lightning channel heard bit by bit: a tearing shower of clicks, then the bang."""
    length = round(pick(rng, 0.06, 0.5) * RATE)
    tear = np.zeros((2, length + RATE // 4))
    density = np.linspace(0.3, 1, length) ** 2
    clicks = arrivals(rng, length, 500, density)
    bank = [tick(rng, pick(rng, 250, 1500), pick(rng, 4000, 12000), 0.02) for _ in range(8)]
    gains = 0.5 * rng.exponential(1.0, clicks.size) * density[clicks]
    scatter(tear, bank, rng, clicks, gains, rng.uniform(-0.6, 0.6, clicks.size))
    t = times(0.7)
    bang = 1.5 * tick(rng, 60, 9000, 0.3)[: t.size]
    place(tear, bang, length)
    out = np.zeros((2, count))
    place(out, tear, start)
    place(out, sweep(34 + 70 * np.exp(-t / 0.08)) * decay(t, 0.6, 0.004), start + length)
    return out


@nature(
    "wind",
    "wind blowing",
    "gusts of wind",
    "windy weather",
    "breeze",
    "wind howl",
    "storm wind",
    "wind in the trees",
    "howling wind",
    "blizzard",
    "strong breeze",
    "gust",
    "wind through a window",
    held_out=("blowing wind outside", "gusty air"),
    seconds=(1.5, 10.5),
    sustained=True,
)
def wind(rng: Rng, seconds: float) -> Sound:
    count = times(seconds).size
    strong, howl = rng.random(), rng.random()
    depth = rng.uniform(0.1, 0.92)
    gust = gusts(rng, count, pick(rng, 0.5, 1.5), depth)
    centre = (160 + 380 * strong) * (0.6 + 1.3 * gust)
    blocks = max(12, int(7 * seconds))
    body = np.stack(
        [
            filtered_sweep(x, centre * 0.45, centre * 1.9, blocks)
            for x in wide_noise(rng, count, ((50, 0), (500, -8), (8000, -26)), 0.15)
        ]
    )
    buffets = wide_noise(rng, count, ((20, 0), (70, -3), (200, -22), (2000, -60)), 0.1)
    hiss = wide_noise(rng, count, ((300, -30), (2500, 0), (6000, -6), (16000, -24)), 0.0)
    body *= gust**1.4 / (np.std(body) + 1e-9)
    out = body + gust**2 * (0.6 * strong * buffets + (0.03 + 0.16 * strong) * hiss)
    if howl > 0.5:  # an edge that whistles: a narrow band whose pitch follows the gusts
        for _ in range(int(rng.integers(1, 4))):
            pitch = pick(rng, 280, 900) * (0.75 + 0.5 * gust + 0.08 * slow(rng, count, 3.0))
            carrier = np.exp(2j * np.pi * np.cumsum(pitch) / RATE)
            width = pick(rng, 5, 16)
            blur = [lowpass(x, width, 1) for x in rng.standard_normal((4, count))]
            voice = np.stack([(carrier * (blur[k] + 1j * blur[k + 1])).real for k in (0, 2)])
            out += 2.2 * howl * gust**2 * voice / (np.std(voice) + 1e-9)
    words = graded("motion", depth, 0.36, 0.62, ("steady", "gusty"))
    if howl > 0.65:
        words["character"] = "howling"
    elif howl <= 0.5:
        words |= graded("character", strong, 0.4, 0.6, ("soft", "strong"))
    return Sound(fade_ends(out, 0.05, 0.1), words)
