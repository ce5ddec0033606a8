"""What interfaces sound of: small struck things and short tones."""

from __future__ import annotations

import numpy as np

from sounds.dsp import RATE, Array, Rng, decay, highpass, lowpass, noise, place, times
from sounds.oscillators import pan, wave
from sounds.sound_class import hertz

# partials as (ratio, loudness, share of the decay): what a struck bar or bowl of it rings with
MATERIALS = {
    "wood": ((1, 1, 1), (3.9, 0.35, 0.4), (9.2, 0.15, 0.2)),
    "glass": ((1, 1, 1), (2.32, 0.5, 0.9), (4.25, 0.4, 0.7), (6.63, 0.25, 0.5)),
    "metal": ((1, 1, 1), (1.51, 0.4, 0.8), (2.76, 0.6, 0.8), (5.4, 0.45, 0.6), (8.93, 0.25, 0.4)),
    "plastic": ((1, 1, 1), (1.83, 0.6, 0.6), (3.1, 0.4, 0.4)),
}


def edges(x: Array) -> Array:
    """A fade of 5 ms at the end, so that a tail cut by the clip does not click."""
    t = np.arange(x.shape[-1]) / RATE
    return x * np.clip((t[-1] - t) / 0.005, 0, 1)


def struck(rng: Rng, material: str, frequency: float, t60: float, hardness: float) -> Array:
    """A small object hit once: modes of its material and the noise of the contact."""
    t = times(min(1.2 * t60, 2.0) + 0.01)
    x = np.zeros(t.size)
    for ratio, loud, share in MATERIALS[material]:
        f = frequency * ratio * rng.uniform(0.985, 1.015)
        if f < 18000:
            soft = loud * hardness if ratio > 1 else loud
            x += soft * np.sin(2 * np.pi * f * t) * decay(t, t60 * share, 0.0006)
    contact = highpass(noise(rng, t.size), 1500 + 3000 * hardness) * decay(
        t, 0.004 + 0.01 * hardness
    )
    return edges(x + 0.5 * hardness * contact)


def tone(rng: Rng, timbre: str, frequency: float, t60: float) -> Array:
    """A short melodic note as devices play it."""
    if timbre in MATERIALS:
        length = {"wood": 0.35, "glass": 1.3, "metal": 1.5}[timbre] * t60
        return struck(rng, timbre, frequency, length, rng.uniform(0.15, 0.5))
    t = times(t60 + 0.01)
    fade = decay(t, t60, 0.004)
    if timbre == "bell":
        index = rng.uniform(0.4, 1.4) * decay(t, 0.4 * t60)
        return edges(
            np.sin(2 * np.pi * frequency * t + index * np.sin(7 * np.pi * frequency * t)) * fade
        )
    if timbre == "sine":
        x = np.sin(2 * np.pi * frequency * t) + 0.2 * np.sin(4 * np.pi * frequency * t)
        return edges(x * fade)
    x = wave("square" if timbre == "chip" else "triangle", frequency, t.size)
    return edges(lowpass(x, 7 * frequency) * fade)


def timbre_of(rng: Rng) -> tuple[str, dict[str, str]]:
    """Half of the time a material that one may name, else something electronic."""
    if rng.random() < 0.5:
        material = str(rng.choice(["wood", "glass", "metal"]))
        return material, {"material": material}
    name = str(rng.choice(["bell", "sine", "sine", "triangle", "chip"]))
    return name, {"character": "retro"} if name == "chip" else {}


def melody(
    rng: Rng, seconds: float, steps: list[float], root: float, gap: float, t60: float
) -> tuple[Array, dict[str, str]]:
    """Notes ``steps`` semitones above ``root`` (MIDI), ``gap`` seconds apart: [2, n]."""
    timbre, words = timbre_of(rng)
    out = np.zeros((2, times(seconds).size))
    echo = rng.uniform(0.08, 0.22) if rng.random() < 0.35 else 0.0
    for index, step in enumerate(steps):
        last = 1.5 if index == len(steps) - 1 else 1.0
        note = tone(rng, timbre, hertz(root + step), min(t60 * last, seconds))
        side = rng.uniform(-0.35, 0.35)
        start = round((0.005 + index * gap) * RATE)
        place(out, pan(note, side), start)
        if echo:
            for turn in (1, 2, 3):
                later = start + round(turn * echo * RATE)
                place(out, 0.35**turn * pan(lowpass(note, 4000), 0.8 * (-1) ** turn), later)
    return edges(out), words
