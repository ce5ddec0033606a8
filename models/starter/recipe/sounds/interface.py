"""Sounds of user interfaces: clicks, chimes, confirmations and refusals."""

from __future__ import annotations

import numpy as np

from sounds.dsp import (
    RATE,
    Array,
    Rng,
    bandpass,
    decay,
    highpass,
    lowpass,
    noise,
    place,
    sweep,
    times,
)
from sounds.oscillators import pan, pulse, wave
from sounds.sound_class import Category, Sound, graded, hertz, pick
from sounds.swept_filter import swept_band

interface = Category("Interface")

# partials as (ratio, loudness, share of the decay): what a struck bar or bowl of it rings with
MATERIALS = {
    "wood": ((1, 1, 1), (3.9, 0.35, 0.4), (9.2, 0.15, 0.2)),
    "glass": ((1, 1, 1), (2.32, 0.5, 0.9), (4.25, 0.4, 0.7), (6.63, 0.25, 0.5)),
    "metal": ((1, 1, 1), (1.51, 0.4, 0.8), (2.76, 0.6, 0.8), (5.4, 0.45, 0.6), (8.93, 0.25, 0.4)),
    "plastic": ((1, 1, 1), (1.83, 0.6, 0.6), (3.1, 0.4, 0.4)),
}


def edges(x: Array) -> Array:
    """A fade of 5 ms at the end, so that a tail cut by the clip does not click."""
    t = np.arange(x.shape[-1]) / RATE
    return x * np.clip((t[-1] - t) / 0.005, 0, 1)


def struck(rng: Rng, material: str, frequency: float, t60: float, hardness: float) -> Array:
    """A small object hit once: modes of its material and the noise of the contact."""
    t = times(min(1.2 * t60, 2.0) + 0.01)
    x = np.zeros(t.size)
    for ratio, loud, share in MATERIALS[material]:
        f = frequency * ratio * rng.uniform(0.985, 1.015)
        if f < 18000:
            soft = loud * hardness if ratio > 1 else loud
            x += soft * np.sin(2 * np.pi * f * t) * decay(t, t60 * share, 0.0006)
    contact = highpass(noise(rng, t.size), 1500 + 3000 * hardness) * decay(
        t, 0.004 + 0.01 * hardness
    )
    return edges(x + 0.5 * hardness * contact)


def tone(rng: Rng, timbre: str, frequency: float, t60: float) -> Array:
    """A short melodic note as devices play it."""
    if timbre in MATERIALS:
        length = {"wood": 0.35, "glass": 1.3, "metal": 1.5}[timbre] * t60
        return struck(rng, timbre, frequency, length, rng.uniform(0.15, 0.5))
    t = times(t60 + 0.01)
    fade = decay(t, t60, 0.004)
    if timbre == "bell":
        index = rng.uniform(0.4, 1.4) * decay(t, 0.4 * t60)
        return edges(
            np.sin(2 * np.pi * frequency * t + index * np.sin(7 * np.pi * frequency * t)) * fade
        )
    if timbre == "sine":
        x = np.sin(2 * np.pi * frequency * t) + 0.2 * np.sin(4 * np.pi * frequency * t)
        return edges(x * fade)
    x = wave("square" if timbre == "chip" else "triangle", frequency, t.size)
    return edges(lowpass(x, 7 * frequency) * fade)


def timbre_of(rng: Rng) -> tuple[str, dict[str, str]]:
    """Half of the time a material that one may name, else something electronic."""
    if rng.random() < 0.5:
        material = str(rng.choice(["wood", "glass", "metal"]))
        return material, {"material": material}
    name = str(rng.choice(["bell", "sine", "sine", "triangle", "chip"]))
    return name, {"character": "retro"} if name == "chip" else {}


def melody(
    rng: Rng, seconds: float, steps: list[float], root: float, gap: float, t60: float
) -> tuple[Array, dict[str, str]]:
    """Notes ``steps`` semitones above ``root`` (MIDI), ``gap`` seconds apart: [2, n]."""
    timbre, words = timbre_of(rng)
    out = np.zeros((2, times(seconds).size))
    echo = rng.uniform(0.08, 0.22) if rng.random() < 0.35 else 0.0
    for index, step in enumerate(steps):
        last = 1.5 if index == len(steps) - 1 else 1.0
        note = tone(rng, timbre, hertz(root + step), min(t60 * last, seconds))
        side = rng.uniform(-0.35, 0.35)
        start = round((0.005 + index * gap) * RATE)
        place(out, pan(note, side), start)
        if echo:
            for turn in (1, 2, 3):
                later = start + round(turn * echo * RATE)
                place(out, 0.35**turn * pan(lowpass(note, 4000), 0.8 * (-1) ** turn), later)
    return edges(out), words


@interface(
    "UI click",
    "button click",
    "click",
    "interface click",
    "menu click",
    "mouse click",
    "button press",
    "click sound",
    "interface button",
    "mouse button",
    "menu button",
    "touch button",
    "keyboard key",
    held_out=("app button tap", "user interface press"),
    seconds=(0.25, 0.6),
)
def click(rng: Rng, seconds: float) -> Sound:
    out = np.zeros(times(seconds).size)
    material = str(rng.choice(["plastic", "wood", "metal", "glass"]))
    hardness = rng.random()
    f = pick(rng, 700, 3200)
    t60 = pick(rng, 0.015, 0.07)
    place(out, struck(rng, material, f, t60, 0.2 + 0.8 * hardness), 60)
    if rng.random() < 0.45:
        # a button comes back up
        gap = rng.uniform(0.025, 0.09)
        up = struck(rng, material, f * rng.uniform(1.1, 1.5), 0.7 * t60, hardness)
        place(out, rng.uniform(0.3, 0.8) * up, round(gap * RATE))
    if rng.random() < 0.4:
        t = times(0.05)
        place(out, rng.uniform(0.3, 0.8) * np.sin(2 * np.pi * 180 * t) * decay(t, 0.04, 0.001), 60)
    words = {"material": material} if rng.random() < 0.6 else {}
    words |= graded("character", hardness, 0.33, 0.67, ("soft", "hard"))
    return Sound(edges(pan(out, rng.uniform(-0.1, 0.1))), words)


@interface(
    "UI tick",
    "tick",
    "scroll tick",
    "selector tick",
    "tiny click",
    "dial tick",
    "tiny tick",
    "small interface tick",
    "scrolling tick",
    "wheel tick",
    "step of a dial",
    held_out=("scroll wheel notch", "picker wheel tick"),
    seconds=(0.25, 0.5),
)
def tick(rng: Rng, seconds: float) -> Sound:
    out = np.zeros(times(seconds).size)
    t = times(0.03)
    f = pick(rng, 2200, 7500)
    sharp = rng.random()
    grain = np.sin(2 * np.pi * f * t) * decay(t, pick(rng, 0.004, 0.018), 0.0003)
    grain += (0.2 + sharp) * bandpass(noise(rng, t.size), f, min(2.5 * f, 18000)) * decay(t, 0.004)
    grain = edges(grain)
    words = graded("character", sharp, 0.33, 0.67, ("soft", "sharp"))
    place(out, grain, 80)
    if rng.random() < 0.3:
        # a wheel runs over several notches, slower and slower
        at, gap = 0.0, pick(rng, 0.02, 0.06)
        while at + gap < seconds - 0.04:
            at, gap = at + gap, gap * rng.uniform(1.05, 1.25)
            place(out, rng.uniform(0.7, 1) * grain, 80 + round(at * RATE))
        words["motion"] = "repeated"
    elif rng.random() < 0.5:
        words["motion"] = "single"
    return Sound(edges(pan(out, rng.uniform(-0.1, 0.1))), words)


@interface(
    "UI pop",
    "pop",
    "bubble pop",
    "message pop",
    "pop up sound",
    "soft pop notification",
    "popping bubble",
    "bubble",
    "pop sound",
    "cork pop",
    "soft bubble pop",
    "chat pop",
    held_out=("bubbly interface blip", "chat bubble pop"),
    seconds=(0.25, 0.7),
)
def pop(rng: Rng, seconds: float) -> Sound:
    out = np.zeros(times(seconds).size)
    length = pick(rng, 0.03, 0.13)
    t = times(length * 1.6)
    low = pick(rng, 220, 800)
    turn = rng.random()
    octaves = rng.uniform(0.5, 1.8)
    # a bubble rises in pitch as it closes; a cork or a tongue falls
    ramp = np.clip(t / length, 0, 1)
    pitch = low * 2 ** (octaves * (ramp**1.5 if turn < 0.65 else 1 - ramp**0.5))
    x = sweep(pitch) * decay(t, length * 1.5, 0.002)
    x += rng.uniform(0.1, 0.4) * sweep(2 * pitch) * decay(t, length * 0.8, 0.002)
    x += rng.uniform(0, 0.4) * lowpass(noise(rng, t.size), 3500) * decay(t, 0.008)
    x = edges(x)
    place(out, x, 60)
    words = {"motion": "rising" if turn < 0.65 else "falling"}
    if rng.random() < 0.3:
        place(out, rng.uniform(0.5, 0.9) * x, 60 + round(rng.uniform(0.06, 0.12) * RATE))
        words["character"] = "double"
    words |= graded("size", low, 340, 560, ("big", "small"))
    return Sound(edges(pan(out, rng.uniform(-0.1, 0.1))), words)


@interface(
    "notification chime",
    "notification",
    "message alert chime",
    "phone notification",
    "app alert sound",
    "incoming message tone",
    "notification bell",
    "notification sound",
    "alert chime",
    "ding",
    "message sound",
    "phone alert",
    "bell notification",
    "email alert",
    held_out=("new email chime", "smartphone message alert"),
    seconds=(0.7, 3.0),
)
def chime(rng: Rng, seconds: float) -> Sound:
    root = float(rng.integers(72, 88))
    count = int(rng.choice([1, 2, 2, 2, 3, 3]))
    leap = [float(rng.choice([3, 4, 5, 7, 9, 12])) for _ in range(count - 1)]
    direction = rng.choice([-1, 1])
    steps = [0.0, *(direction * np.cumsum(leap))]
    if direction < 0:
        steps = [step + 5 for step in steps]
    x, words = melody(rng, seconds, steps, root, rng.uniform(0.08, 0.22), pick(rng, 0.4, 1.4))
    if count > 1:
        words["motion"] = "rising" if direction > 0 else "falling"
    else:
        words["motion"] = "single"
    return Sound(x, words)


@interface(
    "success sound",
    "success jingle",
    "confirmation sound",
    "task complete sound",
    "correct answer",
    "achievement sound",
    "positive feedback",
    "success",
    "win jingle",
    "level complete",
    "quest completed",
    "correct ding",
    "happy confirmation",
    held_out=("well done jingle", "payment accepted tone"),
    seconds=(0.7, 2.5),
)
def success(rng: Rng, seconds: float) -> Sound:
    root = float(rng.integers(64, 80))
    shapes = ([0, 4, 7, 12], [0, 7, 12], [0, 5, 9], [7, 12], [0, 4, 7], [0, 12], [0, 4, 7, 12, 16])
    steps = [float(step) for step in shapes[int(rng.integers(len(shapes)))]]
    gap = min(pick(rng, 0.06, 0.16), 0.5 * seconds / len(steps))
    x, words = melody(rng, seconds, steps, root, gap, pick(rng, 0.3, 0.9))
    words |= graded("motion", gap, 0.085, 0.12, ("fast", "slow"))
    if rng.random() < 0.3:
        # the last chord sparkles
        t = times(0.5)
        for step in (12, 16, 19, 24):
            f = hertz(root + 12 + step)
            grain = edges(np.sin(2 * np.pi * f * t) * decay(t, 0.4, 0.002))
            start = round((len(steps) * gap + rng.uniform(0, 0.12)) * RATE)
            place(x, 0.15 * pan(grain, rng.uniform(-1, 1)), start)
    return Sound(edges(x), words)


@interface(
    "error sound",
    "error buzz",
    "wrong answer buzzer",
    "failure sound",
    "access denied",
    "invalid action sound",
    "negative feedback",
    "error",
    "wrong",
    "error beep",
    "failed",
    "incorrect buzzer",
    "denied beep",
    "computer error",
    held_out=("operation failed alert", "incorrect answer tone"),
    seconds=(0.4, 1.8),
)
def error(rng: Rng, seconds: float) -> Sound:
    if rng.random() < 0.45:
        root = float(rng.integers(55, 70))
        shapes = ([0, -1], [0, -6], [0, -3], [0, -4, -8], [0, 0, -5], [0, -2, -6])
        steps = [float(step) for step in shapes[int(rng.integers(len(shapes)))]]
        gap = min(pick(rng, 0.1, 0.2), 0.6 * seconds / len(steps))
        x, words = melody(rng, seconds, steps, root, gap, pick(rng, 0.25, 0.6))
        return Sound(x, {**words, "motion": "falling"})
    count = int(rng.choice([1, 2, 2, 3]))
    length = min(pick(rng, 0.08, 0.45), 0.85 * seconds / (1.4 * count))
    t = times(length)
    f = pick(rng, 75, 230)
    low = f * rng.uniform(1.01, 1.06)
    rough = rng.random()
    buzz = pulse(f, rng.uniform(0.2, 0.5), t.size) + wave("saw", low, t.size, rng.random())
    buzz = lowpass(buzz, 700 + 4500 * rough)
    buzz *= np.clip(t / 0.004, 0, 1) * np.clip((length - t) / 0.012, 0, 1)
    out = np.zeros(times(seconds).size)
    for index in range(count):
        place(out, buzz, 80 + round(index * 1.4 * length * RATE))
    words = graded("character", rough, 0.33, 0.67, ("soft", "harsh"))
    words["motion"] = "single" if count == 1 else "repeated"
    return Sound(edges(pan(highpass(out, 40), 0.0)), words)


@interface(
    "toggle switch",
    "switch click",
    "toggle",
    "flip switch",
    "on off switch",
    "light switch click",
    "switch",
    "light switch",
    "flipping a switch",
    "toggle click",
    "mechanical switch",
    "rocker switch",
    held_out=("flicking a small lever", "settings toggle sound"),
    seconds=(0.3, 0.8),
)
def toggle(rng: Rng, seconds: float) -> Sound:
    out = np.zeros(times(seconds).size)
    on = rng.random() < 0.5
    words = {"motion": "rising" if on else "falling"}
    gap = rng.uniform(0.03, 0.11)
    f = pick(rng, 700, 2600)
    ratio = rng.uniform(1.25, 1.7) ** (1 if on else -1)
    if rng.random() < 0.65:
        material = str(rng.choice(["plastic", "metal"]))
        t60 = pick(rng, 0.02, 0.08)
        first = struck(rng, material, f, t60, rng.uniform(0.5, 1))
        second = struck(rng, material, f * ratio, 1.3 * t60, rng.uniform(0.6, 1))
        place(out, 0.6 * first, 60)
        place(out, second, 60 + round(gap * RATE))
        slide = bandpass(noise(rng, round(gap * RATE)), 1500, 6000)
        place(out, 0.06 * slide * np.hanning(slide.size), 60)
        words["material"] = material
    else:
        for index, pitch in enumerate((f / 1.5, f * ratio / 1.5)):
            blip = tone(rng, str(rng.choice(["sine", "triangle"])), pitch, 0.12)
            place(out, blip, 60 + round(index * gap * RATE))
        words["character"] = "electronic"
    return Sound(edges(pan(out, rng.uniform(-0.15, 0.15))), words)


@interface(
    "swipe",
    "swipe gesture",
    "screen swipe",
    "page swipe",
    "slide transition",
    "finger swipe",
    "swiping",
    "swipe on a phone",
    "swipe sound",
    "turning a page",
    "slide gesture",
    "quick swipe on glass",
    held_out=("touchscreen swipe sound", "card sliding on a screen"),
    seconds=(0.3, 1.0),
)
def swipe(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    length = min(0.95 * seconds, pick(rng, 0.12, 0.6))
    phase = np.clip(t / length, 0, 1)
    bell = np.sin(np.pi * phase ** rng.uniform(0.6, 1.4)) ** rng.uniform(1.2, 2.5)
    low = pick(rng, 900, 2600)
    octaves = rng.uniform(0.4, 2.0) * rng.choice([-1, 1])
    centre = low * 2 ** (octaves * (phase - 0.5))
    body = rng.random()
    broad = rng.uniform(1.3, 2.2)
    shared = noise(rng, t.size)
    air = np.stack([shared + 0.6 * noise(rng, t.size) for _ in range(2)])
    x = swept_band(air, centre / broad, centre * broad) * bell
    x /= np.abs(x).max()
    # a finger is dry and grainy, air is smooth
    if body < 0.5:
        x *= 0.4 + 0.6 * lowpass(np.abs(noise(rng, t.size)), 90, 1) * 2
    if rng.random() < 0.35:
        glide = sweep(0.5 * centre) * bell**2
        x += rng.uniform(0.15, 0.4) * glide
        words = {"character": "tonal"}
    else:
        words = graded("character", body, 0.4, 0.5, ("grainy", "airy"))
    words |= graded("motion", length, 0.2, 0.36, ("fast", "slow"))
    side = rng.choice([-1, 1]) * rng.uniform(0, 0.8)
    angle = side * (2 * phase - 1)
    x *= np.stack([np.sqrt(1 - angle), np.sqrt(1 + angle)])
    return Sound(edges(x), words)
