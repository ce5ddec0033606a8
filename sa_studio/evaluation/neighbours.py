"""Which class a sound belongs to by its nearest neighbours in the judge's space."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from sa_studio.evaluation.arrays import TINY, Array

NEIGHBOURS = 5


def similarities(queries: Array, references: Array) -> Array:
    """Cosines [n, m] between the rows of [n, d] and those of [m, d]."""

    def unit(rows: Array) -> Array:
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        scaled: Array = rows / np.maximum(lengths, TINY)
        return scaled

    cosines: Array = unit(queries) @ unit(references).T
    return cosines


def rankings(
    queries: Array,
    references: Array,
    labels: Sequence[int],
    *,
    own: Sequence[int] | None = None,
    k: int = NEIGHBOURS,
) -> list[list[int]]:
    """For each query the classes among its ``k`` nearest references, the likeliest first.

    The more neighbours of a class, the likelier; between as many, the nearest decides.

    Args:
        queries: [n, d].
        references: [m, d].
        labels: the class of each reference.
        own: for each query the reference that must not vouch for it: its own original.
    """
    cosines = similarities(queries, references)
    if own is not None:
        cosines[np.arange(len(queries)), np.asarray(own)] = -np.inf
    found = []
    for row in cosines:
        nearest = [index for index in np.argsort(-row)[:k] if np.isfinite(row[index])]
        votes: dict[int, list[float]] = defaultdict(list)
        for index in nearest:
            votes[labels[index]].append(float(row[index]))
        found.append(sorted(votes, key=lambda label: (-len(votes[label]), -max(votes[label]))))
    return found


def hits(ranked: Sequence[Sequence[int]], labels: Sequence[int], among: int = 1) -> list[bool]:
    """Whether the true class is among the first ``among`` of each ranking."""
    return [label in ranking[:among] for ranking, label in zip(ranked, labels, strict=True)]
