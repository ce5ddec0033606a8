from __future__ import annotations

import numpy as np
import pytest

from sa_studio.evaluation.spectral_error import spectral_error
from tests.evaluation.signals import noise


def test_a_copy_at_half_the_level_is_6_db_off_where_it_is_above_the_floor() -> None:
    original = noise(1.0)
    error = spectral_error(original, original / 2)
    assert error.copy == pytest.approx(6.02, abs=0.05)


def test_a_true_copy_is_not_off_and_silence_is_the_worst() -> None:
    original = noise(1.0)
    error = spectral_error(original, original)
    assert error.copy == 0
    assert 20 < error.silence < 60
    assert 0 < error.shifted < error.silence
    assert spectral_error(original, np.zeros_like(original)).copy == pytest.approx(error.silence)


def test_what_lies_below_the_floor_does_not_count() -> None:
    original = noise(1.0)
    original[:, 22_050:] *= 1e-5
    changed = original.copy()
    changed[:, 25_000:] *= 0.1
    assert spectral_error(original, changed).copy == 0
