"""Sounds and facts of every kind, drawn from seeds, for the tests of delivered files."""

from __future__ import annotations

import functools
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from sa_studio.audio.loudness import Loudness, measure
from sa_studio.audio.sound_facts import ONE_LINE, Marker, SoundFacts
from sa_studio.vocabulary.delivery import SAMPLE_RATES, Depth, FileFormat

LENGTHS = (0, 1, 2, 3, 7, 255, 256, 997, 4_410, 9_999)
TEXTS = (
    "",
    "kick drum, dry",
    'say "hello", it\'s \\ here',
    "two\nlines\r\nand\ttabs\r",
    "Regen über Bäumen — “Łódź”, 雨, дождь",
    "🥁 and 👩‍🚀 and 🇩🇪",
    "a\0b\0",
    "\0",
    "".join(map(chr, range(32))) + "\x7f\x80\x9f",
    "<TAG>&amp;]]></USER><!--",
    "half \ud83e of a character \udd41",
    "\ufeffmarks \ufffe\uffff\u202e\u2028",
    "name=value=; %s {0} a_b-c",
    "x" * 5_000,
    "é" * 5_000,
    "🥁" * 5_000,
    "   ",
    "o\u0308" * 300,
)


@dataclass(frozen=True)
class Combination:
    audio: np.ndarray
    rate: int
    format: FileFormat
    depth: Depth
    facts: SoundFacts


@functools.cache
def combination(number: int, kind: FileFormat) -> Combination:
    """The same for the same number; every length, depth and text comes up within some tens."""
    draw = random.Random(f"{kind} {number}")  # noqa: S311 (a test's)
    depths = [depth for depth in Depth if (kind, depth) != (FileFormat.FLAC, Depth.FLOAT32)]
    needs_samples = kind in (FileFormat.FLAC, FileFormat.MP3)
    samples = LENGTHS[number % len(LENGTHS)] or int(needs_samples)
    rates = [rate for rate in SAMPLE_RATES if kind is not FileFormat.MP3 or rate <= 48_000]
    rate = draw.choice(rates)
    noise = np.random.default_rng(number).standard_normal((draw.choice((1, 2)), samples))
    audio = (0.4 * noise).astype(np.float32)
    depth = draw.choice(depths)
    return Combination(audio, rate, kind, depth, _facts(draw, audio, rate))


def _facts(draw: random.Random, audio: np.ndarray, rate: int) -> SoundFacts:
    samples = audio.shape[1]
    texts: dict[str, Any] = {
        name: draw.choice(TEXTS) for name in (*ONE_LINE, "description", "notes")
    }
    loop = None
    if samples and draw.random() < 0.5:
        first = draw.randrange(samples)
        loop = (first, draw.randrange(first, samples))
    places = sorted(draw.randrange(samples + 1) for _ in range(draw.choice((0, 0, 1, 2, 5))))
    loudness: Loudness | None = None
    if draw.random() < 0.3:
        loudness = measure(audio, rate)
    prompt = draw.choice(TEXTS)
    recipe = {"application": "SA Studio 9.9", "prompt": prompt, "seed": draw.randrange(2**32)}
    created = datetime(2026, 1, 1) + timedelta(seconds=draw.randrange(10**8))
    return SoundFacts(
        **texts,
        keywords=tuple(draw.choice(TEXTS) for _ in range(draw.randrange(4))),
        created=created if draw.random() < 0.8 else None,
        loudness=loudness,
        loop=loop,
        markers=tuple(Marker(place, draw.choice(TEXTS)) for place in places),
        tempo=draw.choice((None, 120.0, 87.5, 200.123)),
        root_note=draw.choice((None, 0, 61, 127)),
        recipe=draw.choice((None, recipe, recipe)),
    )
