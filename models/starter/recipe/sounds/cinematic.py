"""Trailer sounds: risers and falls, impacts and booms, movements through the air, tension."""

from __future__ import annotations

import numpy as np
from scipy import fft

from sounds.dsp import (
    RATE,
    Array,
    Rng,
    bandpass,
    decay,
    highpass,
    lowpass,
    noise,
    place,
    room,
    slow,
    sweep,
    times,
)
from sounds.oscillators import drive, pan, unison, wave
from sounds.sound_class import Category, Sound, graded, hertz, pick
from sounds.swept_filter import swept_band, swept_lowpass, swept_peak

cinematic = Category("Cinematic")


def edges(x: Array, rise: float = 0.005, fall: float = 0.01) -> Array:
    """Short fades at both ends, in seconds, so that nothing clicks."""
    t = np.arange(x.shape[-1]) / RATE
    return x * np.clip(t / rise, 0, 1) * np.clip((t[-1] - t) / fall, 0, 1)


def wide_noise(rng: Rng, count: int, slope: float, shared: float) -> Array:
    """Coloured noise [2, n]; ``shared`` (0 to 1) of it is the same on both sides."""
    size = fft.next_fast_len(count, real=True)
    # each bin is drawn at random, which saves the way there
    bins = rng.standard_normal((3, size // 2 + 1, 2), np.float32).view(np.complex64)[..., 0]
    frequency = np.maximum(np.arange(size // 2 + 1, dtype=np.float32) * (RATE / size), 20)
    tilt = frequency ** (-slope / 2)
    tilt /= np.sqrt((tilt**2).mean())
    bins = (np.sqrt(shared) * bins[:1] + np.sqrt(1 - shared) * bins[1:]) * tilt
    bins[:, frequency <= 20] = 0
    return fft.irfft(bins, n=size, axis=-1)[:, :count] * np.float32(np.sqrt(size / 2))


def level(x: Array) -> Array:
    return x / (np.abs(x).max() + 1e-12)


def metallic(rng: Rng, count: int, base: float, partials: int, t60: float) -> Array:
    """Inharmonic ringing [2, n] of struck sheet metal; low partials ring longest."""
    t = np.arange(count) / RATE
    out = np.zeros((2, count))
    for index in range(partials):
        f = base * (1 + index) ** 1.35 * rng.uniform(0.93, 1.07)
        if f > 15000:
            break
        ring = decay(t, t60 * rng.uniform(0.5, 1.2) / (1 + 0.15 * index), 0.001)
        tone = np.sin(2 * np.pi * (f * t + rng.random())) * ring
        out += pan(tone, rng.uniform(-0.9, 0.9)) / (1 + index) ** 0.5
    return out


# --- up and down ---
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
        x += level(hiss)
    if kind > 0.33:
        base, octaves = pick(rng, 50, 160), rng.uniform(1.5, 4)
        pitch = base * 2 ** (octaves * ramp ** rng.uniform(0.8, 1.6))
        synth = unison(rng, "saw", pitch, t.size, int(rng.integers(4, 8)), pick(rng, 8, 45), 0.9)
        if rng.random() < 0.5:
            synth += 0.7 * unison(rng, "saw", 1.5 * pitch, t.size, 3, 12, 0.9)
        x += rng.uniform(0.6, 1.2) * level(swept_lowpass(synth, 3 * centre, rng.uniform(0, 2)))
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
        x += 0.12 * ramp**2 * level(lowpass(wide_noise(rng, t.size, 1.5, 0.5), 120))
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


# --- hits ---
@cinematic(
    "cinematic impact",
    "trailer hit",
    "impact",
    "big hit",
    "trailer impact",
    "cinematic hit",
    "epic slam",
    "movie impact",
    "trailer boom hit",
    "huge impact",
    "dramatic slam",
    "blockbuster hit",
    "impact with a long reverb",
    held_out=("movie trailer slam", "dramatic hit sound"),
    seconds=(1.5, 6.0),
)
def impact(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    size = rng.random()
    t60 = min(0.5 + 3.2 * size * rng.uniform(0.8, 1.2), 0.95 * seconds)
    base = 62 - 26 * size
    drop = pick(rng, 50, 180)
    bass = sweep(base + drop * np.exp(-t / pick(rng, 0.03, 0.09))) * decay(t, t60, 0.001)
    crack = noise(rng, t.size) * decay(t, 0.03) + bandpass(noise(rng, t.size), 180, 1200) * decay(
        t, 0.18
    )
    body = wide_noise(rng, t.size, 1.0, 0.4) * decay(t, 0.5 * t60, 0.002)
    body = swept_lowpass(body, 250 + pick(rng, 1500, 7000) * np.exp(-t / (0.15 * t60 + 0.05)))
    x = 1.1 * bass + 0.5 * crack + 0.7 * level(body)
    words = graded("size", size, 0.33, 0.67, ("small", "huge"))
    if rng.random() < 0.35:
        ring = metallic(rng, t.size, pick(rng, 110, 380), 18, min(2.5, 0.9 * seconds))
        x += rng.uniform(0.5, 0.9) * level(ring)
        words["material"] = "metal"
    elif rng.random() < 0.4:
        for _ in range(int(rng.integers(6, 18))):
            grain = bandpass(noise(rng, 2600), pick(rng, 500, 2500), 6000) * decay(
                times(2600 / RATE), 0.05
            )
            start = int(rng.exponential(0.25) * RATE) + 1500
            place(x, pan(grain, rng.uniform(-1, 1)) * rng.uniform(0.05, 0.3), start)
        words["material"] = "debris"
    push = rng.random()
    x = drive(level(x), 1.5 if push < 0.66 else pick(rng, 4, 9))
    if push >= 0.66:
        words["character"] = "distorted"
    x = room(rng, x, 0.8 + 2.2 * size, rng.uniform(0.25, 0.6))
    return Sound(edges(x, 0.0005, min(0.4, seconds / 5)), words)


@cinematic(
    "boom",
    "deep boom",
    "sub boom",
    "low boom",
    "cinematic boom",
    "bass drop hit",
    "huge low boom",
    "sub drop",
    "deep bass boom",
    "distant boom",
    "cinematic sub hit",
    held_out=("trailer sub drop", "deep low thud with a long tail"),
    seconds=(1.5, 6.0),
)
def boom(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    t60 = min(pick(rng, 1.0, 5.0), 0.95 * seconds)
    words: dict[str, str] = {}
    base = pick(rng, 30, 55)
    frequency = base + pick(rng, 15, 60) * np.exp(-t / pick(rng, 0.05, 0.2))
    if rng.random() < 0.33:
        frequency *= 2 ** (-rng.uniform(0.6, 1.1) * np.clip(t / t60, 0, 1))
        frequency = np.maximum(frequency, 24)
        words["motion"] = "falling"
    nearness = rng.random()
    attack = 0.003 + 0.06 * (1 - nearness)
    x = sweep(frequency) * decay(t, t60, attack)
    x = drive(x, pick(rng, 1.5, 5))
    rumble = lowpass(wide_noise(rng, t.size, 1.6, 0.3), 60 + 160 * nearness)
    x = x + rng.uniform(0.2, 0.6) * level(rumble * decay(t, 0.9 * t60, attack))
    thud = lowpass(noise(rng, t.size), 200 + 1400 * nearness**2) * decay(t, 0.12, 0.002)
    x += nearness * rng.uniform(0.4, 0.9) * level(thud)
    x = lowpass(x, 250 + 3500 * nearness**2)
    words |= graded("character", nearness, 0.33, 0.67, ("distant", "close"))
    x = room(rng, x, 1.5, 0.2 + 0.4 * (1 - nearness))
    return Sound(edges(x, 0.0005, min(0.3, seconds / 5)), words)


@cinematic(
    "braam",
    "brass cinematic hit",
    "inception horn",
    "trailer horn",
    "huge brass blast",
    "epic brass drone hit",
    "braaam",
    "trailer braam",
    "huge brass",
    "massive brass drone",
    "movie horn",
    held_out=("movie trailer brass blast", "giant low horn"),
    seconds=(1.5, 7.0),
    pitched=True,
)
def braam(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    note = int(rng.integers(26, 44))
    words: dict[str, str] = {}
    release = min(1.6, 0.35 * seconds) * rng.uniform(0.5, 1)
    end = (seconds - release) * rng.uniform(0.6, 0.95)
    attack = pick(rng, 0.01, 0.12)
    bend = np.zeros(t.size)
    turn = rng.random()
    if turn > 0.68:
        bend = -rng.uniform(2, 5) * np.clip((t - 0.35 * end) / (0.8 * end), 0, 1) ** 1.5
        words["motion"] = "falling"
    elif turn < 0.33:
        words["motion"] = "steady"
    # the pitch scoops into place as lips and air settle
    f = hertz(note) * 2 ** ((bend - rng.uniform(0.2, 1) * np.exp(-t / 0.04)) / 12)
    x = np.zeros((2, t.size))
    for ratio, loud in ((1, 1.0), (2, 0.8), (3, 0.35), (4, 0.35)):
        x += loud * unison(rng, "saw", f * ratio, t.size, 4, pick(rng, 6, 18), 0.9)
    growl = 1 + rng.uniform(0.1, 0.4) * np.sin(2 * np.pi * pick(rng, 18, 38) * t) * slow(
        rng, t.size, 3
    )
    swell = np.clip(t / attack, 0, 1) * (0.55 + 0.45 * np.exp(-t / (0.4 * end)))
    swell *= 10 ** (-3 * np.maximum(t - end, 0) / release)
    bright = pick(rng, 1200, 4500)
    x = swept_lowpass(x * growl, 120 + bright * swell**1.3, rng.uniform(0.3, 1.4)) * swell
    x += 0.5 * level(bandpass(x, 350, 900))
    dirt = rng.random()
    if dirt > 0.6:
        x = drive(level(x), pick(rng, 5, 14))
        words["character"] = "distorted"
    else:
        x = drive(level(x), 1.6)
        if dirt < 0.33:
            words["character"] = "clean"
    # clipping stretches the tail, so it is shaped once more
    x *= 10 ** (-1.5 * np.maximum(t - end, 0) / release)
    hit = sweep(hertz(note) + 80 * np.exp(-t / 0.04)) * decay(t, 0.8, 0.002)
    hit += 0.5 * lowpass(noise(rng, t.size), 2500) * decay(t, 0.12)
    x = level(x) + rng.uniform(0, 0.6) * hit
    x = room(rng, x, rng.uniform(1.2, 2.5), rng.uniform(0.2, 0.45))
    return Sound(
        edges(highpass(x, 18, 1), 0.002, min(0.3, seconds / 6)),
        words,
        None if turn > 0.68 else note,
    )


# --- through the air ---
def passing(t: Array, length: float, peak: float, sharp: float) -> Array:
    """A swell from nothing to its peak and back in ``length`` seconds, ends at silence."""
    rise = np.clip(t / peak, 0, 1)
    fall = np.clip((length - t) / (length - peak), 0, 1)
    return (np.sin(np.pi / 2 * np.minimum(rise, fall)) ** 2) ** sharp


def moving(rng: Rng, t: Array, length: float) -> Array | float:
    """Where it is between left and right: across, or still."""
    if rng.random() < 0.6:
        side = rng.choice([-1, 1]) * rng.uniform(0.5, 1)
        return side * np.clip(2 * t / length - 1, -1, 1)
    return rng.uniform(-0.2, 0.2)


@cinematic(
    "whoosh",
    "swoosh",
    "air whoosh",
    "fly by",
    "pass by whoosh",
    "transition whoosh",
    "quick whoosh",
    "passing whoosh",
    "flying past",
    "air movement",
    "transition swoosh",
    "rush of air",
    held_out=("something rushing past", "cinematic swoosh transition"),
    seconds=(0.5, 4.0),
)
def whoosh(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    length = min(0.97 * seconds, pick(rng, 0.35, 3.5))
    peak = length * rng.uniform(0.3, 0.75)
    bell = passing(t, length, peak, rng.uniform(1.0, 2.5))
    size = rng.random()
    low = 700 * 2 ** (-2.2 * size)
    # what flies past drops in pitch as it leaves
    doppler = 2 ** (-rng.uniform(0.1, 0.6) * np.tanh(4 * (t - peak) / length))
    centre = low * (1 + pick(rng, 2, 7) * bell) * doppler
    air = wide_noise(rng, t.size, rng.uniform(0.2, 1.0), 0.6)
    broad = rng.uniform(1.4, 3.0)
    x = level(swept_band(air, centre / broad, centre * broad)) * bell
    flutter = 1 - rng.uniform(0, 0.5) * slow(rng, t.size, pick(rng, 8, 30))
    x *= flutter
    if rng.random() < 0.5:
        x += 0.35 * level(swept_peak(air, 1.8 * centre, pick(rng, 3, 9)) * bell**2)
    if size > 0.5:
        body = lowpass(wide_noise(rng, t.size, 1.5, 1.0)[0], 160) * bell**1.5
        x += (size - 0.3) * level(body)
    words = graded("motion", length, 0.7, 1.4, ("fast", "slow"))
    words |= graded("size", size, 0.33, 0.67, ("small", "big"))
    where = moving(rng, t, length)
    x = 0.5 * x + 0.5 * pan(1.4 * x.mean(axis=0), where) if np.ndim(where) else x
    return Sound(edges(x), words)


@cinematic(
    "swish",
    "sword swing",
    "stick swish",
    "quick air swing",
    "blade swing",
    "whip through the air",
    "sword swish",
    "swinging a stick",
    "fast swing",
    "swooshing blade",
    "cane swish",
    "whip",
    held_out=("fast swing of a sword", "thin swipe through air"),
    seconds=(0.3, 1.2),
)
def swish(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    length = min(0.95 * seconds, pick(rng, 0.12, 0.5))
    peak = length * rng.uniform(0.45, 0.75)
    bell = passing(t, length, peak, rng.uniform(1.2, 3.0))
    weight = rng.random()
    top = 5500 * 2 ** (-1.7 * weight) * rng.uniform(0.9, 1.2)
    centre = top * (0.35 + 0.65 * bell)
    air = wide_noise(rng, t.size, rng.uniform(0, 0.5), 0.75)
    x = level(swept_peak(air, centre, pick(rng, 1.2, 5)) * bell)
    x += rng.uniform(0.1, 0.5) * level(swept_band(air, centre, 3 * centre) * bell)
    words = graded("character", weight, 0.33, 0.67, ("light", "heavy"))
    kind = rng.random()
    if kind < 0.33:
        ring = metallic(rng, t.size, pick(rng, 1500, 3200), 8, pick(rng, 0.25, 0.7))
        shaped = np.roll(level(ring), round(0.5 * peak * RATE), axis=-1)
        shaped[:, : round(0.5 * peak * RATE)] = 0
        soft = np.clip((t - 0.5 * peak) / (0.4 * peak), 0, 1)
        x += rng.uniform(0.2, 0.45) * shaped * soft
        words["material"] = "metal"
    elif kind < 0.66:
        words["material"] = "wood"
        x = 0.9 * x + 0.35 * level(bandpass(air, 150, 600) * bell**2)
    where = moving(rng, t, length)
    x = 0.4 * x + 0.6 * pan(1.4 * x.mean(axis=0), where) if np.ndim(where) else x
    return Sound(edges(x), words)


@cinematic(
    "reverse cymbal",
    "reversed cymbal",
    "backwards cymbal",
    "cymbal swell",
    "reverse crash",
    "reverse cymbal swell",
    "backward crash",
    "rising reversed cymbal",
    "reverse cymbal before the chorus",
    held_out=("cymbal played backwards", "reversed crash lead-in"),
    seconds=(0.8, 6.0),
    sustained=True,
)
def reverse_cymbal(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    size = rng.random()
    base = 520 * 2 ** (-0.9 * size)
    t60 = seconds * rng.uniform(0.8, 1.6)
    shimmer = np.zeros((2, t.size))
    for octave in range(4):
        ring = np.zeros((2, t.size))
        for side in (-1.0, -0.6, -0.2, 0.2, 0.6, 1.0):
            f = base * 2 ** (octave + rng.random())
            ring += pan(np.sin(2 * np.pi * (f * t + rng.random())), side)
        shimmer += ring * decay(t, t60 * 2 ** (-0.25 * octave)) * min(1.0, 0.3 + 0.3 * octave)
    hiss = highpass(wide_noise(rng, t.size, 0.2, 0.25), 1500 + 2500 * (1 - size))
    cutoff = 900 + 15000 * np.exp(-t / (seconds * rng.uniform(0.25, 0.6)))
    hiss = swept_lowpass(hiss, cutoff) * decay(t, t60)
    x = level(hiss) + rng.uniform(0.15, 0.4) * level(shimmer)
    if size > 0.5:
        x += 0.25 * level(bandpass(wide_noise(rng, t.size, 1, 0.3), 200, 700) * decay(t, t60))
    x *= 1 + 0.2 * np.sin(2 * np.pi * rng.uniform(2, 6) * t + rng.uniform(0, 6))
    words = graded("size", size, 0.33, 0.67, ("small", "big"))
    x = x[:, ::-1]
    if rng.random() < 0.35:
        # it choked at the end rather than ran into the cut
        x = x * np.clip((seconds - t) / min(0.15, seconds / 6), 0, 1)
        words["character"] = "soft"
    return Sound(edges(np.ascontiguousarray(x), 0.01, 0.004), words)


@cinematic(
    "tension drone",
    "suspense drone",
    "horror drone",
    "eerie ambience",
    "ominous drone",
    "scary atmosphere",
    "dark suspense texture",
    "horror ambience",
    "tense drone",
    "sinister drone",
    "creepy background",
    "thriller underscore",
    "dread",
    held_out=("unsettling horror bed", "suspenseful underscore"),
    seconds=(2.5, 10.5),
    sustained=True,
)
def tension(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    words: dict[str, str] = {}
    root = hertz(rng.uniform(27, 40))
    turn = rng.random()
    climb = np.zeros(t.size)
    if turn < 0.25:
        climb = rng.uniform(4, 10) / 12 * (t / seconds)
        words["motion"] = "rising"
    x = unison(rng, "saw", root * 2**climb, t.size, 4, pick(rng, 8, 30), 1.0)
    height = rng.random()
    # bowed cluster: neighbours a semitone apart that beat against each other
    middle = root * 2 ** (2 + 2 * height)
    x = level(swept_lowpass(x, pick(rng, 150, 600) * 2 ** (1.5 * slow(rng, t.size, 0.4))))
    cluster = np.zeros((2, t.size))
    for step in rng.choice([0, 1, 2, 6, 7, 11, 13], 4, replace=False):
        drift = 2 ** (climb + (step + 0.3 * (slow(rng, t.size, 0.7) - 0.5)) / 12)
        voice = wave("saw", middle * drift, t.size, rng.random())
        cluster += pan(voice * slow(rng, t.size, 0.5) ** 2, rng.uniform(-1, 1))
    rosin = highpass(wide_noise(rng, t.size, 0.5, 0.0), 2000) * np.abs(cluster)
    cluster = swept_lowpass(cluster + 0.15 * rosin, middle * pick(rng, 2, 5))
    x = (1.2 - height) * x + (0.25 + 0.8 * height) * level(cluster)
    whistles = 0.0
    for _ in range(int(rng.integers(1, 4))):
        f = pick(rng, 1200, 4500) * 2 ** (climb + 0.08 * slow(rng, t.size, 0.5))
        whistles = whistles + pan(sweep(f) * slow(rng, t.size, 0.4) ** 3, rng.uniform(-1, 1))
    x += 0.25 * height * whistles
    words |= graded("character", height, 0.33, 0.67, ("deep", "eerie"))
    if turn > 0.66:
        rate = pick(rng, 0.7, 2.2)
        beat = (0.5 + 0.5 * np.cos(2 * np.pi * rate * t)) ** 3
        x *= 0.4 + 0.6 * beat
        x += 0.6 * beat * np.sin(2 * np.pi * root * 2 ** climb.mean() * t)
        words["motion"] = "pulsing"
    elif turn > 0.33:
        words["motion"] = "steady"
    x = room(rng, highpass(x, 20, 1), 2.0, 0.3)
    return Sound(edges(x, min(1.0, seconds / 5), min(1.0, seconds / 5)), words)
