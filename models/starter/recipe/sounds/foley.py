"""Things that people do and touch, and the noises of recording and transmission."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.signal import fftconvolve

from sounds.dsp import (
    RATE,
    Array,
    Rng,
    bandpass,
    coloured,
    decay,
    highpass,
    lowpass,
    noise,
    place,
    slow,
    sweep,
    times,
)
from sounds.sound_class import Category, Sound, graded, pick
from sounds.texture import (
    arrivals,
    fade_ends,
    pan,
    pulses,
    ring,
    scatter,
    tick,
    unit,
    wide_noise,
)

foley = Category("Foley")


# --- steps ---
def _walk(rng: Rng, seconds: float, weight: float, step: Callable[[float], Array]) -> Sound:
    """Steps at a walker's pace, left and right foot in turn; ``step`` takes the time to roll."""
    out = np.zeros((2, times(seconds).size))
    period = pick(rng, 0.3, 0.95)
    start, number, side = 0.02, 0, rng.uniform(0.03, 0.16)
    roll = float(np.clip(0.16 * period, 0.05, 0.14))
    while number == 0 or start < seconds - 0.25:
        gain = rng.uniform(0.75, 1.0) * (1.0 if number % 2 else 0.9)
        grain = gain * step(roll * rng.uniform(0.85, 1.15))
        place(out, pan(grain, side if number % 2 else -side), int(start * RATE))
        start += period * np.exp(rng.normal(0, 0.03))
        number += 1
    words = graded("character", weight, 0.34, 0.66, ("light", "heavy"))
    if number > 2:
        words |= graded("motion", period, 0.44, 0.65, ("fast", "slow"))
    return Sound(fade_ends(highpass(out, 30), 0.001, 0.05), words)


@foley(
    "footsteps on wood",
    "wooden floor footsteps",
    "walking on a wooden floor",
    "steps on floorboards",
    "shoes on wood",
    "footsteps on parquet",
    "footsteps on a wooden floor",
    "steps on wood",
    "walking indoors on wood",
    "footsteps in a house",
    "shoes on floorboards",
    held_out=("someone walking across wooden boards", "heels on a wood floor"),
    seconds=(1.0, 8.0),
    sustained=True,
)
def steps_wood(rng: Rng, seconds: float) -> Sound:
    weight, heel = rng.random(), rng.uniform(0.15, 1.0)
    base = pick(rng, 120, 190) * (1 - 0.4 * weight)
    ratios = np.array([1, 1.62, 2.5, 3.9, 5.7, 8.4]) * rng.uniform(0.93, 1.07, 6)
    t60s = pick(rng, 0.09, 0.22) * np.array([1, 0.8, 0.6, 0.45, 0.35, 0.25])
    hollow = rng.uniform(0.1, 0.6)

    def strike(gain: float, hard: float) -> Array:
        gains = rng.uniform(0.5, 1.0, 6) * np.array([1, 0.8, 0.6, 0.5, 0.35, 0.25]) ** (1.3 - hard)
        grain = np.zeros(round(0.35 * RATE))
        place(grain, ring(rng, base * ratios * np.exp(rng.normal(0, 0.02, 6)), t60s, gains), 0)
        place(grain, hard * tick(rng, 900, 7000, 0.018), 0)
        place(grain, hollow * tick(rng, 90, 420, 0.14, 0.003), 0)
        return gain * grain

    def step(roll: float) -> Array:
        grain = np.zeros(round(0.6 * RATE))
        place(grain, strike(1.0, heel), 0)
        place(grain, strike(rng.uniform(0.25, 0.5), 0.5 * heel), int(roll * RATE))
        if rng.random() < 0.15:  # a board that gives way
            place(grain, 0.15 * _creak(rng, 0.2, pick(rng, 60, 160)), int(0.05 * RATE))
        return grain

    return _walk(rng, seconds, weight, step)


def _crush(rng: Rng, bank: list[Array], length: float, number: int, heel: float) -> Array:
    """Many small grains under a foot: most as the heel lands, more as the toes push off."""
    grain = np.zeros(round((length + 0.06) * RATE))
    at = np.where(
        rng.random(number) < heel,
        rng.exponential(0.16 * length, number),
        length * (0.5 + 0.22 * rng.standard_normal(number)),
    )
    for start in at.clip(0, length):
        voice = bank[int(rng.integers(len(bank)))]
        place(grain, voice * rng.exponential(0.5), int(start * RATE))
    return grain


@foley(
    "footsteps on gravel",
    "walking on gravel",
    "gravel footsteps",
    "steps on small stones",
    "gravel path walk",
    "crunching gravel",
    "steps on gravel",
    "feet on gravel",
    "walking on a gravel path",
    "footsteps on stones",
    "boots on gravel",
    held_out=("someone walking over pebbles", "shoes crunching stones"),
    seconds=(1.0, 8.0),
    sustained=True,
)
def steps_gravel(rng: Rng, seconds: float) -> Sound:
    weight = rng.random()
    top = pick(rng, 2600, 6500)
    bank = []
    for _ in range(24):  # stones: a click, and a ring of a few milliseconds
        f = top * np.exp(rng.normal(-0.2, 0.45))
        voice = ring(rng, (f, 1.7 * f), (0.012, 0.008), rng.uniform(0.2, 0.8, 2))
        place(voice, tick(rng, 0.5 * f, 1.8 * f, pick(rng, 0.003, 0.012)), 0)
        bank.append(unit(voice))
    number = int(50 + 130 * weight)

    def step(roll: float) -> Array:
        length = 0.16 + roll + 0.06 * rng.random()
        grain = 0.35 * _crush(rng, bank, length, number, 0.45)
        place(grain, (0.15 + 0.5 * weight) * tick(rng, 70, 350, 0.09, 0.004), 0)
        bed = bandpass(noise(rng, grain.size), 700, 7000, 1) * np.exp(
            -(((np.arange(grain.size) / RATE - 0.4 * length) / (0.35 * length)) ** 2)
        )
        return grain + 0.08 * bed

    return _walk(rng, seconds, weight, step)


@foley(
    "footsteps on snow",
    "walking in snow",
    "snow footsteps",
    "crunching snow",
    "steps in deep snow",
    "boots on snow",
    "steps on snow",
    "feet in snow",
    "crunchy snow steps",
    "winter footsteps",
    "boots in the snow",
    held_out=("someone trudging through snow", "snow crunching underfoot"),
    seconds=(1.0, 8.0),
    sustained=True,
)
def steps_snow(rng: Rng, seconds: float) -> Sound:
    weight = rng.random()
    low, squeak = pick(rng, 350, 900), rng.uniform(0, 0.5)
    bank = [
        tick(rng, low * k, low * k * 3.2, pick(rng, 0.006, 0.016), 0.001) for k in (1, 1.6, 2.4)
    ]

    def step(roll: float) -> Array:
        length = 0.2 + 1.1 * roll + 0.06 * rng.random()
        grain = 0.3 * _crush(rng, bank, length, int(110 + 120 * weight), 0.2)
        t = np.arange(grain.size) / RATE
        press = np.exp(-(((t - 0.45 * length) / (0.3 * length)) ** 2))
        # Snow packs in small slips, faster and faster under the weight: a dry squeak.
        rate = pick(rng, 130, 260) * (1 + 0.7 * t / length)
        slips = pulses(rng, grain.size, rate, 0.5)
        body = ring(rng, (low * 1.3, low * 2.2, low * 3.4), (0.014, 0.01, 0.008), (1, 0.8, 0.5))
        grain += (0.15 + squeak) * press * fftconvolve(slips, body)[: grain.size]
        grain += 0.16 * press * bandpass(noise(rng, grain.size), low, 5 * low, 1)
        place(grain, (0.1 + 0.35 * weight) * tick(rng, 50, 220, 0.12, 0.02), 0)
        return grain * np.minimum(1, t / 0.012)

    return _walk(rng, seconds, weight, step)


@foley(
    "footsteps on metal",
    "walking on metal",
    "metal stairs footsteps",
    "steps on a metal grate",
    "footsteps on a steel walkway",
    "metallic footsteps",
    "steps on metal",
    "feet on metal grating",
    "walking on a metal bridge",
    "footsteps on iron stairs",
    "metal stairs",
    held_out=("someone walking on a catwalk", "boots on metal stairs"),
    seconds=(1.0, 8.0),
    sustained=True,
)
def steps_metal(rng: Rng, seconds: float) -> Sound:
    weight = rng.random()
    base = pick(rng, 110, 240) * (1.2 - 0.4 * weight)
    count = 14
    frequencies = base * np.sort(np.exp(rng.uniform(0, np.log(28), count)))
    frequencies[0] = base
    t60s = pick(rng, 0.18, 0.55) * (frequencies / base) ** -0.25
    rattle = rng.random()

    def strike(gain: float) -> Array:
        gains = rng.uniform(0.3, 1.0, count) * (frequencies / base) ** -0.3
        grain = ring(rng, frequencies * np.exp(rng.normal(0, 0.004, count)), t60s, 0.35 * gains)
        place(grain, 0.7 * tick(rng, 1500, 11000, 0.012), 0)
        return gain * grain

    def step(roll: float) -> Array:
        grain = np.zeros(round(0.75 * RATE))
        place(grain, strike(1.0), 0)
        place(grain, strike(rng.uniform(0.2, 0.5)), int(roll * RATE))
        if rattle > 0.5:  # a loose grating knocks against its frame
            for k in range(int(rng.integers(2, 6))):
                f = pick(rng, 1800, 5500)
                clink = ring(rng, (f, 1.53 * f), (0.05, 0.03), (1, 0.6))
                place(grain, 0.25 * 0.7**k * clink, int((0.02 + 0.03 * k * rng.random()) * RATE))
        return grain

    return _walk(rng, seconds, weight, step)


# --- doors ---
def _creak(rng: Rng, length: float, rate: float) -> Array:
    """A hinge or board that sticks and slips: uneven pulses through a few resonances."""
    count = times(length).size
    course = rate * np.exp(
        1.1 * (slow(rng, count, 4.0) - 0.5) + 0.5 * (slow(rng, count, 14.0) - 0.5)
    )
    slips = pulses(rng, count, course, 0.6)
    modes = np.sort([pick(rng, 380, 4200) for _ in range(6)])
    body = ring(rng, modes, [pick(rng, 0.012, 0.05) for _ in modes], rng.uniform(0.3, 1.0, 6))
    out = highpass(fftconvolve(slips, body)[:count], 120)
    ends = np.minimum(1, np.minimum(np.arange(count), np.arange(count)[::-1]) / (0.03 * RATE))
    return unit(out * ends * (0.3 + slow(rng, count, 3.0)))


def _latch(rng: Rng, size: float) -> Array:
    """A bolt that snaps: two or three metal clicks close together."""
    out = np.zeros(round(0.16 * RATE))
    start = 0.0
    for _ in range(int(rng.integers(2, 4))):
        f = pick(rng, 1300, 4200) * (1.2 - 0.5 * size)
        click = ring(rng, (f, 1.47 * f, 2.6 * f), (0.03, 0.022, 0.014), rng.uniform(0.3, 0.8, 3))
        place(click, tick(rng, 1500, 9000, 0.008), 0)
        place(out, click * rng.uniform(0.4, 1.0), int(start * RATE))
        start += rng.uniform(0.012, 0.05)
    return unit(out)


def _thump(rng: Rng, size: float, hard: float, material: str) -> Array:
    """A door leaf that meets its frame."""
    base = pick(rng, 75, 125) * (1.3 - 0.7 * size)
    ratios = np.array([1, 1.7, 2.6, 3.7, 5.3, 7.9, 11.5]) * rng.uniform(0.9, 1.1, 7)
    long = pick(rng, 0.5, 1.3) if material == "metal" else pick(rng, 0.1, 0.24)
    t60s = (0.6 + 0.8 * size) * long * ratios**-0.45
    out = np.zeros(round(1.6 * RATE))
    place(out, ring(rng, base * ratios, t60s, rng.uniform(0.4, 1.0, 7) * ratios**-0.35), 0)
    place(out, (0.4 + 1.4 * hard) * tick(rng, 250, 2000 + 6000 * hard, 0.05 + 0.07 * hard), 0)
    place(out, (0.8 + size) * tick(rng, 40, 180, 0.14 + 0.2 * size, 0.002), 0)
    return unit(out)


def _material(rng: Rng) -> str:
    return "metal" if rng.random() < 0.4 else "wood"


def _door(
    rng: Rng, seconds: float, parts: list[tuple[float, Array]], size: float, material: str
) -> Sound:
    """The parts, each from its start in seconds on."""
    out = np.zeros(times(seconds).size)
    for start, grain in parts:
        place(out, grain, int(start * RATE))
    words = graded("size", size, 0.34, 0.66, ("small", "big")) | {"material": material}
    out = pan(highpass(out, 25), rng.uniform(-0.1, 0.1))
    return Sound(fade_ends(out, 0.001, 0.08), words)


@foley(
    "door open",
    "door opening",
    "opening a door",
    "door handle and opening",
    "someone opens a door",
    "door opens",
    "opening door",
    "turning a door handle",
    "unlatching a door",
    "room door opens",
    held_out=("a door being opened", "open the door"),
    seconds=(0.8, 3.0),
)
def door_open(rng: Rng, seconds: float) -> Sound:
    size, material = rng.random(), _material(rng)
    handle = 0.03
    release = handle + rng.uniform(0.1, 0.25)
    travel = max(0.3, min(seconds - release - 0.1, pick(rng, 0.4, 1.6)))
    t = times(travel)
    air = np.sin(np.pi * t / travel) ** 2 * lowpass(coloured(rng, t.size, 1.0), 900)
    parts = [
        (handle, 0.5 * _latch(rng, size)),
        (release, _latch(rng, size)),
        (
            release,
            0.5 * lowpass(_thump(rng, size, 0.1, material), 4000 if material == "metal" else 1200),
        ),
        (release + 0.05, rng.uniform(0.03, 0.1) * air),
        (release + 0.05, rng.uniform(0.05, 0.45) * _creak(rng, travel, pick(rng, 35, 160))),
    ]
    return _door(rng, seconds, parts, size, material)


@foley(
    "door close",
    "door closing",
    "closing a door",
    "door shut",
    "shutting a door",
    "door closes",
    "closing door",
    "door shutting",
    "door clicks shut",
    "room door closes",
    held_out=("a door being closed", "close the door quietly"),
    seconds=(0.5, 2.5),
)
def door_close(rng: Rng, seconds: float) -> Sound:
    size, material = rng.random(), _material(rng)
    travel = min(pick(rng, 0.1, 0.9), seconds - 0.35)
    parts = [
        (travel, _thump(rng, size, rng.uniform(0.05, 0.35), material)),
        (travel + rng.uniform(0.01, 0.06), rng.uniform(0.25, 0.6) * _latch(rng, size)),
    ]
    if travel > 0.25:
        t = times(travel)
        air = (t / travel) ** 2 * lowpass(coloured(rng, t.size, 1.0), 900)
        parts.append((0.0, rng.uniform(0.02, 0.08) * air))
        parts.append((0.0, rng.uniform(0.0, 0.2) * _creak(rng, travel, pick(rng, 40, 160))))
    return _door(rng, seconds, parts, size, material)


@foley(
    "door slam",
    "slamming door",
    "slammed door",
    "door slammed shut",
    "door bang",
    "door slams",
    "slam",
    "slamming a door",
    "loud door bang",
    "door smashed shut",
    held_out=("someone slams a door", "angry door shut"),
    seconds=(0.5, 2.5),
)
def door_slam(rng: Rng, seconds: float) -> Sound:
    size, material = rng.random(), _material(rng)
    rush = min(pick(rng, 0.03, 0.25), seconds / 4)
    t = times(rush)
    air = (t / rush) ** 3 * lowpass(coloured(rng, t.size, 0.8), 1500)
    bang = np.tanh(2.2 * _thump(rng, size, rng.uniform(0.6, 1.0), material))
    parts = [(0.0, 0.08 * air), (rush, bang), (rush + 0.004, 0.4 * _latch(rng, size))]
    at, gain = rush + 0.05, 0.3
    for _ in range(int(rng.integers(2, 7))):  # frame, panes and handle rattle on
        parts.append((at, gain * _latch(rng, size)))
        parts.append((at, gain * tick(rng, 120, 900, 0.06)))
        at += rng.uniform(0.03, 0.09)
        gain *= 0.7
    return _door(rng, seconds, parts, size, material)


@foley(
    "creaking door",
    "door creak",
    "squeaky door",
    "creaky hinge",
    "creak",
    "squeaking hinges",
    "rusty door opening slowly",
    "creaky door",
    "door hinge squeak",
    "squeak",
    "creaking wood",
    "squealing hinge",
    "spooky door",
    held_out=("old door creaking open", "haunted house door"),
    seconds=(0.8, 6.0),
)
def door_creak(rng: Rng, seconds: float) -> Sound:
    rate, tight = pick(rng, 22, 260), rng.random()
    out = np.zeros(times(seconds).size)
    start = 0.02
    while start < seconds - 0.35:  # it is pushed a few times
        length = min(pick(rng, 0.35, 2.2), seconds - start - 0.05)
        grain = _creak(rng, length, rate * np.exp(rng.normal(0, 0.15)))
        if tight > 0.5:  # a dry hinge also sings, an octave or so above
            grain = grain + 0.5 * _creak(rng, length, 3.1 * rate)
        place(out, rng.uniform(0.6, 1.0) * grain, int(start * RATE))
        start += length + rng.uniform(0.02, 0.4)
    words = graded("motion", rate, 50, 115, ("slow", "fast"))
    return Sound(fade_ends(pan(out, rng.uniform(-0.15, 0.15)), 0.001, 0.05), words)


# --- things that are struck ---
@foley(
    "glass breaking",
    "breaking glass",
    "glass shatter",
    "smashed glass",
    "shattering window",
    "broken bottle",
    "glass smash",
    "shattering glass",
    "broken glass",
    "window breaking",
    "glass crash",
    "smashing a bottle",
    "shards of glass",
    held_out=("a window being smashed", "glass falling to pieces"),
    seconds=(0.7, 3.5),
)
def glass(rng: Rng, seconds: float) -> Sound:
    count = times(seconds).size
    size = rng.random()
    out = np.zeros((2, count))
    spread = min(0.16 + 0.45 * size, seconds / 4)
    floor = 3800 - 2400 * size
    bank = []
    for _ in range(20):  # shards: thin plates, each with a handful of high modes
        f = pick(rng, floor, 7000)
        ratios = np.sort(rng.uniform(1.0, 2.8, 4))
        t60s = pick(rng, 0.05, 0.35) * ratios**-0.8
        voice = ring(rng, f * ratios, t60s, rng.uniform(0.3, 1.0, 4))
        place(voice, 0.6 * tick(rng, 3500, 14000, 0.006), 0)
        bank.append(unit(voice))
    number = int(30 + 170 * size)
    starts = 0.02 + rng.exponential(spread, number)
    gains = 0.3 * rng.exponential(0.7, number) * np.exp(-starts / (2.5 * spread))
    inside = starts < seconds - 0.1
    starts, gains = (starts * RATE)[inside], gains[inside]
    scatter(out, bank, rng, starts, gains, rng.uniform(-0.9, 0.9, starts.size))
    crack = np.stack([tick(rng, 1200, 15000, 0.05 + 0.06 * size) for _ in "lr"])
    place(out, crack, int(0.015 * RATE))
    place(out, (0.2 + 0.7 * size) * pan(tick(rng, 120, 900, 0.09), 0.0), int(0.015 * RATE))
    ends = np.clip((seconds - times(seconds)[:count]) / 0.3, 0, 1)
    words = graded("size", size, 0.34, 0.66, ("small", "big"))
    return Sound(fade_ends(out * ends, 0.001, 0.02), words)


@foley(
    "metal clang",
    "clanging metal",
    "metal pipe hit",
    "metal clank",
    "hitting metal",
    "metallic bang",
    "anvil hit",
    "clang",
    "metal hit",
    "metal impact",
    "iron bar falling",
    "banging on metal",
    "metal object dropped",
    held_out=("steel bar struck", "hammer hitting a metal sheet"),
    seconds=(0.6, 4.0),
)
def clang(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    base = pick(rng, 90, 900)
    long = pick(rng, 0.25, 3.0)
    if rng.random() < 0.4:  # a bar or pipe: the modes of a free beam
        ratios = np.array([1, 2.757, 5.404, 8.933, 13.34, 18.64]) * rng.uniform(0.98, 1.02, 6)
    else:  # a sheet or lump: crowded, uneven
        ratios = np.sort(np.exp(rng.uniform(0, np.log(min(30, 9000 / base)), 16)))
        ratios[0] = 1
    bend = pick(rng, 0.2, 0.55)
    channels, hard = [], rng.random()
    strength = rng.uniform(0.3, 1.0, ratios.size) * ratios ** (0.8 * (hard - 1))
    for _ in "lr":  # each mode is a pair that beats; the two ears stand at different places
        near = strength * rng.uniform(0.6, 1.4, ratios.size)
        t60s = np.minimum(long * ratios**-bend, seconds)
        x = ring(rng, base * ratios, t60s, near)
        y = ring(rng, base * ratios * (1 + rng.uniform(0.0005, 0.004, ratios.size)), t60s, near)
        out = np.zeros(t.size)
        place(out, x + 0.6 * y, 0)
        channels.append(out)
    out = np.stack(channels)
    out *= 1 / np.abs(out).max()
    hit = (0.2 + 0.6 * hard) * tick(rng, 600 + 1800 * hard, 12000, 0.02)
    place(out, pan(hit, 0.0), 0)
    words = graded("size", -base, -430, -190, ("small", "big"))
    words |= graded("character", hard, 0.33, 0.67, ("soft", "hard"))
    return Sound(fade_ends(out, 0.0005, 0.1 * seconds), words)


@foley(
    "knocking",
    "knock on a door",
    "door knock",
    "knocking on wood",
    "knock knock",
    "someone at the door",
    "knock",
    "door knocking",
    "knocking at the door",
    "rapping on a door",
    "fist on a door",
    "three knocks",
    held_out=("knuckles on a door", "a visitor knocks"),
    seconds=(0.6, 4.0),
)
def knock(rng: Rng, seconds: float) -> Sound:
    out = np.zeros((2, times(seconds).size))
    material = str(rng.choice(("wood", "metal", "glass"), p=(0.5, 0.25, 0.25)))
    base, long = {
        "wood": (pick(rng, 130, 330), pick(rng, 0.06, 0.13)),
        "metal": (pick(rng, 170, 420), pick(rng, 0.25, 0.7)),
        "glass": (pick(rng, 480, 1000), pick(rng, 0.07, 0.18)),
    }[material]
    ratios = np.array([1, 1.58, 2.41, 3.3, 4.9, 7.1, 10.2]) * rng.uniform(0.94, 1.06, 7)
    period, hard = pick(rng, 0.12, 0.42), rng.random()
    start, number = 0.02, 0
    limit = int(rng.integers(2, 9))
    while number < limit and (number == 0 or start < seconds - 0.15):
        gains = rng.uniform(0.5, 1.0, 7) * ratios ** -(1.1 - 0.7 * hard)
        grain = ring(
            rng, base * ratios * np.exp(rng.normal(0, 0.01, 7)), long * ratios**-0.4, gains
        )
        grain = 0.6 * unit(grain)
        place(grain, (0.1 + 0.6 * hard) * tick(rng, 500, 2500 + 5000 * hard, 0.012), 0)
        place(grain, 0.4 * tick(rng, 80, 300, 0.05, 0.001) * (material == "wood"), 0)
        place(out, rng.uniform(0.75, 1.0) * pan(grain, 0.0), int(start * RATE))
        start += period * np.exp(rng.normal(0, 0.06))
        number += 1
    words = {"material": material} | graded("character", hard, 0.34, 0.66, ("soft", "hard"))
    if number > 2:
        words |= graded("motion", period, 0.18, 0.28, ("fast", "slow"))
    return Sound(fade_ends(out, 0.0005, 0.05), words)


@foley(
    "gunshot",
    "gun shot",
    "pistol shot",
    "rifle shot",
    "gunfire",
    "shotgun blast",
    "firing a gun",
    "gun",
    "shot",
    "pistol",
    "rifle",
    "gun firing",
    "revolver shot",
    "shooting",
    held_out=("a gun being fired", "single bullet shot"),
    seconds=(0.6, 3.5),
)
def gunshot(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    size, near = rng.random(), rng.random()
    out = np.zeros((2, t.size))
    width = 0.0006 + 0.0028 * size  # of the muzzle's blast wave: a peak, then a longer dip
    blast = (1 - t / width) * np.exp(-t / width)
    body = sweep(55 + 160 * (1 - 0.6 * size) * np.exp(-t / 0.02)) * decay(
        t, 0.1 + 0.25 * size, 0.001
    )
    tail = pick(rng, 0.25, 0.6) + 0.7 * size
    shared = 1.6 * unit(lowpass(blast, 9000, 1)) + (0.4 + 0.6 * size) * body
    report = highpass(noise(rng, t.size), 300, 1) * decay(t, 0.05 + 0.08 * size)
    out += shared + 0.9 * report
    smoke = wide_noise(
        rng, t.size, ((40, -6), (150, 0), (700, -3), (3000, -10), (12000, -28)), 0.25
    )
    out += 0.3 * smoke * decay(t, tail, 0.003)
    for _ in range(int(rng.integers(1, 6))):  # it comes back from walls and trees
        delay, dull = rng.uniform(0.05, 0.5), pick(rng, 700, 3000)
        echo = lowpass(noise(rng, t.size), dull) * decay(t, 0.3, 0.012)
        place(out, 0.25 * np.exp(-2.5 * delay) * pan(echo, rng.uniform(-1, 1)), int(delay * RATE))
    out = np.tanh(1.6 * out)
    if near < 0.4:  # far away: no crack, and the air's dull colour
        out = lowpass(out, 500 + 3000 * near, 1)
        out *= np.minimum(1, t / 0.004)
    words = graded("size", size, 0.34, 0.66, ("small", "big"))
    words |= graded("character", near, 0.3, 0.6, ("distant", "close"))
    return Sound(fade_ends(out, 0.0003, 0.15 * seconds), words)


# --- recording and transmission ---
@foley(
    "vinyl crackle",
    "record crackle",
    "old record noise",
    "vinyl noise",
    "record player crackling",
    "dusty record",
    "vinyl pops",
    "vinyl",
    "crackle",
    "old vinyl",
    "record crackling",
    "lo-fi vinyl noise",
    "scratchy record",
    "turntable noise",
    held_out=("needle on an old record", "gramophone surface noise"),
    seconds=(1.0, 10.0),
    sustained=True,
)
def vinyl(rng: Rng, seconds: float) -> Sound:
    count = times(seconds).size
    worn = rng.random()
    turn = 60 / float(rng.choice((100 / 3, 45.0)))
    once = 0.75 + 0.25 * np.sin(2 * np.pi * times(seconds) / turn + rng.uniform(0, 6))
    hiss = wide_noise(rng, count, ((200, -14), (1500, -4), (5000, 0), (16000, -10)), 0.1)
    rumble = wide_noise(rng, count, ((20, 0), (45, 0), (150, -20), (1000, -70)), 0.4)
    out = pick(rng, 0.008, 0.03) * once * hiss + pick(rng, 0.01, 0.05) * rumble
    dust = [tick(rng, low, 4 * low, t60) for low in (1200, 2500, 4000) for t60 in (0.0007, 0.002)]
    starts = arrivals(rng, count, 15 + 110 * worn, once)
    gains = 0.07 * rng.pareto(1.7, starts.size).clip(0.1, 8)
    scatter(out, dust, rng, starts, gains, rng.uniform(-0.9, 0.9, starts.size))
    pops = [tick(rng, 250, 3500, pick(rng, 0.004, 0.012)) for _ in range(4)]
    starts = arrivals(rng, count, 0.5 + 3 * worn)
    scatter(out, pops, rng, starts, rng.uniform(0.3, 0.8, starts.size), np.zeros(starts.size))
    if rng.random() < 0.5:  # one scratch comes round with every turn
        starts = np.arange(rng.uniform(0, min(turn, seconds)), seconds, turn) * RATE
        scatter(out, pops[:1], rng, starts, np.full(starts.size, 0.7), np.zeros(starts.size))
    words = graded("character", worn, 0.34, 0.66, ("light", "heavy"))
    return Sound(fade_ends(out), words)


@foley(
    "tape hiss",
    "cassette hiss",
    "hiss",
    "analog tape noise",
    "cassette tape noise",
    "hissing noise",
    "hiss of a tape",
    "cassette",
    "tape noise",
    "analog hiss",
    "old tape recorder",
    "soft hiss",
    held_out=("noise of an empty cassette", "quiet recording hiss"),
    seconds=(1.0, 10.0),
    sustained=True,
)
def tape_hiss(rng: Rng, seconds: float) -> Sound:
    count = times(seconds).size
    slope, top = rng.uniform(2, 5), pick(rng, 9000, 17000)
    points = [(f, slope * np.log2(f / 6000)) for f in (60, 300, 1000, 3000, 6000)]
    out = wide_noise(rng, count, (*points, (top, slope), (1.25 * top, -35)), rng.uniform(0, 0.2))
    waver = rng.random()
    if waver > 0.6:  # a worn tape loses contact now and then
        dips = np.stack([slow(rng, count, 7.0) for _ in "lr"])
        out *= 1 - 0.85 * waver * np.clip(2.2 * (dips - 0.45), 0, 1)
    if rng.random() < 0.5:
        hum = sum(sweep(np.full(count, 50.0 * k)) / k for k in (1, 2, 3, 5))
        out += pick(rng, 0.02, 0.12) * hum
    words = graded("motion", waver, 0.34, 0.66, ("steady", "fluttering"))
    return Sound(fade_ends(out), words)


@foley(
    "radio static",
    "static",
    "radio noise",
    "radio interference",
    "tv static",
    "shortwave radio",
    "radio tuning noise",
    "radio",
    "noise between stations",
    "tv noise",
    "static noise",
    "bad radio reception",
    "AM radio static",
    held_out=("untuned radio", "between two radio stations"),
    seconds=(0.8, 10.0),
    sustained=True,
)
def radio_static(rng: Rng, seconds: float) -> Sound:
    count = times(seconds).size
    low, high = pick(rng, 150, 500), pick(rng, 2600, 7000)
    edges = ((low / 2, -24), (low, 0), (1200, 2), (high, -3), (1.6 * high, -40))
    fading = 0.35 + 0.65 * slow(rng, count, pick(rng, 0.8, 4))
    out = fading * wide_noise(rng, count, edges, rng.uniform(0.1, 0.6))
    crackling, whistle = rng.random(), rng.random()
    if crackling > 0.4:
        bank = [tick(rng, low, high, pick(rng, 0.002, 0.03)) for _ in range(10)]
        starts = arrivals(
            rng, count, 60 * crackling**2, np.maximum(slow(rng, count, 5) - 0.3, 0.01)
        )
        gains = (1.0 + 3.5 * crackling) * rng.exponential(1.0, starts.size)
        scatter(out, bank, rng, starts, gains, rng.uniform(-0.5, 0.5, starts.size))
    if whistle > 0.6:  # two carriers beat; the dial drifts through zero and back
        for _ in range(int(rng.integers(1, 3))):
            drift = pick(rng, 300, 2500) * 2 ** (2 * slow(rng, count, pick(rng, 0.4, 2.5)) - 1)
            tone = np.tanh(2 * sweep(drift)) * slow(rng, count, 1.5).clip(0, 1)
            out += pick(rng, 0.7, 1.6) * pan(tone, rng.uniform(-0.2, 0.2))
    words = {}
    if whistle > 0.66:
        words["character"] = "whistling"
    elif whistle <= 0.6 and crackling > 0.55:
        words["character"] = "crackling"
    return Sound(fade_ends(np.tanh(0.5 * out)), words)


@foley(
    "applause",
    "clapping audience",
    "audience clapping",
    "people clapping",
    "crowd applause",
    "ovation",
    "clapping hands",
    "clapping",
    "people applauding",
    "clapping crowd",
    "audience",
    "theatre applause",
    "cheering audience clapping",
    held_out=("an audience applauds", "clapping after a concert"),
    seconds=(1.5, 10.0),
    sustained=True,
)
def applause(rng: Rng, seconds: float) -> Sound:
    count = times(seconds).size
    crowd = pick(rng, 4, 400)
    near = min(int(crowd), 45)
    out = np.zeros((2, count))
    course, motion = np.ones(count), rng.random()
    if seconds > 2.5 and motion < 0.25:
        course = 0.08 + 0.92 * np.linspace(0, 1, count) ** 1.5
    elif seconds > 2.5 and motion > 0.75:
        course = 0.06 + 0.94 * np.linspace(1, 0, count) ** 1.5
    for _ in range(near):  # each pair of hands has its own pace, sound and seat
        centre = pick(rng, 750, 2300)
        bank = [tick(rng, 0.6 * centre, 2.2 * centre, pick(rng, 0.012, 0.035)) for _ in range(2)]
        pace = rng.uniform(2.8, 5.2)
        beats = int(seconds * pace) + 1
        at = (rng.random() + np.arange(beats) + rng.normal(0, 0.07, beats)) / pace * RATE
        at = at[(at >= 0) & (at < count)]
        at = at[rng.random(at.size) < np.sqrt(course[at.astype(int)])]
        loud = pick(rng, 0.25, 1.0) * rng.uniform(0.6, 1.0, at.size)
        loud = loud * course[at.astype(int)]
        scatter(out, bank, rng, at, loud, np.full(at.size, rng.uniform(-1, 1)))
    if crowd > 30:  # the rows behind are a hiss with the colour of hands
        spectrum = ((150, -30), (500, -12), (1100, 0), (2200, -2), (5000, -12), (14000, -28))
        grainy = np.stack([0.6 + 0.8 * slow(rng, count, 25.0) for _ in "lr"])
        level = 0.09 * np.sqrt(crowd / 30) * course
        out += level * grainy * wide_noise(rng, count, spectrum, 0.1)
    words = graded("size", crowd, 18, 90, ("small", "big"))
    if course[0] != course[-1]:
        words["motion"] = "rising" if course[-1] > course[0] else "falling"
    return Sound(fade_ends(out, 0.02, 0.1), words)


# --- plain noise ---
def _swell(rng: Rng, count: int) -> tuple[Array, dict[str, str]]:
    """A third each: steady, growing, or dying away."""
    kind = str(rng.choice(("steady", "rising", "falling")))
    ramp = np.linspace(0, 1, count) ** pick(rng, 0.8, 2.0)
    course = {"steady": np.ones(count), "rising": ramp, "falling": ramp[::-1]}[kind]
    return 0.02 + 0.98 * course, {"motion": kind}


@foley(
    "white noise",
    "constant noise",
    "steady noise",
    "static hiss noise",
    "plain noise",
    "noise",
    "hissing",
    "random noise",
    "flat noise",
    "shhh",
    held_out=("pure noise", "white noise generator"),
    seconds=(0.4, 10.0),
    sustained=True,
)
def white_noise(rng: Rng, seconds: float) -> Sound:
    count = times(seconds).size
    course, words = _swell(rng, count)
    tilt = rng.uniform(-1.5, 1.5)
    flat = ((20, -tilt), (700, 0), (22000, tilt))
    return Sound(fade_ends(course * wide_noise(rng, count, flat, rng.uniform(0, 1))), words)


@foley(
    "low rumble",
    "rumble",
    "deep rumble",
    "rumbling",
    "brown noise",
    "earthquake",
    "ground shaking",
    "deep low rumble",
    "rumbling ground",
    "quake",
    "subway rumble",
    "distant rumbling",
    "underground rumble",
    held_out=("the earth rumbling", "very low rumbling noise"),
    seconds=(1.0, 10.0),
    sustained=True,
)
def low_rumble(rng: Rng, seconds: float) -> Sound:
    count = times(seconds).size
    course, words = _swell(rng, count)
    peak = pick(rng, 32, 85)
    spectrum = ((20, -8), (peak, 0), (2.2 * peak, -9), (6 * peak, -26), (4000, -62))
    out = wide_noise(rng, count, spectrum, rng.uniform(0.3, 0.7))
    rolling = rng.random()
    roll = 1 - 0.85 * rolling * slow(rng, count, pick(rng, 2, 7))
    grit = wide_noise(rng, count, ((120, -10), (350, 0), (900, -12), (5000, -50)), 0.1)
    scrape = np.clip(4 * slow(rng, count, 11.0) - 2, 0, 1)
    out = (out + 0.7 * rolling**2 * scrape * grit) * roll
    words |= graded("character", rolling, 0.3, 0.7, ("smooth", "rough"))
    return Sound(fade_ends(np.tanh(0.4 * out * course), 0.03, 0.05), words)
