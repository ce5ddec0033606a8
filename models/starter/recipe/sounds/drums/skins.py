"""Drums of the world and the orchestra, and the wood block."""

from __future__ import annotations

import numpy as np

from sounds import drum_hits as hits
from sounds.dsp import RATE, Array, Rng, decay, ended, lowpass, panned, place, times
from sounds.sound_class import Category, Sound, graded, hertz, one_of, pick, told

drums = Category("Drums")


@drums(
    "conga",
    "conga drum",
    "bongo",
    "bongo drum",
    "latin hand drum",
    "conga hit",
    "hand drum",
    "slap on a conga",
    "cuban drum",
    "palm on a drum skin",
    held_out=("conga sample", "tumbadora drum"),
    seconds=(0.35, 1.2),
)
def conga(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    character = one_of(rng, "open", "muted", "slap")
    note = int(rng.integers(50, 70))
    x = hits.conga_hit(rng, t, hertz(note), character)
    words = told(character={"slap": "slapped"}.get(character, character))
    words |= graded("size", -note, -62, -56, ("small", "big"))
    return Sound(ended(x), words, note=note if character == "open" else None)


@drums(
    "taiko drum",
    "taiko",
    "japanese taiko drum",
    "epic war drum",
    "cinematic drum hit",
    "giant drum",
    "huge war drum",
    "big japanese drum",
    "thunderous drum",
    "ensemble of big drums",
    held_out=("taiko sample", "battle drum hit"),
    seconds=(0.8, 4.0),
)
def taiko(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    size = one_of(rng, "small", "big", "huge")
    character = one_of(rng, "soft", "hard", "")
    force = {"soft": 0.1, "hard": 0.95, "": 0.5}[character]
    base = pick(rng, *{"small": (110, 170), "big": (60, 85), "huge": (42, 60)}[size])
    t60 = pick(rng, *{"small": (0.4, 0.9), "big": (0.8, 1.8), "huge": (1.3, 3.0)}[size])
    t60 = min(t60, 0.95 * seconds)

    def player() -> Array:
        tuned = base * rng.uniform(0.97, 1.03)
        x = hits.skin(t, tuned, 0.1 + 0.35 * force, pick(rng, 0.03, 0.07), t60, hits.SKIN)
        x = hits.scaled(x)
        x = x + 0.25 * hits.burst(rng, t, tuned, tuned * 6, t60 * 0.35, 0.003)
        stick = hits.burst(rng, t, 350, 1500 + 4000 * force, pick(rng, 0.03, 0.06))
        shell = hits.block(rng, t, pick(rng, 380, 700), 0.09, force)
        return hits.driven(x + (0.15 + 0.5 * force) * stick + 0.3 * force**2 * shell, 1.0 + force)

    if size != "huge":
        return Sound(ended(player()), told(size=size, character=character))
    out = np.zeros((2, t.size))
    for index in range(3):
        start = 0 if index == 0 else abs(rng.normal(0, 0.012))
        place(out, panned(player(), rng.uniform(0.2, 0.8)), int(start * RATE))
    return Sound(ended(out), told(size=size, character=character))


@drums(
    "timpani",
    "kettledrum",
    "timpani hit",
    "orchestral timpani",
    "tuned orchestral drum",
    "pitched kettle drum",
    "orchestra kettle drums",
    "classical drum",
    "timpano",
    "mallet on a kettledrum",
    held_out=("timpani sample", "symphony orchestra drum"),
    seconds=(1.0, 5.0),
    pitched=True,
)
def timpani(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    note = int(rng.integers(40, 58))
    base = hertz(note)
    character = one_of(rng, "soft", "hard", "")
    force = {"soft": 0.08, "hard": 0.95, "": 0.45}[character]
    t60 = min(pick(rng, 1.6, 4.5), 1.05 * seconds)
    # the air in the kettle tunes the modes that ring; the lowest, round one only thumps
    ratios = np.array([1, 1.5, 1.99, 2.44, 2.9, 3.4, 0.82, 1.71, 2.3])
    shares = np.array([1, 0.8, 0.65, 0.5, 0.4, 0.3, 0.12, 0.1, 0.1])
    bright = np.array([1, 0.75, 0.5, 0.3, 0.2, 0.12, 0.5, 0.4, 0.3])
    levels = bright * np.array([1, *[0.35 + 0.7 * force] * 5, 0.5, 0.5, 0.5])

    def stroke(count: int) -> Array:
        drawn = levels * np.array([1, *rng.uniform(0.6, 1.2, 8)])
        x = ring_of(count, drawn)
        head = hits.burst(rng, t[:count], 150, 700 + 3500 * force, 0.03 + 0.05 * (1 - force))
        return hits.scaled(x) + (0.1 + 0.35 * force) * head

    def ring_of(count: int, drawn: Array) -> Array:
        return hits.ring(count, base * ratios, drawn, t60 * shares, rng.uniform(0, 0.5, 9))

    if rng.random() < 0.65 or seconds < 1.5:
        x = stroke(t.size) * np.clip(t / (0.001 + 0.006 * (1 - force)), 0, 1)
        return Sound(ended(x), told(character=character, motion="struck"), note=note)
    out = np.zeros(t.size)
    rate, until = pick(rng, 11, 17), seconds * rng.uniform(0.6, 0.75)
    start = 0.0
    while start < until:
        swell = 0.25 + 0.75 * (start / until) ** 1.5
        count = min(t.size - int(start * RATE), round(0.5 * t60 * RATE))
        x = stroke(count) * np.clip(t[:count] / 0.004, 0, 1)
        # fades out, as the next strokes damp the skin
        place(out, swell * x * np.linspace(1, 0, count), int(start * RATE))
        start += rng.uniform(0.85, 1.15) / rate
    return Sound(ended(out), told(character=character, motion="rolling"), note=note)


@drums(
    "tabla",
    "tabla drum",
    "indian tabla",
    "indian hand drum",
    "tabla hit",
    "bayan and dayan stroke",
    "north indian drum",
    "classical indian percussion",
    "tabla stroke",
    "drum from india",
    held_out=("tabla sample", "hindustani percussion hit"),
    seconds=(0.4, 2.0),
)
def tabla(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    stroke = one_of(rng, "ringing", "deep", "muted")
    if stroke == "ringing":
        note = int(rng.integers(56, 70))
        t60 = min(pick(rng, 0.5, 1.4), seconds)
        return Sound(ended(hits.tabla_hit(rng, t, hertz(note), t60)), told(character=stroke), note)
    if stroke == "muted":
        x = hits.tabla_hit(rng, t, pick(rng, 250, 480), pick(rng, 0.05, 0.12))
        x = x + 0.5 * hits.burst(rng, t, 800, 5000, 0.03)
        return Sound(ended(x), told(character=stroke))
    base, t60 = pick(rng, 75, 125), min(pick(rng, 0.4, 1.2), 0.95 * seconds)
    motion = one_of(rng, "rising", "falling", "steady")
    # the heel of the hand presses the skin while it rings
    amount = {"rising": rng.uniform(0.25, 0.6), "falling": -rng.uniform(0.2, 0.35), "steady": 0}
    bend = 1 + amount[motion] * np.clip((t - 0.02) / (0.5 * t60), 0, 1)
    phase = 2 * np.pi * np.cumsum(base * bend * (1 + 0.15 * np.exp(-t / 0.012))) / RATE
    x = sum(
        level * np.sin(ratio * phase) * decay(t, t60 * share, 0.001)
        for ratio, level, share in ((1, 1, 1), (2.0, 0.3, 0.5), (2.9, 0.15, 0.3), (4.2, 0.08, 0.2))
    )
    x = hits.scaled(x) + rng.uniform(0.1, 0.35) * hits.burst(rng, t, 200, 3500, 0.03)
    return Sound(ended(x), told(character=stroke, motion=motion))


@drums(
    "wood block",
    "woodblock",
    "temple block",
    "wood knock percussion",
    "wooden percussion hit",
    "wood block hit",
    "knock on hollow wood",
    "block of wood",
    "clave",
    "clicking wood percussion",
    held_out=("woodblock sample", "hollow wooden block"),
    seconds=(0.25, 1.0),
)
def woodblock(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    character = one_of(rng, "soft", "hard", "hollow")
    base = pick(rng, 420, 2600)
    force = {"soft": 0.1, "hard": 1.0, "hollow": 0.4}[character]
    t60 = pick(rng, 0.05, 0.16) * (1.6 if character == "hollow" else 1) * (base / 1000) ** -0.3
    x = hits.block(rng, t, base, min(t60, seconds), force)
    if character == "hollow":
        low = 0.55 * base
        x = hits.scaled(x) + 0.7 * hits.ring(
            t.size, np.array([low]), np.ones(1), np.array([0.12]), np.zeros(1)
        )
    elif character == "soft":
        x = lowpass(x, base * 2)
    words = told(character=character)
    return Sound(ended(x), words | graded("size", -base, -1500, -750, ("small", "big")))
