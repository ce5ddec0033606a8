"""Machines that think, and those that fail to."""

from __future__ import annotations

import numpy as np

from sounds.dsp import (
    RATE,
    Rng,
    bandpass,
    coloured,
    decay,
    finished,
    fm,
    highpass,
    lowpass,
    moving_band,
    noise,
    panned,
    place,
    pulse,
    saw,
    sweep,
    times,
)
from sounds.game.effects import crushed, echoes, steps
from sounds.sound_class import Category, Sound, graded, hertz, pick

game = Category("Game")


@game(
    "computer beeps",
    "computer beeping",
    "sci-fi computer",
    "data processing beeps",
    "computer bleeps",
    "console beeps",
    "spaceship computer",
    "computer",
    "beeps and bloops",
    "retro computer",
    "sci-fi console",
    "computer thinking",
    "data beeps",
    held_out=("control panel bleeping", "old computer calculating"),
    seconds=(0.8, 8.0),
    sustained=True,
)
def computer_beeps(rng: Rng, seconds: float) -> Sound:
    out = np.zeros((2, times(seconds).size))
    rate = pick(rng, 4, 20)
    words = graded("motion", rate, 6.5, 11.5, ("slow", "fast"))
    retro = rng.random() < 0.5
    words["character"] = "retro" if retro else "clean"
    notes = hertz(rng.integers(72, 84)) * 2 ** (rng.choice(30, 6, replace=False) / 12)
    pattern = rng.integers(0, 6, 8)
    voices = [rng.random() for _ in range(6)]
    for index in range(int(seconds * rate)):
        if index % 8 == 0 and rng.random() < 0.5:
            pattern = rng.integers(0, 6, 8)
        if index and rng.random() < 0.22:
            continue
        note = pattern[index % 8]
        t = times(rng.choice([0.4, 0.6, 0.9]) / rate)
        frequency = np.full(t.size, notes[note])
        if rng.random() < 0.12:
            frequency = frequency * (1 + 0.3 * np.sin(2 * np.pi * 25 * t))
        tone = pulse(frequency, 0.5) if retro else sweep(frequency) + 0.2 * sweep(2 * frequency)
        edge = np.clip(np.minimum(t, t[::-1]) / 0.003, 0, 1)
        place(out, panned(tone * edge, 0.2 + 0.6 * voices[note]), int(index / rate * RATE))
    if retro:
        out = lowpass(out, 9000)
    hum = lowpass(coloured(rng, out.shape[-1], 1.0), 600) * rng.uniform(0, 0.06)
    return Sound(finished(out + hum), words)


@game(
    "robot chirp",
    "droid chirp",
    "robot beeping",
    "cute robot",
    "droid beeps",
    "robot whistle",
    "talking droid",
    "robot voice beeps",
    "chirping robot",
    "robot talking",
    "happy robot",
    "robot sounds",
    held_out=("little robot answering", "friendly droid noises"),
    seconds=(0.4, 4.0),
)
def robot_chirp(rng: Rng, seconds: float) -> Sound:
    count = times(seconds).size
    out = np.zeros(count)
    size, mood = rng.random(), rng.random()
    centre = 2600 * 0.25**size
    words = graded("size", size, 0.33, 0.67, ("small", "big"))
    words |= graded("character", mood, 0.33, 0.67, ("sad", "happy"))
    pace = (0.28, 0.17, 0.11)[int(np.clip(mood * 3, 0, 2))]
    at = 0.0
    while at < seconds * 0.8:
        length = min(pick(rng, 0.6, 1.6) * pace, seconds * 0.92 - at)
        t = times(length)
        if t.size < 400:
            break
        bend = rng.uniform(0.2, 1.2) * np.sign(mood - rng.uniform(0.3, 0.7))
        start = centre * 2 ** rng.uniform(-0.7, 0.7)
        frequency = start * 2 ** (bend * (t / length - 0.5))
        kind = rng.integers(4)
        if kind == 0:
            frequency = frequency * (1 + 0.15 * np.sin(2 * np.pi * pick(rng, 18, 45) * t))
            x = sweep(frequency)
        elif kind == 1:
            x = fm(frequency, rng.choice([0.5, 1.0, 1.51, 2.0]), pick(rng, 0.8, 4))
        elif kind == 2:
            x = sweep(frequency) + 0.4 * sweep(2 * frequency)
        else:
            jumps = 2 ** (rng.integers(-7, 8, 12) / 12)
            x = sweep(frequency * jumps[steps(t, length, int(rng.integers(3, 9))).astype(int)])
        edge = np.clip(np.minimum(t, t[::-1]) / 0.006, 0, 1)
        place(out, x * edge * rng.uniform(0.6, 1), int(at * RATE))
        at += length + rng.choice([0.005, 0.02, 0.08]) * (1.6 - mood)
    # the shell it speaks through
    body = out + 0.5 * bandpass(out, 900, 2600) + 0.02 * np.tanh(5 * highpass(out, 2500))
    return Sound(finished(echoes(body, 0.023, 0.18, 2)), words)


@game(
    "glitch",
    "digital glitch",
    "data glitch",
    "digital stutter",
    "computer glitch",
    "corrupted data",
    "signal glitch",
    "glitchy stutter",
    "digital error",
    "digital noise burst",
    "data error",
    "stuttering audio",
    "broken signal",
    held_out=("broken digital transmission", "malfunctioning electronics"),
    seconds=(0.4, 5.0),
    sustained=True,
)
def glitch(rng: Rng, seconds: float) -> Sound:
    count = times(seconds).size
    out = np.zeros((2, count))
    harsh, pace = rng.random(), rng.random()
    words = graded("character", harsh, 0.33, 0.67, ("soft", "harsh"))
    words |= graded("motion", pace, 0.33, 0.67, ("slow", "fast"))
    at = 0
    while at < count:
        size = int(pick(rng, 0.003, 0.04) * RATE)
        t = np.arange(size) / RATE
        kind = rng.integers(4)
        if kind == 0:
            cell = noise(rng, size) * 0.6
        elif kind == 1:
            cell = fm(np.full(size, pick(rng, 100, 4000)), pick(rng, 0.3, 3.7), pick(rng, 1, 9))
        elif kind == 2:
            cell = pulse(np.full(size, pick(rng, 60, 2500)), 0.3)
        else:
            cell = sweep(pick(rng, 300, 9000) * decay(t, size / RATE * pick(rng, 1, 4)))
        cell = cell * np.clip(np.minimum(t, t[::-1]) / 0.0006, 0, 1)
        cell = crushed(cell, int(1 + rng.integers(0, 4 + 14 * harsh)), 3 + 14 * (1 - harsh))
        if harsh < 0.5:
            cell = lowpass(cell, 1800 + 6000 * harsh)
        repeats = int(pick(rng, 1, 14))
        piece = np.tile(cell, repeats) * np.repeat(rng.random(repeats) < 0.9, size)
        piece = piece * np.linspace(1, rng.uniform(0.2, 1.2), piece.size) * rng.uniform(0.4, 1)
        place(out, panned(piece, rng.choice([0.1, 0.5, 0.5, 0.9])), at)
        gap = rng.exponential(0.22 * 0.12**pace) if rng.random() < 0.7 else 0.0
        at += piece.size + int(gap * RATE)
    return Sound(finished(out), words)


@game(
    "scanner",
    "sci-fi scanner",
    "scanning beam",
    "scanning device",
    "radar scan",
    "body scan",
    "scanning",
    "laser scan",
    "radar sweep",
    "futuristic scanner",
    "retina scan",
    "scan beam",
    held_out=("futuristic scan of an object", "medical scanner sweeping"),
    seconds=(1.0, 8.0),
    sustained=True,
)
def scanner(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    period = pick(rng, 0.35, 2.5)
    words = graded("motion", period, 0.67, 1.3, ("fast", "slow"))
    turn = (t / period + rng.choice([0.0, 0.5])) % 1
    there_and_back = rng.random() < 0.6
    path = 0.5 - 0.5 * np.cos(2 * np.pi * turn) if there_and_back else turn
    base = pick(rng, 90, 320)
    glide = base * 2 ** (rng.uniform(0.3, 1.2) * path)
    tone = saw(glide) + saw(glide * 1.007) + 0.3 * noise(rng, t.size)
    band = moving_band(tone, pick(rng, 350, 900) * 2 ** (rng.uniform(1.8, 3.2) * path), 0.5)
    whistle = 0.25 * sweep(glide * 8) * (0.4 + 0.6 * path)
    buzz = 0.6 + 0.4 * np.sign(np.sin(2 * np.pi * pick(rng, 14, 45) * t))
    electric = rng.random() < 0.5
    x = band * (lowpass(buzz, 400, 1) if electric else 1.0) + whistle
    words["character"] = "electric" if electric else "smooth"
    edge = np.clip(np.minimum(turn, 1 - turn) / 0.04, 0, 1)
    x = x * (1 if there_and_back else edge)
    if rng.random() < 0.5:
        blip_t = times(0.05)
        blip = np.sin(2 * np.pi * pick(rng, 1500, 3500) * blip_t) * decay(blip_t, 0.06, 0.002)
        for start in np.arange(0.0, seconds, period):
            place(x, 0.7 * blip, int(start * RATE))
    return Sound(finished(panned(x, 0.5 + 0.3 * (path - 0.5)), 0.02), words)
