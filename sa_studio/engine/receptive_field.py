"""How far convolutions reach: which input samples a stretch of output depends on.

Intervals are inclusive and lie on an endless axis: padding is context like any other.
"""

from __future__ import annotations

from collections.abc import Iterable

from torch import nn


def input_interval(layers: Iterable[nn.Module], first: int, last: int) -> tuple[int, int]:
    """The input samples that output samples ``first`` … ``last`` of a chain depend on.

    Args:
        layers: the chain in its order; modules that are no one-dimensional convolution are taken
            to work on each sample alone.
    """
    for layer in reversed(list(layers)):
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


def _padding(layer: nn.Conv1d | nn.ConvTranspose1d) -> int:
    if isinstance(layer.padding, str):
        raise ValueError(f"the padding of {layer} must be a number")
    return int(layer.padding[0])
