from __future__ import annotations

import numpy as np
import pytest

from sa_studio.evaluation.memorisation import memorisation


def test_planted_copies_are_found() -> None:
    rng = np.random.default_rng(0)
    training = rng.standard_normal((200, 32))
    fresh = rng.standard_normal((50, 32))
    assert memorisation(fresh, training).nearer <= 2

    planted = fresh.copy()
    planted[7] = 3 * training[120]
    planted[30] = training[5] + 0.05 * rng.standard_normal(32)
    found = memorisation(planted, training)
    assert found.nearer >= 2
    assert [pair[1:] for pair in found.pairs[:2]] == [(7, 120), (30, 5)]
    assert found.pairs[0][0] == pytest.approx(0, abs=1e-9)
    assert found.pairs[1][0] < found.limit < found.training[50]


def test_a_training_clip_is_not_its_own_neighbour() -> None:
    training = np.eye(4)
    assert memorisation(np.ones((1, 4)), training).limit == pytest.approx(1)
