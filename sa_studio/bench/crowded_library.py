"""A library as it is after years: many takes, with what was decided about them."""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import fields
from itertools import count

import numpy as np

from sa_studio.generation import ClipState, GenerationRequest, Verdict
from sa_studio.library import labels
from sa_studio.library.database import Database
from sa_studio.library.labels import LabelKind
from sa_studio.paths import DataFolder

FIRST_DAY = 1_700_000_000.0  # seconds since 1970
PACE = 600.0  # seconds between takes, on average
PICTURES = 200
COLUMNS = 120

# fmt: off
HOW = (
    "soft", "heavy", "short", "long", "distant", "close", "dark", "bright", "dry", "wet", "sharp",
    "dull", "old", "huge", "tiny", "slow",
)
WHAT = (
    "wooden door slam", "stone door", "kick drum", "snare drum", "glass shatter", "metal clang",
    "footsteps", "rain", "wind", "thunder", "explosion", "piano C4", "harp A3", "sub bass F1",
    "choir pad", "synth pluck", "riser", "whoosh", "impact", "button click", "notification chime",
    "engine", "siren", "crickets", "fire", "vinyl crackle",
)
WHERE = (
    "in a large hall", "in a small room", "on gravel", "on wood", "outside at night",
    "in a tunnel", "under water", "behind a wall", "with a long tail", "in the distance",
    "120 bpm", "swinging",
)
TAGS = (
    "door", "drum", "hit", "loop", "ambience", "ui", "creature", "weapon", "nature", "vehicle",
    "magic", "water", "metal", "wood", "glass", "boss fight", "menu", "cutscene", "trailer",
    "approved", "to fix", "layer", "sweetener", "tail",
)
COLLECTIONS = (
    "Level 1", "Level 2", "Trailer", "Menu", "Weather", "Library delivery",
)
REMARKS = (
    "too long at the end", "good as a layer under the second hit", "ask Anna about the tail",
    "pitch down two semitones", "use from 0.4 s on", "first choice for the gate",
)
# fmt: on

Row = tuple[object, ...]


def fill(data: DataFolder, takes: int) -> None:
    """Put ``takes`` finished takes into the library of a data folder, in one transaction.

    They are the same every time. Their sound files are not there: nothing reads them until a
    take is chosen.
    """
    chance = random.Random(7)  # noqa: S311 (no secret)
    database = Database(data.library, when_alone=lambda _: None)
    try:
        with database.transaction() as db:
            rows = list(_rows(data, takes, chance))
            columns = (
                "id, job_id, take, prompt, model, request, state, created_at, path, seconds, "
                "sample_rate, channels, elapsed_seconds, thumbnail, stars, verdict, notes, tags, "
                "collections"
            )
            places = ", ".join("?" for _ in columns.split(","))
            db.executemany(f"INSERT INTO clip ({columns}) VALUES ({places})", rows)  # noqa: S608
            _enter_labels(db)
    finally:
        database.close()


def _rows(data: DataFolder, takes: int, chance: random.Random) -> Iterator[Row]:
    pictures = _pictures()
    jobs = count()
    job, prompt, left = 0, "", 0
    moment = FIRST_DAY
    for number in range(takes):
        if left == 0:
            job, left = next(jobs), chance.randint(1, 6)
            prompt = _prompt(chance)
            moment += chance.expovariate(1 / (PACE * 3))
        left -= 1
        seconds = round(chance.uniform(0.5, 10.0), 2)
        request = GenerationRequest(
            prompt, seconds=seconds, seed=chance.getrandbits(31), steps=16, guidance_scale=3.5,
            sampler="euler", model="starter" if chance.random() < 0.9 else "stable-audio-open-1.0",
        )  # fmt: skip
        verdict = chance.choices(list(Verdict), (60, 15, 25))[0]
        yield (
            f"{number:032x}", f"{job:032x}", number % 6, prompt, request.model, _as_json(request),
            ClipState.FINISHED, moment, str(data.clips / f"{number:06d}.wav"), seconds,
            44_100, 2, 2.5, chance.choice(pictures),
            chance.choices(range(6), (70, 3, 5, 10, 8, 4))[0], verdict,
            chance.choice(REMARKS) if chance.random() < 0.1 else "",
            _some(TAGS, chance, 0.4, 3), _some(COLLECTIONS, chance, 0.05, 1),
        )  # fmt: skip


def _prompt(chance: random.Random) -> str:
    first, second = chance.sample(HOW, 2)
    return f"{first}, {second} {chance.choice(WHAT)} {chance.choice(WHERE)}"


def _some(names: Sequence[str], chance: random.Random, share: float, most: int) -> str:
    """A few names, one a line in alphabetical order, as the library repeats them."""
    if chance.random() > share:
        return ""
    return "\n".join(sorted(chance.sample(names, chance.randint(1, most)), key=labels.key))


def _as_json(request: GenerationRequest) -> str:
    return json.dumps({item.name: getattr(request, item.name) for item in fields(request)})


def _pictures() -> list[bytes]:
    """Thumbnails of decaying noise."""
    noise = np.random.default_rng(7)
    time = np.linspace(0, 1, COLUMNS)
    found = []
    for _ in range(PICTURES):
        height = np.exp(-time * noise.uniform(1, 8)) * noise.uniform(40, 127)
        pairs = np.stack((-height, height), axis=-1) * noise.uniform(0.5, 1, (COLUMNS, 2))
        found.append(pairs.round().astype(np.int8).tobytes())
    return found


def _enter_labels(db: sqlite3.Connection) -> None:
    for kind, names in ((LabelKind.TAG, TAGS), (LabelKind.COLLECTION, COLLECTIONS)):
        db.executemany(
            "INSERT INTO label (kind, key, name) VALUES (?, ?, ?)",
            [(kind, labels.key(name), name) for name in names],
        )
        ids = dict(db.execute("SELECT name, id FROM label WHERE kind = ?", (kind,)).fetchall())
        clips = db.execute(f"SELECT position, {kind} FROM clip WHERE {kind} <> ''")  # noqa: S608
        db.executemany(
            "INSERT INTO clip_label (label, clip) VALUES (?, ?)",
            [(ids[name], place) for place, text in clips for name in labels.split(text)],
        )
