"""Folding spectra into bands of falling resolution, and unfolding them again."""

from __future__ import annotations

from functools import cache

import torch
from torch import Tensor


@cache
def band_centres(bins: int, bands: int, linear: int) -> tuple[float, ...]:
    """Centres of the bands in bins: the first ``linear`` one bin apart, the others by ratio."""
    if not 0 < linear < bands < bins:
        raise ValueError(f"{bands} bands, {linear} of them linear, do not fit {bins} bins")
    low = list(range(linear))
    ratio = ((bins - 1) / (linear - 1)) ** (1 / (bands - linear))
    return tuple(
        float(x) for x in (*low, *((linear - 1) * ratio**k for k in range(1, bands - linear + 1)))
    )


def _triangles(bins: int, centres: tuple[float, ...]) -> Tensor:
    """Linear interpolation between centres as weights [bins, bands]; each row sums to 1."""
    points = torch.tensor(centres, dtype=torch.float64)
    positions = torch.arange(bins, dtype=torch.float64)
    right = torch.searchsorted(points, positions).clamp(1, len(centres) - 1)
    share = (positions - points[right - 1]) / (points[right] - points[right - 1])
    share = share.clamp(0, 1)
    weights = torch.zeros(bins, len(centres), dtype=torch.float64)
    rows = torch.arange(bins)
    weights[rows, right - 1] = 1 - share
    weights[rows, right] = share
    return weights


@cache
def folding(bins: int, bands: int, linear: int) -> Tensor:
    """Power spectrum [bins] to mean power of each band: [bands, bins], float32."""
    weights = _triangles(bins, band_centres(bins, bands, linear)).T
    # a band that is narrower than a bin still reads its nearest one
    empty = weights.sum(dim=1) == 0
    nearest = torch.tensor(band_centres(bins, bands, linear)).round().long()
    weights[empty, nearest[empty]] = 1
    return (weights / weights.sum(dim=1, keepdim=True)).float()


@cache
def unfolding(bins: int, bands: int, linear: int) -> Tensor:
    """Logarithmic amplitudes of the bands to those of the bins: [bins, bands], float32."""
    return _triangles(bins, band_centres(bins, bands, linear)).float()
