"""Fill a module from the weights of a model folder, in the precision and place wanted.

Every parameter is allocated once, where it shall live, and filled there; beyond that, one tensor
at a time is in memory while it is cast, folded or on its way to a GPU.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from sa_studio.engine.layouts import Layout, recognise_layout
from sa_studio.engine.weight_sources import Reshaped, WeightSource, fold_weight_norm
from sa_studio.engine.weights_folder import diffusers_sources, native_sources
from sa_studio.errors import ModelError

# How many names of a kind a message shows before it only counts them.
_NAMES_SHOWN = 3

DTypeChoice = torch.dtype | Callable[[str], torch.dtype]


def load_weights(
    module: nn.Module, folder: Path, *, device: torch.device | str, dtype: DTypeChoice
) -> None:
    """Give ``module`` the weights of the model in ``folder``, and make it ready for inference.

    The names of parameters and buffers are those of a native checkpoint. A class may name
    buffers in an attribute ``checkpoint_optional``: they become zero if the weights lack them.

    Args:
        module: built under ``torch.device("meta")``, so that it has no weights of its own yet.
        folder: a native or a diffusers model folder.
        device: where the weights shall live.
        dtype: their type; or a function from the name of a parameter to its type. Buffers of
            integers keep theirs.

    Raises:
        ModelError: a file is missing or damaged, or the weights do not fit the module; every
            missing, unexpected and wrongly shaped tensor is counted in one message.
    """
    fill_weights(module, match_weights(module, folder), device=device, dtype=dtype)


def fill_weights(
    module: nn.Module,
    sources: Mapping[str, WeightSource],
    *,
    device: torch.device | str,
    dtype: DTypeChoice,
) -> None:
    """As :func:`load_weights`, from ``sources`` that :func:`match_sources` has found to fit."""
    values: dict[str, Tensor] = {}
    for name, target in _targets(module).items():
        wanted = dtype(name) if callable(dtype) else dtype
        # like the target: a module may want its weights in a memory layout of its own
        values[name] = torch.empty_like(
            target,
            dtype=wanted if target.is_floating_point() else target.dtype,
            device=device,
        )
        if name in sources:
            sources[name].read_into(values[name])
        else:
            values[name].zero_()
    module.load_state_dict(values, assign=True)
    module.requires_grad_(False).eval()
    lost = [name for name, buffer in module.named_buffers() if buffer.is_meta]
    if lost:
        raise ValueError(f"buffers that are neither stored nor computed later: {lost}")


def match_weights(module: nn.Module, folder: Path) -> dict[str, WeightSource]:
    """Where each parameter and buffer of ``module`` would be read from; nothing is read yet.

    Optional buffers that the weights lack are left out.

    Raises:
        ModelError: as :func:`load_weights`, apart from what only reading the values can show.
    """
    if recognise_layout(folder) is Layout.NATIVE:
        stored = native_sources(folder)
    else:
        stored = fit_unit_axes(module, diffusers_sources(folder))
    return match_sources(module, stored, folder)


def match_sources(
    module: nn.Module, stored: Mapping[str, WeightSource], origin: Path
) -> dict[str, WeightSource]:
    """As :func:`match_weights`, for tensors under native names that are found already.

    Args:
        module: what they have to fill.
        stored: they; weight norms in their two halves, or folded.
        origin: where they come from, for messages.

    Raises:
        ModelError: they do not fit the module.
    """
    targets, optional = _targets(module), _optional(module)
    sources = fold_weight_norm(stored)
    mismatch = Mismatch(
        missing=[name for name in targets if name not in sources and name not in optional],
        unexpected=[name for name in sources if name not in targets],
        reshaped=[
            f"{name} is {list(sources[name].shape)}, not {list(target.shape)}"
            for name, target in targets.items()
            if name in sources and sources[name].shape != tuple(target.shape)
        ],
    )
    if mismatch:
        raise ModelError(
            f"The weights in {str(origin)!r} do not fit the model's configuration: {mismatch}",
            "Weights and configuration belong to different models, or one is damaged: download "
            "the model again.",
        )
    return sources


def fit_unit_axes(module: nn.Module, stored: Mapping[str, WeightSource]) -> dict[str, WeightSource]:
    """``stored`` with axes of length one as ``module`` has them.

    diffusers keeps [1, c, 1] where the native layout has [c], and [n] where it has [n, 1].
    """
    targets = _targets(module)
    return {
        name: _without_unit_axes(source, targets[name]) if name in targets else source
        for name, source in stored.items()
    }


@dataclass(frozen=True, slots=True)
class Mismatch:
    """What is wrong between the tensors that are wanted and those that are stored."""

    missing: list[str]
    unexpected: list[str]
    reshaped: list[str]

    def __bool__(self) -> bool:
        return bool(self.missing or self.unexpected or self.reshaped)

    def __str__(self) -> str:
        kinds = (
            (self.missing, "missing", ", "),
            (self.unexpected, "unexpected", ", "),
            (self.reshaped, "of another shape", "; "),
        )
        return "; ".join(
            f"{len(names)} {kind} ({_some(names, separator)})"
            for names, kind, separator in kinds
            if names
        )


def _some(names: list[str], separator: str) -> str:
    shown = separator.join(names[:_NAMES_SHOWN])
    rest = len(names) - _NAMES_SHOWN
    return f"{shown} and {rest} more" if rest > 0 else shown


def _targets(module: nn.Module) -> dict[str, Tensor]:
    return dict(module.state_dict(keep_vars=True))


def _optional(module: nn.Module) -> set[str]:
    """The names of the buffers that checkpoints may lack."""
    return {
        f"{path}.{name}" if path else name
        for path, part in module.named_modules()
        for name, _ in part.named_buffers(recurse=False)
        if name in getattr(part, "checkpoint_optional", ())
    }


def _without_unit_axes(source: WeightSource, target: Tensor) -> WeightSource:
    wanted = tuple(target.shape)
    if source.shape != wanted and _long_axes(source.shape) == _long_axes(wanted):
        return Reshaped(source, wanted)
    return source


def _long_axes(shape: Iterable[int]) -> list[int]:
    return [length for length in shape if length != 1]
