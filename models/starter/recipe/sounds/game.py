"""Game and science-fiction sounds: weapons, pick-ups, machines that think, explosions."""

from __future__ import annotations

import numpy as np

from sounds.dsp import (
    RATE,
    Array,
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
    place,
    pulse,
    saw,
    slow,
    sweep,
    times,
)
from sounds.sound_class import Category, Sound, graded, hertz, pick

game = Category("Game")


def crushed(x: Array, hold: int, levels: float) -> Array:
    """Every ``hold`` samples one value, in steps of 1 / ``levels``: an old console's converter."""
    kept = np.repeat(x[::hold], hold)[: x.shape[0]]
    return np.round(kept * levels) / levels


def echoes(x: Array, delay: float, gain: float, count: int = 4) -> Array:
    """Mono as stereo with repeats that go from side to side and grow duller."""
    out = np.stack([x, x])
    for index in range(1, count + 1):
        x = lowpass(x, 6000, 1)
        place(out[index % 2], gain**index * x, int(index * delay * RATE))
        place(out[1 - index % 2], 0.4 * gain**index * x, int(index * delay * RATE))
    return out


def held(t: Array, length: float, release: float = 0.02) -> Array:
    """1 up to ``length`` seconds, with a soft end."""
    return np.clip((length - t) / release, 0, 1)


def panned(x: Array, side: float | Array) -> Array:
    """Mono to a place between 0 (left) and 1 (right) at equal power."""
    return np.stack([x * np.cos(np.pi / 2 * side), x * np.sin(np.pi / 2 * side)])


def steps(t: Array, length: float, count: int) -> Array:
    """0, 1, ... ``count`` - 1 in equal times within ``length`` seconds."""
    return np.floor(np.clip(t / length, 0, 0.9999) * count)


@game(
    "laser",
    "laser shot",
    "laser gun",
    "laser zap",
    "pew pew laser",
    "ray gun",
    "sci-fi laser",
    "laser gun shot",
    "zap",
    "laser blast",
    "star fighter laser",
    "arcade laser",
    "raygun zap",
    held_out=("laser beam firing", "video game laser sound"),
    seconds=(0.25, 1.5),
)
def laser(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    length = min(pick(rng, 0.09, 0.55), seconds * 0.8)
    top, low = pick(rng, 1600, 7000), pick(rng, 90, 450)
    frequency = low + (top - low) * np.exp(-t / (length * rng.uniform(0.2, 0.45)))
    if rng.random() < 0.3:
        frequency = frequency * (1 + 0.12 * np.sin(2 * np.pi * pick(rng, 20, 60) * t))
    words = graded("motion", length, 0.16, 0.3, ("fast", "slow"))
    kind = rng.integers(3)
    if kind == 0:
        x = sweep(frequency) + 0.2 * sweep(2 * frequency)
        words["character"] = "clean"
    elif kind == 1:
        x = crushed(pulse(frequency, rng.uniform(0.12, 0.5)), int(rng.integers(3, 7)), 6)
        words["character"] = "retro"
    else:
        x = fm(frequency, rng.choice([0.5, 1.0, 1.5, 2.41]), pick(rng, 0.8, 3) * decay(t, length))
        x = x + 0.4 * saw(frequency * 1.01)
    snap = highpass(noise(rng, t.size), 3000) * decay(t, 0.025) * rng.uniform(0, 0.5)
    x = (x * decay(t, length * 1.3, 0.001) + snap) * held(t, seconds * 0.9)
    if rng.random() < 0.4:
        return Sound(finished(echoes(x, pick(rng, 0.03, 0.14), rng.uniform(0.25, 0.5))), words)
    return Sound(finished(x), words)


@game(
    "blaster",
    "blaster shot",
    "plasma gun",
    "sci-fi gun",
    "energy weapon",
    "space gun shot",
    "plasma rifle",
    "blaster bolt",
    "pulse rifle",
    "space blaster",
    "energy gun shot",
    "plasma shot",
    "alien weapon",
    held_out=("sci-fi rifle firing", "energy blaster fire"),
    seconds=(0.35, 2.0),
)
def blaster(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    big = rng.random()
    length = min(0.16 + 0.35 * big + rng.uniform(0, 0.1), seconds * 0.7)
    drop = np.exp(-t / (length * rng.uniform(0.18, 0.3)))
    low = 170 - 115 * big
    # a struck cable: every frequency arrives later than the higher one before it
    tone = fm(low * 3 + pick(rng, 900, 2600) * drop, rng.choice([0.5, 1.41, 2.0, 3.7]), 4.0)
    cable = low * 3 + pick(rng, 2000, 9000) * drop
    zap = noise(rng, t.size) * pick(rng, 0.15, 1.5) + pick(rng, 0.4, 3) * tone
    zap = moving_band(zap, cable, rng.uniform(0.4, 1.4))
    thump = np.tanh(2.5 * sweep(low * (0.6 + 5 * np.exp(-t / 0.02)))) * decay(
        t, length * 1.6, 0.001
    )
    crack = highpass(noise(rng, t.size), pick(rng, 900, 4000)) * decay(t, pick(rng, 0.02, 0.12))
    air = coloured(rng, t.size, 0.6)
    tail = moving_band(air, low * 4 + 1500 * drop, 1.2) * decay(t, length * 3)
    x = (
        zap * decay(t, length * rng.uniform(1.1, 2.4), 0.001)
        + (0.1 + big) * pick(rng, 0.5, 1.5) * thump
    )
    x = x + pick(rng, 0.15, 1.2) * crack + pick(rng, 0.08, 0.8) * tail
    if rng.random() < 0.3:
        x = x * (0.5 + 0.5 * np.sin(2 * np.pi * pick(rng, 25, 180) * t))
    words = graded("size", big, 0.33, 0.67, ("small", "big"))
    drive = rng.random()
    if drive > 0.67:
        x = np.tanh(4 * x)
        words["character"] = "distorted"
    elif drive < 0.33:
        words["character"] = "clean"
    else:
        x = np.tanh(1.2 * x)
    x = x * held(t, seconds * 0.95, seconds * 0.3)
    bounce = rng.uniform(0, 0.45)
    out = echoes(x, pick(rng, 0.04, 0.16), bounce, 3) * held(t, seconds * 0.98, seconds * 0.2)
    return Sound(finished(out), words)


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
