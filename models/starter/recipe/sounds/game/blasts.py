"""Explosions, and the doors of spaceships."""

from __future__ import annotations

import numpy as np

from sounds.dsp import (
    RATE,
    Rng,
    bandpass,
    coloured,
    decay,
    finished,
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
from sounds.sound_class import Category, Sound, graded, pick

game = Category("Game")


@game(
    "explosion",
    "blast",
    "big explosion",
    "bomb explosion",
    "detonation",
    "grenade explosion",
    "exploding bomb",
    "explode",
    "bomb",
    "big boom explosion",
    "bomb going off",
    "dynamite",
    "exploding car",
    "massive blast",
    held_out=("something blowing up", "fiery blast with debris"),
    seconds=(1.0, 7.0),
)
def explosion(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    big, near = rng.random(), rng.random()
    t60 = min(0.7 + 4.0 * big + rng.uniform(0, 0.8), seconds * 1.1)
    words = graded("size", big, 0.33, 0.67, ("small", "huge"))
    if rng.random() < 0.12:
        step = np.maximum(1, (3 + 20 * big + 40 * np.clip(t / t60, 0, 1)).astype(int))
        held_noise = rng.uniform(-1, 1, t.size)[(np.cumsum(1 / step)).astype(int)]
        x = np.round(held_noise * 7) / 7 * decay(t, t60 * 0.9)
        words["character"] = "retro"
        return Sound(finished(x * held(t, seconds * 0.95, 0.1)), words)
    words |= graded("character", near, 0.3, 0.7, ("distant", "close"))
    attack = 0.002 + 0.06 * (1 - near) ** 2
    closing = 90 + (400 + 6500 * near**1.5) * np.exp(-t / (0.1 + rng.uniform(0.15, 0.4) * t60))
    # the fireball boils: slow, deep swings of level
    boil = 0.45 + 1.1 * slow(rng, t.size, pick(rng, 5, 14))
    body = np.stack([moving_band(coloured(rng, t.size, 0.9), closing, 2.2) for _ in range(2)])
    rumble = lowpass(coloured(rng, t.size, 1.6), 70 + 60 * (1 - big)) * decay(t, t60 * 1.3, 0.03)
    boom = sweep(30 + 22 * (1 - big) + 85 * np.exp(-t / 0.09)) * decay(t, t60 * 0.6, attack)
    x = 1.6 * body * decay(t, t60, attack) * boil + (0.5 + big) * boom + 0.7 * rumble * boil
    x = x + 1.5 * near * np.tanh(2 * noise(rng, t.size)) * decay(t, 0.07 + 0.06 * big, 0.0005)
    if near > 0.35:
        for _ in range(int(rng.integers(5, 60))):
            at = rng.exponential(0.25 * t60) + 0.08
            low = pick(rng, 500, 5000)
            grain_t = times(pick(rng, 0.015, 0.09))
            grain = bandpass(noise(rng, grain_t.size), low, 2 * low, 1) * decay(
                grain_t, grain_t[-1]
            )
            level = rng.exponential(0.6) * near * 10 ** (-1.2 * at / t60)
            place(x, panned(grain * level, rng.random()), int(at * RATE))
    # a loud recording stays full for a while before one hears it fall
    x = np.tanh(x * pick(rng, 0.6, 4.5))
    return Sound(finished(x * held(t, seconds * 0.98, 0.2 * seconds)), words)


@game(
    "sci-fi door",
    "sci-fi door whoosh",
    "spaceship door",
    "futuristic door",
    "airlock door",
    "automatic sliding door",
    "spaceship airlock",
    "space door",
    "door of a spaceship",
    "futuristic sliding door",
    "sci-fi airlock",
    "pneumatic door",
    held_out=("starship bulkhead sliding", "space station door hiss"),
    seconds=(0.6, 3.0),
)
def sci_fi_door(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    length = min(pick(rng, 0.35, 1.8), seconds * 0.75)
    heavy, opens = rng.random(), rng.random() < 0.5
    ramp = np.clip(t / length, 0, 1)
    words = graded("character", heavy, 0.33, 0.67, ("light", "heavy"))
    words["motion"] = "opening" if opens else "closing"
    moving = np.clip(t / 0.03, 0, 1) * held(t, length, 0.05)
    shared, air = noise(rng, t.size), pick(rng, 700, 2000)
    # the servo spins up and the air escapes; when it closes, the other way round
    path = ramp if opens else 1 - ramp
    servo = (420 - 260 * heavy) * 2 ** (rng.uniform(0.5, 1.3) * path)
    whirr = moving_band(saw(servo) + saw(servo * 2.02) * 0.6, servo * 4, 1.2)
    whirr = whirr * (0.7 + 0.3 * np.sin(2 * np.pi * np.cumsum(servo / 6) / RATE))
    sides = [
        moving_band(hiss, air * 5 ** (path - 0.2 * heavy), 1.0)
        for hiss in (shared + 0.6 * noise(rng, t.size) for _ in range(2))
    ]
    swell = np.sin(np.pi * np.clip(ramp, 0.02, 0.98)) ** 0.5
    x = (1.3 * np.stack(sides) * swell + rng.uniform(0.4, 1.1) * whirr) * moving
    release = highpass(noise(rng, t.size), 2500) * decay(t, pick(rng, 0.08, 0.35), 0.004)
    x = x + rng.uniform(0.2, 0.9) * release
    deep = 130 - 80 * heavy
    thud = sweep(deep * (1 + np.exp(-t / 0.02))) * decay(t, 0.15 + 0.25 * heavy, 0.002)
    clank = sum(
        rng.uniform(0.1, 0.4) * np.sin(2 * np.pi * f * (3.2 - 2 * heavy) * t) * decay(t, 0.12)
        for f in (310, 517, 743, 1210)
    )
    knock = lowpass(noise(rng, t.size), 1800) * decay(t, 0.05)
    stop = (thud + knock + 0.5 * clank) * (1.0 if opens else 1.8)
    place(x, np.tile(stop, (2, 1)), int(length * RATE))
    place(x, np.tile(0.4 * (knock + clank), (2, 1)), 0)
    return Sound(finished(x * held(t, seconds * 0.97, seconds * 0.08)), words)
