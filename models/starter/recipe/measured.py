"""Words that a clip earns by comparison with the others of its class."""

from __future__ import annotations

import numpy as np

from sa_studio.evaluation.stereo import correlation
from sa_studio.evaluation.tone import centroid
from sounds.dsp import RATE, Array
from sounds.sound_class import SoundClass

# the darkest, shortest … third of a class is called so, the brightest, longest … too
OUTER = 0.3
# a class whose clips differ by less than this factor has no word for it
TELLING = 1.25
MONO, WIDE = 0.985, 0.6


def length(audio: Array) -> float:
    """Seconds until it has fallen 30 dB below its loudest twentieth of a second for good."""
    size = RATE // 20
    pieces = audio[:, : audio.shape[1] // size * size].reshape(2, -1, size)
    levels = np.square(pieces).mean(axis=(0, 2))
    return float((np.flatnonzero(levels > levels.max() * 1e-3)[-1] + 1) * size / RATE)


def facts(audio: Array) -> tuple[float, float, float]:
    """Centroid in Hz, length in seconds, and correlation of the channels."""
    return centroid(audio), length(audio), correlation(audio)


def earned(item: SoundClass, rows: Array, notes: Array) -> list[dict[str, str]]:
    """Words for each clip of a class.

    Args:
        item: the class.
        rows: :func:`facts` of the clips, [clips, 3].
        notes: their MIDI notes, NaN where they have none.
    """
    tone = np.log2(rows[:, 0] + 1)
    known = np.isfinite(notes)
    if known.sum() > 10:
        # brightness is what the pitch does not account for
        slope, base = np.polyfit(notes[known], tone[known], 1)
        tone = tone - np.where(known, slope * notes + base, 0)
    words: list[dict[str, str]] = [{} for _ in rows]
    graded(words, "tone", tone, ("dark", "bright"))
    if not item.sustained:
        graded(words, "length", np.log2(rows[:, 1]), ("short", "long"))
    for own, row in zip(words, rows, strict=True):
        if row[2] > MONO:
            own["width"] = "mono"
        elif row[2] < WIDE:
            own["width"] = "wide stereo"
    return words


def graded(words: list[dict[str, str]], kind: str, values: Array, names: tuple[str, str]) -> None:
    """Give the outer thirds of ``values``, in octaves, their names."""
    low, high = np.quantile(values, (OUTER, 1 - OUTER))
    if high - low < np.log2(TELLING):
        return
    for own, value in zip(words, values, strict=True):
        if value <= low:
            own[kind] = names[0]
        elif value >= high:
            own[kind] = names[1]
