"""Count the memory that tensors take while something runs, on real devices and on none.

On torch's device "meta" tensors have shapes but no memory, so a network can be run there to see
what it would take. What libraries below torch take for themselves is not seen.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from types import TracebackType
from typing import Any, Self

import torch
from torch import Tensor
from torch.nn import functional
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves


class AllocationMeter:
    """Within its context every new tensor is counted until it dies.

    Attributes:
        live: bytes of the tensors that are alive and were made within the context.
        peak: the most that was alive at once.
    """

    def __init__(self) -> None:
        self.live = 0
        self.peak = 0
        self._known: set[int] = set()
        self._modes = (_FusedAttention(), _Watch(self._count))

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            for mode in self._modes:
                stack.enter_context(mode)
            self._entered = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._entered.__exit__(kind, error, trace)

    def _count(self, made: Tensor, given: Sequence[Tensor]) -> None:
        storage = made.untyped_storage()
        key = storage._cdata
        if key in self._known or any(key == item.untyped_storage()._cdata for item in given):
            return
        size = storage.nbytes()
        self._known.add(key)
        self.live += size
        self.peak = max(self.peak, self.live)
        weakref.finalize(storage, self._forget, key, size)

    def _forget(self, key: int, size: int) -> None:
        self._known.discard(key)
        self.live -= size


class _Watch(TorchDispatchMode):
    """Tells of every tensor that an operation returns, and which ones went in."""

    def __init__(self, tell: Callable[[Tensor, Sequence[Tensor]], None]) -> None:
        super().__init__()  # type: ignore[no-untyped-call] # torch's has no annotations
        self._tell = tell

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        kwargs = kwargs or {}
        out = func(*args, **kwargs)
        given = [item for item in tree_leaves((args, kwargs)) if isinstance(item, Tensor)]
        for item in tree_leaves(out):
            if isinstance(item, Tensor):
                self._tell(item, given)
        return out


class _FusedAttention(TorchFunctionMode):
    """On "meta" torch would take attention apart; real devices have a kernel without scores."""

    def __torch_function__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        if func is functional.scaled_dot_product_attention and args[0].is_meta:
            return torch.empty_like(args[0])
        return func(*args, **(kwargs or {}))
