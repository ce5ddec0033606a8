"""Up and down: risers and what falls."""

from __future__ import annotations

import numpy as np

from sounds.cinematic.layers import edges, wide_noise
from sounds.dsp import RATE, Array, Rng, decay, highpass, lowpass, noise, room, sweep, times
from sounds.oscillators import unison
from sounds.sound_class import Category, Sound, pick
from sounds.swept_filter import swept_band, swept_lowpass, swept_peak
from sounds.texture import unit

cinematic = Category("Cinematic")


def travel(rng: Rng, t: Array, ramp: Array) -> tuple[Array, dict[str, str]]:
    """Noise, or detuned synths, or both, that climb in pitch and level as ``ramp`` goes 0 to 1."""
    kind = rng.random()
    low, high = pick(rng, 120, 400), pick(rng, 4000, 13000)
    centre = low * (high / low) ** ramp
    x = np.zeros((2, t.size))
    if kind < 0.67:
        narrow = rng.uniform(1.25, 2.5)
        hiss = wide_noise(rng, t.size, rng.uniform(0, 0.8), rng.uniform(0.1, 0.6))
        hiss = swept_band(hiss, centre / narrow, centre * narrow)
        if rng.random() < 0.5:
            hiss += pick(rng, 0.5, 3) * swept_peak(hiss, centre, pick(rng, 4, 15))
        x += unit(hiss)
    if kind > 0.33:
        base, octaves = pick(rng, 50, 160), rng.uniform(1.5, 4)
        pitch = base * 2 ** (octaves * ramp ** rng.uniform(0.8, 1.6))
        synth = unison(rng, "saw", pitch, t.size, int(rng.integers(4, 8)), pick(rng, 8, 45), 0.9)
        if rng.random() < 0.5:
            synth += 0.7 * unison(rng, "saw", 1.5 * pitch, t.size, 3, 12, 0.9)
        x += rng.uniform(0.6, 1.2) * unit(swept_lowpass(synth, 3 * centre, rng.uniform(0, 2)))
    words = {"material": "noise"} if kind <= 0.33 else {"material": "synth"} if kind > 0.67 else {}
    return x, words


@cinematic(
    "riser",
    "uplifter",
    "build-up",
    "rising sweep",
    "tension riser",
    "EDM build up",
    "upward sweep",
    "rise",
    "rising noise",
    "build up effect",
    "rising tension before a drop",
    "white noise riser",
    "upward swoosh",
    held_out=("transition riser effect", "sweep up before the drop"),
    seconds=(1.5, 10.0),
    sustained=True,
)
def riser(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    ramp = t / seconds
    x, words = travel(rng, t, ramp)
    x *= 0.02 + ramp ** rng.uniform(1.0, 2.5)
    if rng.random() < 0.35:
        # the gate speeds up towards the end
        first, last = pick(rng, 2, 5), pick(rng, 12, 26)
        rate = first * (last / first) ** ramp
        gate = 0.5 + 0.5 * np.sin(2 * np.pi * np.cumsum(rate) / RATE)
        x *= 1 - rng.uniform(0.6, 0.95) * gate
        words["motion"] = "accelerating"
    elif rng.random() < 0.5:
        words["motion"] = "smooth"
    if rng.random() < 0.5:
        x += 0.12 * ramp**2 * unit(lowpass(wide_noise(rng, t.size, 1.5, 0.5), 120))
    return Sound(edges(room(rng, x, rng.uniform(0.6, 1.6), rng.uniform(0.05, 0.3))), words)


@cinematic(
    "downlifter",
    "downsweep",
    "falling sweep",
    "sweep down",
    "downward transition",
    "drop sweep",
    "falling noise",
    "down sweep",
    "descending sweep",
    "fall effect",
    "white noise falling",
    "downer",
    held_out=("reverse riser going down", "descending whoosh transition"),
    seconds=(1.0, 8.0),
    sustained=True,
)
def downlifter(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    ramp = 1 - t / seconds
    x, words = travel(rng, t, ramp ** rng.uniform(0.8, 2.0))
    x *= ramp ** rng.uniform(0.7, 2.0)
    if rng.random() < 0.4:
        thump = sweep(42 + 70 * np.exp(-t / 0.06)) * decay(t, min(1.5, seconds), 0.002)
        x += rng.uniform(0.5, 1.0) * thump
        x += 0.3 * highpass(noise(rng, t.size), 1500) * decay(t, 0.15)
        words["character"] = "punchy"
    elif rng.random() < 0.5:
        x *= np.clip(t / (0.12 * seconds), 0, 1)
        words["character"] = "soft"
    return Sound(edges(room(rng, x, rng.uniform(0.8, 2.0), rng.uniform(0.1, 0.4))), words)
