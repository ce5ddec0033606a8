"""What loops are made of: basses, chords, and takes on one drum."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sounds import drum_hits as hits
from sounds.dsp import RATE, Array, Rng, decay, ended, lowpass, saw, sweep, times
from sounds.sound_class import hertz, pick

MINOR = (0, 3, 5, 7, 10, 12)


def glued(x: Array, gain: float = 1.0) -> Array:
    """The sum as one: soft peaks and no offset."""
    return ended(hits.driven(x, gain))


def crushed(rng: Rng, x: Array) -> Array:
    """As an old sampler plays it: few steps in time and in level, no top."""
    hold = int(rng.integers(2, 5))
    held = np.repeat(hits.scaled(x)[:, ::hold], hold, axis=1)[:, : x.shape[1]]
    steps = 2 ** rng.uniform(4.5, 6)
    return lowpass(np.round(np.tanh(1.5 * held) * steps) / steps, pick(rng, 5500, 9000))


def released(x: Array, seconds: float = 0.008) -> Array:
    """The same with a short end, so that a note stops without a click."""
    count = x.shape[-1]
    fade = min(round(seconds * RATE), count)
    x[..., count - fade :] *= np.linspace(1, 0, fade)
    return x


def bass_note(cutoff: float, t60: float) -> Callable[[int, float], Array]:
    """A plucked saw bass: its harmonics die before its fundamental."""

    def make(note: int, seconds: float) -> Array:
        t = times(seconds)
        wave = saw(np.full(t.size, hertz(note)))
        x = lowpass(wave, cutoff) * decay(t, t60, 0.003)
        return released(x + lowpass(wave, 5 * cutoff) * decay(t, 0.3 * t60, 0.001))

    return make


def reese_note(rng: Rng, drive: float) -> Callable[[int, float], Array]:
    """Saws that beat against each other over a sine an octave below."""
    apart, cutoff = rng.uniform(0.006, 0.016), pick(rng, 300, 1100)

    def make(note: int, seconds: float) -> Array:
        t = times(seconds)
        f = hertz(note)
        beating = sum(saw(np.full(t.size, f * (1 + apart * k))) for k in (-1, 0, 1.1))
        x = hits.driven(lowpass(beating, cutoff), drive)
        return released((0.6 * x + 0.6 * np.sin(np.pi * f * t)) * np.clip(t / 0.005, 0, 1))

    return make


def sub_note(drive: float, t60: float) -> Callable[[int, float], Array]:
    """A sine with a falling start, clean or overdriven."""

    def make(note: int, seconds: float) -> Array:
        t = times(seconds)
        f = hertz(note)
        x = sweep(f * (1 + 1.5 * np.exp(-t / 0.015))) * decay(t, t60, 0.002)
        return released(hits.driven(x, drive), 0.02)

    return make


def chord(cutoff: float, t60: float, intervals: tuple[int, ...]) -> Callable[[int, float], Array]:
    """A short stab of saws, a little sharp on one side and flat on the other: [2, n]."""

    def make(note: int, seconds: float) -> Array:
        t = times(min(seconds, t60))
        f = np.array([hertz(note + i) for i in intervals])
        flat, sharp = (sum(saw(np.full(t.size, each)) for each in f * d) for d in (0.997, 1.004))
        x = np.stack([flat + 0.4 * sharp, 0.4 * flat + sharp]) / len(f)
        return released(
            lowpass(x, cutoff) * decay(t, t60, 0.004)
            + 0.5 * lowpass(x, 3 * cutoff) * decay(t, 0.3 * t60, 0.002)
        )

    return make


def minor_chord(rng: Rng) -> tuple[int, ...]:
    """A minor seventh, a minor ninth or a minor triad with its octave."""
    return ((0, 3, 7, 10), (0, 3, 7, 10, 14), (0, 3, 7, 12))[int(rng.integers(3))]


def kick_electronic(rng: Rng, drive: float = 1.6) -> list[Array]:
    t = times(0.5)
    t60, click = pick(rng, 0.25, 0.5), pick(rng, 0.1, 0.4)
    return [hits.kick_electronic(rng, t, pick(rng, 44, 58), t60, click, drive)]


def hats(rng: Rng, t60: float, acoustic: bool, takes: int = 3) -> list[Array]:
    """Several takes on one hi-hat, louder than drums of the same peak: they are so short."""
    make = hits.hat_acoustic if acoustic else hits.hat_electronic
    t, base = times(min(1.1 * t60, 0.6)), pick(rng, 2800, 4800)
    return [1.5 * make(rng, t, t60, rng.uniform(0.35, 0.65), base) for _ in range(takes)]


def percussion(rng: Rng) -> list[Array]:
    """Some small thing, struck."""
    t = times(0.3)
    kind = int(rng.integers(5))
    if kind == 0:
        return [hits.conga_hit(rng, t, pick(rng, 180, 350), "open")]
    if kind == 1:
        return [hits.rim(rng, t, pick(rng, 350, 700), 0.4, metal=False)]
    if kind == 2:
        return [hits.block(rng, t, pick(rng, 500, 1800), 0.09, 0.5)]
    if kind == 3:
        return [hits.cowbell(rng, t, pick(rng, 450, 850), 0.25, True, 0.5)]
    return [sweep(pick(rng, 200, 600) * (1 + 2 * np.exp(-t / 0.02))) * decay(t, 0.15, 0.001)]


def snares(rng: Rng, acoustic: bool, t60: float) -> list[Array]:
    """Two takes on one snare."""
    make = hits.snare_acoustic if acoustic else hits.snare_electronic
    t, base = times(min(1.2 * t60, 0.5)), pick(rng, 165, 250)
    return [make(rng, t, base * rng.uniform(0.99, 1.01), t60, rng.uniform(0.4, 0.7)) for _ in "ab"]


def rolls(rng: Rng, steps: int, chance: float) -> tuple[list[float], list[float]]:
    """Eighths on a hi-hat, some of them split into two, three, four or six: one repeated bar."""
    bar_positions, bar_strengths = [], []
    for eighth in range(8):
        split = int(rng.choice([3, 4, 6])) if rng.random() < chance else int(rng.choice([1, 2]))
        rising = rng.random() < 0.5
        for index in range(split):
            bar_positions.append(2 * eighth + 2 * index / split)
            ramp = (index + 1) / split if rising else 1 - 0.5 * index / split
            bar_strengths.append((1.0 if split < 3 else 0.8) * (0.4 + 0.6 * ramp))
    bars = -(-steps // 16)
    positions = [16 * bar + position for bar in range(bars) for position in bar_positions]
    return positions, bar_strengths * bars
