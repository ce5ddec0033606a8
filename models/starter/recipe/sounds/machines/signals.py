"""What beeps and rings."""

from __future__ import annotations

import numpy as np

from sounds.dsp import (
    Rng,
    bandpass,
    decay,
    finished,
    fm,
    highpass,
    lowpass,
    noise,
    pulse,
    sweep,
    times,
)
from sounds.machines.bodies import beats, resonances, struck
from sounds.sound_class import Category, Sound, graded, hertz, pick

machines = Category("Machines")


@machines(
    "alarm beep",
    "beeping alarm",
    "alarm",
    "alarm clock",
    "warning beep",
    "electronic alarm",
    "smoke detector",
    "alarm beeping",
    "beep beep alarm",
    "fire alarm",
    "security alarm",
    "wake up alarm",
    "repeating beep",
    held_out=("device beeping in alarm", "digital clock waking somebody up"),
    seconds=(1.0, 8.0),
    sustained=True,
)
def alarm_beep(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    harsh = rng.random()
    words = graded("character", harsh, 0.33, 0.67, ("soft", "harsh"))
    note = float(rng.integers(77, 104))
    frequency = np.full(t.size, hertz(note))
    tempo = None
    kind = rng.integers(4)
    if kind < 2:
        tempo = float(rng.integers(60, 181)) if rng.random() < 0.7 else None
        rate = tempo / 60 if tempo else pick(rng, 3.2, 6)
        words |= graded("motion", rate, 1.7, 2.6, ("slow", "fast"))
        gate = (t * rate) % 1 < rng.uniform(0.25, 0.6)
    elif kind == 2:
        period = rng.uniform(0.9, 1.4)
        count, beep = int(rng.integers(3, 5)), rng.uniform(0.11, 0.16)
        place_in = t % period
        gate = (place_in < count * beep) & (place_in % beep < 0.55 * beep)
    else:
        rate = pick(rng, 1.2, 5)
        words |= graded("motion", rate, 1.9, 3.1, ("slow", "fast"))
        other = rng.choice([-5, -4, -3, -2, 3, 4, 5, 7])
        frequency = hertz(note + other * ((t * rate) % 1 < 0.5))
        gate, note = np.ones(t.size), None
    piezo = sweep(frequency) + (0.1 + harsh) * 0.5 * pulse(frequency, 0.5)
    piezo = piezo + harsh * 0.4 * fm(frequency, 2.0, 1.5)
    cabinet = piezo + 0.5 * bandpass(piezo, 2200, 4200, 1)
    gate = lowpass(np.asarray(gate, float), 250 if harsh > 0.5 else 60, 2)
    return Sound(finished(lowpass(cabinet, 12000) * gate), words, note=note, tempo=tempo)


@machines(
    "telephone ring",
    "phone ringing",
    "ringing telephone",
    "old phone ring",
    "landline phone",
    "rotary phone bell",
    "office phone ringing",
    "phone",
    "telephone",
    "phone call",
    "ringing phone",
    "classic telephone bell",
    "ring ring",
    held_out=("incoming call on a telephone", "unanswered phone in the next room"),
    seconds=(1.0, 8.0),
    sustained=True,
)
def telephone_ring(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    on, off = [(2.0, 4.0), (1.0, 2.0), (0.8, 1.2), (1.5, 1.5)][rng.integers(4)]
    double = rng.random() < 0.35
    within = t % (on + off if not double else 3.0)
    ringing = (within < 0.4) | ((within > 0.6) & (within < 1.0)) if double else within < on
    if rng.random() < 0.55:
        rate = rng.uniform(17, 26)
        at = beats(rng, np.full(t.size, rate), 0.01)
        at = at[ringing[at]]
        out = np.zeros((2, t.size))
        ring_t = times(min(2.5, seconds))
        pitch = pick(rng, 750, 1900)
        click = highpass(noise(rng, ring_t.size), 2500) * decay(ring_t, 0.006)
        for side, turn in ((0, 1.0), (1, rng.choice([1.19, 1.26, 1.335, 1.5]))):
            modes = [
                (pitch * turn * r, pick(rng, 0.7, 1.6) / r**0.6, rng.uniform(0.3, 1) / r**0.4)
                for r in (1, 2.02, 2.76, 4.1, 5.4)
            ]
            hits = np.zeros(t.size)
            mine = at[side::2]
            np.add.at(hits, mine, rng.uniform(0.8, 1, mine.size))
            bell = struck(hits, resonances(rng, ring_t, modes) + 0.7 * click)
            out += np.array([[0.6 - 0.2 * side], [0.4 + 0.2 * side]]) * bell
        return Sound(finished(out, 0.03), {"character": "old", "material": "metal"})
    low = pick(rng, 650, 1500)
    high = low * rng.choice([1.19, 1.25, 1.335, 1.2])
    alternate = (t * pick(rng, 9, 24)) % 1 < 0.5
    frequency = np.where(alternate, high, low)
    tone = pulse(frequency, 0.5) if rng.random() < 0.5 else np.tanh(1.5 * sweep(frequency))
    x = bandpass(tone, 600, pick(rng, 2500, 6000), 1)
    x = x * lowpass(ringing.astype(float), 120, 1)
    return Sound(finished(x, 0.02), {"character": "electronic"})
