"""Machines: engines and motors, hums, clocks, and everything that warns or rings."""

from __future__ import annotations

import numpy as np
from scipy import signal

from sounds.dsp import (
    RATE,
    Array,
    Rng,
    bandpass,
    coloured,
    decay,
    finished,
    fm,
    highpass,
    lowpass,
    moving_band,
    noise,
    place,
    pulse,
    saw,
    slow,
    sweep,
    times,
)
from sounds.sound_class import Category, Sound, graded, hertz, pick

machines = Category("Machines")


def resonances(rng: Rng, t: Array, modes: list[tuple[float, float, float]]) -> Array:
    """What a struck body answers: modes of (Hz, seconds to fall 60 dB, level)."""
    return sum(
        level * np.sin(2 * np.pi * frequency * t + rng.uniform(0, 0.6)) * decay(t, t60)
        for frequency, t60, level in modes
    )


def struck(hits: Array, body: Array) -> Array:
    """``body`` heard at every non-zero sample of ``hits``, as loud as that sample."""
    return signal.fftconvolve(hits, body)[: hits.shape[0]]


def beats(rng: Rng, rate: Array, jitter: float) -> Array:
    """Sample indices of the beats of a rate in Hz per sample; ``jitter`` in parts of a period."""
    phase = np.cumsum(rate) / RATE + rng.random()
    at = np.flatnonzero(np.diff(np.floor(phase), prepend=np.floor(phase[0])) > 0)
    moved = at + jitter * rng.standard_normal(at.size) * RATE / rate[at]
    return np.clip(moved.astype(int), 0, rate.size - 1)


def combustion(rng: Rng, rate: Array, rough: float) -> tuple[Array, Array]:
    """Exhaust note and valve train of an engine that fires ``rate`` times a second."""
    count = rate.shape[0]
    at = beats(rng, rate, 0.02 + 0.07 * rough)
    # no two cylinders are equally strong, which is what makes an idle lope
    cylinders = 1 + rough * rng.uniform(-0.6, 0.6, int(rng.choice([2, 3, 4, 6, 8])))
    hits = np.zeros(count)
    swing = 1 + 0.3 * rough * rng.standard_normal(at.size)
    np.add.at(hits, at, cylinders[np.arange(at.size) % cylinders.size] * swing)
    t = times(0.16)
    base = float(np.median(rate))
    # what fires fast is small, and so are its pipes
    scale = (base / 26) ** 0.8
    pipe = [
        (base * rng.uniform(1.7, 2.3), 0.12, 1.0),
        (scale * pick(rng, 95, 170), 0.10, 0.9),
        (scale * pick(rng, 190, 330), 0.07, 0.6),
        (scale * pick(rng, 380, 700), 0.05, 0.35 + 0.3 * rough),
        (scale * pick(rng, 800, 1600), 0.03, 0.2 * rough + 0.05),
    ]
    burst = lowpass(noise(rng, t.size), 1400) * decay(t, 0.05, 0.002)
    exhaust = struck(hits, resonances(rng, t, pipe) + 0.6 * burst)
    puff = lowpass(np.maximum(struck(hits, decay(t, 0.08)), 0), 200, 1)
    exhaust = exhaust + 0.5 * bandpass(noise(rng, count), 120, 900, 1) * puff
    ticks = np.zeros(count)
    np.add.at(ticks, beats(rng, 2 * rate, 0.03), 1.0)
    ticks = ticks * (0.6 + 0.4 * rng.random(count))
    tick_t = times(0.02)
    valve = bandpass(noise(rng, tick_t.size), 1800, 6500, 1) * decay(tick_t, 0.014)
    return exhaust, struck(ticks, valve)


@machines(
    "engine idle",
    "car engine",
    "idling engine",
    "truck engine running",
    "motorcycle engine",
    "diesel engine",
    "car motor running",
    "idling car",
    "engine",
    "car running",
    "motor idling",
    "truck idling",
    "engine running in neutral",
    held_out=("parked vehicle with its engine on", "car ticking over"),
    seconds=(1.5, 10.0),
    sustained=True,
)
def engine_idle(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    firing, rough = pick(rng, 15, 48), rng.random()
    words = graded("size", firing, 22, 33, ("big", "small"))
    words |= graded("character", rough, 0.33, 0.67, ("smooth", "rough"))
    load = np.zeros(t.size)
    motion = rng.integers(3)
    if motion == 0:
        for start in np.arange(rng.uniform(0.1, 0.5), seconds, pick(rng, 1.2, 2.5)):
            after = np.maximum(t - start, 0)
            load += rng.uniform(0.5, 1) * (1 - np.exp(-after / 0.12)) * np.exp(-after / 0.45)
        words["motion"] = "revving"
    elif motion == 1:
        words["motion"] = "steady"
    wander = (0.02 if motion == 1 else 0.1) * (slow(rng, t.size, 3) - 0.5)
    rate = firing * (1 + wander + rng.uniform(1.5, 3) * load)
    exhaust, valves = combustion(rng, rate, rough)
    exhaust = np.tanh(exhaust / np.std(exhaust) * rng.uniform(0.4, 1.0))
    dull = lowpass(exhaust, pick(rng, 250, 3500), 1)
    x = dull + load * exhaust
    valves = valves / (np.std(valves) + 1e-9) * pick(rng, 0.02, 0.25)
    whine = 0.02 * rng.random() * sweep(rate * rng.choice([11, 14, 17]))
    intake = [0.06 * lowpass(coloured(rng, t.size, 0.7), 2500) * (0.4 + load) for _ in range(2)]
    return Sound(finished(np.stack(intake) + x + valves + whine, 0.03), words)


@machines(
    "electric motor",
    "motor whirring",
    "electric motor whine",
    "servo motor",
    "small motor",
    "motor whine",
    "motor",
    "electric engine",
    "small electric motor",
    "whirring motor",
    "power drill",
    "servo",
    "robot arm motor",
    held_out=("whirring electric machine", "electric drive running"),
    seconds=(0.8, 8.0),
    sustained=True,
)
def electric_motor(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    shaft = pick(rng, 22, 150)
    words = graded("size", shaft, 42, 80, ("big", "small"))
    speed = shaft * (1 + 0.03 * (slow(rng, t.size, 2) - 0.5))
    motion = rng.integers(4)
    ramp = t / seconds
    if motion == 0:
        speed = speed * 2 ** (-1.8 * np.exp(-3.5 * ramp))
        words["motion"] = "rising"
    elif motion == 1:
        speed = speed * 2 ** (-2.4 * ramp**1.6)
        words["motion"] = "falling"
    elif motion == 2:
        words["motion"] = "steady"
    else:
        speed = speed * (1 + 0.25 * (slow(rng, t.size, 1.5) - 0.5))
    slots = int(rng.integers(5, 13))
    x = 0.3 * sweep(speed) + 0.2 * sweep(2 * speed)
    for order in (1, 2, 3, 4, 6):
        weight = rng.uniform(0.1, 1) / order**0.7
        eccentric = 1 + rng.uniform(0, 0.5) * sweep(speed)
        x = x + weight * sweep(order * slots * speed) * eccentric
    gear = rng.uniform(0, 0.7) * lowpass(saw(speed * rng.uniform(2.2, 4.8)), 3500, 1)
    brush = moving_band(noise(rng, t.size), speed * slots * 5, 1.4)
    brush = brush * (1 + 0.6 * np.sign(sweep(speed * 2)))
    x = np.tanh(0.8 * (x + gear)) + rng.uniform(0.2, 1.2) * brush
    air = [0.08 * bandpass(noise(rng, t.size), 300, 5000, 1) for _ in range(2)]
    level = (speed / speed.max()) ** 0.7
    return Sound(finished((np.stack(air) + x) * level, 0.03), words)


@machines(
    "ventilation fan",
    "fan",
    "air conditioner",
    "air vent",
    "ventilation system",
    "desk fan",
    "extractor fan",
    "fan running",
    "air conditioning",
    "ventilation",
    "computer fan",
    "blower",
    "HVAC hum",
    "hair dryer",
    held_out=("air conditioning unit running", "spinning fan blowing air"),
    seconds=(1.5, 10.5),
    sustained=True,
)
def ventilation_fan(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    turns = pick(rng, 5, 40)
    words = graded("motion", turns, 10, 20, ("slow", "fast"))
    blades = int(rng.integers(3, 8))
    passing = np.full(t.size, turns * blades) * (1 + 0.01 * (slow(rng, t.size, 1) - 0.5))
    wobble = 1 + 0.25 * sweep(passing / blades) + rng.uniform(0.1, 0.6) * sweep(passing)
    size = rng.random()
    words |= graded("size", size, 0.33, 0.67, ("small", "big"))
    cut, floor = 6500 * 0.2**size, 240 * 0.2**size
    shared = coloured(rng, t.size, 0.9)
    air = np.stack([0.6 * shared + 0.6 * coloured(rng, t.size, 0.9) for _ in range(2)])
    air = highpass(lowpass(air, cut, 1), floor, 1) * wobble
    tone = sum(rng.uniform(0.2, 1) / k * sweep(k * passing) for k in (1, 2, 3, 5))
    hum = sum(rng.uniform(0, 1) / k * np.sin(2 * np.pi * 100 * k * t) for k in (1, 2, 3))
    x = air + pick(rng, 0.08, 0.9) * tone + rng.uniform(0, 0.25) * hum
    if rng.random() < 0.33:
        hits = np.zeros(t.size)
        at = beats(rng, passing / blades, 0.03)
        np.add.at(hits, at, rng.uniform(0.2, 1, at.size))
        rattle_t = times(0.06)
        modes = [(pick(rng, 500, 4500), pick(rng, 0.02, 0.06), rng.uniform(0.3, 1)) for _ in "abcd"]
        loose = resonances(rng, rattle_t, modes) + noise(rng, rattle_t.size) * decay(rattle_t, 0.01)
        x = x + rng.uniform(0.8, 1.8) * struck(hits, loose)
        words["character"] = "rattling"
    return Sound(finished(x, 0.03), words)


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


@machines(
    "police siren",
    "siren",
    "ambulance siren",
    "wailing siren",
    "emergency vehicle siren",
    "fire truck siren",
    "cop car siren",
    "police",
    "police car",
    "emergency siren",
    "ambulance",
    "fire engine",
    "cop siren",
    held_out=("police car chasing with its siren on", "ambulance driving by"),
    seconds=(1.5, 10.0),
    sustained=True,
)
def police_siren(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    kind = rng.integers(3)
    words = {}
    low, top = pick(rng, 450, 700), pick(rng, 1150, 1700)
    if kind == 0:
        turn = t / pick(rng, 2.8, 6.0) + rng.random()
        triangle = 1 - np.abs(2 * (turn % 1) - 1)
        frequency = low * (top / low) ** (triangle**0.7)
        words["motion"] = "slow"
    elif kind == 1:
        turn = t * pick(rng, 2.3, 4.5)
        frequency = low * (top / low) ** (1 - np.abs(2 * (turn % 1) ** 0.8 - 1))
        words["motion"] = "fast"
    else:
        high = (t / pick(rng, 0.45, 0.8) + rng.random()) % 1 < 0.5
        tone = pick(rng, 400, 620)
        frequency = tone * lowpass(np.where(high, rng.choice([1.26, 1.335, 1.2]), 1.0) - 1, 80, 1)
        frequency = frequency + tone
    near = rng.random()
    words |= graded("character", near, 0.3, 0.7, ("distant", "close"))
    if rng.random() < 0.4:
        # it drives past: the pitch sinks as it goes by
        past = np.tanh((t / seconds - rng.uniform(0.35, 0.65)) * 5)
        frequency = frequency * (1 - 0.05 * past)
        side, level = 0.5 + 0.4 * past * rng.choice([-1, 1]), 0.25 + 0.75 * (1 - past**2)
    else:
        side, level = np.full(t.size, 0.5), np.ones(t.size)
    x = np.tanh(2 * (saw(frequency) + 0.5 * pulse(frequency, 0.4)))
    horn = bandpass(x, 500, 900 + 3500 * near, 1) + 0.6 * bandpass(x, 1200, 2600, 1) * near
    horn = np.stack([horn * np.cos(np.pi / 2 * side), horn * np.sin(np.pi / 2 * side)]) * level
    # house fronts answer: the streets of a distant siren are longer
    for _ in range(4):
        delay = int(rng.uniform(0.05, 0.35) * (1.5 - near) * RATE)
        wall = lowpass(horn[int(rng.integers(2))], 1500, 1) * (0.15 + 0.4 * (1 - near))
        place(horn[int(rng.integers(2))], wall, delay)
    street = [lowpass(coloured(rng, t.size, 1.2), 500) for _ in range(2)]
    out = horn + 0.05 * (1 - near) * np.stack(street)
    return Sound(finished(out, 0.03), words)


@machines(
    "air-raid siren",
    "air raid siren",
    "civil defense siren",
    "war siren",
    "tornado siren",
    "bomb warning siren",
    "war siren wailing",
    "air raid warning",
    "tornado warning",
    "wartime siren",
    "hand cranked siren",
    "emergency warning siren",
    held_out=("old mechanical siren winding up", "evacuation siren over a city"),
    seconds=(3.0, 10.5),
    sustained=True,
)
def air_raid_siren(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    top = pick(rng, 300, 680)
    ramp = t / seconds
    words = {}
    motion = rng.integers(4)
    if motion == 0:
        speed = 0.12 + 0.88 * (1 - np.exp(-t / (seconds * rng.uniform(0.2, 0.4))))
        words["motion"] = "rising"
    elif motion == 1:
        speed = np.exp(-np.maximum(ramp - rng.uniform(0.05, 0.25), 0) * rng.uniform(1.6, 2.6))
        words["motion"] = "falling"
    elif motion == 2:
        speed = 1 + 0.004 * np.sin(2 * np.pi * 0.4 * t)
        words["motion"] = "steady"
    else:
        period = pick(rng, 3.0, 6.0)
        speed = 0.72 + 0.28 * np.sin(2 * np.pi * (t / period + rng.random()))
        words["motion"] = "wailing"
    near = rng.random()
    words |= graded("character", near, 0.33, 0.67, ("distant", "close"))
    ratios = [(1.0,), (1.0, 5 / 6), (1.0, 4 / 5), (1.0, 3 / 4)][rng.integers(4)]
    ports, mellow, breathy = rng.uniform(0, 1), rng.uniform(0, 2), pick(rng, 0.05, 0.9)
    horn, width = pick(rng, 1.2, 5), rng.uniform(0.9, 2.2)
    x = np.zeros(t.size)
    for ratio in ratios:
        frequency = top * ratio * speed
        chopped = saw(frequency) + ports * pulse(frequency, 0.35) + mellow * sweep(frequency)
        breath = breathy * noise(rng, t.size) * (0.6 + 0.4 * sweep(frequency))
        x += moving_band(chopped + breath, horn * top * (0.4 + 0.6 * speed), width)
    x = lowpass(x, 500 + 6000 * near**1.5, 2) * np.clip(speed, 0, 1) ** 0.8
    out = np.stack([x, x])
    for _ in range(5):
        wall = lowpass(x, 900, 1) * rng.uniform(0.1, 0.2 + 0.35 * (1 - near))
        place(out[int(rng.integers(2))], wall, int(rng.uniform(0.12, 0.7) * RATE))
    # open air: wind carries the sound here and away
    out = out * (0.7 + 0.6 * (1 - near) * (slow(rng, t.size, 1) - 0.5))
    return Sound(finished(out, 0.05), words)


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


@machines(
    "helicopter",
    "chopper",
    "helicopter flying",
    "helicopter rotor",
    "military helicopter",
    "helicopter blades",
    "helicopter passing",
    "helicopter hovering",
    "rotor",
    "army helicopter",
    "helicopter engine",
    "chopper blades",
    held_out=("chopper hovering overhead", "rotor blades chopping the air"),
    seconds=(2.0, 10.5),
    sustained=True,
)
def helicopter(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    rate = pick(rng, 9, 24)
    words = graded("size", rate, 12.5, 17.5, ("big", "small"))
    motion = rng.integers(4)
    ramp = t / seconds
    near = rng.random()
    if motion == 0:
        close = 0.12 + 0.88 * ramp**1.3
        words["motion"] = "approaching"
    elif motion == 1:
        close = 0.12 + 0.88 * (1 - ramp) ** 1.3
        words["motion"] = "leaving"
    else:
        close = np.full(t.size, 0.15 + 0.85 * near)
        words |= graded("character", near, 0.33, 0.67, ("distant", "close"))
        if motion == 2:
            words["motion"] = "steady"
    blades = np.full(t.size, rate) * (1 + 0.02 * (slow(rng, t.size, 1) - 0.5))
    hits = np.zeros(t.size)
    at = beats(rng, blades, 0.012)
    uneven = rng.uniform(0.7, 1.0)
    np.add.at(
        hits, at, np.where(np.arange(at.size) % 2, uneven, 1) * rng.uniform(0.9, 1.1, at.size)
    )
    slap_t = times(0.11)
    light = np.log(rate / 9) / np.log(24 / 9)
    deep = pick(rng, 38, 58) * (1 + light)
    thump = sweep(deep * (1 + np.exp(-slap_t / 0.012))) * decay(slap_t, 0.1, 0.006)
    slap = bandpass(noise(rng, slap_t.size), 160 + 250 * light, 1300 + 2000 * light, 1) * decay(
        slap_t, 0.06, 0.008
    )
    rotor = (1.2 - 0.7 * light) * struck(hits, thump)
    rotor = rotor + rng.uniform(0.5, 1.4) * close * struck(hits, slap)
    swish = lowpass(struck(hits, np.hanning(int(0.7 * RATE / rate))), 60, 1)
    air = [moving_band(noise(rng, t.size), 350 + 900 * close, 1.3) * swish for _ in range(2)]
    tail = lowpass(saw(blades * rng.uniform(4.7, 6.2)), 900, 1)
    whine = sweep(blades * rng.uniform(190, 330)) + 0.5 * sweep(blades * rng.uniform(350, 500))
    turbine = 0.05 * whine + 0.2 * bandpass(noise(rng, t.size), 2000, 7000, 1)
    x = rotor + 0.15 * tail + pick(rng, 0.4, 1.6) * close**2 * turbine
    out = (x + 0.9 * (0.3 + close) * np.stack(air)) * close**0.8
    # air swallows the high end of what is far away
    far = lowpass(out, 450, 1)
    return Sound(finished(far + close**1.5 * (out - far), 0.05), words)


@machines(
    "reversing beep",
    "truck reversing",
    "truck backing up",
    "reverse alarm",
    "backup beeper",
    "vehicle reverse beep",
    "backing up beep",
    "lorry reversing",
    "truck beeping",
    "vehicle backing up",
    "reversing truck warning",
    held_out=("lorry going backwards", "forklift backing up with a warning tone"),
    seconds=(1.5, 9.0),
    sustained=True,
)
def reversing_beep(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    tempo = float(rng.integers(60, 121))
    rate = tempo / 60
    words = graded("motion", rate, 1.25, 1.6, ("slow", "fast"))
    note = float(rng.integers(81, 91))
    harsh = rng.random()
    words |= graded("character", harsh, 0.33, 0.67, ("soft", "harsh"))
    gate = ((t * rate) % 1 < rng.uniform(0.4, 0.58)).astype(float)
    frequency = np.full(t.size, hertz(note))
    tone = sweep(frequency) + 2 * harsh**1.5 * pulse(frequency, 0.3)
    beep = bandpass(tone, 600, 2000 + 7000 * harsh, 1) * lowpass(gate, 120, 2)
    out = np.stack([beep, beep])
    # it beeps in a yard
    for _ in range(3):
        wall = lowpass(beep, 2500, 1) * rng.uniform(0.03, 0.16)
        place(out[int(rng.integers(2))], wall, int(rng.uniform(0.03, 0.2) * RATE))
    if rng.random() < 0.6:
        exhaust, valves = combustion(rng, np.full(t.size, pick(rng, 18, 32)), rng.random())
        diesel = lowpass(exhaust / np.std(exhaust), 700, 1) + 0.1 * valves / np.std(valves)
        out = out + rng.uniform(0.03, 0.2) * diesel
    return Sound(finished(out, 0.02), words, note=note, tempo=tempo)
