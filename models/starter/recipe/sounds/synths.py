"""Synthesisers: leads, plucks, pads, basses and patterns from band-limited oscillators."""

from __future__ import annotations

import numpy as np

from sounds.dsp import RATE, Array, Rng, decay, highpass, lowpass, noise, slow, times
from sounds.oscillators import drive, pan, pulse, unison, wave
from sounds.sound_class import Category, Sound, graded, hertz, pick
from sounds.swept_filter import swept_lowpass

synths = Category("Synth")

CHORDS = {"minor": (0, 3, 7), "major": (0, 4, 7), "open": (0, 7, 12)}
SCALES = {"minor": (0, 3, 5, 7, 10), "major": (0, 2, 4, 7, 9)}


def draw_note(rng: Rng, low: int, high: int) -> int:
    return int(rng.integers(low, high + 1))


def held(t: Array, attack: float, end: float, release: float) -> Array:
    """A key pressed at 0 and let go at ``end``: smooth rise, 60 dB of fall in ``release``."""
    rise = np.sin(np.pi / 2 * np.clip(t / attack, 0, 1)) ** 2
    tail = np.clip((t[-1] - t) / 0.01, 0, 1)
    return rise * tail * 10 ** (-3 * np.maximum(t - end, 0) / release)


def key(rng: Rng, seconds: float, t: Array, attack: float) -> Array:
    """The envelope of a note that is over before the clip is."""
    release = pick(rng, 0.08, 0.5) * min(1, seconds)
    end = max(0.15, (seconds - release) * rng.uniform(0.55, 1.0))
    return held(t, min(attack, end / 2), end, release)


def bent(rng: Rng, t: Array, note: int, cents: float) -> Array:
    """A frequency with vibrato that sets in after the attack."""
    onset = np.clip((t - 0.15) / 0.3, 0, 1)
    wobble = onset * np.sin(2 * np.pi * (rng.uniform(4.5, 6.8) * t + rng.random()))
    return hertz(note) * 2 ** (cents / 1200 * wobble)


def vibrato(rng: Rng) -> tuple[float, dict[str, str]]:
    """Depth in cents, and what one may say of it."""
    if rng.random() < 0.35:
        return 0.0, {"motion": "steady"}
    cents = rng.uniform(6, 50)
    return cents, {"motion": "wavering"} if cents > 26 else {}


def chord(rng: Rng) -> tuple[tuple[int, ...], dict[str, str]]:
    """Intervals above the root: minor, major, or neither."""
    name = str(rng.choice(list(CHORDS)))
    return CHORDS[name], {} if name == "open" else {"character": name}


def filled(x: Array, attack: float, release: float) -> Array:
    """Fade a sustained sound [2, n] in and out within its clip."""
    t = np.arange(x.shape[-1]) / RATE
    rise, fall = np.clip(t / attack, 0, 1), np.clip((t[-1] - t) / release, 0, 1)
    return x * np.sin(np.pi / 2 * rise) * np.sin(np.pi / 2 * fall)


def echoed(x: Array, delay: float, feedback: float) -> Array:
    """Echoes that jump between the channels; ``delay`` in seconds."""
    out = x.copy()
    step = round(delay * RATE)
    mono = x.mean(axis=0)
    for index in range(1, 5):
        if step * index >= x.shape[-1]:
            break
        out[index % 2, step * index :] += feedback**index * mono[: -step * index]
    return out


def cutoff_for(note: float, harmonics: float) -> float:
    return min(hertz(note) * harmonics, 16000.0)


# --- leads ---
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


# --- struck ---
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


# --- pads ---
@synths(
    "warm pad",
    "synth pad",
    "analog pad",
    "soft synth chord",
    "lush synth pad",
    "analog strings pad",
    "pad",
    "warm synth strings",
    "soft analog pad",
    "mellow synth background",
    "lush pad chord",
    held_out=("warm analogue synth bed", "mellow pad chord"),
    seconds=(2.0, 10.5),
    sustained=True,
    pitched=True,
)
def warm_pad(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    note = draw_note(rng, 40, 62)
    intervals, words = chord(rng)
    cents = pick(rng, 6, 16)
    x = np.zeros((2, t.size))
    for order, interval in enumerate(intervals):
        f = hertz(note + interval) * 2 ** (
            4 / 1200 * np.sin(2 * np.pi * (rng.uniform(0.1, 0.5) * t + rng.random()))
        )
        x += unison(rng, "saw", f, t.size, 4, cents, 1.0) * 0.9**order
    x += 0.4 * wave("triangle", hertz(note), t.size)
    depth = rng.uniform(0, 1.6)
    rate = rng.uniform(0.08, 0.5)
    moving = 2 ** (depth * np.sin(2 * np.pi * (rate * t + rng.random())))
    x = swept_lowpass(x, pick(rng, 350, 1500) * moving, rng.uniform(0, 0.8))
    sway = 0.2 * np.sin(2 * np.pi * rng.uniform(0.1, 0.6) * t + rng.uniform(0, 6))
    x = x * np.stack([1 + sway, 1 - sway])
    words |= graded("motion", depth, 0.5, 1.1, ("steady", "evolving"))
    attack = min(pick(rng, 0.15, 2.0), seconds / 3)
    return Sound(filled(x, attack, min(pick(rng, 0.3, 2.0), seconds / 3)), words, note)


@synths(
    "digital pad",
    "bright pad",
    "shimmering pad",
    "glassy synth pad",
    "airy synth pad",
    "ethereal pad",
    "digital synth pad",
    "bright airy pad",
    "shiny pad",
    "icy pad",
    "new age pad",
    held_out=("sparkling digital pad", "crystal clear synth bed"),
    seconds=(2.0, 10.5),
    sustained=True,
    pitched=True,
)
def digital_pad(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    note = draw_note(rng, 52, 72)
    intervals, words = chord(rng)
    x = np.zeros((2, t.size))
    slope = rng.uniform(0.35, 0.9)
    depth = rng.uniform(0.1, 1.0)
    for interval in intervals:
        share = 1.0 if interval == 0 else 0.75
        # partials that come and go one by one, each somewhere else between the channels
        for partial in (1, 2, 3, 4, 6, 8, 12, 16):
            f = hertz(note + interval) * partial * 2 ** (rng.normal(0, 3) / 1200)
            if f > 16000:
                break
            rate = rng.uniform(0.2, 2.5)
            swell = 1 - depth * (0.5 + 0.5 * np.sin(2 * np.pi * (rate * t + rng.random())))
            tone = np.sin(2 * np.pi * (f * t + rng.random()))
            x += share * pan(tone * swell, rng.choice([-1, 1])) / partial**slope
        body = unison(rng, "triangle", hertz(note + interval), t.size, 2, pick(rng, 4, 9), 0.9)
        x += share * body
    air = highpass(noise(rng, 2 * t.size).reshape(2, -1), 6000)
    x += rng.uniform(0.01, 0.12) * air * (0.3 + slow(rng, t.size, 1.5))
    x = highpass(x, hertz(note) * 0.7)
    words |= graded("motion", depth, 0.4, 0.7, ("steady", "shimmering"))
    attack = min(pick(rng, 0.1, 1.5), seconds / 3)
    return Sound(filled(x, attack, min(pick(rng, 0.3, 2.0), seconds / 3)), words, note)


@synths(
    "synth drone",
    "drone",
    "ambient drone",
    "low synth drone",
    "continuous synth tone",
    "droning synthesizer",
    "long low drone",
    "static drone",
    "dark ambient drone",
    "sustained synth tone",
    held_out=("endless synthesizer drone", "humming ambient bed"),
    seconds=(2.0, 10.5),
    sustained=True,
    pitched=True,
)
def drone(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    note = draw_note(rng, 28, 50)
    f = hertz(note)
    x = unison(rng, "saw", f, t.size, int(rng.integers(4, 8)), pick(rng, 3, 14), 1.0)
    for ratio, loud in ((1.5, 0.3), (2, 0.5), (3, 0.25), (4, 0.2)):
        swell = slow(rng, t.size, pick(rng, 0.2, 0.8))
        shape = str(rng.choice(["saw", "triangle", "square"]))
        x += loud * swell * unison(rng, shape, f * ratio, t.size, 2, pick(rng, 2, 9), 1.0)
    depth = rng.uniform(0.1, 2.2)
    curve = slow(rng, t.size, pick(rng, 0.2, 0.6))
    cutoff = pick(rng, 180, 1200) * 2 ** (depth * (2 * curve - 1))
    x = swept_lowpass(x, cutoff, rng.uniform(0, 2))
    x += 0.5 * np.sin(2 * np.pi * f * t)
    words = graded("motion", depth, 0.8, 1.5, ("steady", "evolving"))
    dirt = rng.random()
    if dirt > 0.66:
        x = drive(x / np.abs(x).max(), pick(rng, 5, 14))
        air = lowpass(noise(rng, 2 * t.size).reshape(2, -1), 3000)
        x += 0.05 * air * np.abs(x)
        words["character"] = "gritty"
    elif dirt < 0.33:
        words["character"] = "clean"
    fade = min(pick(rng, 0.05, 1.5), seconds / 4)
    return Sound(filled(x, fade, fade), words, note)


# --- basses ---
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
