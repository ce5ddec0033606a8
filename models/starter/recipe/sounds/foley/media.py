"""The noises of recording and transmission."""

from __future__ import annotations

import numpy as np

from sounds.dsp import RATE, Rng, slow, sweep, times
from sounds.sound_class import Category, Sound, graded, pick
from sounds.texture import arrivals, fade_ends, pan, scatter, tick, wide_noise

foley = Category("Foley")


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
