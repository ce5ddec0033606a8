"""Everything that the meters say of one sound."""

from __future__ import annotations

from dataclasses import dataclass

from sa_studio.evaluation import pitch, tempo
from sa_studio.evaluation.arrays import Array
from sa_studio.evaluation.length import is_as_long
from sa_studio.evaluation.stereo import correlation, is_stereo
from sa_studio.evaluation.tone import centroid


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a sound should be.

    Attributes:
        sound: number of its class.
        seconds: its length.
        sustained: whether it should sound to its end.
        note: MIDI number, if it should have one.
        tempo: beats a minute, if it should have one.
    """

    sound: int
    seconds: float
    sustained: bool
    note: float | None = None
    tempo: float | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """What a sound is.

    Attributes:
        wanted: what it should be.
        embedding: where it lies in the judge's space, [d].
        is_as_long: whether its length is right.
        centroid: Hz.
        correlation: between the channels.
        is_stereo: whether there is more than one channel to hear.
        pitch: Hz, measured if a note is wanted.
        tempo: beats a minute, measured if a tempo is wanted.
        tempo_near: the same, within half an octave of the tempo wanted.
    """

    wanted: Wanted
    embedding: Array
    is_as_long: bool
    centroid: float
    correlation: float
    is_stereo: bool
    pitch: float | None
    tempo: float | None
    tempo_near: float | None


def measure(audio: Array, wanted: Wanted, embedding: Array) -> Measured:
    """Apply all meters to ``audio`` [2, samples], which lies at ``embedding``."""
    beat = wanted.tempo
    return Measured(
        wanted=wanted,
        embedding=embedding,
        is_as_long=is_as_long(audio, wanted.seconds, sustained=wanted.sustained),
        centroid=centroid(audio),
        correlation=correlation(audio),
        is_stereo=is_stereo(audio),
        pitch=None if wanted.note is None else pitch.fundamental(audio),
        tempo=None if beat is None else tempo.tempo(audio),
        tempo_near=None if beat is None else tempo.tempo(audio, asked=beat),
    )
