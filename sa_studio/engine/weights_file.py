"""Read a safetensors file tensor by tensor, straight into memory that is already there.

The safetensors library hands out tensors that are views of the mapped file or copies of it.
Neither serves here: a mapping pins the file for as long as the model lives (on Windows it cannot
be replaced or removed, elsewhere replacing it can crash the process), and a copy is a second one.
The format is a length, a JSON table and raw bytes (https://github.com/huggingface/safetensors).
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from sa_studio.errors import ModelError

DAMAGED_HINT = "The file is damaged or was not downloaded completely: download it again."
_LENGTH_BYTES = 8
_MAX_HEADER_BYTES = 100_000_000
_DTYPES = {
    "F64": torch.float64,
    "F32": torch.float32,
    "F16": torch.float16,
    "BF16": torch.bfloat16,
    "I64": torch.int64,
    "I32": torch.int32,
    "I16": torch.int16,
    "I8": torch.int8,
    "U8": torch.uint8,
    "BOOL": torch.bool,
}
DTYPE_NAMES = {dtype: name for name, dtype in _DTYPES.items()}


@dataclass(frozen=True, slots=True)
class StoredTensor:
    """A tensor that lies in a file: ``offset`` counts bytes from the start of the file."""

    path: Path
    name: str
    dtype: torch.dtype
    shape: tuple[int, ...]
    offset: int

    def read(self) -> Tensor:
        """The tensor in main memory, as it is stored.

        Raises:
            ModelError: the file cannot be read or has become shorter.
        """
        tensor = torch.empty(self.shape, dtype=self.dtype)
        self._fill(tensor)
        return tensor

    def read_into(self, destination: Tensor) -> None:
        """Fill ``destination``, which may be of another dtype or on another device.

        Raises:
            ModelError: the file cannot be read or has become shorter.
        """
        same = destination.dtype == self.dtype and destination.device.type == "cpu"
        if same and destination.is_contiguous():
            self._fill(destination)
        else:
            # One tensor at a time, and cast where it shall live.
            destination.copy_(self.read().to(destination.device))

    def _fill(self, tensor: Tensor) -> None:
        if not tensor.numel():
            return
        buffer = tensor.view(-1).view(torch.uint8).numpy().data
        try:
            with self.path.open("rb", buffering=0) as file:
                file.seek(self.offset)
                filled = 0
                while filled < len(buffer):
                    # one read returns at most about 2 GiB on Linux
                    count = file.readinto(buffer[filled:])
                    if not count:
                        raise ModelError(
                            f"{self.path} ends in the middle of a tensor", DAMAGED_HINT
                        )
                    filled += count
        except OSError as error:
            raise _unreadable(self.path, error) from error


def read_weights_file(path: Path) -> dict[str, StoredTensor]:
    """The tensors of a safetensors file by name, without reading their values.

    Raises:
        ModelError: the file is missing, truncated or no safetensors file.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            length = int.from_bytes(file.read(_LENGTH_BYTES), "little")
            if size < _LENGTH_BYTES or not 2 <= length <= _MAX_HEADER_BYTES:
                raise ModelError(f"{path} is no safetensors file", DAMAGED_HINT)
            text = file.read(length)
            if text[:1] not in (b"", b"{"):
                raise ModelError(f"{path} is no safetensors file", DAMAGED_HINT)
    except OSError as error:
        raise _unreadable(path, error) from error
    start = _LENGTH_BYTES + length
    if size < start:
        raise ModelError(f"{path} is cut off: its table of contents is incomplete", DAMAGED_HINT)
    try:
        table = json.loads(text)
        tensors = {
            name: _stored_tensor(path, name, entry, start)
            for name, entry in table.items()
            if name != "__metadata__"
        }
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ModelError(f"{path} has a damaged table of contents", DAMAGED_HINT) from error
    end = max((_end(tensor) for tensor in tensors.values()), default=start)
    if end > size:
        raise ModelError(
            f"{path} is cut off: it has {size:,} bytes of at least {end:,}", DAMAGED_HINT
        )
    return tensors


def _stored_tensor(path: Path, name: str, entry: Mapping[str, Any], start: int) -> StoredTensor:
    """Raises ValueError, TypeError or KeyError if ``entry`` contradicts itself."""
    if entry["dtype"] not in _DTYPES:
        raise ModelError(
            f"{path}: the tensor {name} is of the unknown type {entry['dtype']!r}",
            "Use weights in float32, float16 or bfloat16.",
        )
    first, last = entry["data_offsets"]
    shape = tuple(entry["shape"])
    if not all(isinstance(number, int) and number >= 0 for number in (first, last, *shape)):
        raise ValueError(f"{name}: {entry}")
    tensor = StoredTensor(path, name, _DTYPES[entry["dtype"]], shape, start + first)
    if _end(tensor) != start + last:
        raise ValueError(f"{name}: {entry}")
    return tensor


def _end(tensor: StoredTensor) -> int:
    return tensor.offset + math.prod(tensor.shape) * tensor.dtype.itemsize


def _unreadable(path: Path, error: OSError) -> ModelError:
    if isinstance(error, FileNotFoundError):
        return ModelError(
            f"{path} is missing", "The model folder is incomplete: download the model again."
        )
    reason = error.strerror or type(error).__name__
    return ModelError(f"{path} cannot be read: {reason}", "Check the disk and the permissions.")
