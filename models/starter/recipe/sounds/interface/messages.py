"""Tunes that tell: chimes, successes, errors."""

from __future__ import annotations

import numpy as np

from sounds.dsp import RATE, Rng, decay, highpass, lowpass, place, times
from sounds.interface.materials import edges, melody
from sounds.oscillators import pan, pulse, wave
from sounds.sound_class import Category, Sound, graded, hertz, pick

interface = Category("Interface")


@interface(
    "notification chime",
    "notification",
    "message alert chime",
    "phone notification",
    "app alert sound",
    "incoming message tone",
    "notification bell",
    "notification sound",
    "alert chime",
    "ding",
    "message sound",
    "phone alert",
    "bell notification",
    "email alert",
    held_out=("new email chime", "smartphone message alert"),
    seconds=(0.7, 3.0),
)
def chime(rng: Rng, seconds: float) -> Sound:
    root = float(rng.integers(72, 88))
    count = int(rng.choice([1, 2, 2, 2, 3, 3]))
    leap = [float(rng.choice([3, 4, 5, 7, 9, 12])) for _ in range(count - 1)]
    direction = rng.choice([-1, 1])
    steps = [0.0, *(direction * np.cumsum(leap))]
    if direction < 0:
        steps = [step + 5 for step in steps]
    x, words = melody(rng, seconds, steps, root, rng.uniform(0.08, 0.22), pick(rng, 0.4, 1.4))
    if count > 1:
        words["motion"] = "rising" if direction > 0 else "falling"
    else:
        words["motion"] = "single"
    return Sound(x, words)


@interface(
    "success sound",
    "success jingle",
    "confirmation sound",
    "task complete sound",
    "correct answer",
    "achievement sound",
    "positive feedback",
    "success",
    "win jingle",
    "level complete",
    "quest completed",
    "correct ding",
    "happy confirmation",
    held_out=("well done jingle", "payment accepted tone"),
    seconds=(0.7, 2.5),
)
def success(rng: Rng, seconds: float) -> Sound:
    root = float(rng.integers(64, 80))
    shapes = ([0, 4, 7, 12], [0, 7, 12], [0, 5, 9], [7, 12], [0, 4, 7], [0, 12], [0, 4, 7, 12, 16])
    steps = [float(step) for step in shapes[int(rng.integers(len(shapes)))]]
    gap = min(pick(rng, 0.06, 0.16), 0.5 * seconds / len(steps))
    x, words = melody(rng, seconds, steps, root, gap, pick(rng, 0.3, 0.9))
    words |= graded("motion", gap, 0.085, 0.12, ("fast", "slow"))
    if rng.random() < 0.3:
        # the last chord sparkles
        t = times(0.5)
        for step in (12, 16, 19, 24):
            f = hertz(root + 12 + step)
            grain = edges(np.sin(2 * np.pi * f * t) * decay(t, 0.4, 0.002))
            start = round((len(steps) * gap + rng.uniform(0, 0.12)) * RATE)
            place(x, 0.15 * pan(grain, rng.uniform(-1, 1)), start)
    return Sound(edges(x), words)


@interface(
    "error sound",
    "error buzz",
    "wrong answer buzzer",
    "failure sound",
    "access denied",
    "invalid action sound",
    "negative feedback",
    "error",
    "wrong",
    "error beep",
    "failed",
    "incorrect buzzer",
    "denied beep",
    "computer error",
    held_out=("operation failed alert", "incorrect answer tone"),
    seconds=(0.4, 1.8),
)
def error(rng: Rng, seconds: float) -> Sound:
    if rng.random() < 0.45:
        root = float(rng.integers(55, 70))
        shapes = ([0, -1], [0, -6], [0, -3], [0, -4, -8], [0, 0, -5], [0, -2, -6])
        steps = [float(step) for step in shapes[int(rng.integers(len(shapes)))]]
        gap = min(pick(rng, 0.1, 0.2), 0.6 * seconds / len(steps))
        x, words = melody(rng, seconds, steps, root, gap, pick(rng, 0.25, 0.6))
        return Sound(x, {**words, "motion": "falling"})
    count = int(rng.choice([1, 2, 2, 3]))
    length = min(pick(rng, 0.08, 0.45), 0.85 * seconds / (1.4 * count))
    t = times(length)
    f = pick(rng, 75, 230)
    low = f * rng.uniform(1.01, 1.06)
    rough = rng.random()
    buzz = pulse(f, rng.uniform(0.2, 0.5), t.size) + wave("saw", low, t.size, rng.random())
    buzz = lowpass(buzz, 700 + 4500 * rough)
    buzz *= np.clip(t / 0.004, 0, 1) * np.clip((length - t) / 0.012, 0, 1)
    out = np.zeros(times(seconds).size)
    for index in range(count):
        place(out, buzz, 80 + round(index * 1.4 * length * RATE))
    words = graded("character", rough, 0.33, 0.67, ("soft", "harsh"))
    words["motion"] = "single" if count == 1 else "repeated"
    return Sound(edges(pan(highpass(out, 40), 0.0)), words)
