"""Basses."""

from __future__ import annotations

import numpy as np

from sounds.dsp import RATE, Rng, decay, highpass, lowpass, slow, times
from sounds.oscillators import drive, pan, pulse, unison, wave
from sounds.sound_class import Category, Sound, graded, hertz, pick
from sounds.swept_filter import swept_lowpass
from sounds.synths.playing import draw_note, echoed, filled

synths = Category("Synth")


@synths(
    "reese bass",
    "detuned bass",
    "drum and bass bass",
    "growling synth bass",
    "thick detuned saw bass",
    "reese",
    "jungle bass",
    "dnb reese",
    "moving detuned bass",
    "growling bass",
    held_out=("phasing saw bass", "neuro bass note"),
    seconds=(0.6, 6.0),
    sustained=True,
    pitched=True,
)
def reese(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    note = draw_note(rng, 26, 43)
    f = hertz(note)
    cents = pick(rng, 8, 45)
    voices = int(rng.integers(2, 5))
    x = unison(rng, "saw", f, t.size, voices, cents, 1.0)
    x += 0.3 * unison(rng, "saw", 2 * f, t.size, 2, cents * 0.7, 1.0)
    curve = slow(rng, t.size, pick(rng, 0.3, 2))
    cutoff = pick(rng, 300, 1800) * 2 ** (1.5 * (2 * curve - 1))
    x = swept_lowpass(x, cutoff, rng.uniform(0, 1.8))
    words = graded("motion", cents * f, 900, 1700, ("slow", "fast"))
    dirt = rng.random()
    if dirt > 0.6:
        x = drive(x / np.abs(x).max(), pick(rng, 4, 12))
        words["character"] = "distorted"
    elif dirt < 0.33:
        words["character"] = "clean"
    # the lowest octave stays in the middle
    x = highpass(x, 110) + 0.7 * np.sin(2 * np.pi * f * t)
    return Sound(filled(x, 0.006, min(0.06, seconds / 8)), words, note)


@synths(
    "wobble bass",
    "dubstep bass",
    "wub bass",
    "wub wub",
    "LFO bass",
    "bass wobble",
    "wobble",
    "dubstep",
    "wobbling bass",
    "brostep bass",
    "bass with a wobbling filter",
    held_out=("dubstep wobble synth", "wubbing low bass"),
    seconds=(1.0, 8.0),
    sustained=True,
    pitched=True,
)
def wobble(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    note = draw_note(rng, 26, 43)
    f = hertz(note)
    timed = rng.random() < 0.75
    tempo = int(rng.integers(65, 176)) if timed else None
    rate = pick(rng, 1, 9)
    if tempo is not None:
        fits = [d for d in (1, 2, 3, 4) if 1 <= tempo / 60 * d <= 9]
        rate = tempo / 60 * float(rng.choice(fits))
    shape = rng.random()
    turn = np.cos(2 * np.pi * rate * t)
    opened = (0.5 - 0.5 * turn) if shape < 0.6 else (0.5 + 0.5 * turn)
    opened = opened ** pick(rng, 0.6, 1.8)
    x = unison(rng, "saw", f, t.size, 3, pick(rng, 4, 16), 0.9)
    x += 0.6 * pulse(f * 1.003, rng.uniform(0.2, 0.5), t.size)
    x += 0.3 * wave("saw", 2 * f, t.size)
    low, high = pick(rng, 70, 140), pick(rng, 900, 4500)
    x = swept_lowpass(x, low * (high / low) ** opened, rng.uniform(0.8, 3.2))
    words = graded("motion", rate, 2.6, 5.0, ("slow", "fast"))
    dirt = rng.random()
    if dirt > 0.6:
        x = drive(x / np.abs(x).max(), pick(rng, 4, 14))
        words["character"] = "distorted"
    elif dirt < 0.33:
        words["character"] = "clean"
    x *= 0.35 + 0.65 * opened
    x += rng.uniform(0.2, 0.5) * np.sin(2 * np.pi * f * t)
    return Sound(filled(x, 0.006, 0.03), words, note, tempo)


@synths(
    "acid bass",
    "303 bass line",
    "acid synth line",
    "squelchy bass",
    "acid house bass",
    "resonant bass sequence",
    "acid",
    "acid line",
    "TB 303",
    "squelching 303",
    "rave acid bass",
    held_out=("acid techno squelch", "TB-303 riff"),
    seconds=(1.0, 8.0),
    sustained=True,
    pitched=True,
)
def acid(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    note, tempo = draw_note(rng, 31, 45), int(rng.integers(100, 151))
    step = 15 / tempo
    index = np.floor(t / step).astype(int)
    place_in = index % 16
    local = t - index * step
    riff = rng.choice([0, 0, 0, 0, 12, 3, 10, -2, 7], 16)
    riff[0] = 0
    accent = rng.random(16) < 0.3
    slide = rng.random(16) < 0.25
    rest = (rng.random(16) < 0.12) & (np.arange(16) % 4 > 0)
    height = riff[place_in].astype(float)
    # a slide glides up from the note before it
    before = riff[(place_in - 1) % 16]
    gliding = slide[place_in] & (index > 0)
    height = np.where(gliding, height + (before - height) * np.exp(-local / 0.02), height)
    frequency = hertz(note) * 2 ** (height / 12)
    saw = rng.random() < 0.7
    x = wave("saw", frequency, t.size) if saw else pulse(frequency, 0.45, t.size)
    fall = np.where(accent[place_in], pick(rng, 0.05, 0.1), pick(rng, 0.08, 0.25))
    envelope = np.exp(-local / fall) * np.where(accent[place_in], 1.3, 0.8)
    travel = int(rng.integers(0, 3))
    course = np.linspace(0, 1, t.size) if travel == 1 else np.linspace(1, 0, t.size)
    course = course if travel else np.full(t.size, rng.uniform(0.2, 0.7))
    cutoff = pick(rng, 180, 450) * 2 ** (2.4 * course + pick(rng, 1.5, 3.2) * envelope)
    x = swept_lowpass(x, np.minimum(cutoff, 9000), rng.uniform(2.2, 3.5))
    gate = np.where(slide[(place_in + 1) % 16], 1.0, rng.uniform(0.5, 0.9)) * step
    loud = np.clip((gate - local) / 0.008, 0, 1) * np.clip(local / 0.002, 0, 1)
    x *= loud * np.where(rest[place_in], 0, np.where(accent[place_in], 1, 0.7))
    words = {"motion": ("", "rising", "falling")[travel]} if travel else {}
    dirt = rng.random()
    if dirt > 0.6:
        x = drive(x / (np.abs(x).max() + 1e-9), pick(rng, 5, 18))
        words["character"] = "distorted"
    elif dirt < 0.33:
        words["character"] = "clean"
    x = pan(x, 0.0)
    if rng.random() < 0.3:
        x = echoed(x, 3 * step, rng.uniform(0.15, 0.35))
    return Sound(filled(x, 0.001, 0.02), words, note, tempo)


@synths(
    "sub bass",
    "deep sub",
    "sine bass",
    "low sine tone",
    "sub bass note",
    "sub",
    "deep low bass",
    "pure sine bass",
    "low frequency bass",
    "clean sub tone",
    held_out=("subwoofer bass tone", "very low synth bass"),
    seconds=(0.5, 5.0),
    sustained=True,
    pitched=True,
)
def sub_bass(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    note = draw_note(rng, 24, 45)
    kind = rng.random()
    words: dict[str, str] = {}
    drop = 0.0
    if kind < 0.33:
        drop = rng.uniform(8, 20)
        words["character"] = "punchy"
    frequency = hertz(note) * 2 ** (drop / 12 * np.exp(-t / 0.02))
    phase = np.cumsum(frequency) / RATE
    x = np.sin(2 * np.pi * phase)
    x += rng.uniform(0.02, 0.2) * np.sin(4 * np.pi * phase + rng.uniform(0, 6))
    x += rng.uniform(0, 0.1) * np.sin(6 * np.pi * phase)
    if kind > 0.66:
        x = lowpass(drive(x, pick(rng, 3, 10)), pick(rng, 500, 2500))
        words["character"] = "distorted"
    if rng.random() < 0.4:
        depth, rate = rng.uniform(0.3, 0.7), rng.uniform(2, 7)
        x *= 1 - depth * (0.5 + 0.5 * np.sin(2 * np.pi * rate * t - np.pi / 2))
        words["motion"] = "pulsing"
    elif rng.random() < 0.5:
        words["motion"] = "steady"
    else:
        x *= decay(t, seconds * rng.uniform(0.8, 2))
    attack = pick(rng, 0.003, 0.02) if drop else pick(rng, 0.008, 0.15)
    x = np.tile(highpass(x, 16, 1), (2, 1))
    return Sound(filled(x, attack, min(0.25, seconds / 5)), words, note)
