"""The sound classes of the starter model, each a seeded procedure.

A procedure takes a random generator and the length in seconds and returns stereo samples
[2, n] together with the words that are true of this very sound. One-shots end by themselves;
textures last as long as is asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from dsp import (
    RATE,
    Array,
    Rng,
    bandpass,
    coloured,
    decay,
    filtered_sweep,
    highpass,
    lowpass,
    noise,
    place,
    room,
    saw,
    slow,
    square,
    sweep,
    times,
)

Sound = tuple[Array, list[str]]


@dataclass(frozen=True)
class SoundClass:
    """``names`` are synonyms, the first the label; ``seconds`` the range of useful lengths."""

    names: tuple[str, ...]
    make: Callable[[Rng, float], Sound]
    seconds: tuple[float, float]


CLASSES: list[SoundClass] = []


def sound(*names: str, seconds: tuple[float, float]):
    def register(make: Callable[[Rng, float], Sound]):
        CLASSES.append(SoundClass(names, make, seconds))
        return make

    return register


def pick(rng: Rng, low: float, high: float) -> float:
    """A number between two, evenly in its logarithm."""
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def word(value: float, low: float, high: float, names: tuple[str, str]) -> list[str]:
    """The first name below ``low``, the second above ``high``, none between."""
    return [names[0]] if value < low else [names[1]] if value > high else []


def one_shot(rng: Rng, x: Array, words: list[str]) -> Sound:
    """Sometimes in a room."""
    if rng.random() < 0.25:
        return room(rng, x, pick(rng, 0.6, 1.6), 0.35), [*words, "in a hall"]
    return room(rng, x, 0.1, 0.0), words


# --- drums ---
@sound("kick drum", "kick", "bass drum", seconds=(0.4, 1.5))
def kick(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    base, t60 = pick(rng, 42, 75), pick(rng, 0.2, 0.6)
    top = pick(rng, 150, 450)
    body = sweep(base + top * np.exp(-t / pick(rng, 0.012, 0.035))) * decay(t, t60, 0.001)
    click = highpass(noise(rng, t.size), 2500) * decay(t, 0.02) * rng.uniform(0.05, 0.4)
    words = word(base, 50, 62, ("deep", "punchy")) + word(t60, 0.28, 0.45, ("short", "long"))
    return one_shot(rng, np.tanh(1.5 * body + click), words)


@sound("808 bass", "sub kick", "808 kick", seconds=(0.8, 2.5))
def kick_808(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    base, t60 = pick(rng, 38, 62), pick(rng, 0.9, 2.2)
    body = sweep(base + 90 * np.exp(-t / 0.02)) * decay(t, t60, 0.002)
    dirty = rng.random() < 0.4
    words = (["distorted"] if dirty else ["clean"]) + word(t60, 1.1, 1.7, ("short", "long"))
    return np.tile(np.tanh(4 * body) if dirty else body, (2, 1)), words


@sound("snare drum", "snare", seconds=(0.4, 1.5))
def snare(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    base, t60 = pick(rng, 160, 260), pick(rng, 0.15, 0.45)
    body = sweep(base * (1 + 0.5 * np.exp(-t / 0.01))) * decay(t, t60 * 0.7)
    wires = highpass(noise(rng, t.size), pick(rng, 1200, 3500)) * decay(t, t60) * 0.5
    words = word(t60, 0.22, 0.36, ("tight", "long")) + word(base, 180, 230, ("low", "high"))
    return one_shot(rng, 0.7 * body + wires, words)


@sound("hand clap", "clap", seconds=(0.4, 1.5))
def clap(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    out = np.zeros(t.size)
    burst = noise(rng, t.size)
    for start in (0, 0.011, 0.023):
        grain = burst * decay(t, 0.05)
        place(out, grain, int((start + rng.uniform(0, 0.003)) * RATE))
    place(out, noise(rng, t.size) * decay(t, pick(rng, 0.15, 0.4)), int(0.033 * RATE))
    return one_shot(rng, bandpass(out, 800, pick(rng, 2500, 5000)), [])


@sound("closed hi-hat", "closed hat", "hi-hat", seconds=(0.3, 1.0))
def closed_hat(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    cut = pick(rng, 5000, 9000)
    x = highpass(noise(rng, t.size), cut, 4) * decay(t, pick(rng, 0.03, 0.1))
    return room(rng, x, 0.1, 0), word(cut, 6000, 7800, ("dark", "bright"))


@sound("open hi-hat", "open hat", seconds=(0.5, 1.5))
def open_hat(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    cut = pick(rng, 4500, 8500)
    x = highpass(noise(rng, t.size), cut, 4) * decay(t, pick(rng, 0.4, 0.9), 0.002)
    return room(rng, x, 0.1, 0), word(cut, 5500, 7500, ("dark", "bright"))


@sound("crash cymbal", "cymbal", "crash", seconds=(1.5, 4.0))
def crash(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    t60 = pick(rng, 1.5, 3.5)
    left, right = (
        highpass(noise(rng, t.size), 2500) * decay(t, t60 * 0.6, 0.003)
        + 0.5 * highpass(noise(rng, t.size), 7000) * decay(t, t60, 0.003)
        for _ in range(2)
    )
    mid = left + right
    return np.stack([mid + 0.4 * left, mid + 0.4 * right]), word(t60, 1.9, 2.8, ("short", "long"))


@sound("tom drum", "tom", "floor tom", seconds=(0.5, 1.5))
def tom(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    base, t60 = pick(rng, 75, 190), pick(rng, 0.35, 0.8)
    x = sweep(base * (1 + 0.6 * np.exp(-t / 0.04))) * decay(t, t60, 0.002)
    x = x + 0.15 * lowpass(noise(rng, t.size), 3000) * decay(t, 0.06)
    return one_shot(rng, x, word(base, 100, 145, ("low", "high")))


@sound("shaker", "maraca", seconds=(0.3, 1.0))
def shaker(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    length = pick(rng, 0.06, 0.16)
    envelope = np.exp(-(((t - length) / (length * 0.5)) ** 2))
    return room(rng, bandpass(noise(rng, t.size), 4500, 11000) * envelope, 0.1, 0), []


# --- weather and nature ---
def drops(rng: Rng, count: int, rate: float, low: float, high: float) -> Array:
    out = np.zeros(count)
    t = times(0.03)
    for start in rng.integers(0, count, max(1, int(rate * count / RATE))):
        frequency = pick(rng, low, high)
        grain = np.sin(2 * np.pi * frequency * t) * decay(t, 0.015, 0.0005)
        place(out, grain * rng.exponential(0.5), int(start))
    return out


def wide(make: Callable[[], Array], width: float) -> Array:
    """Two takes of a texture, partly shared between the channels."""
    shared = make()
    return np.stack([(1 - width) * shared + width * make() for _ in range(2)])


def to_the_end(x: Array) -> Array:
    """Short fades, so that a texture neither clicks in nor out."""
    ramp = np.minimum(1, np.arange(x.shape[-1]) / (0.01 * RATE))
    return x * ramp * ramp[::-1]


@sound("rain", "rainfall", "heavy rain", "light rain", seconds=(1.5, 10.0))
def rain(rng: Rng, seconds: float) -> Sound:
    count = times(seconds).size
    heavy = rng.random()

    def make() -> Array:
        hiss = highpass(coloured(rng, count, 0.6 + 0.4 * heavy), 300 + 500 * (1 - heavy))
        return (0.3 + heavy) * hiss + 3 * drops(rng, count, 60 + 150 * (1 - heavy), 1500, 8000)

    return to_the_end(wide(make, 0.5)), word(heavy, 0.4, 0.6, ("light", "heavy"))


@sound("thunder", "thunderclap", "distant thunder", seconds=(2.5, 8.0))
def thunder(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    near = rng.random()
    x = lowpass(coloured(rng, t.size, 1.6), 90 + 500 * near) * decay(t, seconds * 0.9, 0.05)
    x *= 0.4 + slow(rng, t.size, 3.0)
    for start in rng.uniform(0, min(1.5, seconds / 3), 4):
        grain = lowpass(noise(rng, t.size), 200 + 2500 * near) * decay(t, pick(rng, 0.4, 1.2))
        place(x, 1.5 * near * grain, int(start * RATE))
    return room(rng, x, 1.8, 0.5), word(near, 0.4, 0.6, ("distant", "close"))


@sound("wind", "gusty wind", "howling wind", seconds=(2.0, 10.0))
def wind(rng: Rng, seconds: float) -> Sound:
    count = times(seconds).size
    strong = rng.random()
    curve = slow(rng, count, 0.6)
    centre = 200 + (300 + 900 * strong) * curve

    def make() -> Array:
        return filtered_sweep(coloured(rng, count, 0.8), centre * 0.5, centre * 1.6)

    x = wide(make, 0.4) * (0.3 + curve)
    return to_the_end(x), word(strong, 0.4, 0.6, ("soft", "strong"))


@sound("ocean waves", "waves on a beach", "sea", seconds=(3.0, 10.0))
def waves(rng: Rng, seconds: float) -> Sound:
    count = times(seconds).size
    period = pick(rng, 2.5, 5.0)
    phase = rng.random()
    swell = (0.5 - 0.5 * np.cos(2 * np.pi * (times(seconds) / period + phase))) ** 2

    def make() -> Array:
        return lowpass(coloured(rng, count, 1.0), 900) + swell * highpass(
            coloured(rng, count, 0.5), 600
        )

    return to_the_end(wide(make, 0.5) * (0.15 + swell)), []


@sound("campfire", "crackling fire", "fire", seconds=(2.0, 10.0))
def fire(rng: Rng, seconds: float) -> Sound:
    count = times(seconds).size
    x = wide(lambda: 0.12 * lowpass(coloured(rng, count, 1.4), 500), 0.4)
    for _ in range(int(seconds * pick(rng, 8, 22))):
        t = times(pick(rng, 0.004, 0.03))
        low = pick(rng, 700, 4000)
        grain = bandpass(noise(rng, t.size), low, low * 2.5) * decay(t, t[-1])
        pan = rng.uniform(0.3, 0.7)
        place(
            x,
            np.stack([pan * grain, (1 - pan) * grain]) * rng.exponential(1.2),
            int(rng.integers(0, count)),
        )
    return to_the_end(x), []


@sound("stream", "babbling brook", "running water", seconds=(2.0, 10.0))
def stream(rng: Rng, seconds: float) -> Sound:
    count = times(seconds).size

    def make() -> Array:
        out = 0.15 * bandpass(coloured(rng, count, 0.8), 300, 3500)
        t = times(0.09)
        for start in rng.integers(0, count, int(45 * seconds)):
            f = pick(rng, 350, 1400)
            grain = sweep(f * (1 + 3 * t)) * decay(t, 0.08, 0.006)
            place(out, grain * rng.exponential(0.35), int(start))
        return out

    return to_the_end(wide(make, 0.5)), []


@sound("white noise", "static", "radio static", seconds=(0.5, 8.0))
def static(rng: Rng, seconds: float) -> Sound:
    count = times(seconds).size
    return to_the_end(wide(lambda: noise(rng, count), rng.uniform(0, 0.7))), []


@sound("low rumble", "brown noise", "rumble", seconds=(1.0, 8.0))
def rumble(rng: Rng, seconds: float) -> Sound:
    count = times(seconds).size
    make = lambda: lowpass(coloured(rng, count, 2.0), pick(rng, 90, 220))  # noqa: E731
    return to_the_end(wide(make, 0.4)), []


# --- cinematic and game ---
@sound("explosion", "blast", "big explosion", seconds=(1.5, 5.0))
def explosion(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    big = rng.random()
    t60 = 0.8 + 2.5 * big
    crack = noise(rng, t.size) * decay(t, 0.25, 0.002)
    body = lowpass(coloured(rng, t.size, 1.0), 300 + 900 * (1 - big)) * decay(t, t60, 0.004)
    boom = sweep(35 + 60 * np.exp(-t / 0.15)) * decay(t, t60 * 0.7, 0.004)
    x = np.tanh(0.8 * crack + 1.5 * body + boom)
    return room(rng, x, 1.5, 0.4), word(big, 0.4, 0.6, ("small", "big"))


@sound("cinematic impact", "impact", "boom", "hit", seconds=(1.5, 4.0))
def impact(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    base = pick(rng, 34, 60)
    x = sweep(base + 80 * np.exp(-t / 0.05)) * decay(t, pick(rng, 1.0, 2.5), 0.002)
    x = x + 0.8 * lowpass(noise(rng, t.size), pick(rng, 1500, 6000)) * decay(t, 0.25)
    return room(rng, np.tanh(x), pick(rng, 1.2, 2.5), 0.5), word(base, 42, 50, ("deep", "tight"))


@sound("riser", "uplifter", "build-up", seconds=(2.0, 6.0))
def riser(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    ramp = t / seconds
    top = pick(rng, 5000, 12000)
    centre = 200 * (top / 200) ** ramp
    x = filtered_sweep(noise(rng, t.size), centre * 0.6, centre * 1.5) * ramp**1.5
    words = ["noise"]
    if rng.random() < 0.5:
        x = x * 0.6 + 0.4 * saw(80 * 8**ramp) * ramp**2
        words = ["synth"]
    return to_the_end(room(rng, x, 0.8, 0.2)), words


@sound("downlifter", "fall", "sweep down", seconds=(1.5, 5.0))
def downlifter(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    ramp = 1 - t / seconds
    centre = 150 * (pick(rng, 5000, 12000) / 150) ** ramp
    x = filtered_sweep(noise(rng, t.size), centre * 0.6, centre * 1.5) * ramp
    return to_the_end(room(rng, x, 0.8, 0.2)), []


@sound("whoosh", "swoosh", "swish", seconds=(0.5, 2.0))
def whoosh(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    length = seconds * rng.uniform(0.5, 0.9)
    peak = length * rng.uniform(0.4, 0.6)
    bell = np.exp(-(((t - peak) / (length * 0.2)) ** 2))
    centre = 400 + pick(rng, 1500, 5000) * bell
    x = filtered_sweep(noise(rng, t.size), centre * 0.5, centre * 1.6) * bell
    pan = np.clip(t / length, 0, 1) if rng.random() < 0.5 else np.full(t.size, 0.5)
    words = word(length, 0.6, 1.1, ("fast", "slow"))
    return np.stack([x * np.sqrt(1 - pan), x * np.sqrt(pan)]), words


@sound("laser", "laser shot", "blaster", seconds=(0.3, 1.2))
def laser(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    length = pick(rng, 0.12, 0.4)
    top, low = pick(rng, 1800, 5000), pick(rng, 120, 400)
    x = square(low + (top - low) * np.exp(-t / (length / 3))) * decay(t, length * 1.5)
    return np.tile(lowpass(x, 9000), (2, 1)), word(length, 0.18, 0.3, ("short", "long"))


@sound("coin", "pickup", "coin pickup", seconds=(0.4, 1.2))
def coin(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    base = pick(rng, 700, 1100)
    f = np.where(t < 0.08, base, base * 1.335)
    x = square(f) * np.where(t < 0.08, 0.8, decay(t - 0.08, 0.6))
    return np.tile(lowpass(x, 8000), (2, 1)), []


@sound("power-up", "level up", seconds=(0.5, 1.5))
def power_up(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    length = min(seconds * 0.9, pick(rng, 0.4, 1.0))
    steps = np.floor(np.clip(t / length, 0, 0.999) * 8)
    f = pick(rng, 220, 400) * 2 ** (steps * 3 / 12)
    x = square(f) * (t < length) * 0.7
    return np.tile(lowpass(x, 7000), (2, 1)), []


@sound("alarm beep", "beeping alarm", "alarm", seconds=(1.0, 6.0))
def alarm(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    f, rate = pick(rng, 700, 1800), pick(rng, 1.5, 5)
    gate = lowpass(((t * rate) % 1 < 0.5).astype(float), 200, 1)
    x = np.tanh(2 * np.sin(2 * np.pi * f * t)) * gate
    return np.tile(x, (2, 1)), word(rate, 2.2, 3.5, ("slow", "fast"))


@sound("siren", "police siren", "wailing siren", seconds=(1.5, 8.0))
def siren(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    rate = pick(rng, 0.3, 2.5)
    f = 900 + 350 * np.sin(2 * np.pi * (rate * t + rng.random()))
    x = lowpass(saw(f), 4500)
    return to_the_end(room(rng, x, 0.8, 0.2)), word(rate, 0.6, 1.3, ("slow", "fast"))


# --- machines and interface ---
@sound("engine idle", "car engine", "motor", seconds=(1.5, 8.0))
def engine(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    rate = pick(rng, 18, 45)
    pulses = saw(rate * (1 + 0.04 * slow(rng, t.size, 4.0)))
    x = np.tanh(3 * lowpass(pulses, 350)) + 0.4 * lowpass(noise(rng, t.size), 900) * (pulses + 1)
    return to_the_end(np.tile(x, (2, 1))), word(rate, 24, 34, ("slow", "revving"))


@sound("electric hum", "mains hum", "transformer hum", seconds=(1.0, 8.0))
def hum(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    base = float(rng.choice([50, 60]))
    x = sum(
        rng.uniform(0.2, 1) / k * np.sin(2 * np.pi * base * k * t + rng.uniform(0, 6))
        for k in (1, 2, 3, 4, 6, 8, 10)
    )
    return to_the_end(np.tile(x + 0.01 * noise(rng, t.size), (2, 1))), []


@sound("ventilation fan", "fan", "air conditioner", seconds=(1.5, 8.0))
def fan(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    f = pick(rng, 90, 220)
    blades = 1 + 0.3 * np.sin(2 * np.pi * pick(rng, 8, 20) * t)
    make = lambda: lowpass(coloured(rng, t.size, 1.0), 2500) * blades  # noqa: E731
    return to_the_end(wide(make, 0.4) + 0.3 * np.sin(2 * np.pi * f * t)), []


@sound("clock ticking", "ticking clock", "tick tock", seconds=(2.0, 8.0))
def clock(rng: Rng, seconds: float) -> Sound:
    out = np.zeros(times(seconds).size)
    t = times(0.08)
    period, f = pick(rng, 0.4, 1.0), pick(rng, 1800, 3500)
    for index in range(int(seconds / period) + 1):
        tone = f * (1 if index % 2 else 0.85)
        grain = np.sin(2 * np.pi * tone * t) * decay(t, 0.03) + noise(rng, t.size) * decay(t, 0.008)
        place(out, grain, int((0.02 + index * period) * RATE))
    return np.tile(out, (2, 1)), word(period, 0.55, 0.8, ("fast", "slow"))


@sound("UI click", "button click", "click", seconds=(0.2, 0.6))
def click(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    f = pick(rng, 1200, 4500)
    x = np.sin(2 * np.pi * f * t) * decay(t, 0.03) + 0.5 * noise(rng, t.size) * decay(t, 0.006)
    return np.tile(x, (2, 1)), word(f, 1800, 3000, ("low", "high"))


@sound("notification chime", "success chime", "notification", seconds=(0.8, 2.5))
def chime(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    out = np.zeros(t.size)
    base = pick(rng, 500, 1100)
    for index, ratio in enumerate((1, 1.26, 1.5)[: int(rng.integers(2, 4))]):
        f = base * ratio
        tone = np.sin(2 * np.pi * f * t) + 0.3 * np.sin(2 * np.pi * 2.76 * f * t) * decay(t, 0.3)
        place(out, tone * decay(t, 1.2, 0.003), int(index * 0.11 * RATE))
    return room(rng, out, 1.0, 0.15), []


@sound("error buzz", "error sound", "buzzer", seconds=(0.4, 1.5))
def error(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    f, length = pick(rng, 90, 200), min(0.9 * seconds, pick(rng, 0.25, 0.7))
    x = lowpass(square(np.full(t.size, f)) + saw(np.full(t.size, f * 1.01)), 3000) * (t < length)
    return np.tile(x, (2, 1)), []


@sound("synth drone", "drone", "dark drone", seconds=(2.0, 10.0))
def drone(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    base = pick(rng, 45, 110)
    detune = (0.995, 1.0, 1.006, 1.5)
    x = sum(saw(np.full(t.size, base * ratio)) for ratio in detune)
    x = lowpass(x, pick(rng, 300, 1200)) * (0.7 + 0.3 * slow(rng, t.size, 0.5))
    return to_the_end(np.tile(x, (2, 1))), word(base, 58, 85, ("low", "high"))


@sound("synth bass", "bass note", "saw bass", seconds=(0.5, 2.0))
def bass(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    base, t60 = pick(rng, 41, 110), pick(rng, 0.5, 1.6)
    x = lowpass(saw(np.full(t.size, base)), pick(rng, 400, 1600)) * decay(t, t60, 0.004)
    return np.tile(x, (2, 1)), word(base, 58, 80, ("low", "high"))


@sound("bell", "bell strike", "metal bell", seconds=(1.0, 4.0))
def bell(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    base, t60 = pick(rng, 300, 1200), pick(rng, 1.2, 3.5)
    partials = (
        (0.5, 0.4, 1.2),
        (1, 1, 1),
        (1.2, 0.6, 0.7),
        (2, 0.5, 0.5),
        (2.74, 0.35, 0.35),
        (4.1, 0.2, 0.2),
    )
    x = sum(a * np.sin(2 * np.pi * base * r * t) * decay(t, t60 * d, 0.001) for r, a, d in partials)
    return one_shot(rng, x, word(base, 480, 800, ("low", "high")))


@sound("vinyl crackle", "record crackle", seconds=(1.5, 8.0))
def vinyl(rng: Rng, seconds: float) -> Sound:
    count = times(seconds).size
    x = wide(lambda: 0.03 * highpass(coloured(rng, count, 0.5), 800), 0.5)
    for start in rng.integers(0, count, int(seconds * pick(rng, 15, 40))):
        grain = highpass(noise(rng, 60), 2000) * decay(np.arange(60) / RATE, 0.001)
        place(x, np.tile(grain, (2, 1)) * rng.exponential(0.3), int(start))
    return to_the_end(x), []


def render(item: SoundClass, rng: Rng, seconds: float) -> Sound:
    """A clip with its loudest sample at -1 dBFS, float32."""
    samples, words = item.make(rng, seconds)
    samples = samples - samples.mean(axis=-1, keepdims=True)
    peak = np.abs(samples).max()
    return (samples * (0.891 / max(peak, 1e-9))).astype(np.float32), words
