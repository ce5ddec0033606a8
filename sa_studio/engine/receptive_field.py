"""How far convolutions reach, and working on a stretch of a long signal with what it depends on.

Intervals are inclusive and lie on an endless axis: zero padding is context like any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from torch import Tensor, nn


def input_interval(layers: Iterable[nn.Module], first: int, last: int) -> tuple[int, int]:
    """The input samples that the output samples ``first`` … ``last`` of a chain depend on.

    Args:
        layers: the chain in its order. A module with a sequence ``layers`` counts as that
            sequence, whatever skips it; another one that is no one-dimensional convolution is
            taken to work on each sample alone.
    """
    for layer in reversed(list(_flat(layers))):
        if isinstance(layer, nn.ConvTranspose1d):
            (kernel,), (stride,), padding = layer.kernel_size, layer.stride, _padding(layer)
            # output j gathers input i by tap m where j = i·stride − padding + m, 0 ≤ m < kernel
            first = -((kernel - 1 - padding - first) // stride)
            last = (last + padding) // stride
        elif isinstance(layer, nn.Conv1d):
            (kernel,), (stride,), (dilation,) = layer.kernel_size, layer.stride, layer.dilation
            padding = _padding(layer)
            first = first * stride - padding
            last = last * stride - padding + dilation * (kernel - 1)
    return first, last


@dataclass(frozen=True, slots=True)
class Stretch:
    """Samples ``start`` … of a signal that is ``total`` samples long; the last axis is time."""

    values: Tensor
    start: int
    total: int

    def cut(self, first: int, last: int) -> Tensor:
        """Samples ``first`` … ``last``, which the stretch must hold."""
        return self.values[..., first - self.start : last + 1 - self.start]


def upsample_between(
    layers: Sequence[nn.Module], source: Stretch, first: int, last: int
) -> Stretch:
    """Samples ``first`` … ``last`` of what a chain of upsampling layers makes of a signal.

    Every layer works on no more than the samples wanted of it depend on. At the true ends of the
    signal the layers' own zero padding is at work, so the result is, up to rounding, the same
    stretch of what the chain makes of the whole signal.

    Args:
        layers: convolutions that keep the length, blocks that multiply it by an integer, and
            modules that work on each sample alone.
        source: as much of the signal as the samples wanted depend on.
    """
    intervals = [(first, last)]
    for layer in reversed(layers):
        intervals.append(input_interval([layer], *intervals[-1]))
    wanted = intervals[-2::-1]
    stretch = source
    for layer, (low, high) in zip(layers, wanted, strict=True):
        begin, end = input_interval([layer], low, high)
        begin, end = max(begin, 0), min(end, stretch.total - 1)
        ratio = upsampling_ratio(layer)
        total = stretch.total * ratio
        result = Stretch(layer(stretch.cut(begin, end)), begin * ratio, total)
        low, high = max(low, 0), min(high, total - 1)
        stretch = Stretch(result.cut(low, high), low, total)
    return stretch


def upsampling_ratio(layer: nn.Module) -> int:
    """How many samples come out of ``layer`` for each that goes in."""
    ratio = 1
    for part in _flat([layer]):
        if isinstance(part, nn.ConvTranspose1d):
            ratio *= part.stride[0]
    return ratio


def _flat(layers: Iterable[nn.Module]) -> Iterator[nn.Module]:
    for layer in layers:
        inner = getattr(layer, "layers", None)
        if isinstance(inner, nn.Sequential):
            yield from _flat(inner)
        else:
            yield layer


def _padding(layer: nn.Conv1d | nn.ConvTranspose1d) -> int:
    if isinstance(layer.padding, str):
        raise ValueError(f"the padding of {layer} must be a number")
    return int(layer.padding[0])
