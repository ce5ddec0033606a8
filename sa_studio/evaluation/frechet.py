"""The Fréchet distance between two sets of embeddings (Heusel et al. 2017).

A covariance of 512 dimensions cannot be had from a few hundred clips. So both sets are first
projected onto the principal axes of one of them, at most 64 and at most a quarter of the clips of
the smaller set. What bias is left depends on the sizes of the sets alone: compare only distances
between sets of the same sizes.
"""

from __future__ import annotations

import numpy as np

from sa_studio.evaluation.arrays import Array

MAX_AXES = 64
CLIPS_AN_AXIS = 4


def principal_axes(rows: Array, count: int) -> Array:
    """The ``count`` directions along which [n, d] varies most: [d, count], orthonormal."""
    _, _, directions = np.linalg.svd(rows - rows.mean(axis=0), full_matrices=False)
    axes: Array = directions[:count].T
    return axes


def axes_for(smaller_set: int) -> int:
    """How many axes sets of at least so many clips allow for."""
    return max(1, min(MAX_AXES, smaller_set // CLIPS_AN_AXIS))


def gaussian_distance(first: Array, second: Array) -> float:
    """|μ₁ − μ₂|² + tr(Σ₁ + Σ₂ − 2(Σ₁Σ₂)^½) of the rows of [n, d] and [m, d]."""
    shift = first.mean(axis=0) - second.mean(axis=0)
    one, two = (np.atleast_2d(np.cov(rows, rowvar=False)) for rows in (first, second))
    values, vectors = np.linalg.eigh(one)
    root = (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T
    # the eigenvalues of Σ₁Σ₂ are those of this symmetric product
    shared = np.sqrt(np.maximum(np.linalg.eigvalsh(root @ two @ root), 0)).sum()
    return float(shift @ shift + np.trace(one) + np.trace(two) - 2 * shared)


def frechet_distance(rows: Array, target: Array, axes: Array) -> float:
    """The distance of ``rows`` [n, d] from ``target`` [m, d], seen along ``axes`` [d, count]."""
    return gaussian_distance(
        rows.astype(np.float64) @ axes.astype(np.float64),
        target.astype(np.float64) @ axes.astype(np.float64),
    )
