"""A cymbal backwards, and tension that does not resolve."""

from __future__ import annotations

import numpy as np

from sounds.cinematic.layers import edges, wide_noise
from sounds.dsp import Rng, bandpass, decay, highpass, room, slow, sweep, times
from sounds.oscillators import pan, unison, wave
from sounds.sound_class import Category, Sound, graded, hertz, pick
from sounds.swept_filter import swept_lowpass
from sounds.texture import unit

cinematic = Category("Cinematic")


@cinematic(
    "reverse cymbal",
    "reversed cymbal",
    "backwards cymbal",
    "cymbal swell",
    "reverse crash",
    "reverse cymbal swell",
    "backward crash",
    "rising reversed cymbal",
    "reverse cymbal before the chorus",
    held_out=("cymbal played backwards", "reversed crash lead-in"),
    seconds=(0.8, 6.0),
    sustained=True,
)
def reverse_cymbal(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    size = rng.random()
    base = 520 * 2 ** (-0.9 * size)
    t60 = seconds * rng.uniform(0.8, 1.6)
    shimmer = np.zeros((2, t.size))
    for octave in range(4):
        ring = np.zeros((2, t.size))
        for side in (-1.0, -0.6, -0.2, 0.2, 0.6, 1.0):
            f = base * 2 ** (octave + rng.random())
            ring += pan(np.sin(2 * np.pi * (f * t + rng.random())), side)
        shimmer += ring * decay(t, t60 * 2 ** (-0.25 * octave)) * min(1.0, 0.3 + 0.3 * octave)
    hiss = highpass(wide_noise(rng, t.size, 0.2, 0.25), 1500 + 2500 * (1 - size))
    cutoff = 900 + 15000 * np.exp(-t / (seconds * rng.uniform(0.25, 0.6)))
    hiss = swept_lowpass(hiss, cutoff) * decay(t, t60)
    x = unit(hiss) + rng.uniform(0.15, 0.4) * unit(shimmer)
    if size > 0.5:
        x += 0.25 * unit(bandpass(wide_noise(rng, t.size, 1, 0.3), 200, 700) * decay(t, t60))
    x *= 1 + 0.2 * np.sin(2 * np.pi * rng.uniform(2, 6) * t + rng.uniform(0, 6))
    words = graded("size", size, 0.33, 0.67, ("small", "big"))
    x = x[:, ::-1]
    if rng.random() < 0.35:
        # it choked at the end rather than ran into the cut
        x = x * np.clip((seconds - t) / min(0.15, seconds / 6), 0, 1)
        words["character"] = "soft"
    return Sound(edges(np.ascontiguousarray(x), 0.01, 0.004), words)


@cinematic(
    "tension drone",
    "suspense drone",
    "horror drone",
    "eerie ambience",
    "ominous drone",
    "scary atmosphere",
    "dark suspense texture",
    "horror ambience",
    "tense drone",
    "sinister drone",
    "creepy background",
    "thriller underscore",
    "dread",
    held_out=("unsettling horror bed", "suspenseful underscore"),
    seconds=(2.5, 10.5),
    sustained=True,
)
def tension(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    words: dict[str, str] = {}
    root = hertz(rng.uniform(27, 40))
    turn = rng.random()
    climb = np.zeros(t.size)
    if turn < 0.25:
        climb = rng.uniform(4, 10) / 12 * (t / seconds)
        words["motion"] = "rising"
    x = unison(rng, "saw", root * 2**climb, t.size, 4, pick(rng, 8, 30), 1.0)
    height = rng.random()
    # bowed cluster: neighbours a semitone apart that beat against each other
    middle = root * 2 ** (2 + 2 * height)
    x = unit(swept_lowpass(x, pick(rng, 150, 600) * 2 ** (1.5 * slow(rng, t.size, 0.4))))
    cluster = np.zeros((2, t.size))
    for step in rng.choice([0, 1, 2, 6, 7, 11, 13], 4, replace=False):
        drift = 2 ** (climb + (step + 0.3 * (slow(rng, t.size, 0.7) - 0.5)) / 12)
        voice = wave("saw", middle * drift, t.size, rng.random())
        cluster += pan(voice * slow(rng, t.size, 0.5) ** 2, rng.uniform(-1, 1))
    rosin = highpass(wide_noise(rng, t.size, 0.5, 0.0), 2000) * np.abs(cluster)
    cluster = swept_lowpass(cluster + 0.15 * rosin, middle * pick(rng, 2, 5))
    x = (1.2 - height) * x + (0.25 + 0.8 * height) * unit(cluster)
    whistles = 0.0
    for _ in range(int(rng.integers(1, 4))):
        f = pick(rng, 1200, 4500) * 2 ** (climb + 0.08 * slow(rng, t.size, 0.5))
        whistles = whistles + pan(sweep(f) * slow(rng, t.size, 0.4) ** 3, rng.uniform(-1, 1))
    x += 0.25 * height * whistles
    words |= graded("character", height, 0.33, 0.67, ("deep", "eerie"))
    if turn > 0.66:
        rate = pick(rng, 0.7, 2.2)
        beat = (0.5 + 0.5 * np.cos(2 * np.pi * rate * t)) ** 3
        x *= 0.4 + 0.6 * beat
        x += 0.6 * beat * np.sin(2 * np.pi * root * 2 ** climb.mean() * t)
        words["motion"] = "pulsing"
    elif turn > 0.33:
        words["motion"] = "steady"
    x = room(rng, highpass(x, 20, 1), 2.0, 0.3)
    return Sound(edges(x, min(1.0, seconds / 5), min(1.0, seconds / 5)), words)
