"""Fill a module from the weights of a model folder, in the precision and place wanted.

Every parameter is allocated once, where it shall live, and filled there; beyond that, one tensor
at a time is in memory while it is cast, folded or on its way to a GPU.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from sa_studio.engine.diffusers_names import native_tensors
from sa_studio.engine.layouts import (
    DIFFUSERS_PARTS,
    DIFFUSERS_WEIGHTS,
    NATIVE_WEIGHTS,
    Layout,
    recognise_layout,
)
from sa_studio.engine.weight_sources import Reshaped, Rows, WeightSource, fold_weight_norm
from sa_studio.engine.weights_file import DAMAGED_HINT, StoredTensor, read_weights_file
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
    targets = _targets(module)
    sources = match_weights(module, folder)
    values: dict[str, Tensor] = {}
    for name, target in targets.items():
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
    targets = _targets(module)
    optional = _optional(module)
    layout = recognise_layout(folder)
    stored = _native_sources(folder) if layout is Layout.NATIVE else _diffusers_sources(folder)
    if layout is Layout.DIFFUSERS:
        stored = {
            name: _without_unit_axes(source, targets[name]) if name in targets else source
            for name, source in stored.items()
        }
    mismatch = Mismatch(
        missing=[name for name in targets if name not in stored and name not in optional],
        unexpected=[name for name in stored if name not in targets],
        reshaped=[
            f"{name} is {list(stored[name].shape)}, not {list(target.shape)}"
            for name, target in targets.items()
            if name in stored and stored[name].shape != tuple(target.shape)
        ],
    )
    if mismatch:
        raise ModelError(
            f"The weights in {str(folder)!r} do not fit the model's configuration: {mismatch}",
            "Weights and configuration belong to different models, or one is damaged: download "
            "the model again.",
        )
    return stored


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


def _native_sources(folder: Path) -> dict[str, WeightSource]:
    return fold_weight_norm(_read_shards(folder, NATIVE_WEIGHTS))


def _diffusers_sources(folder: Path) -> dict[str, WeightSource]:
    sources: dict[str, WeightSource] = {}
    for part in DIFFUSERS_PARTS:
        stored = fold_weight_norm(_read_shards(folder / part, DIFFUSERS_WEIGHTS))
        for tensor in native_tensors(part, stored):
            rows = tuple(stored[name] for name in tensor.rows)
            sources[tensor.name] = rows[0] if len(rows) == 1 else Rows(rows)
    return sources


def _without_unit_axes(source: WeightSource, target: Tensor) -> WeightSource:
    """diffusers keeps [1, c, 1] where the native layout has [c], and [n] where it has [n, 1]."""
    wanted = tuple(target.shape)
    if source.shape != wanted and _long_axes(source.shape) == _long_axes(wanted):
        return Reshaped(source, wanted)
    return source


def _long_axes(shape: Iterable[int]) -> list[int]:
    return [length for length in shape if length != 1]


def _read_shards(folder: Path, stem: str) -> dict[str, StoredTensor]:
    """The tensors of ``<stem>.safetensors``, or of the shards that its index lists.

    Raises:
        ModelError: there is neither, or a file is missing or damaged.
    """
    single = folder / f"{stem}.safetensors"
    index = folder / f"{stem}.safetensors.index.json"
    if not single.is_file() and not index.is_file():
        _refuse_pickles(folder)
    if single.is_file() or not index.is_file():
        return read_weights_file(single)
    tensors: dict[str, StoredTensor] = {}
    for shard in sorted(_shard_names(index)):
        tensors |= read_weights_file(folder / shard)
    return tensors


def _refuse_pickles(folder: Path) -> None:
    """Say why weights that are there, but in a format that can run code, are not loaded."""
    pickles = sorted(path.name for path in folder.glob("*") if path.suffix in (".ckpt", ".bin"))
    if pickles:
        raise ModelError(
            f"The weights in {str(folder)!r} are in {pickles[0]}, a format that is not loaded",
            "Use the model's safetensors file, which most models are published with.",
        )


def _shard_names(index: Path) -> set[str]:
    """The files that an index lists; they must lie beside it."""
    try:
        shards = set(json.loads(index.read_text(encoding="utf-8"))["weight_map"].values())
        sound = bool(shards) and all(Path(shard).name == shard for shard in shards)
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise ModelError(f"{str(index)!r} cannot be read", DAMAGED_HINT) from error
    if not sound:
        raise ModelError(f"{str(index)!r} lists no weights beside it", DAMAGED_HINT)
    return shards
