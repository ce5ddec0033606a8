"""Noise schedules: falling levels, one more than there are steps; the last is 0 (no noise).

Computed in float32, as the reference does, and returned as plain numbers. Source: engine
specification §4.1 and §4.3.
"""

from __future__ import annotations

import math

import torch

# the reference's guard against ln 0 in the logarithm of the signal-to-noise ratio
_LOG_EPS = 1e-6
_FIRST_LOG_SNR, _LAST_LOG_SNR = -6.0, 2.0
# how far down a schedule goes that starts with less noise than they usually end with
_RANGE_BELOW = 10.0


def polyexponential(
    steps: int, sigma_min: float, sigma_max: float, rho: float = 1.0
) -> list[float]:
    """σ of the variance-exploding form, spaced evenly in ln σ if ``rho`` is 1; then 0.

    From a ``sigma_max`` that does not lie above ``sigma_min`` (little noise on init audio) it falls
    to a tenth of it.
    """
    if not (sigma_min > 0 and sigma_max > 0):
        raise ValueError(f"σ from {sigma_max} to {sigma_min} must lie above 0")
    if sigma_max <= sigma_min:
        sigma_min = sigma_max / _RANGE_BELOW
    ramp = torch.linspace(1, 0, steps) ** rho
    log_min, log_max = math.log(sigma_min), math.log(sigma_max)
    sigmas: list[float] = torch.exp(ramp * (log_max - log_min) + log_min).tolist()
    return [*sigmas, 0.0]


def linear(steps: int, maximum: float) -> list[float]:
    """t from ``maximum`` to 0 in even steps."""
    levels: list[float] = torch.linspace(maximum, 0, steps + 1).tolist()
    return levels


def log_snr(steps: int, maximum: float) -> list[float]:
    """t of a rectified flow, even in the logarithm of the signal-to-noise ratio.

    From a ``maximum`` below the usual last step (little noise on init audio) it falls to about a
    tenth of it.
    """
    first, last = _FIRST_LOG_SNR, _LAST_LOG_SNR
    if maximum < 1:
        first = math.log((1 - maximum) / maximum + _LOG_EPS)
    if first >= last:
        last = first + math.log(_RANGE_BELOW)
    levels: list[float] = torch.sigmoid(-torch.linspace(first, last, steps + 1)).tolist()
    levels[0], levels[-1] = maximum, 0.0
    return levels
