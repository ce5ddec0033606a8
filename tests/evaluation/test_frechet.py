from __future__ import annotations

import numpy as np
import pytest

from sa_studio.evaluation.frechet import (
    axes_for,
    frechet_distance,
    gaussian_distance,
    principal_axes,
)


def test_gaussians_of_known_distance() -> None:
    rng = np.random.default_rng(0)
    first = rng.standard_normal((20_000, 3)) * [1, 2, 3]
    second = rng.standard_normal((20_000, 3)) * [2, 2, 1] + [1, -1, 0.5]
    # |μ|² = 2.25; Σ commute: Σ (σ₁ - σ₂)² = 1 + 0 + 4
    assert gaussian_distance(first, second) == pytest.approx(7.25, rel=0.03)


def test_correlated_gaussians() -> None:
    rng = np.random.default_rng(1)
    rows = rng.standard_normal((20_000, 2))
    mixed = rows @ np.array([[1.0, 0.8], [0.0, 0.6]])
    one, two = np.cov(mixed, rowvar=False), np.eye(2)
    expected = np.trace(one) + 2 - 2 * np.sqrt(np.linalg.eigvalsh(one @ two)).sum()
    assert gaussian_distance(mixed, rng.standard_normal((20_000, 2))) == pytest.approx(
        expected, abs=0.02
    )


def test_the_same_rows_are_at_no_distance() -> None:
    rows = np.random.default_rng(2).standard_normal((100, 20))
    axes = principal_axes(rows, 5)
    assert frechet_distance(rows, rows, axes) == pytest.approx(0, abs=1e-6)
    assert frechet_distance(rows + 1e3 * axes[:, 0], rows, axes) == pytest.approx(1e6, rel=1e-6)


def test_axes_are_those_of_most_variance() -> None:
    rows = np.random.default_rng(3).standard_normal((200, 6)) * [1, 1, 9, 1, 5, 1]
    axes = principal_axes(rows, 2)
    assert axes.shape == (6, 2)
    assert np.abs(axes).argmax(axis=0).tolist() == [2, 4]
    assert (axes_for(3), axes_for(40), axes_for(10_000)) == (1, 10, 64)
