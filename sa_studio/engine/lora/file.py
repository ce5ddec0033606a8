"""Reads a LoRA file: safetensors, or a pickle of nothing but tensors and plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from sa_studio.engine.lora.adapter import Adapter
from sa_studio.engine.lora.pickles import load_pickle
from sa_studio.engine.lora.settings import LoraSettings, find_settings, settings_files
from sa_studio.engine.lora.styles import NO_LORA_HINT, Style, read_adapters
from sa_studio.engine.weights_file import DAMAGED_HINT, read_weights_file
from sa_studio.errors import LoraError, ModelError

SAFETENSORS = ".safetensors"
PICKLES = (".ckpt", ".pt", ".pth", ".bin")
# files in memory; of rank 16 on every layer of a large model they are some 100 MB each
_FILES_KEPT = 4


@dataclass(frozen=True, slots=True, eq=False)
class LoraFile:
    """A LoRA in memory, for any network that it fits. Two are the same only if they are one.

    Attributes:
        name: what to call it; the file's name without its ending.
        path: where it was read.
        style: who writes such files.
        settings: what was found besides the tensors.
        adapters: what it does, in float32 on the CPU.
    """

    name: str
    path: Path
    style: Style
    settings: LoraSettings
    adapters: tuple[Adapter, ...]

    @property
    def rank(self) -> int:
        """The largest inner width of its adapters."""
        return max(adapter.change.rank for adapter in self.adapters)


def read_lora(path: Path) -> LoraFile:
    """The LoRA in a file; one that was read lately and did not change is not read again.

    Raises:
        LoraError: it is missing, damaged, unsafe or no LoRA.
    """
    path = path.expanduser().absolute()
    if path.suffix.lower() not in (SAFETENSORS, *PICKLES):
        raise LoraError(
            f"{path.name!r} is no LoRA file",
            f"LoRA files end in {', '.join((SAFETENSORS, *PICKLES))}.",
        )
    if not path.is_file():
        raise LoraError(f"There is no LoRA file {str(path)!r}", "Check the path.")
    return _read(path, tuple(map(_stamp, (path, *settings_files(path)))))


@lru_cache(maxsize=_FILES_KEPT)
def _read(
    path: Path,
    stamps: tuple[tuple[int, int] | None, ...],  # noqa: ARG001 (a changed file is another key)
) -> LoraFile:
    try:
        if path.suffix.lower() == SAFETENSORS:
            tensors, inside = _read_safetensors(path)
        else:
            tensors, inside = _read_pickle(path)
    except ModelError as error:
        raise LoraError(error.message, error.hint) from error
    settings = find_settings(path, inside)
    style, adapters = read_adapters(path.stem, tensors, settings)
    return LoraFile(path.stem, path, style, settings, adapters)


def _stamp(path: Path) -> tuple[int, int] | None:
    """Size and time of the last change, or ``None`` if there is no such file."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns


def _read_safetensors(path: Path) -> tuple[dict[str, Tensor], Mapping[str, Any]]:
    from safetensors import SafetensorError, safe_open

    tensors = {name: stored.read() for name, stored in read_weights_file(path).items()}
    try:
        with safe_open(path, framework="pt") as file:
            return tensors, file.metadata() or {}
    except SafetensorError as error:
        raise LoraError(f"{path.name!r} is damaged: {error}", DAMAGED_HINT) from error


def _read_pickle(path: Path) -> tuple[dict[str, Tensor], Mapping[str, Any]]:
    """Tensors and the rest of a pickle, which may keep the former in a ``state_dict``."""
    content = load_pickle(path)
    if not isinstance(content, Mapping):
        raise LoraError(f"There is no LoRA in {path.name!r}", NO_LORA_HINT)
    stored = content.get("state_dict", content)
    tensors = (
        {str(name): value for name, value in stored.items() if isinstance(value, Tensor)}
        if isinstance(stored, Mapping)
        else {}
    )
    for name, tensor in tensors.items():
        if not _is_plain(tensor):
            raise LoraError(f"{path.name!r} holds {name}, which is no plain tensor", DAMAGED_HINT)
    return tensors, {str(name): value for name, value in content.items()}


def _is_plain(tensor: Tensor) -> bool:
    """Whether numbers lie there one by one; a view may pretend to be larger than its memory."""
    return (
        tensor.layout is torch.strided
        and tensor.device.type == "cpu"
        and not tensor.is_quantized
        and not tensor.is_complex()
        and tensor.numel() * tensor.element_size() <= tensor.untyped_storage().nbytes()
    )
