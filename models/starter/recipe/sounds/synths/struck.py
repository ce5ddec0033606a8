"""Notes that begin hard: bells, plucks, stabs."""

from __future__ import annotations

import numpy as np

from sounds.dsp import Rng, decay, highpass, noise, times
from sounds.oscillators import unison, wave
from sounds.sound_class import Category, Sound, graded, hertz, pick
from sounds.swept_filter import swept_lowpass
from sounds.synths.playing import chord, cutoff_for, draw_note, echoed, filled, key

synths = Category("Synth")


@synths(
    "FM bell",
    "digital bell",
    "synth bell",
    "FM synth chime",
    "DX7 bell",
    "electronic bell tone",
    "FM synthesis bell",
    "metallic synth bell",
    "synthetic bell",
    "FM tone",
    held_out=("frequency modulation bell", "glassy synthesizer bell"),
    seconds=(1.0, 5.0),
    pitched=True,
)
def fm_bell(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    note = draw_note(rng, 58, 94)
    # room for the sidebands above the highest notes
    ratios = [r for r in (2.0, 3.5, 3.5, 4.24, 7.0) if hertz(note) * (1 + 3 * r) < 20000]
    ratio = float(rng.choice(ratios or [2.0]))
    t60 = min(pick(rng, 0.9, 4.0), seconds * 1.1)
    hardness = rng.uniform(0.45, 2.0)
    index = hardness * decay(t, t60 * rng.uniform(0.35, 0.8))
    sides = []
    for ratio_off in (-1, 1):
        f = hertz(note) * 2 ** (ratio_off * pick(rng, 0.4, 3) / 1200)
        modulator = np.sin(2 * np.pi * (ratio * f * 2 ** (ratio_off * 0.003) * t + rng.random()))
        tone = np.sin(2 * np.pi * f * t + index * modulator)
        high = np.sin(2 * np.pi * f * 2.005 * t + 0.7 * index * modulator) * decay(t, t60 * 0.5)
        sides.append(tone + rng.uniform(0.1, 0.35) * high)
    strike = np.sin(2 * np.pi * min(hertz(note) * 9.2, 17000) * t) * decay(t, 0.04)
    strike += 0.3 * highpass(noise(rng, t.size), 4000) * decay(t, 0.015)
    x = np.stack(sides) * decay(t, t60, 0.002) + 0.12 * hardness * strike
    x *= 1 + rng.uniform(0, 0.25) * np.sin(2 * np.pi * rng.uniform(2, 6) * t) * np.array(
        [[1], [-1]]
    )
    words = graded("character", hardness, 0.85, 1.45, ("soft", "hard"))
    if ratio == 7.0:
        words["material"] = "glass"
    elif ratio in (3.5, 4.24) and hardness > 1:
        words["material"] = "metal"
    return Sound(filled(x, 0.0005, 0.02), words, note)


@synths(
    "synth pluck",
    "plucked synth",
    "pluck",
    "short synth note",
    "trance pluck",
    "staccato synth",
    "pluck synth",
    "house pluck",
    "short plucky synthesizer",
    "plucked synthesizer note",
    held_out=("plucky synth note", "electronic pluck stab"),
    seconds=(0.4, 2.0),
    pitched=True,
)
def pluck(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    note = draw_note(rng, 45, 84)
    t60 = min(pick(rng, 0.2, 1.3), seconds)
    snap = pick(rng, 0.015, 0.12)
    shape = str(rng.choice(["saw", "saw", "square"]))
    f = hertz(note)
    x = unison(rng, shape, f, t.size, int(rng.integers(3, 7)), pick(rng, 3, 16), 0.75)
    if rng.random() < 0.5:
        x += 0.5 * unison(rng, "saw", 2 * f, t.size, 2, 8, 0.8)
    rest = cutoff_for(note, pick(rng, 1.5, 4))
    peak = cutoff_for(note, pick(rng, 8, 50))
    cutoff = rest + (peak - rest) * np.exp(-t / snap)
    x = swept_lowpass(x, cutoff, rng.uniform(0.2, 2.5)) * decay(t, t60, 0.002)
    x += 0.2 * rng.random() * highpass(noise(rng, t.size), 3000) * decay(t, 0.02)
    words = graded("character", peak, 2800, 8500, ("soft", "hard"))
    if rng.random() < 0.25:
        x = echoed(x, rng.uniform(0.1, 0.3), rng.uniform(0.2, 0.4))
    return Sound(filled(x, 0.0005, 0.02), words, note)


@synths(
    "supersaw chord",
    "supersaw stab",
    "trance chord",
    "big synth chord",
    "detuned saw chord",
    "EDM chord",
    "rave chord",
    "supersaw",
    "big saw chord",
    "trance stab",
    "euphoric chord",
    "wall of saws",
    held_out=("huge detuned synth chord", "festival supersaw"),
    seconds=(0.5, 5.0),
    pitched=True,
)
def supersaw(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    note = draw_note(rng, 45, 66)
    intervals, words = chord(rng)
    if rng.random() < 0.5:
        intervals = (*intervals, intervals[1] + 12)
    voices = int(rng.integers(5, 8))
    cents = pick(rng, 10, 32)
    x = sum(
        unison(rng, "saw", hertz(note + i), t.size, voices, cents, 0.95) * 0.9**order
        for order, i in enumerate(intervals)
    )
    x = np.asarray(x) + 0.7 * wave("saw", hertz(note), t.size, rng.random())
    bright = pick(rng, 1500, 14000)
    opening = 1 + rng.uniform(0, 3) * np.exp(-t / pick(rng, 0.1, 0.6))
    x = swept_lowpass(highpass(x, hertz(note) * 0.6), bright * opening, rng.uniform(0, 0.8))
    attack = pick(rng, 0.003, 0.4)
    if rng.random() < 0.6:
        words |= graded("motion", attack, 0.015, 0.09, ("stabbing", "swelling"))
    return Sound(x * key(rng, seconds, t, attack), words, note)
