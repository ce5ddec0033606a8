from __future__ import annotations

import math
from itertools import pairwise

import pytest

from sa_studio.engine import schedules


def falls_to_zero(levels: list[float]) -> bool:
    return levels[-1] == 0 and all(high > low for high, low in pairwise(levels))


def test_polyexponential_is_even_in_the_logarithm() -> None:
    levels = schedules.polyexponential(8, 0.3, 500.0)
    # the numbers of the engine specification's reference run
    expected = [500.0, 173.26, 60.040, 20.805, 7.2096, 2.4983, 0.86574, 0.3, 0.0]
    assert levels == pytest.approx(expected, rel=1e-4)
    assert falls_to_zero(levels)


def test_rho_bends_the_polyexponential() -> None:
    levels = schedules.polyexponential(3, 1.0, 100.0, rho=2.0)
    assert levels == pytest.approx([100.0, 100.0 ** (1 / 4), 1.0, 0.0], rel=1e-5)


def test_one_step() -> None:
    assert schedules.polyexponential(1, 0.3, 500.0) == pytest.approx([500.0, 0.0])
    assert schedules.log_snr(1, 1.0) == [1.0, 0.0]
    assert schedules.linear(1, 1.0) == [1.0, 0.0]


@pytest.mark.parametrize("sigma_max", [0.3, 0.1, 0.001])
def test_polyexponential_falls_from_little_noise(sigma_max: float) -> None:
    levels = schedules.polyexponential(6, 0.3, sigma_max)
    assert levels[0] == pytest.approx(sigma_max)
    assert falls_to_zero(levels)


@pytest.mark.parametrize(("low", "high"), [(0.0, 1.0), (-1.0, 1.0), (0.3, 0.0), (0.3, math.nan)])
def test_noise_levels_lie_above_zero(low: float, high: float) -> None:
    with pytest.raises(ValueError, match="must lie above 0"):
        schedules.polyexponential(4, low, high)


def test_log_snr() -> None:
    # engine specification §4.3
    expected = [1, 0.993307, 0.982014, 0.952574, 0.880797, 0.731059, 0.5, 0.268941, 0]
    assert schedules.log_snr(8, 1.0) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("maximum", [0.999, 0.7, 0.2, 0.12, 0.1, 0.01, 1e-4])
def test_log_snr_falls_from_any_level(maximum: float) -> None:
    levels = schedules.log_snr(8, maximum)
    assert levels[0] == maximum
    assert falls_to_zero(levels)


def test_linear() -> None:
    assert schedules.linear(4, 0.8) == pytest.approx([0.8, 0.6, 0.4, 0.2, 0.0])
