"""Drums and cymbals: one hit (of the timpani and the tambourine also a roll) that dies away."""

from __future__ import annotations

import numpy as np

from sounds import drum_hits as hits
from sounds.dsp import RATE, Array, Rng, decay, highpass, lowpass, place, sweep, times
from sounds.sound_class import Category, Sound, graded, hertz, pick

drums = Category("Drums")


def one_of(rng: Rng, *options: str) -> str:
    return options[int(rng.integers(len(options)))]


def finished(x: Array) -> Array:
    """Stereo [2, n], without what lies below hearing, and silent at the end."""
    x = highpass(np.broadcast_to(x, (2, x.shape[-1])), 18, 1)
    fade = min(round(0.02 * RATE), x.shape[-1])
    x[:, x.shape[-1] - fade :] *= np.linspace(1, 0, fade)
    return x


def told(**words: str) -> dict[str, str]:
    """The words by kind; an empty one says that there is nothing to say."""
    return {kind: word for kind, word in words.items() if word}


def panned(x: Array, pan: float) -> Array:
    """Mono [n] at a place between left (0) and right (1), at equal power."""
    return np.stack([np.cos(pan * np.pi / 2) * x, np.sin(pan * np.pi / 2) * x])


@drums(
    "kick drum",
    "kick",
    "bass drum",
    "kick hit",
    "kick drum one shot",
    "bass drum hit",
    "four on the floor kick",
    "kick beat",
    "techno kick",
    "thumping bass drum",
    "floor-shaking kick",
    held_out=("kick sample", "drum kick"),
    seconds=(0.4, 1.5),
)
def kick(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    material = one_of(rng, "acoustic", "electronic")
    character = one_of(rng, "deep", "punchy", "distorted", "soft", "")
    base = pick(rng, 44, 68)
    t60 = pick(rng, 0.25, 0.6)
    click, drive = pick(rng, 0.08, 0.4), pick(rng, 1.0, 2.5)
    if character == "deep":
        base, t60, click = pick(rng, 36, 46), pick(rng, 0.5, 0.9), 0.06
    elif character == "punchy":
        base, t60, click = pick(rng, 56, 78), pick(rng, 0.16, 0.3), pick(rng, 0.35, 0.7)
    elif character == "distorted":
        drive = pick(rng, 6, 25)
    elif character == "soft":
        click, drive = 0.02, 1.0
    hit = hits.kick_acoustic if material == "acoustic" else hits.kick_electronic
    x = hit(rng, t, base, min(t60, 0.95 * seconds), click, drive)
    if character == "soft":
        x = lowpass(x, pick(rng, 250, 700))
    return Sound(finished(x), told(material=material, character=character))


@drums(
    "808 bass",
    "sub kick",
    "deep sub kick",
    "808",
    "808 kick",
    "booming 808",
    "trap 808 bass note",
    "long bass kick",
    "tuned 808",
    "sub bass drum",
    "booming low drum",
    held_out=("long 808 sub", "hip hop 808 bass hit"),
    seconds=(0.8, 3.5),
    pitched=True,
)
def bass_808(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    note = int(rng.integers(26, 46))
    base = hertz(note)
    character = one_of(rng, "clean", "distorted", "punchy")
    t60 = min(pick(rng, 0.9, 4.0), 1.05 * seconds)
    top = base * (pick(rng, 3, 9) if character == "punchy" else pick(rng, 0.3, 2.0))
    fall = np.exp(-t / pick(rng, 0.008, 0.025))
    hold = rng.uniform(0, 0.25) * seconds
    x = sweep(base + top * fall) * decay(np.maximum(t - hold, 0), t60) * np.clip(t / 0.002, 0, 1)
    if character == "distorted":
        # a lopsided curve adds even harmonics, as an overdriven valve does
        x = np.tanh(pick(rng, 3, 12) * x + 0.4) - np.tanh(0.4)
        x = lowpass(highpass(x, 20, 1), pick(rng, 900, 5000))
    else:
        x = hits.driven(x, rng.uniform(0.2, 1.3))
    if character == "punchy":
        x = x + rng.uniform(0.2, 0.5) * hits.burst(rng, t, 1200, 8000, 0.02)
    return Sound(finished(x), told(character=character), note=note)


@drums(
    "snare drum",
    "snare",
    "snare hit",
    "snare drum hit",
    "snare one shot",
    "backbeat snare",
    "snare crack",
    "rattling snare",
    "military snare",
    "drum snare hit",
    held_out=("snare sample", "drum kit snare"),
    seconds=(0.4, 1.5),
)
def snare(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    material = one_of(rng, "acoustic", "electronic")
    character = one_of(rng, "soft", "hard", "distorted", "")
    base = pick(rng, 140, 290)
    t60 = pick(rng, 0.16, 0.5) * (base / 200) ** -0.6
    force = {"soft": rng.uniform(0, 0.15), "hard": rng.uniform(0.8, 1)}.get(character, 0.5)
    hit = hits.snare_acoustic if material == "acoustic" else hits.snare_electronic
    x = hit(rng, t, base, min(t60, 0.8 * seconds), force)
    if character == "distorted":
        x = hits.driven(x, pick(rng, 5, 15))
    words = told(material=material, character=character)
    return Sound(finished(x), words | graded("size", -base, -225, -170, ("small", "big")))


@drums(
    "rimshot",
    "rim shot",
    "side stick",
    "cross stick",
    "snare rim click",
    "stick on the rim of a snare",
    "stick click on a drum",
    "metal rim of a drum",
    "clicking side stick",
    "snare edge",
    held_out=("rim hit", "drum rim tap"),
    seconds=(0.3, 1.0),
)
def rimshot(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    character, material = one_of(rng, "soft", "hard", ""), one_of(rng, "wood", "metal")
    force = {"soft": rng.uniform(0, 0.2), "hard": rng.uniform(0.75, 1.0), "": 0.45}[character]
    base = pick(rng, 330, 620) * (1.3 if material == "metal" else 1)
    x = hits.rim(rng, t, base, force, material == "metal")
    return Sound(finished(x), told(character=character, material=material))


@drums(
    "hand clap",
    "clap",
    "handclap",
    "one clap",
    "clapping hands hit",
    "clap hit",
    "electronic clap",
    "clapping once",
    "people clap together once",
    "disco clap",
    held_out=("clap sample", "single hand clap"),
    seconds=(0.4, 1.5),
)
def clap(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    if rng.random() < 0.45:
        tight = one_of(rng, "tight", "loose")
        spread = pick(rng, 0.018, 0.028) if tight == "tight" else pick(rng, 0.045, 0.08)
        x = hits.clap(rng, t, spread, min(pick(rng, 0.12, 0.45), 0.7 * seconds))
        return Sound(finished(x), told(material="electronic", character=tight))
    size = one_of(rng, "small", "big")
    if size == "small":
        return Sound(finished(hits.palms(rng, t)), told(size=size, material="acoustic"))
    out = np.zeros((2, t.size))
    grain = times(min(0.15, seconds))
    for _ in range(int(rng.integers(6, 18))):
        start = abs(rng.normal(0, 0.018))
        far = rng.uniform(0.3, 1)
        x = panned(far * hits.palms(rng, grain), rng.random())
        place(out, x, int(start * RATE))
    return Sound(finished(out), told(size=size, material="acoustic"))


def hat(rng: Rng, seconds: float, t60: float) -> Sound:
    """A hi-hat of either make, in three dynamics."""
    t = times(seconds)
    material = one_of(rng, "acoustic", "electronic")
    character = one_of(rng, "soft", "hard", "")
    force = {"soft": rng.uniform(0, 0.15), "hard": rng.uniform(0.8, 1.0), "": 0.45}[character]
    make = hits.hat_acoustic if material == "acoustic" else hits.hat_electronic
    x = make(rng, t, min(t60, seconds), force, pick(rng, 2600, 5200))
    return Sound(finished(x), told(material=material, character=character))


@drums(
    "closed hi-hat",
    "closed hat",
    "hi-hat",
    "hihat",
    "hi-hat tick",
    "closed hi hat hit",
    "short hat",
    "tight hi-hat",
    "tss of a hi-hat",
    "pedal hi-hat",
    held_out=("hi-hat sample", "tight closed hihat"),
    seconds=(0.25, 1.0),
)
def closed_hat(rng: Rng, seconds: float) -> Sound:
    return hat(rng, seconds, pick(rng, 0.035, 0.14))


@drums(
    "open hi-hat",
    "open hat",
    "open hihat",
    "ringing open hi-hat",
    "open hi hat hit",
    "long hi-hat",
    "sizzling hi-hat",
    "hat left open",
    "offbeat open hat",
    held_out=("open hat sample", "washy open hihat"),
    seconds=(0.5, 1.8),
)
def open_hat(rng: Rng, seconds: float) -> Sound:
    return hat(rng, seconds, pick(rng, 0.4, 1.5))


@drums(
    "crash cymbal",
    "crash",
    "cymbal",
    "cymbal crash",
    "cymbal smash",
    "crashing cymbal",
    "loud cymbal",
    "cymbal struck hard",
    "drummer's crash",
    "long cymbal crash",
    held_out=("cymbal hit", "drum kit crash"),
    seconds=(1.2, 6.0),
)
def crash(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    size, character = one_of(rng, "small", "big", ""), one_of(rng, "soft", "hard", "")
    base = pick(rng, *{"small": (700, 1100), "": (420, 600), "big": (200, 330)}[size])
    t60 = pick(rng, *{"small": (0.8, 1.6), "": (1.6, 3.2), "big": (3.0, 6.0)}[size])
    attack = pick(rng, 0.05, 0.14) if character == "soft" else 0.0
    x = hits.cymbal(rng, t, base, min(t60, 1.1 * seconds), pick(rng, 9, 17) * base, attack)
    if character == "hard":
        x = hits.driven(x + 0.7 * hits.burst(rng, t, 2500, 14000, 0.06), 1.6)
    elif character == "soft":
        x = lowpass(x, pick(rng, 3500, 7000), 1)
    return Sound(finished(x), told(size=size, character=character))


@drums(
    "ride cymbal",
    "ride",
    "ride cymbal hit",
    "jazz ride",
    "ride cymbal ping",
    "stick on a ride cymbal",
    "ride bell",
    "steady cymbal ping",
    "drummer's ride",
    "swing ride cymbal",
    held_out=("ride sample", "pinging ride cymbal"),
    seconds=(1.0, 5.0),
)
def ride(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    size = one_of(rng, "small", "big", "")
    base = pick(rng, *{"small": (480, 650), "": (340, 450), "big": (220, 310)}[size])
    t60 = min(pick(rng, 1.5, 4.5), 1.1 * seconds)
    character = one_of(rng, "clean", "washy", "bell-like")
    wash = hits.cymbal(rng, t, base, t60, pick(rng, 8, 16) * base, 0.03)
    count = 14
    f = base * np.sort(rng.uniform(2.0, 22, count))
    if character == "bell-like":
        f = base * np.array([1.9, 2.9, 4.1, 5.2, 6.9, 8.4, 10.1, 12, 14, 16, 18, 20, 22, 24])
        f = f * rng.uniform(0.98, 1.02, count)
    levels = rng.uniform(0.5, 1, count) * (f / f[0]) ** -0.3
    t60s = 0.6 * t60 * (f / f[0]) ** -0.4
    ping = hits.scaled(hits.ring(t.size, f, levels, t60s, rng.uniform(0, 6, count)))
    stick = hits.burst(rng, t, 2500, 15000, 0.015, 0.0003)
    washed = {"clean": 0.35, "washy": 1.6, "bell-like": 0.3}[character]
    tip = {"clean": 0.7, "washy": 0.3, "bell-like": 0.4}[character]
    tone = {"clean": 0.6, "washy": 0.25, "bell-like": 1.2}[character]
    x = washed * wash + tone * ping * np.clip(t / 0.0007, 0, 1) + tip * stick
    return Sound(finished(x), told(size=size, character=character))


@drums(
    "tom drum",
    "tom",
    "tom-tom",
    "tom hit",
    "tom one shot",
    "drum fill tom",
    "floor tom",
    "rack tom",
    "low tom",
    "tom roll hit",
    held_out=("tom sample", "drum kit tom"),
    seconds=(0.5, 2.0),
)
def tom(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    note = int(rng.integers(38, 59))
    base = hertz(note)
    material = one_of(rng, "acoustic", "electronic")
    character = one_of(rng, "soft", "hard", "")
    force = {"soft": 0.1, "hard": 0.9, "": 0.45}[character]
    t60 = min(pick(rng, 0.4, 1.3) * (base / 120) ** -0.4, 0.95 * seconds)
    if material == "electronic":
        swoop = pick(rng, 0.4, 1.8)
        x = sweep(base * (1 + swoop * np.exp(-t / pick(rng, 0.02, 0.06)))) * decay(t, t60, 0.001)
        x = hits.driven(x, 1 + force) + force * 0.3 * hits.burst(rng, t, 500, 9000, 0.08)
    else:
        x = hits.scaled(
            hits.skin(t, base, 0.05 + 0.3 * force, pick(rng, 0.02, 0.05), t60, hits.SKIN)
        )
        stick = hits.burst(rng, t, 700, 2000 + 6000 * force, 0.025)
        shell = hits.burst(rng, t, base, base * 5, 0.15, 0.002)
        x = hits.driven(x + (0.1 + 0.5 * force) * stick + 0.12 * shell, 1.2)
    words = told(material=material, character=character)
    words |= graded("size", -note, -50, -44, ("small", "big"))
    return Sound(finished(x), words, note=note)


@drums(
    "cowbell",
    "cow bell",
    "cowbell hit",
    "cowbell one shot",
    "bell percussion hit",
    "metal cowbell",
    "disco cowbell",
    "808 cowbell",
    "bell struck with a stick",
    held_out=("cowbell sample", "latin cowbell"),
    seconds=(0.3, 1.2),
)
def cowbell(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    electronic = rng.random() < 0.4
    character = one_of(rng, "soft", "hard", "muted", "")
    base = pick(rng, 380, 900)
    t60 = pick(rng, 0.06, 0.11) if character == "muted" else pick(rng, 0.25, 0.8)
    force = {"soft": 0.05, "hard": 1.0}.get(character, 0.5)
    x = hits.cowbell(rng, t, base, min(t60, seconds), electronic, force)
    if character == "soft":
        x = lowpass(x, base * 2.5)
    elif character == "hard":
        x = hits.driven(x, 3)
    words = told(material="electronic" if electronic else "metal", character=character)
    return Sound(finished(x), words | graded("size", -base, -650, -500, ("small", "big")))


@drums(
    "shaker",
    "maraca",
    "maracas",
    "egg shaker",
    "shaker hit",
    "rattle shaker",
    "shaking seeds",
    "shaken eggs",
    "rhythm shaker",
    "rattling beads",
    held_out=("shaker sample", "shaken maraca"),
    seconds=(0.25, 1.2),
)
def shaker(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    material = one_of(rng, "metal", "wood", "")
    low = pick(rng, *{"metal": (6000, 8000), "wood": (1800, 3000), "": (3500, 5500)}[material])
    high = low * pick(rng, 1.7, 3.0)
    beads = pick(rng, 400, 5000)
    motion = one_of(rng, "fast", "slow")
    length = min(pick(rng, *((0.04, 0.08) if motion == "fast" else (0.14, 0.24))), seconds / 1.6)
    motion = motion if length < 0.09 or length > 0.13 else ""
    x = hits.shake(rng, t, low, high, length, beads)
    if 2.9 * length < seconds and rng.random() < 0.4:
        # the way back, a little softer
        back = hits.shake(rng, t, low, high * 0.9, length, beads)
        place(x, rng.uniform(0.5, 0.9) * back, int(1.3 * length * RATE))
    return Sound(finished(x), told(material=material, motion=motion))


@drums(
    "tambourine",
    "tambourine hit",
    "tambourine jingles",
    "jingling tambourine",
    "hand percussion jingle",
    "shaking a tambourine",
    "small metal jingles",
    "hit on a tambourine",
    "gospel tambourine",
    held_out=("tambourine sample", "shaken tambourine jingles"),
    seconds=(0.4, 2.5),
)
def tambourine(rng: Rng, seconds: float) -> Sound:
    t = times(seconds)
    motion = one_of(rng, "struck", "shaken")
    character = one_of(rng, "soft", "hard", "")
    loud = {"soft": 0.2, "hard": 1.0, "": 0.5}[character]
    t60 = pick(rng, 0.12, 0.35)
    if motion == "struck":
        count = int(rng.integers(8, 24))
        starts = np.sort(rng.exponential(0.025, count))
        x = hits.jingles(rng, t, starts, np.exp(-starts / 0.04), t60)
        head = hits.burst(rng, t, 180, 900, 0.07) + hits.burst(rng, t, 900, 6000, 0.02)
        x = x + (0.15 + 0.5 * loud) * rng.uniform(0.4, 1) * head
    else:
        rate, until = pick(rng, 8, 16), seconds * rng.uniform(0.6, 0.8)
        starts, levels = [], []
        for index in range(max(2, int(until * rate))):
            for _ in range(int(rng.integers(3, 7))):
                starts.append(max(0.0, (index + rng.normal(0.1, 0.12)) / rate))
                levels.append(rng.uniform(0.3, 1) * (1 if index % 2 else 0.7))
        x = hits.jingles(rng, t, np.array(starts), np.array(levels), t60 * 0.6)
    if character == "soft":
        x = lowpass(x, 6500, 1)
    elif character == "hard":
        x = hits.driven(x, 2.5)
    return Sound(finished(x), told(motion=motion, character=character))


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
    return Sound(finished(x), words, note=note if character == "open" else None)


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
        return Sound(finished(player()), told(size=size, character=character))
    out = np.zeros((2, t.size))
    for index in range(3):
        start = 0 if index == 0 else abs(rng.normal(0, 0.012))
        place(out, panned(player(), rng.uniform(0.2, 0.8)), int(start * RATE))
    return Sound(finished(out), told(size=size, character=character))


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
        return Sound(finished(x), told(character=character, motion="struck"), note=note)
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
    return Sound(finished(out), told(character=character, motion="rolling"), note=note)


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
        return Sound(
            finished(hits.tabla_hit(rng, t, hertz(note), t60)), told(character=stroke), note
        )
    if stroke == "muted":
        x = hits.tabla_hit(rng, t, pick(rng, 250, 480), pick(rng, 0.05, 0.12))
        x = x + 0.5 * hits.burst(rng, t, 800, 5000, 0.03)
        return Sound(finished(x), told(character=stroke))
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
    return Sound(finished(x), told(character=stroke, motion=motion))


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
    return Sound(finished(x), words | graded("size", -base, -1500, -750, ("small", "big")))
