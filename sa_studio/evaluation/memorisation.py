"""Whether generated sounds are copies of training clips."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sa_studio.evaluation.arrays import Array
from sa_studio.evaluation.neighbours import similarities

PERCENTILES = (1, 5, 25, 50)
SHOWN_PAIRS = 10


@dataclass(frozen=True, slots=True)
class Memorisation:
    """Distances (1 - cosine in the judge's space) to the nearest training clip.

    Attributes:
        limit: the first percentile of those between training clips.
        nearer: how many generated sounds are nearer than that.
        training: percentiles of the distance from a training clip to the nearest other one.
        generated: percentiles of the distance from a generated sound to the nearest training clip.
        pairs: distance, number of the generated sound and number of the training clip of the
            nearest pairs.
    """

    limit: float
    nearer: int
    training: dict[int, float]
    generated: dict[int, float]
    pairs: list[tuple[float, int, int]]


def memorisation(generated: Array, training: Array) -> Memorisation:
    """Compare embeddings [n, d] of generated sounds with [m, d] of training clips, m > 1."""
    among = similarities(training, training)
    np.fill_diagonal(among, -np.inf)
    usual = 1 - among.max(axis=1)
    cosines = similarities(generated, training)
    nearest = cosines.argmax(axis=1)
    distances = 1 - cosines.max(axis=1)
    limit = float(np.percentile(usual, 1))

    def percentiles(values: Array) -> dict[int, float]:
        return {share: float(np.percentile(values, share)) for share in PERCENTILES}

    return Memorisation(
        limit=limit,
        nearer=int((distances < limit).sum()),
        training=percentiles(usual),
        generated=percentiles(distances),
        pairs=[
            (float(distances[index]), int(index), int(nearest[index]))
            for index in np.argsort(distances)[:SHOWN_PAIRS]
        ],
    )
