"""Hi-hats and cymbals."""

from __future__ import annotations

import numpy as np

from sounds import drum_hits as hits
from sounds.dsp import Rng, ended, lowpass, times
from sounds.sound_class import Category, Sound, one_of, pick, told

drums = Category("Drums")


def hat(rng: Rng, seconds: float, t60: float) -> Sound:
    """A hi-hat of either make, in three dynamics."""
    t = times(seconds)
    material = one_of(rng, "acoustic", "electronic")
    character = one_of(rng, "soft", "hard", "")
    force = {"soft": rng.uniform(0, 0.15), "hard": rng.uniform(0.8, 1.0), "": 0.45}[character]
    make = hits.hat_acoustic if material == "acoustic" else hits.hat_electronic
    x = make(rng, t, min(t60, seconds), force, pick(rng, 2600, 5200))
    return Sound(ended(x), told(material=material, character=character))


@drums(
    "closed hi-hat",
    "closed hat",
    "hi-hat",
    "hihat",
    "hi-hat tick",
    "closed hi hat hit",
    "short hat",
    "tight hi-hat",
    "tss of a hi-hat",
    "pedal hi-hat",
    held_out=("hi-hat sample", "tight closed hihat"),
    seconds=(0.25, 1.0),
)
def closed_hat(rng: Rng, seconds: float) -> Sound:
    return hat(rng, seconds, pick(rng, 0.035, 0.14))


@drums(
    "open hi-hat",
    "open hat",
    "open hihat",
    "ringing open hi-hat",
    "open hi hat hit",
    "long hi-hat",
    "sizzling hi-hat",
    "hat left open",
    "offbeat open hat",
    held_out=("open hat sample", "washy open hihat"),
    seconds=(0.5, 1.8),
)
def open_hat(rng: Rng, seconds: float) -> Sound:
    return hat(rng, seconds, pick(rng, 0.4, 1.5))


@drums(
    "crash cymbal",
    "crash",
    "cymbal",
    "cymbal crash",
    "cymbal smash",
    "crashing cymbal",
    "loud cymbal",
    "cymbal struck hard",
    "drummer's crash",
    "long cymbal crash",
    held_out=("cymbal hit", "drum kit crash"),
    seconds=(1.2, 6.0),
)
def crash(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    size, character = one_of(rng, "small", "big", ""), one_of(rng, "soft", "hard", "")
    base = pick(rng, *{"small": (700, 1100), "": (420, 600), "big": (200, 330)}[size])
    t60 = pick(rng, *{"small": (0.8, 1.6), "": (1.6, 3.2), "big": (3.0, 6.0)}[size])
    attack = pick(rng, 0.05, 0.14) if character == "soft" else 0.0
    x = hits.cymbal(rng, t, base, min(t60, 1.1 * seconds), pick(rng, 9, 17) * base, attack)
    if character == "hard":
        x = hits.driven(x + 0.7 * hits.burst(rng, t, 2500, 14000, 0.06), 1.6)
    elif character == "soft":
        x = lowpass(x, pick(rng, 3500, 7000), 1)
    return Sound(ended(x), told(size=size, character=character))


@drums(
    "ride cymbal",
    "ride",
    "ride cymbal hit",
    "jazz ride",
    "ride cymbal ping",
    "stick on a ride cymbal",
    "ride bell",
    "steady cymbal ping",
    "drummer's ride",
    "swing ride cymbal",
    held_out=("ride sample", "pinging ride cymbal"),
    seconds=(1.0, 5.0),
)
def ride(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    size = one_of(rng, "small", "big", "")
    base = pick(rng, *{"small": (480, 650), "": (340, 450), "big": (220, 310)}[size])
    t60 = min(pick(rng, 1.5, 4.5), 1.1 * seconds)
    character = one_of(rng, "clean", "washy", "bell-like")
    wash = hits.cymbal(rng, t, base, t60, pick(rng, 8, 16) * base, 0.03)
    count = 14
    f = base * np.sort(rng.uniform(2.0, 22, count))
    if character == "bell-like":
        f = base * np.array([1.9, 2.9, 4.1, 5.2, 6.9, 8.4, 10.1, 12, 14, 16, 18, 20, 22, 24])
        f = f * rng.uniform(0.98, 1.02, count)
    levels = rng.uniform(0.5, 1, count) * (f / f[0]) ** -0.3
    t60s = 0.6 * t60 * (f / f[0]) ** -0.4
    ping = hits.scaled(hits.ring(t.size, f, levels, t60s, rng.uniform(0, 6, count)))
    stick = hits.burst(rng, t, 2500, 15000, 0.015, 0.0003)
    washed = {"clean": 0.35, "washy": 1.6, "bell-like": 0.3}[character]
    tip = {"clean": 0.7, "washy": 0.3, "bell-like": 0.4}[character]
    tone = {"clean": 0.6, "washy": 0.25, "bell-like": 1.2}[character]
    x = washed * wash + tone * ping * np.clip(t / 0.0007, 0, 1) + tip * stick
    return Sound(ended(x), told(size=size, character=character))
