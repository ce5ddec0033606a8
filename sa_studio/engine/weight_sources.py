"""Where the value of a parameter comes from: a stored tensor, or something made of several.

Each kind knows its shape before anything is read, so that a checkpoint is checked as a whole
first, and fills memory that is already there, so that no second copy of the weights exists.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor


class WeightSource(Protocol):
    """Something that a parameter can be filled from."""

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the parameter that this fills."""

    @property
    def dtype(self) -> torch.dtype:
        """The type that holds its values without loss."""

    def read_into(self, destination: Tensor) -> None:
        """Fill ``destination`` of that shape, of any floating dtype, on any device."""


@dataclass(frozen=True, slots=True)
class WeightNorm:
    """A weight-normalised convolution, folded: v · g / ‖v‖ with a norm for each index of axis 0.

    For a transposed convolution axis 0 is the input channel. (Salimans & Kingma 2016,
    arXiv:1602.07868, eq. 2; no ε.)
    """

    magnitude: WeightSource
    direction: WeightSource

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the folded weight, or none if the pair does not fit together."""
        shape = self.direction.shape
        fits = len(shape) > 1 and self.magnitude.shape == (shape[0], *[1] * (len(shape) - 1))
        return shape if fits else ()

    @property
    def dtype(self) -> torch.dtype:
        """What the fold is computed in."""
        return torch.float32

    def read_into(self, destination: Tensor) -> None:
        """Fold in float32, whatever is stored and wanted: half precision would lose digits."""
        place = destination.device
        magnitude = torch.empty(self.magnitude.shape, dtype=torch.float32, device=place)
        self.magnitude.read_into(magnitude)
        # fresh memory costs more time than the fold: where it can be, it is done in place
        in_place = destination.dtype == torch.float32 and destination.is_contiguous()
        direction = (
            destination
            if in_place
            else torch.empty(self.direction.shape, dtype=torch.float32, device=place)
        )
        self.direction.read_into(direction)
        norm = torch.linalg.vector_norm(direction.flatten(1), dim=1).view_as(magnitude)
        direction.mul_(magnitude / norm)
        if not in_place:
            destination.copy_(direction)


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

    @property
    def dtype(self) -> torch.dtype:
        """The narrowest type that holds every part."""
        return functools.reduce(torch.promote_types, (part.dtype for part in self.parts))

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

    @property
    def dtype(self) -> torch.dtype:
        """That of the source."""
        return self.source.dtype

    def read_into(self, destination: Tensor) -> None:
        """Fill ``destination`` through a view of the source's shape."""
        self.source.read_into(destination.view(self.source.shape))


@dataclass(frozen=True, slots=True)
class InMemory:
    """A tensor that is there already, or that the system fetches when it is looked at."""

    tensor: Tensor

    @property
    def shape(self) -> tuple[int, ...]:
        """Of the tensor."""
        return tuple(self.tensor.shape)

    @property
    def dtype(self) -> torch.dtype:
        """Of the tensor."""
        return self.tensor.dtype

    def read_into(self, destination: Tensor) -> None:
        """Copy it."""
        destination.copy_(self.tensor)


# The names of the two halves of a weight-normalised weight, before and since torch 2.0.
_PAIRS = (
    (".weight_g", ".weight_v"),
    (".parametrizations.weight.original0", ".parametrizations.weight.original1"),
)


def fold_weight_norm(stored: Mapping[str, WeightSource]) -> dict[str, WeightSource]:
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
