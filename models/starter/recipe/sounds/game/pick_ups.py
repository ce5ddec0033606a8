"""What a player gains and does: power, coins, jumps."""

from __future__ import annotations

import numpy as np

from sounds.dsp import (
    RATE,
    Rng,
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
from sounds.game.effects import crushed, echoes, held, steps
from sounds.sound_class import Category, Sound, graded, hertz, pick

game = Category("Game")


@game(
    "power-up",
    "power up sound",
    "level up",
    "power-up pickup",
    "upgrade sound",
    "charging up",
    "game bonus",
    "powering up",
    "power up",
    "game power up",
    "rising power",
    "getting stronger",
    "extra life",
    held_out=("character gains power", "energy boost in a game"),
    seconds=(0.5, 3.0),
)
def power_up(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    length = min(pick(rng, 0.35, 1.8), seconds * 0.8)
    ramp = np.clip(t / length, 0, 1)
    words = graded("motion", length, 0.6, 1.0, ("fast", "slow"))
    base = hertz(rng.integers(50, 68))
    kind = rng.integers(3)
    if kind == 0:
        count = int(rng.integers(5, 14))
        scale = np.array([(0, 4, 7), (0, 5, 7), (0, 3, 7), (0, 4, 8)][rng.integers(4)])
        step = steps(t, length, count)
        semitones = scale[step.astype(int) % 3] + 12 * (step // 3) * (1 if count < 10 else 0.5)
        position = t / length * count - step
        x = pulse(base * 2 ** (semitones / 12), rng.choice([0.125, 0.25, 0.5]))
        x = x * np.where(t < length, 0.6 + 0.4 * np.exp(-4 * position), decay(t - length, 0.15))
        words["character"] = "retro"
        return Sound(finished(lowpass(x, 9000)), words)
    if kind == 1:
        out = np.zeros((2, t.size))
        count = int(rng.integers(6, 16))
        grain_t = times(0.7)
        for index in range(count):
            note = base * 4 * 2 ** ((0, 2, 4, 7, 9)[index % 5] / 12 + index // 5)
            ring = np.sin(2 * np.pi * note * grain_t) * decay(grain_t, 0.6, 0.002)
            ring = ring + 0.4 * np.sin(2 * np.pi * 2.76 * note * grain_t) * decay(grain_t, 0.2)
            place(out, panned(ring, rng.random()), int(index / count * length * RATE))
        rise = moving_band(noise(rng, t.size), 1500 * 6**ramp, 0.6) * ramp**2
        out = out + 0.5 * rise * decay(np.maximum(t - length, 0), 0.3)
        words["character"] = "magical"
        return Sound(finished(out * held(t, seconds * 0.97, seconds * 0.1)), words)
    glide = base * 2 ** (rng.uniform(1.5, 3) * ramp ** rng.uniform(0.8, 1.6))
    tremble = 1 + 0.4 * np.sin(2 * np.pi * np.cumsum(6 + 22 * ramp) / RATE)
    tone = saw(glide) + saw(glide * 1.008) + 0.5 * saw(glide * 1.5)
    x = moving_band(tone, 4 * glide, 1.8) * tremble
    x = x + 0.5 * moving_band(noise(rng, t.size), 500 * 14**ramp, 0.7)
    x = x * (0.25 + 0.75 * ramp) * decay(np.maximum(t - length, 0), min(0.4, seconds - length))
    words["character"] = "electric"
    return Sound(finished(echoes(x, 0.09, 0.3, 2)), words)


@game(
    "power-down",
    "power down sound",
    "shutting down",
    "machine shutdown",
    "system power off",
    "energy drain",
    "losing power",
    "powering down",
    "power down",
    "machine turning off",
    "generator stops",
    "system shutting off",
    "falling energy",
    held_out=("spaceship engine dying", "robot running out of power"),
    seconds=(0.6, 4.0),
)
def power_down(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    length = min(pick(rng, 0.45, 3.0), seconds * 0.9)
    ramp = np.clip(1 - t / length, 0, 1)
    words = graded("motion", length, 0.8, 1.5, ("fast", "slow"))
    base = hertz(rng.integers(52, 72))
    if rng.random() < 0.3:
        count = int(rng.integers(5, 12))
        step = steps(t, length, count)
        wave = pulse(base * 2 * 2 ** (-step * rng.choice([1, 2, 3]) / 12), rng.choice([0.25, 0.5]))
        x = lowpass(wave, 8000) * (0.35 + 0.65 * ramp) * held(t, length)
        words["character"] = "retro"
        return Sound(finished(x), words)
    glide = 28 + base * ramp ** rng.uniform(1.2, 2.2)
    flutter = 1 + 0.5 * np.sin(2 * np.pi * np.cumsum(1.5 + 16 * ramp) / RATE)
    tone = saw(glide) + 0.7 * saw(glide * 1.006) + 0.5 * sweep(2.98 * glide)
    x = moving_band(tone, 120 + pick(rng, 2500, 7000) * ramp**1.5, 1.8) * flutter
    x = x + 0.3 * moving_band(noise(rng, t.size), 150 + 4000 * ramp, 0.8) * ramp
    x = x * held(t, length, 0.25 * length)
    clunk = lowpass(noise(rng, t.size), 900) * decay(t, 0.09) + sweep(60 + 60 * decay(t, 0.05))
    if rng.random() < 0.5:
        place(x, 0.5 * clunk * decay(t, 0.25), int(0.93 * length * RATE))
    words["character"] = "electric"
    return Sound(finished(echoes(x, 0.11, 0.25, 2)), words)


@game(
    "coin",
    "coin pickup",
    "collect coin",
    "item pickup",
    "gold coin",
    "collecting a coin",
    "coin collected",
    "game coin",
    "picking up a coin",
    "coin ding",
    "money pickup",
    held_out=("grabbing a coin in a game", "arcade coin sound"),
    seconds=(0.4, 1.5),
)
def coin(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    base = hertz(rng.integers(76, 90))
    leap = 2 ** (rng.choice([3, 4, 5, 7, 12]) / 12)
    first = pick(rng, 0.045, 0.11)
    ring = pick(rng, 0.3, 0.9)
    frequency = np.where(t < first, base, base * leap)
    envelope = np.where(t < first, 0.85, decay(np.maximum(t - first, 0), ring))
    envelope = envelope * held(t, seconds * 0.95, seconds * 0.2)
    kind = rng.integers(3)
    if kind == 0:
        x = lowpass(pulse(frequency, rng.choice([0.25, 0.5])), 11000) * envelope
        return Sound(finished(x), {"character": "retro"})
    if kind == 1:
        x = sweep(frequency) + 0.15 * sweep(3 * frequency)
        return Sound(finished(x * envelope), {"character": "soft"})
    x = np.zeros(t.size)
    for start, pitch in ((0.0, base), (first, base * leap)):
        strike = sum(
            rng.uniform(0.3, 1)
            * np.sin(2 * np.pi * pitch * r * t + rng.uniform(0, 6))
            * decay(t, d)
            for r, d in ((1, ring), (1.83, ring * 0.8), (2.61, ring * 0.6), (3.47, ring * 0.4))
        )
        click = highpass(noise(rng, t.size), 5000) * decay(t, 0.012)
        place(x, strike + 0.8 * click, int(start * RATE))
    return Sound(finished(x * held(t, seconds * 0.95, seconds * 0.2)), {"material": "metal"})


@game(
    "jump",
    "jump sound",
    "retro jump",
    "character jump",
    "platformer jump",
    "bouncy jump",
    "jumping",
    "video game jump",
    "hop",
    "boing jump",
    "8-bit jump",
    "cartoon jump",
    held_out=("hero leaping in a platform game", "arcade hop"),
    seconds=(0.25, 1.0),
)
def jump(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    length = min(pick(rng, 0.12, 0.45), seconds * 0.85)
    ramp = np.clip(t / length, 0, 1)
    size = rng.random()
    base = 420 * 0.3**size
    frequency = base * 2 ** (rng.uniform(0.9, 2.2) * ramp ** rng.uniform(0.6, 1.3))
    words = graded("size", size, 0.33, 0.67, ("small", "big"))
    kind = rng.integers(3)
    if kind == 0:
        x = crushed(pulse(frequency, rng.choice([0.25, 0.5])), int(rng.integers(1, 5)), 8)
        words["character"] = "retro"
    elif kind == 1:
        x = sweep(frequency) + 0.25 * sweep(2 * frequency) + 0.1 * sweep(3 * frequency)
        words["character"] = "soft"
    else:
        wobble = np.sin(2 * np.pi * np.cumsum(pick(rng, 16, 30) * (1 + ramp)) / RATE)
        x = fm(frequency * (1 + 0.18 * wobble), 2.0, 1.2 * (1 - 0.7 * ramp))
        words["character"] = "bouncy"
    envelope = (1 - 0.6 * ramp) * held(t, length, 0.3 * length) * np.clip(t / 0.004, 0, 1)
    puff = lowpass(noise(rng, t.size), 1500) * decay(t, 0.06) * rng.uniform(0, 0.35)
    return Sound(finished(lowpass(x, 10000) * envelope + puff), words)
