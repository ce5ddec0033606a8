"""Teleports, warps, force fields."""

from __future__ import annotations

import numpy as np

from sounds.dsp import (
    RATE,
    Rng,
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
    saw,
    slow,
    sweep,
    times,
)
from sounds.game.effects import held
from sounds.sound_class import Category, Sound, graded, hertz, pick

game = Category("Game")


@game(
    "teleport",
    "teleportation",
    "teleporter",
    "transporter beam",
    "teleporting",
    "materialize",
    "beam me up",
    "beaming up",
    "teleport effect",
    "disappearing in a flash",
    "teleport in",
    "warp teleport",
    "magic teleport",
    held_out=("sci-fi transporter", "vanishing into thin air in a game"),
    seconds=(0.8, 4.0),
)
def teleport(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    length = min(pick(rng, 0.6, 3.0), seconds * 0.85)
    ramp = np.clip(t / length, 0, 1)
    rises = rng.random() < 0.5
    path = ramp if rises else 1 - ramp
    base = hertz(rng.integers(57, 74))
    swarm = np.zeros((2, t.size))
    spin = np.sin(2 * np.pi * np.cumsum(3 + pick(rng, 6, 20) * path) / RATE)
    for ratio in (1, 1.5, 2, 2.67, 4):
        glide = base * ratio * 2 ** (rng.uniform(0.6, 2) * path)
        wave = sweep(glide * (1 + 0.03 * spin)) * (1 + 0.8 * np.roll(spin, int(rng.integers(9000))))
        swarm += panned(wave / ratio**0.5, rng.uniform(0.15, 0.85))
    grain_t = times(0.09)
    for _ in range(int(length * pick(rng, 25, 70))):
        at = rng.random()
        pitch = base * 6 * 2 ** (2 * (at if rises else 1 - at) + rng.choice([0, 3, 7, 10]) / 12)
        grain = np.sin(2 * np.pi * pitch * grain_t) * decay(grain_t, 0.08, 0.003)
        place(swarm, panned(grain, rng.random()) * rng.exponential(0.7), int(at * length * RATE))
    wash = moving_band(noise(rng, t.size), 600 * 12**path, 0.8)
    x = swarm + panned(1.5 * wash, 0.5 + 0.4 * np.sin(2 * np.pi * 2 * t))
    bell = np.sin(np.pi * np.clip(t / length, 0, 1)) ** 0.6
    x = x * (bell if rng.random() < 0.5 else ramp**0.7) * held(t, length, 0.04)
    pop = sweep(90 + 900 * decay(t, 0.06)) * decay(t, 0.3) + noise(rng, t.size) * decay(t, 0.05)
    if rng.random() < 0.6:
        place(x, np.tile(rng.uniform(0.5, 2.5) * pop, (2, 1)), int(length * RATE))
    x = x * held(t, seconds * 0.98, seconds * 0.06)
    words = {"motion": "rising" if rises else "falling"} if rng.random() < 0.7 else {}
    return Sound(finished(x), words)


@game(
    "warp",
    "warp drive",
    "hyperspace jump",
    "warp jump",
    "space warp",
    "time warp",
    "jump to light speed",
    "warp speed",
    "hyperdrive",
    "spaceship goes to light speed",
    "jump into hyperspace",
    "entering warp",
    held_out=("starship entering hyperspace", "faster than light travel"),
    seconds=(1.5, 7.0),
)
def warp(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    split = seconds * rng.uniform(0.35, 0.6)
    charge = np.clip(t / split, 0, 1)
    after = np.maximum(t - split, 0)
    gone = 1 - np.clip(after / (seconds - split), 0, 1)
    size = rng.random()
    base = 95 - 55 * size
    whine = base * 2 ** (rng.uniform(2.5, 4) * charge ** rng.uniform(1.5, 3))
    whine = whine * np.where(t < split, 1, 0.12 + 0.88 * np.exp(-after / 0.25))
    if rng.random() < 0.35:
        # time bends before it gives way
        bend = rng.uniform(0.1, 0.5) * sweep(1.5 + 7 * charge)
        whine = whine * 2**bend
    tone = pick(rng, 0.3, 2) * fm(whine, rng.choice([0.5, 1.5, 2.0, 2.76]), 3 * charge)
    tone = tone + pick(rng, 0.1, 1) * (saw(whine * 0.5) + saw(whine * 0.502))
    tone = moving_band(tone, pick(rng, 1.5, 8) * whine, rng.uniform(0.9, 2.2))
    x = pick(rng, 0.3, 1.6) * tone * charge ** rng.uniform(0.4, 2) * np.where(t < split, 1, gone**2)
    boom = np.tanh(2 * sweep(base * (0.5 + 2 * np.exp(-after / 0.12))))
    boom = boom * decay(after, pick(rng, 0.6, 3.0)) * (t >= split)
    x = x + (0.2 + size) * pick(rng, 0.4, 1.5) * boom
    end = pick(rng, 150, 2500)
    rush = np.where(t < split, 250 * 10**charge, end + 6000 * np.exp(-after / (0.3 * seconds)))
    level = np.where(t < split, pick(rng, 0.05, 0.6) * charge**2, pick(rng, 0.5, 2.2) * gone**1.5)
    slope, width = rng.uniform(0, 1.2), rng.uniform(0.5, 1.6)
    out = [moving_band(coloured(rng, t.size, slope), rush, width) for _ in range(2)]
    out = np.stack([out[0] + 0.5 * out[1], out[1] + 0.5 * out[0]]) * level
    if rng.random() < 0.3:
        out = out * (0.55 + 0.45 * np.sin(2 * np.pi * np.cumsum(4 + 14 * gone) / RATE))
    words = graded("size", size, 0.33, 0.67, ("small", "huge"))
    words |= graded("motion", split, 1.4, 2.4, ("fast", "slow"))
    return Sound(finished(out + x, 0.08), words)


@game(
    "force field",
    "energy shield",
    "energy field",
    "force field hum",
    "plasma field",
    "sci-fi shield",
    "shield hum",
    "energy barrier",
    "electric force field",
    "force field buzz",
    "magnetic field",
    held_out=("humming energy barrier", "protective shield of a spaceship"),
    seconds=(1.0, 10.0),
    sustained=True,
)
def force_field(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    base = pick(rng, 45, 140)
    words = graded("character", base, 64, 98, ("deep", "light"))
    tone = saw(base * (1 + 0.004 * np.sin(2 * np.pi * 0.7 * t))) + saw(
        np.full(t.size, base * 1.007)
    )
    tone = tone + 0.8 * fm(np.full(t.size, base * 2), 3.01, 1 + 2 * slow(rng, t.size, 1.5))
    drift = 2 ** (2 * slow(rng, t.size, 0.8))
    sides = [
        moving_band(tone + 0.25 * noise(rng, t.size), pick(rng, 250, 700) * drift, 1.3)
        for _ in range(2)
    ]
    x = np.stack(sides) + 0.5 * lowpass(tone, 2.5 * base)
    shimmer = sweep(base * 16 * (1 + 0.01 * slow(rng, t.size, 6))) * slow(rng, t.size, 5) ** 2
    x = x + 0.12 * shimmer
    beat = pick(rng, 1.5, 7)
    motion = rng.integers(3)
    if motion == 0:
        x = x * (0.35 + 0.65 * (0.5 + 0.5 * np.sin(2 * np.pi * beat * t)) ** 1.5)
        words["motion"] = "pulsing"
    elif motion == 1:
        words["motion"] = "steady"
    else:
        x = x * (0.5 + slow(rng, t.size, 2.0))
    if rng.random() < 0.5:
        for start in rng.integers(0, t.size, int(seconds * pick(rng, 3, 20))):
            grain = highpass(noise(rng, 700), 2500) * decay(times(700 / RATE), 0.012)
            place(x, panned(grain * rng.exponential(0.35), rng.random()), int(start))
    return Sound(finished(x, 0.03), words)
