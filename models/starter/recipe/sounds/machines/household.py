"""What hums and ticks in a house."""

from __future__ import annotations

import numpy as np

from sounds.dsp import (
    RATE,
    Rng,
    bandpass,
    decay,
    finished,
    highpass,
    lowpass,
    noise,
    place,
    pulse,
    slow,
    sweep,
    times,
)
from sounds.machines.bodies import resonances
from sounds.sound_class import Category, Sound, graded, pick

machines = Category("Machines")


@machines(
    "electric hum",
    "mains hum",
    "transformer hum",
    "electrical buzz",
    "power line hum",
    "ground loop hum",
    "fluorescent light buzz",
    "hum",
    "electricity",
    "electrical hum",
    "50 hz hum",
    "mains buzz",
    "transformer",
    "buzzing light",
    held_out=("humming power transformer", "buzzing electricity"),
    seconds=(1.0, 10.5),
    sustained=True,
)
def electric_hum(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    mains = float(rng.choice([50, 60])) * (1 + 0.001 * (slow(rng, t.size, 1) - 0.5))
    buzz = rng.random()
    words = graded("character", buzz, 0.33, 0.67, ("smooth", "buzzing"))
    x = np.zeros(t.size)
    for order in (1, 2, 3, 4, 6, 8, 10, 12, 14, 18):
        # a core is pulled twice a period, so that the even harmonics lead
        weight = (
            rng.uniform(0.2, 1) * (1.0 if order % 2 == 0 else 0.5) / order ** (1.3 - 0.6 * buzz)
        )
        drift = 1 + 0.3 * (slow(rng, t.size, 0.7) - 0.5)
        x += weight * drift * sweep(order * mains)
    spark = np.maximum(sweep(2 * mains), 0) ** pick(rng, 6, 30)
    sides = [highpass(noise(rng, t.size), 1200, 1) * (spark + 0.05) for _ in range(2)]
    comb = bandpass(pulse(2 * mains, 0.08), 500, 5000, 1)
    out = x + 0.6 * buzz * comb + 0.5 * buzz**2 * np.stack(sides)
    if buzz > 0.5 and rng.random() < 0.5:
        flicker = lowpass((slow(rng, t.size, 8) > 0.3).astype(float), 60, 1)
        out = out * (0.35 + 0.65 * flicker)
    out = out + 0.004 * noise(rng, t.size)
    return Sound(finished(out, 0.03), words)


@machines(
    "clock ticking",
    "ticking clock",
    "tick tock",
    "clock tick",
    "wall clock",
    "grandfather clock",
    "pocket watch ticking",
    "clock",
    "ticking",
    "clockwork",
    "tick of a clock",
    "wristwatch",
    "ticking timer",
    held_out=("seconds passing on a clock", "old timepiece ticking away"),
    seconds=(1.5, 10.0),
    sustained=True,
)
def clock_ticking(rng: Rng, seconds: float) -> Sound:
    count = times(seconds).size
    big = rng.random()
    tempo = float(rng.choice([60, 60, 75, 90, 100, 120, 120, 150, 180]))
    rate = tempo / 60
    if big < 0.33 and rng.random() < 0.5:
        rate, tempo = float(rng.choice([4, 5, 6])), None
    words = graded("size", big, 0.33, 0.67, ("small", "big"))
    words |= graded("motion", rate, 1.3, 2.2, ("slow", "fast"))
    wood = rng.random() < 0.5
    words["material"] = "wood" if wood else "metal"
    t = times(0.35)
    scale = 2.4 * 0.28**big
    ringing = 0.035 + 0.05 * big if wood else 0.09 + 0.2 * big
    case = [
        (scale * f * rng.uniform(0.9, 1.1), ringing * rng.uniform(0.5, 1), rng.uniform(0.2, 1))
        for f in ((420, 690, 1130, 1750) if wood else (950, 1870, 2900, 4300, 6100))
    ]
    grains = []
    lean = rng.uniform(0.72, 0.95)
    drops = rng.uniform(0.006, 0.022)
    for turn in (1.0, lean):
        tick = resonances(rng, t, [(f * turn, d, a) for f, d, a in case])
        click = highpass(noise(rng, t.size), 2000) * decay(t, 0.007)
        hit = tick + rng.uniform(0.4, 1.2) * click
        # the wheel drops onto the pallet shortly after the lever has let it go
        grain = 0.35 * hit
        place(grain, hit, int(drops * RATE))
        grains.append(grain * rng.uniform(0.8, 1))
    out = np.zeros(count)
    start = rng.uniform(0.01, 0.15)
    for index in range(int(seconds * rate) + 1):
        at = start + index / rate
        place(out, grains[index % 2] * rng.uniform(0.9, 1.05), int(at * RATE))
    return Sound(finished(out), words, tempo=tempo)
