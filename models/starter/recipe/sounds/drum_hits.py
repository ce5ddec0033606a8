"""Single hits of drums and cymbals: the pieces of the drum classes and of the loops.

A hit takes the time axis ``t`` [n] in seconds and gives samples [n] (cymbals and groups of
players: [2, n]) whose peak is about 1. What a listener could put in words is an argument; the
rest is drawn, so that no two hits are the same.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sounds.dsp import RATE, Array, Rng, bandpass, decay, highpass, lowpass, noise, place, sweep
from sounds.sound_class import pick

Partials = Sequence[tuple[float, float, float]]

# ratio to the fundamental, level, share of the fundamental's decay
SKIN: Partials = (
    (1, 1, 1),
    (1.59, 0.45, 0.6),
    (2.14, 0.3, 0.42),
    (2.65, 0.16, 0.3),
    (3.5, 0.1, 0.2),
)


def scaled(x: Array) -> Array:
    """The same with a peak of 1."""
    return x / max(float(np.abs(x).max()), 1e-9)


def driven(x: Array, gain: float) -> Array:
    """Soft clipping, peak of about 1."""
    return np.tanh(gain * scaled(x)) / np.tanh(gain)


def burst(rng: Rng, t: Array, low: float, high: float, t60: float, attack: float = 0.0005) -> Array:
    """A band of noise that dies away."""
    return scaled(bandpass(noise(rng, t.size), low, high) * decay(t, t60, attack))


def ring(count: int, frequencies: Array, levels: Array, t60s: Array, phases: Array) -> Array:
    """Many decaying sines at once, [n].

    A decaying sine is a power of a complex number, and a power of a sum is a product: the sum
    over all sines is then one product of matrices, far cheaper than the sines one by one.
    """
    width = 512
    rates = 2j * np.pi * frequencies / RATE - np.log(1000) / (t60s * RATE)
    starts = np.outer(np.arange(-(-count // width)) * width, rates)
    # below this a sine is inaudible, and subnormal numbers would be slow
    starts.real = np.maximum(starts.real, -40)
    heads = np.exp(starts) * (levels * np.exp(1j * phases))
    tails = np.exp(np.outer(rates, np.arange(width)))
    return (heads.real @ tails.imag + heads.imag @ tails.real).reshape(-1)[:count]


def skin(
    t: Array, base: float, bend: float, settle: float, t60: float, partials: Partials
) -> Array:
    """A struck membrane, whose pitch falls from 1 + ``bend`` times ``base`` Hz as it settles."""
    phase = 2 * np.pi * np.cumsum(base * (1 + bend * np.exp(-t / settle))) / RATE
    return sum(
        level * np.sin(ratio * phase) * decay(t, t60 * share, 0.001)
        for ratio, level, share in partials
        if ratio * base < 18000
    )


def kick_electronic(
    rng: Rng, t: Array, base: float, t60: float, click: float, drive: float
) -> Array:
    """A sine that falls fast, then slowly, with a click in front."""
    fast = pick(rng, 150, 800) * np.exp(-t / pick(rng, 0.004, 0.014))
    slow = base * rng.uniform(0.3, 1.6) * np.exp(-t / pick(rng, 0.025, 0.08))
    hold = rng.uniform(0.0, 0.05)
    body = sweep(base + fast + slow) * decay(np.maximum(t - hold, 0), t60)
    body *= np.clip(t / 0.0008, 0, 1)
    tick = burst(rng, t, pick(rng, 800, 2500), pick(rng, 4000, 12000), pick(rng, 0.006, 0.025))
    return driven(body + click * tick, drive)


def kick_acoustic(rng: Rng, t: Array, base: float, t60: float, click: float, drive: float) -> Array:
    """A skin, the beater on it, and the air in the shell."""
    body = skin(t, base, rng.uniform(0.3, 0.9), pick(rng, 0.015, 0.04), t60, SKIN)
    beater = burst(rng, t, pick(rng, 900, 2000), pick(rng, 3500, 7000), pick(rng, 0.012, 0.04))
    shell = burst(rng, t, 70, pick(rng, 250, 600), pick(rng, 0.08, 0.2), 0.003)
    return driven(body + click * beater + rng.uniform(0.15, 0.4) * shell, drive)


def snare_acoustic(rng: Rng, t: Array, base: float, t60: float, force: float) -> Array:
    """Two skins, the stick, and the wires that rattle after it; ``force`` 0 to 1."""
    body = skin(t, base, 0.1 + 0.25 * force, 0.02, t60 * rng.uniform(0.5, 0.9), SKIN)
    low = pick(rng, 900, 2200) * (0.8 + 0.5 * force)
    wires = burst(rng, t, low, pick(rng, 7000, 9000) + 6000 * force, t60, 0.001)
    rattle = burst(rng, t, low * 1.5, 9000, t60 * rng.uniform(1.0, 1.5), 0.015)
    stick = burst(rng, t, 1500, 12000, 0.012)
    wired = rng.uniform(0.5, 1.1)
    x = 0.6 * scaled(body) + wired * (0.7 * wires + 0.25 * rattle) + 0.8 * force * stick
    return driven(x, 1 + force)


def snare_electronic(rng: Rng, t: Array, base: float, t60: float, force: float) -> Array:
    """Two falling sines and a band of noise, as drum machines do it."""
    drop = rng.uniform(0.2, 1.5) * np.exp(-t / pick(rng, 0.006, 0.02))
    body = sweep(base * (1 + drop)) * decay(t, t60 * 0.6, 0.0005)
    body += 0.6 * sweep(base * 1.83 * (1 + 0.3 * drop)) * decay(t, t60 * 0.4, 0.0005)
    hiss = highpass(noise(rng, t.size), pick(rng, 700, 3000)) * decay(t, t60, 0.0005)
    top = pick(rng, 6000, 9000) + 7000 * force
    snap = burst(rng, t, 2000, 14000, 0.01)
    x = scaled(body) + rng.uniform(0.5, 1.1) * scaled(lowpass(hiss, top)) + 0.6 * force * snap
    return driven(x, 1 + force)


def rim(rng: Rng, t: Array, base: float, force: float, metal: bool) -> Array:
    """A stick on the rim: a click and a few stiff modes, with the skin below when hit hard."""
    ratios = np.array([1, 1.71, 2.73, 3.9, 5.6]) * rng.uniform(0.94, 1.06, 5)
    levels = np.array([1, 0.9, 0.6, 0.4, 0.25]) * rng.uniform(0.5, 1.2, 5)
    if metal:
        levels = levels[::-1]
    t60s = pick(rng, 0.03, 0.07) * (3.0 if metal else 1.0) * rng.uniform(0.6, 1.2, 5)
    x = scaled(ring(t.size, base * ratios, levels, t60s, np.zeros(5)))
    x = x + (0.3 + 0.6 * force) * burst(rng, t, 1200, 11000, 0.008, 0.0003)
    if force > 0.6:
        x = x + 0.5 * scaled(skin(t, base * 0.42, 0.2, 0.02, 0.12, SKIN))
        x = x + 0.35 * burst(rng, t, 1500, 9000, 0.15)
    return driven(x, 1 + force)


def clap(rng: Rng, t: Array, spread: float, tail: float) -> Array:
    """One clap as drum machines play it: a few bursts over ``spread`` seconds, then a tail."""
    out = np.zeros(t.size)
    bursts = int(rng.integers(3, 6))
    x = noise(rng, t.size)
    for index in range(bursts):
        start = spread * (index + rng.uniform(-0.15, 0.15) * (index > 0)) / bursts
        level = rng.uniform(0.6, 1)
        place(out, level * np.roll(x, 997 * index) * decay(t, 0.035, 0.0004), int(start * RATE))
    place(out, noise(rng, t.size) * decay(t, tail), int(spread * RATE))
    centre = pick(rng, 900, 1800)
    out = bandpass(out, centre * 0.65, centre * 1.8) + 0.25 * bandpass(out, 1800, 7500, 1)
    return driven(out, 1.2)


def palms(rng: Rng, t: Array) -> Array:
    """Two palms: the slap and the air caught between them."""
    centre = pick(rng, 700, 2200)
    slap = burst(rng, t, 1500, pick(rng, 5000, 11000), pick(rng, 0.02, 0.06), 0.0003)
    air = burst(rng, t, centre * 0.75, centre * 1.4, pick(rng, 0.03, 0.08), 0.0005)
    return slap + air


def hat_acoustic(rng: Rng, t: Array, t60: float, force: float, base: float) -> Array:
    """Two small cymbals: dense modes above ``base`` Hz, the noise of the edges, the stick."""
    count = 110
    f = base * (17500 / base) ** rng.random(count) ** 0.7
    levels = rng.exponential(1.0, count) * np.exp(-((np.log2(f / (base * 1.8)) / 1.3) ** 2))
    metal = ring(
        t.size,
        f,
        levels,
        t60 * rng.uniform(0.5, 1.2, count) * (f / base) ** -0.2,
        rng.uniform(0, 2 * np.pi, count),
    )
    edges = highpass(noise(rng, t.size), base * 1.2, 3) * decay(t, t60 * 0.8, 0.0008)
    stick = burst(rng, t, 3000, 15000, 0.008, 0.0003)
    x = scaled(metal) + rng.uniform(0.3, 0.8) * scaled(edges) + (0.15 + 0.6 * force) * stick
    return scaled(lowpass(x, 7500 + 12000 * force, 1))


def hat_electronic(rng: Rng, t: Array, t60: float, force: float, base: float) -> Array:
    """Six square waves out of tune, and only their upper harmonics."""
    ratios = np.array([205.3, 304.4, 369.6, 522.7, 540.0, 800.0])
    f = ratios * pick(rng, 0.7, 1.7) * rng.uniform(0.97, 1.03, 6)
    metal = np.sign(np.sin(2 * np.pi * np.outer(f, t) + rng.uniform(0, 6, 6)[:, None])).sum(0)
    share = rng.uniform(0.1, 0.9)
    x = highpass(share * metal / 2.4 + (1 - share) * noise(rng, t.size), base * 1.5, 4)
    x = x * (decay(t, t60, 0.0004) + 0.5 * force * decay(t, 0.012, 0.0004))
    return scaled(lowpass(x, 8500 + 11000 * force, 1))


def cymbal(
    rng: Rng, t: Array, base: float, t60: float, centre: float, attack: float, count: int = 160
) -> Array:
    """A wash of modes over noise, [2, n].

    ``base`` is the lowest mode in Hz, ``centre`` where most of the energy lies, ``attack`` the
    seconds it swells. High modes die sooner; the channels hear the same modes in other mixtures.
    """
    f = base * (17500 / base) ** rng.random(count) ** 0.65
    t60s = t60 * np.minimum(1, (f / centre) ** -0.3) * rng.uniform(0.6, 1.2, count)
    spread = np.exp(-0.5 * (np.log2(f / centre) / 1.4) ** 2)
    levels = rng.exponential(1.0, count) * (0.08 + spread)
    phases = rng.uniform(0, 2 * np.pi, count)
    out = np.empty((2, t.size))
    for channel in range(2):
        heard = levels * rng.uniform(0.4, 1.0, count)
        out[channel] = ring(t.size, f, heard, t60s, phases + rng.normal(0, 0.8, count))
    out /= np.abs(out).max()
    shared = noise(rng, t.size)
    for channel in range(2):
        x = shared + 0.8 * noise(rng, t.size)
        bloom = bandpass(x, centre * 0.5, centre * 2.2, 1) * decay(t, t60 * 0.75, 0.02 + attack)
        splash = highpass(x, centre * 1.2) * decay(t, t60 * 0.45, 0.002 + attack)
        out[channel] += 0.13 * bloom + 0.13 * splash
    if attack > 0:
        out *= 1 - 0.97 * np.exp(-t / attack)
    return scaled(out * np.clip(t / 0.001, 0, 1))


def cowbell(rng: Rng, t: Array, base: float, t60: float, electronic: bool, force: float) -> Array:
    """Two squares a rough fifth apart, or the modes of bent sheet metal."""
    if electronic:
        upper = base * rng.uniform(1.45, 1.52)
        x = np.sign(np.sin(2 * np.pi * base * t)) + np.sign(np.sin(2 * np.pi * upper * t))
        x = bandpass(x, base * 0.9, pick(rng, 2.2, 4.5) * base, 1)
        return scaled(x * (0.6 * decay(t, t60, 0.0005) + 0.4 * decay(t, t60 * 0.2, 0.0005)))
    ratios = np.array([1, 1.49, 2.12, 2.86, 3.7, 4.95, 6.3, 7.7]) * rng.uniform(0.97, 1.03, 8)
    levels = np.array([1, 0.8, 0.5, 0.45, 0.4, 0.25, 0.2, 0.12]) * rng.uniform(0.5, 1.3, 8)
    levels[3:] *= 0.4 + 1.2 * force
    t60s = t60 * ratios**-0.7
    x = ring(t.size, base * ratios, levels, t60s, np.zeros(8))
    return scaled(scaled(x) + 0.5 * force * burst(rng, t, 2000, 11000, 0.01, 0.0003))


def shake(rng: Rng, t: Array, low: float, high: float, length: float, beads: int) -> Array:
    """Beads thrown against a wall: their collisions gather, then scatter; [n]."""
    envelope = np.interp(t, [0, 0.6 * length, 0.8 * length, 1.4 * length], [0, 0.5, 1, 0]) ** 1.5
    hits = np.zeros(t.size)
    total = max(20, int(beads * length))
    chance = envelope / max(envelope.sum(), 1e-9)
    starts = rng.choice(t.size, total, p=chance)
    np.add.at(hits, starts, rng.exponential(1.0, total) * rng.choice([-1.0, 1.0], total))
    grains = bandpass(hits, low, high)
    hiss = bandpass(noise(rng, t.size), low, high) * envelope
    return scaled(scaled(grains) + 0.5 * scaled(hiss))


def jingles(rng: Rng, t: Array, starts: Array, levels: Array, t60: float) -> Array:
    """The small metal discs of a tambourine at several moments, [2, n]."""
    out = np.zeros((2, t.size))
    length = min(t.size, round(1.2 * t60 * RATE))
    f = rng.uniform(4200, 16000, 26)
    for start, level in zip(starts, levels, strict=True):
        some = rng.random(f.size) < 0.5
        if not some.any():
            continue
        count = int(some.sum())
        grain = ring(
            length,
            f[some] * rng.uniform(0.995, 1.005, count),
            rng.exponential(1.0, count),
            t60 * rng.uniform(0.4, 1.0, count),
            rng.uniform(0, 2 * np.pi, count),
        )
        pan = rng.uniform(0.3, 0.7)
        place(out, level * np.stack([(1 - pan) * grain, pan * grain]), int(start * RATE))
    return scaled(out)


def conga_hit(rng: Rng, t: Array, base: float, stroke: str) -> Array:
    """A hand on a tall drum: an "open" tone, a "muted" one or a "slap"."""
    t60 = {"open": pick(rng, 0.25, 0.6), "muted": pick(rng, 0.07, 0.13), "slap": 0.16}[stroke]
    partials = ((1, 1, 1), (1.5, 0.25, 0.5), (1.98, 0.3, 0.4), (2.9, 0.15, 0.3))
    body = scaled(skin(t, base, 0.08, 0.015, t60, partials))
    palm = burst(rng, t, 250, 1800, 0.03)
    if stroke == "slap":
        crack = burst(rng, t, 1400, 8000, pick(rng, 0.03, 0.07), 0.0003)
        bite = ring(
            t.size, base * np.array([4.1, 5.3, 7.2]), np.ones(3), np.full(3, 0.08), np.zeros(3)
        )
        return scaled(0.5 * body + 0.9 * crack + 0.4 * scaled(bite))
    return scaled(body + rng.uniform(0.1, 0.35) * palm)


def tabla_hit(rng: Rng, t: Array, base: float, t60: float) -> Array:
    """The loaded skin of the small drum: its modes are near whole multiples of the lowest."""
    levels = np.array([1.3, 0.7, 0.55, 0.35, 0.22, 0.1]) * rng.uniform(0.7, 1.3, 6)
    ratios = np.array([1, 2.0, 3.01, 4.02, 5.05, 6.1])
    t60s = t60 * np.array([1, 0.95, 0.7, 0.45, 0.3, 0.2])
    body = ring(t.size, base * ratios, levels, t60s, np.zeros(6))
    finger = burst(rng, t, 1200, 9000, pick(rng, 0.008, 0.025), 0.0003)
    return scaled(scaled(body) + rng.uniform(0.15, 0.5) * finger)


def block(rng: Rng, t: Array, base: float, t60: float, force: float) -> Array:
    """A hollow piece of wood: two or three short modes and the stick."""
    ratios = np.array([1, pick(rng, 1.4, 1.8), pick(rng, 2.4, 3.1), pick(rng, 4, 5.5)])
    levels = np.array([1, 0.25 + 0.4 * force, 0.35 * force, 0.25 * force])
    x = ring(t.size, base * ratios, levels, t60 * np.array([1, 0.6, 0.4, 0.25]), np.zeros(4))
    stick = burst(rng, t, base * 1.5, base * 6, 0.006, 0.0003)
    return scaled(scaled(x) + (0.1 + 0.6 * force) * stick)
