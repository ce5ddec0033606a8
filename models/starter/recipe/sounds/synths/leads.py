"""Leads, an arpeggio, a chip's tune."""

from __future__ import annotations

import numpy as np

from sounds.dsp import Rng, highpass, noise, slow, times
from sounds.oscillators import drive, pan, pulse, unison, wave
from sounds.sound_class import Category, Sound, graded, hertz, pick
from sounds.swept_filter import swept_lowpass
from sounds.synths.playing import (
    CHORDS,
    SCALES,
    bent,
    chord,
    cutoff_for,
    draw_note,
    echoed,
    filled,
    key,
    vibrato,
)

synths = Category("Synth")


@synths(
    "saw lead",
    "sawtooth lead",
    "lead synth",
    "analog lead",
    "sawtooth synth note",
    "buzzy lead synth",
    "synth lead",
    "saw synthesizer",
    "trance lead",
    "bright lead synth",
    "sawtooth solo",
    held_out=("saw wave lead", "solo synthesizer lead"),
    seconds=(0.5, 4.0),
    pitched=True,
)
def saw_lead(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    note = draw_note(rng, 50, 86)
    cents, words = vibrato(rng)
    frequency = bent(rng, t, note, cents)
    if rng.random() < 0.3:
        frequency = frequency * 2 ** (-rng.uniform(1, 5) / 12 * np.exp(-t / 0.03))
    voices = int(rng.integers(2, 6))
    x = unison(rng, "saw", frequency, t.size, voices, pick(rng, 3, 18), rng.uniform(0.3, 0.9))
    if rng.random() < 0.3:
        x += rng.uniform(0.05, 0.25) * wave("square", frequency / 2, t.size)
    bright = cutoff_for(note, pick(rng, 4, 30))
    cutoff = bright * (1 + rng.uniform(0, 3) * np.exp(-t / pick(rng, 0.08, 0.5)))
    x = swept_lowpass(x, cutoff, rng.uniform(0, 1.8))
    dirt = rng.random()
    if dirt > 0.65:
        x = drive(x, pick(rng, 4, 12))
        words["character"] = "distorted"
    elif dirt < 0.33:
        words["character"] = "clean"
    else:
        x = drive(x, 1.2)
    return Sound(x * key(rng, seconds, t, pick(rng, 0.004, 0.06)), words, note)


@synths(
    "square lead",
    "square wave lead",
    "pulse wave lead",
    "hollow lead synth",
    "square synth note",
    "pulse lead synth",
    "square lead synth",
    "square tone",
    "clarinet-like synth lead",
    held_out=("square wave synth solo", "pulse lead"),
    seconds=(0.5, 4.0),
    pitched=True,
)
def square_lead(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    note = draw_note(rng, 50, 88)
    cents, words = vibrato(rng)
    frequency = bent(rng, t, note, cents)
    width = rng.uniform(0.06, 0.5)
    words |= graded("character", width, 0.18, 0.4, ("thin", "hollow"))
    moving = rng.uniform(0, 0.12) * np.sin(2 * np.pi * rng.uniform(0.3, 3) * t) * min(1, 4 * width)
    duty = np.clip(width + moving * (width < 0.4), 0.04, 0.5)
    apart = 2 ** (pick(rng, 1, 8) / 1200)
    sides = [pulse(frequency * r, duty, t.size, rng.random()) for r in (apart, 1 / apart)]
    x = pulse(frequency, duty, t.size) + rng.uniform(0.2, 0.6) * np.stack(sides)
    bright = cutoff_for(note, pick(rng, 6, 40))
    x = swept_lowpass(x, bright * (1 + np.exp(-t / pick(rng, 0.05, 0.4))), rng.uniform(0, 1))
    x = x * key(rng, seconds, t, pick(rng, 0.003, 0.05))
    if rng.random() < 0.3:
        x = echoed(x, rng.uniform(0.12, 0.35), rng.uniform(0.2, 0.4))
    return Sound(filled(x, 0.001, 0.02), words, note)


@synths(
    "arpeggio",
    "synth arpeggio",
    "arpeggiated synth",
    "arpeggiator",
    "synth sequence",
    "broken chord synth",
    "arp",
    "arpeggiated chords",
    "running synth notes",
    "bubbling synth sequence",
    "synth arp",
    held_out=("arp pattern", "sequenced synth notes"),
    seconds=(1.5, 10.0),
    sustained=True,
    pitched=True,
)
def arpeggio(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    root, tempo = draw_note(rng, 45, 64), int(rng.integers(70, 161))
    intervals, words = chord(rng)
    octaves = int(rng.integers(1, 3))
    notes = [interval + 12 * octave for octave in range(octaves) for interval in intervals]
    notes = sorted({*notes, 12 * octaves})
    direction = str(rng.choice(["rising", "falling", "both"]))
    if direction == "falling":
        notes = notes[::-1]
    elif direction == "both":
        notes = notes + notes[-2:0:-1]
    if direction != "both":
        words["motion"] = direction
    step = 60 / tempo / (2 if tempo > 130 else int(rng.choice([2, 4, 4])))
    index = np.floor(t / step).astype(int)
    local = t - index * step
    frequency = hertz(root) * 2.0 ** (np.array(notes)[index % len(notes)] / 12)
    gate = pick(rng, 0.3, 1.2)
    loudness = np.clip(local / 0.002, 0, 1) * 10 ** (-2 * local / (gate * 2 * step))
    loudness *= np.clip((step - local) / 0.005, 0, 1)
    shape = str(rng.choice(["saw", "square", "triangle"]))
    x = unison(rng, shape, frequency, t.size, 2, pick(rng, 3, 14), 0.6)
    if shape == "triangle":
        x += 0.4 * unison(rng, "triangle", 2 * frequency, t.size, 2, 6, 1.0)
    opening = 1 + rng.uniform(0, 2) * slow(rng, t.size, 0.4)
    cutoff = pick(rng, 500, 2500) * opening * (1 + 5 * np.exp(-local / pick(rng, 0.03, 0.12)))
    x = swept_lowpass(x, cutoff, rng.uniform(0.3, 2.2)) * loudness
    x = echoed(x, 3 * step if rng.random() < 0.6 else 2 * step, rng.uniform(0.15, 0.45))
    return Sound(filled(x, 0.001, 0.03), words, root, tempo)


@synths(
    "chiptune",
    "8-bit music",
    "8-bit melody",
    "retro video game music",
    "chip music",
    "8-bit synth tune",
    "8 bit game music",
    "pixel game melody",
    held_out=("old console game melody", "retro 8 bit tune"),
    seconds=(1.5, 10.0),
    sustained=True,
    pitched=True,
)
def chiptune(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    mode = str(rng.choice(list(SCALES)))
    root, tempo = draw_note(rng, 60, 74), int(rng.integers(90, 176))
    step = 30 / tempo
    index = np.floor(t / step).astype(int)
    local = t - index * step
    scale = SCALES[mode]
    # a four-note motif that comes back, so that it is a tune rather than a random walk
    walk = np.cumsum(rng.integers(-2, 3, 8)) + 2
    walk[0] = 0
    degrees = np.concatenate([walk[:4], walk[4:], walk[:4], walk[4:6], [1, 0]])
    melody = np.array([scale[d % 5] + 12 * (d // 5) for d in np.clip(degrees, -3, 8)])
    lead = pulse(
        hertz(root) * 2.0 ** (melody[index % 16] / 12),
        float(rng.choice([0.125, 0.25, 0.5])),
        t.size,
    )
    edge = np.clip(local / 0.002, 0, 1) * np.clip((step - local) / 0.004, 0, 1)
    lead *= edge * np.maximum(1 - local / step * rng.uniform(0.4, 1.0), 0)
    third = CHORDS[mode][1]
    arp = np.array([0, third, 7, 12])[np.floor(t * pick(rng, 12, 40)).astype(int) % 4]
    chords = pulse(hertz(root - 12) * 2.0 ** (arp / 12), 0.25, t.size) * edge
    fifth = np.array([0, 0, 0, 0, -5, -5, 0, 0])[(index // 2) % 8]
    bass = wave("triangle", hertz(root - 24) * 2.0 ** (fifth / 12), t.size) * edge
    hats = highpass(np.repeat(noise(rng, t.size // 4 + 1), 4)[: t.size], 1500)
    beat = np.where(index % 4 == 2, 0.12, 0.025)
    hats *= 10 ** (-3 * local / beat)
    parts = (1.0, rng.choice([0, 0.35]), rng.uniform(0.4, 0.8), rng.choice([0, 0.25]))
    layers = (lead, chords, bass, hats)
    aside = rng.uniform(0, 0.5)
    sides = (aside, -aside, 0.0, 0.1)
    x = sum(a * pan(layer, side) for a, layer, side in zip(parts, layers, sides, strict=True))
    words = {"character": mode} if rng.random() < 0.7 else {}
    words |= graded("motion", tempo, 112, 150, ("slow", "fast"))
    return Sound(filled(np.asarray(x), 0.001, 0.01), words, root, tempo)
