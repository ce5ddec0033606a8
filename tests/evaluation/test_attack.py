from __future__ import annotations

import numpy as np
import pytest

from sa_studio.evaluation.attack import attack, attack_error
from tests.evaluation.signals import RATE, stereo, times


def ramp(delay: float, rise: float, frequency: float = 1000.0) -> np.ndarray:
    """A tone that begins after ``delay`` seconds and whose power rises evenly for ``rise``."""
    t = times(0.5)
    power = np.clip((t - delay) / rise, 0, 1)
    return stereo(0.5 * np.sqrt(power) * np.sin(2 * np.pi * frequency * t))


# of a low tone it is less certain: half a period lasts 8 ms
@pytest.mark.parametrize(("frequency", "tolerance"), [(60.0, 0.008), (1000.0, 0.003)])
def test_onset_and_rise_are_those_of_a_ramp(frequency: float, tolerance: float) -> None:
    found = attack(ramp(0.1, 0.05, frequency))
    assert found is not None
    assert found.onset == pytest.approx(0.105, abs=tolerance)
    assert found.rise == pytest.approx(0.040, abs=tolerance)


def test_a_copy_that_is_late_and_slow_is_off_by_as_much() -> None:
    error = attack_error(ramp(0.1, 0.01), ramp(0.12, 0.06))
    assert error is not None
    assert error.onset == pytest.approx(25, abs=2)
    assert error.rise == pytest.approx(40, abs=3)
    assert error.worst == error.rise


def test_a_true_copy_is_not_off() -> None:
    error = attack_error(ramp(0.1, 0.01), 0.5 * ramp(0.1, 0.01))
    assert error is not None
    assert error.worst < 0.1


def test_silence() -> None:
    silence = np.zeros((2, RATE))
    assert attack_error(silence, ramp(0, 0.1)) is None
    error = attack_error(ramp(0, 0.1)[:, :RATE], silence)
    assert error is not None
    assert error.worst == pytest.approx(500)
