"""Where the value of a parameter comes from: a stored tensor, or something made of several.

Each kind knows its shape before anything is read, so that a checkpoint is checked as a whole
first, and fills memory that is already there, so that no second copy of the weights exists.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from sa_studio.engine.weights_file import StoredTensor


class WeightSource(Protocol):
    """Something that a parameter can be filled from."""

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the parameter that this fills."""

    def read_into(self, destination: Tensor) -> None:
        """Fill ``destination`` of that shape, of any floating dtype, on any device."""


@dataclass(frozen=True, slots=True)
class WeightNorm:
    """A weight-normalised convolution, folded: v · g / ‖v‖ with a norm for each index of axis 0.

    For a transposed convolution axis 0 is the input channel. (Salimans & Kingma 2016,
    arXiv:1602.07868, eq. 2; no ε.)
    """

    magnitude: StoredTensor
    direction: StoredTensor

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the folded weight, or none if the pair does not fit together."""
        shape = self.direction.shape
        fits = len(shape) > 1 and self.magnitude.shape == (shape[0], *[1] * (len(shape) - 1))
        return shape if fits else ()

    def read_into(self, destination: Tensor) -> None:
        """Fold in float32, whatever is stored and wanted: half precision would lose digits."""
        device = destination.device
        direction = self.direction.read().to(device).float()
        magnitude = self.magnitude.read().to(device).float()
        norm = torch.linalg.vector_norm(direction.flatten(1), dim=1).view_as(magnitude)
        destination.copy_(direction.mul_(magnitude / norm))


@dataclass(frozen=True, slots=True)
class Rows:
    """Several sources one below the other, along axis 0: the q, k and v of an attention."""

    parts: tuple[WeightSource, ...]

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the joined rows, or none if the parts differ in the other axes."""
        shapes = [part.shape for part in self.parts]
        if not all(shapes) or len({shape[1:] for shape in shapes}) != 1:
            return ()
        return (sum(shape[0] for shape in shapes), *shapes[0][1:])

    def read_into(self, destination: Tensor) -> None:
        """Fill the rows of ``destination`` part by part."""
        first = 0
        for part in self.parts:
            part.read_into(destination.narrow(0, first, part.shape[0]))
            first += part.shape[0]


@dataclass(frozen=True, slots=True)
class Reshaped:
    """The same numbers in another shape, for layouts that keep axes of length one."""

    source: WeightSource
    shape: tuple[int, ...]

    def read_into(self, destination: Tensor) -> None:
        """Fill ``destination`` through a view of the source's shape."""
        self.source.read_into(destination.view(self.source.shape))


# The names of the two halves of a weight-normalised weight, before and since torch 2.0.
_PAIRS = (
    (".weight_g", ".weight_v"),
    (".parametrizations.weight.original0", ".parametrizations.weight.original1"),
)


def fold_weight_norm(stored: Mapping[str, StoredTensor]) -> dict[str, WeightSource]:
    """``stored`` by parameter name, with the two halves of each weight norm joined.

    A half without its other half keeps its name.
    """
    sources: dict[str, WeightSource] = dict(stored)
    for magnitude_ending, direction_ending in _PAIRS:
        for name in stored:
            if not name.endswith(magnitude_ending):
                continue
            owner = name.removesuffix(magnitude_ending)
            direction = owner + direction_ending
            if direction in stored:
                del sources[name], sources[direction]
                sources[f"{owner}.weight"] = WeightNorm(stored[name], stored[direction])
    return sources
