"""The held-out clips, as they are and through the autoencoder."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sa_studio.evaluation.arrays import RATE, Array
from sa_studio.evaluation.attack import AttackError, attack_error
from sa_studio.evaluation.judge import Judge
from sa_studio.evaluation.known_embeddings import KnownEmbeddings, read_clip
from sa_studio.evaluation.maker import Maker
from sa_studio.evaluation.measured import Measured, Wanted, measure
from sa_studio.evaluation.sheet import SoundClass, StoredClip
from sa_studio.evaluation.spectral_error import SpectralError, spectral_error


@dataclass(frozen=True, slots=True)
class RoundTrip:
    """A held-out clip encoded and decoded.

    Attributes:
        index: number of the clip.
        embedding: of what came back, [d].
        spectrum: how far its spectrogram is off.
        attack: how far its attack is off; ``None`` for sustained classes.
    """

    index: int
    embedding: Array
    spectrum: SpectralError
    attack: AttackError | None


def study_held_out(
    clips: Iterable[tuple[int, StoredClip]],
    classes: Sequence[SoundClass],
    judge: Judge,
    known: KnownEmbeddings,
    maker: Maker,
    trips: frozenset[int],
) -> tuple[list[Measured], list[RoundTrip]]:
    """Measure every one of the numbered ``clips``, and the round trip of those in ``trips``."""
    originals, returned = [], []
    for index, clip in clips:
        audio = read_clip(clip.path)
        sustained = classes[clip.sound].sustained
        seconds = audio.shape[1] / RATE
        wanted = Wanted(clip.sound, seconds, sustained, clip.note, clip.tempo)
        originals.append(measure(audio, wanted, known.of(clip.path, audio)))
        if index in trips:
            copy = maker.round_trip(audio)
            returned.append(
                RoundTrip(
                    index,
                    judge.embedding(copy),
                    spectral_error(audio, copy),
                    None if sustained else attack_error(audio, copy),
                )
            )
    return originals, returned
