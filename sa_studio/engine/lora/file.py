"""Reads a LoRA file: safetensors, or a pickle of nothing but tensors and plain values."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from sa_studio.engine.lora.adapter import Adapter
from sa_studio.engine.lora.settings import PEFT_STEM, LoraSettings, find_settings, settings_files
from sa_studio.engine.lora.styles import NO_LORA_HINT, Style, read_adapters
from sa_studio.engine.pickled_weights import unpickle
from sa_studio.engine.weights_file import DAMAGED_HINT, read_weights_file
from sa_studio.errors import LoraError, ModelError

SAFETENSORS = ".safetensors"
PICKLES = (".ckpt", ".pt", ".pth", ".bin")
# what the file is called in a folder of PEFT and of diffusers
FOLDER_STEMS = (PEFT_STEM, "pytorch_lora_weights")
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
    def own_name(self) -> str:
        """What to call it among others: a folder's name, where all files are called the same."""
        return self.path.parent.name if self.path.stem in FOLDER_STEMS else self.name

    @property
    def rank(self) -> int:
        """The largest inner width of its adapters."""
        return max(adapter.change.rank for adapter in self.adapters)


def read_lora(path: Path) -> LoraFile:
    """The LoRA in a file, or in a folder as PEFT and diffusers make them.

    One that was read lately and did not change is not read again.

    Raises:
        LoraError: it is missing, damaged, unsafe or no LoRA.
    """
    # os.path says False to names that no file system takes, where Path would raise
    path = Path(os.path.expanduser(path)).absolute()  # noqa: PTH111
    if not os.path.exists(path):  # noqa: PTH110
        raise LoraError(f"There is no LoRA file {str(path)!r}", "Check the path.")
    if path.is_dir():
        path = _file_in(path)
    if path.suffix.lower() not in (SAFETENSORS, *PICKLES):
        raise LoraError(
            f"{path.name!r} is no LoRA file",
            f"LoRA files end in {', '.join((SAFETENSORS, *PICKLES))}.",
        )
    if not path.is_file():
        raise LoraError(f"There is no LoRA file {str(path)!r}", "Check the path.")
    return _read(path, tuple(map(_stamp, (path, *settings_files(path)))))


def as_safetensors(lora: LoraFile) -> bytes:
    """The content of a safetensors file with the tensors of ``lora`` as it is on disk.

    Its settings are not in it, unless they are in the file itself.

    Raises:
        LoraError: the file cannot be read any more.
    """
    from safetensors.torch import save

    if lora.path.suffix.lower() == SAFETENSORS:
        try:
            return lora.path.read_bytes()
        except OSError as error:
            raise LoraError(
                f"{str(lora.path)!r} cannot be read: {error.strerror or error}",
                "Check the disk and the permissions.",
            ) from error
    tensors, _ = _load(lora.path)
    # views of one memory become tensors of their own, as the format wants them
    return save({name: tensor.detach().clone().contiguous() for name, tensor in tensors.items()})


def _file_in(folder: Path) -> Path:
    """The one file of a folder that PEFT or diffusers made."""
    for stem in FOLDER_STEMS:
        for ending in (SAFETENSORS, ".bin"):
            path = folder / f"{stem}{ending}"
            if path.is_file():
                return path
    raise LoraError(f"There is no LoRA in the folder {str(folder)!r}", "Choose the LoRA file.")


@lru_cache(maxsize=_FILES_KEPT)
def _read(
    path: Path,
    stamps: tuple[tuple[int, int] | None, ...],  # noqa: ARG001 (a changed file is another key)
) -> LoraFile:
    tensors, inside = _load(path)
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


def _load(path: Path) -> tuple[dict[str, Tensor], Mapping[str, Any]]:
    """The tensors of a file and what it says besides."""
    read = _read_safetensors if path.suffix.lower() == SAFETENSORS else _read_pickle
    try:
        return read(path)
    except ModelError as error:
        raise LoraError(error.message, error.hint) from error


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
    content = unpickle(path)
    if not isinstance(content, Mapping):
        raise LoraError(f"There is no LoRA in {path.name!r}", NO_LORA_HINT)
    tensors: dict[str, Tensor] = {}
    stored = content.get("state_dict", content)
    for name, value in stored.items() if isinstance(stored, Mapping) else ():
        if isinstance(value, Tensor):
            tensors[str(name)] = value
        elif isinstance(value, int | float) and str(name).endswith(".alpha"):
            tensors[str(name)] = torch.tensor(float(value))
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
