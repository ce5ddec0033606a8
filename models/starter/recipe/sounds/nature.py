"""Weather, water, fire and small animals outdoors."""

from __future__ import annotations

import numpy as np

from sounds.dsp import (
    RATE,
    Array,
    Rng,
    bandpass,
    decay,
    filtered_sweep,
    lowpass,
    place,
    slow,
    sweep,
    times,
)
from sounds.sound_class import Category, Sound, graded, pick
from sounds.texture import (
    arrivals,
    bubble,
    fade_ends,
    pan,
    ring,
    scatter,
    tick,
    unit,
    wide_noise,
)

nature = Category("Nature")

# What the drops that are too many to be told apart sound like together, in dB over frequency.
_RAIN_BEDS = {
    "": ((100, -20), (400, -8), (1200, -3), (4000, -2), (9000, -5), (18000, -14)),
    "on a tin roof": ((80, -16), (300, -4), (700, 0), (2500, -3), (6000, -9), (16000, -22)),
    "on leaves": ((100, -32), (500, -14), (1500, -5), (3200, 0), (6000, -7), (16000, -22)),
    "on concrete": ((100, -28), (500, -14), (2000, -6), (6000, 0), (12000, -2), (19000, -9)),
}


def _drop(rng: Rng, surface: str) -> Array:
    """What one drop does to what it falls on."""
    if surface == "on a tin roof":
        base = pick(rng, 380, 1900)
        ratios = np.array([1, 2.14, 3.41, 5.2]) * rng.uniform(0.93, 1.07, 4)
        t60s = pick(rng, 0.03, 0.14) * np.array([1, 0.7, 0.5, 0.3])
        body = ring(rng, base * ratios, t60s, (1, 0.7, 0.5, 0.4))
        place(body, 0.6 * tick(rng, 2500, 9000, 0.004), 0)
        return unit(body)
    if surface == "on leaves":
        low = pick(rng, 600, 2600)
        return tick(rng, low, 2.6 * low, pick(rng, 0.005, 0.018), 0.0012)
    if surface == "on concrete":
        if rng.random() < 0.1:
            return 0.4 * unit(bubble(pick(rng, 1800, 5500), 0.05))
        low = pick(rng, 2200, 6500)
        return tick(rng, low, 3 * low, pick(rng, 0.002, 0.006))
    low = pick(rng, 700, 4500)
    return tick(rng, low, 3 * low, pick(rng, 0.003, 0.01), 0.0005)


def _gusts(rng: Rng, count: int, rate: float, depth: float) -> Array:
    """A strength between 1 - ``depth`` and 1, both of which are reached."""
    curve = slow(rng, count, rate)
    return 1 - depth * (curve - curve.min()) / (np.ptp(curve) + 1e-9)


def _rain(rng: Rng, count: int, surface: str, rate: float, bed: float, gust: float) -> Array:
    """``rate`` drops a second that stand out of a ``bed``; both swell by ``gust`` (0 to 1)."""
    swell = _gusts(rng, count, 0.7, gust)
    spectrum = [(hertz, level + rng.normal(0, 1.5)) for hertz, level in _RAIN_BEDS[surface]]
    out = bed * swell**1.5 * wide_noise(rng, count, spectrum, rng.uniform(0, 0.25))
    if surface == "on a tin roof":  # the sheets boom at a few resonances of their own
        base = pick(rng, 220, 620)
        peaks = (
            (base * 0.8, -20),
            (base, 0),
            (base * 1.25, -18),
            (base * 1.9, -3),
            (base * 3, -30),
        )
        out += 0.5 * bed * swell * wide_noise(rng, count, peaks, 0.3)
    starts = arrivals(rng, count, rate, swell)
    gains = 0.4 * (rng.exponential(1.0, starts.size) ** 1.3).clip(0, 4)
    bank = [_drop(rng, surface) for _ in range(40)]
    scatter(out, bank, rng, starts, gains, rng.uniform(-1, 1, starts.size))
    return fade_ends(out, 0.03, 0.05)


def _surface(rng: Rng) -> tuple[str, dict[str, str]]:
    surface = str(rng.choice(list(_RAIN_BEDS), p=(0.25, 0.25, 0.25, 0.25)))
    return surface, {"surface": surface} if surface else {}


@nature(
    "light rain",
    "rain",
    "drizzle",
    "gentle rain",
    "soft rainfall",
    "raindrops",
    "rain drops falling",
    "light rain shower",
    "rain outside",
    "quiet rain",
    "soft rain",
    "spring rain",
    "a few raindrops",
    "rain on a window",
    held_out=("a little rain", "rain sprinkling softly"),
    seconds=(1.0, 10.5),
    sustained=True,
)
def light_rain(rng: Rng, seconds: float) -> Sound:
    surface, words = _surface(rng)
    rate = pick(rng, 18, 200)
    bed = 0.02 * (rate / 60) ** 0.8
    words |= graded("character", rate, 40, 90, ("sparse", "dense"))
    return Sound(_rain(rng, times(seconds).size, surface, rate, bed, 0.4), words)


@nature(
    "heavy rain",
    "downpour",
    "pouring rain",
    "rainstorm",
    "torrential rain",
    "hard rain",
    "heavy rainfall",
    "cloudburst",
    "strong rain",
    "monsoon",
    "rain storm",
    "heavy shower",
    "rain hammering",
    "raining cats and dogs",
    held_out=("rain pouring down", "very strong rain"),
    seconds=(1.0, 10.5),
    sustained=True,
)
def heavy_rain(rng: Rng, seconds: float) -> Sound:
    surface, words = _surface(rng)
    gust = rng.uniform(0, 0.8)
    if seconds > 3:
        words |= graded("motion", gust, 0.22, 0.5, ("steady", "gusty"))
    rate, bed = pick(rng, 300, 900), pick(rng, 0.14, 0.4)
    return Sound(_rain(rng, times(seconds).size, surface, rate, bed, gust), words)


@nature(
    "thunder",
    "thunderclap",
    "thunder rumble",
    "thunderstorm",
    "lightning strike",
    "rolling thunder",
    "thunder crack",
    "lightning",
    "thunder and lightning",
    "thunder crash",
    "distant thunderstorm",
    "storm",
    "thunder in the distance",
    held_out=("clap of thunder", "storm thunder roll"),
    seconds=(2.5, 10.0),
)
def thunder(rng: Rng, seconds: float) -> Sound:
    count = times(seconds).size
    near = rng.random()
    number = int(rng.integers(4, 13))
    first = rng.uniform(0.02, 0.15)
    starts = np.append(first, first + 0.6 * seconds * rng.random(number - 1) ** 1.5)
    gains = np.exp(-2 * starts / seconds) * rng.uniform(0.25, 1.0, number)
    gains[0] = 1.0
    out = np.zeros((2, count))
    # Air swallows the highs: from far away only the two lowest layers arrive, and arrive slowly.
    layers = (
        (((20, -6), (35, 0), (75, 0), (160, -22), (1000, -70)), pick(rng, 1.6, 3.2), 1.0),
        (((40, -20), (90, 0), (350, -6), (900, -24), (5000, -70)), pick(rng, 0.8, 1.7), 0.9),
        (((150, -30), (500, 0), (2500, -5), (9000, -22)), pick(rng, 0.2, 0.6), 1.6 * near**2),
    )
    attack = 0.004 + 0.3 * (1 - near) ** 2
    for spectrum, tail, level in layers:
        shape = decay(times(min(1.2 * tail + attack, seconds)), tail, attack)
        envelope = np.zeros((2, count))
        for start, gain in zip(starts, gains, strict=True):
            place(envelope, gain * pan(shape, rng.uniform(-0.7, 0.7)), int(start * RATE))
        flutter = 0.35 + 1.1 * slow(rng, count, 9.0)
        out += level * envelope * flutter * wide_noise(rng, count, spectrum, 0.3)
    if near > 0.5:
        out += near * _crack(rng, count, int(first * RATE))
        out = np.tanh(0.7 * out)
    words = graded("character", near, 0.36, 0.66, ("distant", "close"))
    return Sound(fade_ends(out, 0.005, 0.25 * seconds), words)


def _crack(rng: Rng, count: int, start: int) -> Array:
    """The lightning channel heard bit by bit: a tearing shower of clicks, then the bang."""
    length = round(pick(rng, 0.06, 0.5) * RATE)
    tear = np.zeros((2, length + RATE // 4))
    density = np.linspace(0.3, 1, length) ** 2
    clicks = arrivals(rng, length, 500, density)
    bank = [tick(rng, pick(rng, 250, 1500), pick(rng, 4000, 12000), 0.02) for _ in range(8)]
    gains = 0.5 * rng.exponential(1.0, clicks.size) * density[clicks]
    scatter(tear, bank, rng, clicks, gains, rng.uniform(-0.6, 0.6, clicks.size))
    t = times(0.7)
    bang = 1.5 * tick(rng, 60, 9000, 0.3)[: t.size]
    place(tear, bang, length)
    out = np.zeros((2, count))
    place(out, tear, start)
    place(out, sweep(34 + 70 * np.exp(-t / 0.08)) * decay(t, 0.6, 0.004), start + length)
    return out


@nature(
    "wind",
    "wind blowing",
    "gusts of wind",
    "windy weather",
    "breeze",
    "wind howl",
    "storm wind",
    "wind in the trees",
    "howling wind",
    "blizzard",
    "strong breeze",
    "gust",
    "wind through a window",
    held_out=("blowing wind outside", "gusty air"),
    seconds=(1.5, 10.5),
    sustained=True,
)
def wind(rng: Rng, seconds: float) -> Sound:
    count = times(seconds).size
    strong, howl = rng.random(), rng.random()
    depth = rng.uniform(0.1, 0.92)
    gust = _gusts(rng, count, pick(rng, 0.5, 1.5), depth)
    centre = (160 + 380 * strong) * (0.6 + 1.3 * gust)
    blocks = max(12, int(7 * seconds))
    body = np.stack(
        [
            filtered_sweep(x, centre * 0.45, centre * 1.9, blocks)
            for x in wide_noise(rng, count, ((50, 0), (500, -8), (8000, -26)), 0.15)
        ]
    )
    buffets = wide_noise(rng, count, ((20, 0), (70, -3), (200, -22), (2000, -60)), 0.1)
    hiss = wide_noise(rng, count, ((300, -30), (2500, 0), (6000, -6), (16000, -24)), 0.0)
    body *= gust**1.4 / (np.std(body) + 1e-9)
    out = body + gust**2 * (0.6 * strong * buffets + (0.03 + 0.16 * strong) * hiss)
    if howl > 0.5:  # an edge that whistles: a narrow band whose pitch follows the gusts
        for _ in range(int(rng.integers(1, 4))):
            pitch = pick(rng, 280, 900) * (0.75 + 0.5 * gust + 0.08 * slow(rng, count, 3.0))
            carrier = np.exp(2j * np.pi * np.cumsum(pitch) / RATE)
            width = pick(rng, 5, 16)
            blur = [lowpass(x, width, 1) for x in rng.standard_normal((4, count))]
            voice = np.stack([(carrier * (blur[k] + 1j * blur[k + 1])).real for k in (0, 2)])
            out += 2.2 * howl * gust**2 * voice / (np.std(voice) + 1e-9)
    words = graded("motion", depth, 0.36, 0.62, ("steady", "gusty"))
    if howl > 0.65:
        words["character"] = "howling"
    elif howl <= 0.5:
        words |= graded("character", strong, 0.4, 0.6, ("soft", "strong"))
    return Sound(fade_ends(out, 0.05, 0.1), words)


@nature(
    "ocean waves",
    "sea waves",
    "waves on a beach",
    "surf",
    "seashore",
    "waves breaking",
    "ocean shore",
    "ocean",
    "sea",
    "beach",
    "waves",
    "waves crashing",
    "surf on the shore",
    "the sea",
    held_out=("sea washing ashore", "waves rolling in"),
    seconds=(2.5, 10.5),
    sustained=True,
)
def waves(rng: Rng, seconds: float) -> Sound:
    count = times(seconds).size
    rough = rng.random()
    period = pick(rng, 2.6, 6.0)
    step = 441  # envelopes are drawn a hundred times a second
    t = np.arange(count // step + 2) * step / RATE
    swell, crash, wash = np.zeros((3, 2, t.size))
    start = -period * rng.uniform(0.2, 0.9)
    while start < seconds + period:
        gain = rng.uniform(0.5, 1.0)
        travel = rng.uniform(-0.25, 0.25) * period / 3  # a wave breaks along the beach
        for channel, side in enumerate((-1, 1)):
            x = t - start - side * travel
            fall = np.exp(-np.maximum(x, 0) / (0.16 * period))
            rise = np.exp(np.minimum(x, 0) / (0.16 * period * (1.1 - 0.8 * rough)))
            swell[channel] += gain * np.exp(-((x / (0.3 * period)) ** 2))
            crash[channel] += gain * fall * rise
            late = np.maximum(x - 0.06 * period, 0)
            wash[channel] += gain * (1 - np.exp(-late / 0.25)) * np.exp(-late / (0.3 * period))
        start += period * rng.uniform(0.75, 1.3)
    grid = np.arange(count) / step
    index = np.arange(t.size)
    swell, crash, wash = (
        np.stack([np.interp(grid, index, x) for x in pair]) for pair in (swell, crash, wash)
    )
    low = wide_noise(rng, count, ((30, -8), (80, 0), (300, -8), (1200, -30), (8000, -70)), 0.3)
    roar = wide_noise(
        rng, count, ((100, -14), (400, 0), (1500, -4), (6000, -14), (16000, -30)), 0.2
    )
    foam = wide_noise(rng, count, ((600, -26), (2500, -4), (7000, 0), (16000, -8)), 0.05)
    out = (0.06 + swell**1.5) * (0.3 + 0.5 * rough) * low
    out += (0.02 + 0.06 * rough + 1.3 * crash) * (0.5 + 0.7 * rough) * roar
    out += (0.02 + wash) * 0.25 * foam
    fizz = arrivals(rng, count, 220, wash[0] + wash[1] + 0.02)
    bank = [tick(rng, low_edge, 2 * low_edge, 0.004) for low_edge in (3000, 4500, 6500, 8000)]
    gains = 0.35 * rng.exponential(1.0, fizz.size) * wash[0][fizz]
    scatter(out, bank, rng, fizz, gains, rng.uniform(-1, 1, fizz.size))
    words = graded("character", rough, 0.35, 0.65, ("calm", "stormy"))
    if seconds > 1.3 * period:
        words |= graded("motion", period, 3.3, 4.6, ("fast", "slow"))
    return Sound(fade_ends(out, 0.05, 0.1), words)


@nature(
    "stream",
    "babbling brook",
    "running water",
    "flowing water",
    "creek",
    "small river",
    "trickling water",
    "brook",
    "river",
    "water running",
    "mountain stream",
    "water flowing",
    "gurgling water",
    held_out=("water flowing over stones", "a brook bubbling"),
    seconds=(1.5, 10.5),
    sustained=True,
)
def stream(rng: Rng, seconds: float) -> Sound:
    count = times(seconds).size
    flow = rng.random()
    centre = pick(rng, 480, 1100)
    spectrum = ((100, -24), (400, -6), (900, 0), (2500, -6), (6000, -14), (16000, -26))
    ripple = 0.6 + 0.8 * slow(rng, count, 5.0)
    out = (0.012 + 0.11 * flow**1.5) * ripple * wide_noise(rng, count, spectrum, 0.15)
    sizes = centre * np.exp(rng.normal(0, 0.55, 40))
    bank = [bubble(float(size.clip(220, 5000)), pick(rng, 0.01, 0.25)) for size in sizes]
    # Bubbles come in runs, each from one stone: several places, each with its own rhythm.
    for spot in (-1.0, -0.75, -0.35, 0.35, 0.75, 1.0):
        rhythm = np.maximum(slow(rng, count, pick(rng, 3, 8)) - 0.25, 0.01)
        starts = arrivals(rng, count, 8 + 45 * flow, rhythm)
        gains = 0.35 * rng.exponential(1.0, starts.size)
        pans = (spot + rng.normal(0, 0.1, starts.size)).clip(-1, 1)
        voices = [bank[k] for k in rng.integers(0, len(bank), 14)]
        scatter(out, voices, rng, starts, gains, pans)
    words = graded("character", flow, 0.36, 0.66, ("gentle", "rushing"))
    words |= graded("size", -centre, -840, -630, ("small", "big"))
    return Sound(fade_ends(out, 0.03, 0.05), words)


@nature(
    "water drip",
    "dripping water",
    "water drop",
    "water droplet",
    "dripping tap",
    "leaking faucet",
    "drip drop",
    "drip",
    "drops",
    "water dripping in a cave",
    "single drop of water",
    "dripping faucet",
    "plop",
    held_out=("drops of water falling one by one", "leaky tap dripping"),
    seconds=(0.4, 8.0),
)
def drip(rng: Rng, seconds: float) -> Sound:
    count = times(seconds).size
    out = np.zeros((2, count))
    pitch = pick(rng, 420, 2300)
    period = pick(rng, 0.22, 1.5)
    metal = rng.random() < 0.33
    sink = [pick(rng, 500, 5000) for _ in range(5)]
    words = {"material": "metal"} if metal else {}
    words |= graded("size", -pitch, -1300, -720, ("small", "big"))
    start, number = 0.02, 0
    while number == 0 or start < seconds - 0.2:
        tone = pitch * np.exp(rng.normal(0, 0.09))
        main = 1.6 * bubble(tone, pick(rng, 0.03, 0.15))
        grain = np.zeros(round(0.5 * RATE))
        place(grain, 0.35 * tick(rng, 1800, 9000, 0.006), 0)
        place(grain, main, int(rng.uniform(0.008, 0.03) * RATE))
        for _ in range(int(rng.integers(0, 4))):  # the splash throws up smaller bubbles
            small = rng.uniform(0.15, 0.5) * bubble(tone * rng.uniform(1.3, 2.6), 0.1)
            place(grain, small, int(rng.uniform(0.03, 0.14) * RATE))
        if metal:
            t60s = [pick(rng, 0.1, 0.45) for _ in sink]
            place(grain, 0.3 * ring(rng, sink, t60s, rng.uniform(0.2, 1, 5)), 0)
        place(out, pan(grain * rng.uniform(0.7, 1.0), rng.uniform(-0.15, 0.15)), int(start * RATE))
        start += period * np.exp(rng.normal(0, 0.05))
        number += 1
    if number > 2:
        words |= graded("motion", period, 0.42, 0.8, ("fast", "slow"))
    return Sound(fade_ends(out, 0.001, 0.02), words)


@nature(
    "campfire",
    "crackling fire",
    "fireplace",
    "burning wood",
    "bonfire",
    "fire",
    "fire crackling",
    "fire burning",
    "crackling campfire",
    "wood burning",
    "flames",
    "fire place",
    "crackling logs",
    held_out=("logs burning", "a wood fire with crackles"),
    seconds=(1.5, 10.5),
    sustained=True,
)
def campfire(rng: Rng, seconds: float) -> Sound:
    count = times(seconds).size
    roar, busy = rng.random(), pick(rng, 15, 90)
    flames = wide_noise(rng, count, ((25, -10), (70, 0), (250, -6), (900, -18), (6000, -50)), 0.3)
    flutter = (0.25 + slow(rng, count, 9.0)) * (0.4 + slow(rng, count, 1.2))
    hiss = wide_noise(rng, count, ((700, -20), (3500, 0), (8000, -3), (16000, -14)), 0.1)
    out = (0.008 + 0.13 * roar**1.5) * flutter * flames
    out += (0.008 + 0.02 * roar) * (0.4 + slow(rng, count, 2.0)) * hiss
    bank = []
    for _ in range(16):
        low = pick(rng, 600, 5500)
        bank.append(tick(rng, low, 3 * low, pick(rng, 0.0025, 0.018)))
    # A log that splits gives a run of clicks: density comes in bursts.
    bursts = np.maximum(slow(rng, count, 5.0) - 0.35, 0.02) ** 2
    starts = arrivals(rng, count, busy, bursts)
    gains = 0.35 * rng.pareto(1.9, starts.size).clip(0.2, 5)
    scatter(out, bank, rng, starts, gains, rng.uniform(-0.8, 0.8, starts.size))
    for start in arrivals(rng, count, pick(rng, 0.3, 1.5)):  # pops of sap, with a woody body
        base = pick(rng, 280, 1100)
        body = ring(rng, (base, 2.3 * base, 4.1 * base), (0.05, 0.03, 0.02), (1, 0.7, 0.5))
        place(body, tick(rng, 900, 9000, 0.012), 0)
        place(out, pan(rng.uniform(0.2, 0.7) * body, rng.uniform(-0.6, 0.6)), int(start))
    words = graded("size", roar, 0.36, 0.66, ("small", "big"))
    words |= graded("character", busy, 27, 50, ("sparse", "dense"))
    return Sound(fade_ends(np.tanh(out), 0.02, 0.05), words)


@nature(
    "crickets",
    "crickets chirping",
    "cricket",
    "night insects",
    "summer night",
    "cicadas",
    "chirping crickets",
    "insects",
    "grasshoppers",
    "night ambience with crickets",
    "crickets in the evening",
    held_out=("insects at night", "chirping crickets in a field"),
    seconds=(1.0, 10.5),
    sustained=True,
)
def crickets(rng: Rng, seconds: float) -> Sound:
    count = times(seconds).size
    out = 0.006 * wide_noise(rng, count, ((60, -6), (300, 0), (2000, -8), (12000, -16)), 0.1)
    number = int(rng.choice((1, 2, 3, 4, 5, 6), p=(0.34, 0.13, 0.13, 0.1, 0.15, 0.15)))
    rate = pick(rng, 0.9, 3.4)
    tone = pick(rng, 3600, 5200)
    for index in range(number):
        f, syllables = tone * np.exp(rng.normal(0, 0.05)), int(rng.integers(2, 6))
        gap, t = rng.uniform(0.026, 0.042), times(rng.uniform(0.014, 0.02))
        wing = np.hanning(t.size) ** 0.7
        pulse = wing * sweep(f * (1.03 - 0.06 * t / t[-1]))
        pulse += 0.12 * wing * np.sin(4 * np.pi * f * t)
        chirp = np.zeros(round((syllables * gap + 0.03) * RATE))
        for k in range(syllables):
            place(chirp, pulse * (0.5 + 0.5 * (k + 1) / syllables), int(k * gap * RATE))
        level = 1.0 if index == 0 else pick(rng, 0.2, 1.0)
        spot = rng.uniform(-0.35, 0.35) if index == 0 else rng.uniform(-1, 1)
        period = 1 / (rate * np.exp(rng.normal(0, 0.08)))
        start = rng.uniform(0, 0.3 if index == 0 else period)
        while start < seconds:
            place(out, level * rng.uniform(0.85, 1.0) * pan(chirp, spot), int(start * RATE))
            start += max(period * np.exp(rng.normal(0, 0.04)), chirp.size / RATE)
    chorus = rng.random() * (number > 1)
    if chorus > 0.4:  # a far meadow: a shimmer of very many, and trills that stand out of it
        edges = ((0.75 * tone, -50), (0.95 * tone, 0), (1.35 * tone, 0), (1.8 * tone, -50))
        out += 0.09 * chorus * wide_noise(rng, count, edges, 0.0)
        for spot in (-0.8, -0.2, 0.4, 0.9):
            f = tone * rng.uniform(0.85, 1.35)
            blur = 1 + 0.004 * slow(rng, count, 20.0)
            trill = (0.5 + 0.5 * sweep(np.full(count, pick(rng, 28, 60)))) ** 2
            level = 0.1 * chorus * (0.5 + 0.5 * slow(rng, count, 0.6))
            out += pan(level * trill * sweep(f * blur), spot)
    words = graded("motion", rate, 1.5, 2.3, ("slow", "fast"))
    words |= graded("character", number, 2, 4, ("lone", "dense"))
    return Sound(fade_ends(out, 0.02, 0.03), words)


@nature(
    "birds",
    "birds chirping",
    "birdsong",
    "bird tweet",
    "singing birds",
    "forest birds",
    "songbird",
    "bird",
    "bird song",
    "chirping",
    "sparrows",
    "birds in a forest",
    "dawn chorus",
    "tweeting birds",
    "garden birds",
    held_out=("chirping of small birds", "morning birds singing"),
    seconds=(1.0, 10.5),
    sustained=True,
)
def birds(rng: Rng, seconds: float) -> Sound:
    count = times(seconds).size
    forest = ((60, -10), (250, 0), (1500, -10), (5000, -12), (14000, -22))
    out = pick(rng, 0.002, 0.012) * wide_noise(rng, count, forest, 0.1)
    number = int(rng.choice((1, 2, 3, 4, 5, 6), p=(0.34, 0.13, 0.13, 0.1, 0.15, 0.15)))
    height = pick(rng, 1700, 5200)
    for index in range(number):
        level = 1.0 if index == 0 else pick(rng, 0.15, 1.0)
        spot = rng.uniform(-0.6, 0.6) if index == 0 else rng.uniform(-1, 1)
        centre = height * np.exp(rng.normal(0, 0.18))
        repertoire = [_syllable(rng, centre) for _ in range(int(rng.integers(1, 5)))]
        if level < 0.4:
            repertoire = [lowpass(x, 6500, 1) for x in repertoire]
        start = rng.uniform(0, 0.15 if index == 0 else 1.5)
        while start < seconds:
            gap = rng.uniform(0.015, 0.12)
            kind = int(rng.integers(len(repertoire)))
            trill = rng.random() < 0.35  # one syllable again and again, or a tune of several
            for _ in range(int(rng.integers(2, 11) if trill else rng.integers(1, 6))):
                if not trill:
                    kind = int(rng.integers(len(repertoire)))
                grain = repertoire[kind]
                loud = level * rng.uniform(0.6, 1.0)
                place(out, loud * pan(grain, spot), int(start * RATE))
                start += grain.size / RATE + gap
            start += pick(rng, 0.25, 1.6)
    words = graded("size", -height, -3600, -2450, ("small", "big"))
    words |= graded("character", number, 2, 4, ("lone", "dense"))
    return Sound(fade_ends(out, 0.01, 0.03), words)


def _syllable(rng: Rng, centre: float) -> Array:
    """One note of a bird: a whistle that glides, bends or warbles around ``centre`` Hz."""
    t = times(pick(rng, 0.035, 0.28))
    x = np.linspace(0, 1, t.size)
    glide = rng.uniform(-0.35, 0.35) * (x - 0.5)
    bend = rng.uniform(-0.3, 0.3) * np.sin(np.pi * x)
    warble = 0.0
    if rng.random() < 0.35:
        warble = rng.uniform(0.03, 0.12) * np.sin(2 * np.pi * pick(rng, 18, 70) * t)
    f = centre * rng.uniform(0.8, 1.25) * np.exp(glide + bend + warble)
    shape = np.sin(np.pi * x ** pick(rng, 0.5, 1.6)) ** pick(rng, 0.5, 1.5)
    tone = sweep(f) + pick(rng, 0.02, 0.15) * sweep(2 * f) * (f < 9000)
    breath = pick(rng, 0.005, 0.05) * bandpass(rng.standard_normal(t.size), 2000, 9000, 1)
    return shape * (tone + breath)
