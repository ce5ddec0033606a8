"""The bands in which a spectral autoencoder describes sound, and the wide ones for stereo."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import torch
from torch import Tensor

RATE = 44100
LOWEST = 27.5  # Hz: the lowest note of a piano
HIGHEST = 20500.0
# Bands to the octave below each frequency in Hz. In the middle, where ears and windows resolve
# partials a semitone apart, they are half a semitone wide.
LAYOUT = ((500.0, 12), (4000.0, 24), (19000.0, 12))
# above this, in Hz, nothing is heard as a tone with a pitch
TONAL_BELOW = 9000.0
STEREO_BANDS = 16


# Tables are made on the CPU whatever device is the default: a model may be built on "meta".
CPU = torch.device("cpu")


@cache
def _edges() -> tuple[float, ...]:
    """Where the bands meet, in Hz."""
    values = []
    frequency = LOWEST * 2 ** (-0.5 / 12)
    for top, per_octave in LAYOUT:
        while frequency < top:
            values.append(frequency)
            frequency *= 2 ** (1 / per_octave)
    return (*values, HIGHEST)


def band_count() -> int:
    """How many bands there are."""
    return len(_edges()) - 1


@cache
def tonal_count() -> int:
    """How many of the bands, from the lowest on, may hold tones."""
    return sum(low * high < TONAL_BELOW**2 for low, high in pairwise(_edges()))


@cache
def edges() -> Tensor:
    """Where the bands meet, in Hz, [bands + 1], float64."""
    return torch.tensor(_edges(), dtype=torch.float64, device=CPU)


@cache
def centres() -> Tensor:
    """The middle of each band, in Hz, [bands], float32."""
    return (edges()[1:] * edges()[:-1]).sqrt().float()


@cache
def _overlaps(window: int) -> tuple[Tensor, Tensor]:
    """Hz that each band shares with each bin, [bands, bins], and the width of each bin."""
    spacing = RATE / window
    bins = torch.arange(window // 2 + 1, dtype=torch.float64, device=CPU)
    low, high = ((bins - 0.5) * spacing).clamp_min(0), (bins + 0.5) * spacing
    limits = edges().clone()
    limits[0] = 0.0  # what lies below the lowest band belongs to it
    shared = torch.minimum(high, limits[1:, None]) - torch.maximum(low, limits[:-1, None])
    return shared.clamp_min(0), high - low


@cache
def folding(window: int) -> Tensor:
    """Power in bins to power in bands: [bands, window/2 + 1]; each bin is divided by overlap."""
    shared, width = _overlaps(window)
    return (shared / width).float()


@cache
def spreading(window: int) -> Tensor:
    """Power in bands to power in bins: [window/2 + 1, bands]; each band is spread evenly."""
    shared, _ = _overlaps(window)
    return (shared / shared.sum(dim=1, keepdim=True)).T.float()


@cache
def stereo_weights() -> Tensor:
    """Each band as a mixture of two neighbouring wide bands: [bands, wide bands], rows sum to 1."""
    position = torch.linspace(0, STEREO_BANDS - 1, band_count(), device=CPU)
    distance = (position[:, None] - torch.arange(STEREO_BANDS, device=CPU)).abs()
    return (1 - distance).clamp_min(0)
