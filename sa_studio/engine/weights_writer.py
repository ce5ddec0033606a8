"""Write a safetensors file tensor by tensor, and hash it on the way."""

from __future__ import annotations

import hashlib
import json
import math
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import torch
from torch import Tensor

from sa_studio.engine.weight_sources import WeightSource
from sa_studio.engine.weights_file import DTYPE_NAMES
from sa_studio.errors import ModelError
from sa_studio.model_offers import FileCheck

# How much is written between two calls of ``advance``: a fraction of a second on any disk.
BLOCK_BYTES = 1 << 23
_ALIGNMENT = 8
# transformers refuses files that do not say so
_METADATA = {"format": "pt"}

# Is told how many bytes more are written; what it raises ends the writing.
Advance = Callable[[int], None]


def tensor_bytes(source: WeightSource) -> int:
    """How much room a tensor takes in a file."""
    return math.prod(source.shape) * source.dtype.itemsize


def file_bytes(sources: Mapping[str, WeightSource]) -> int:
    """How large :func:`write_weights_file` makes a file.

    Raises:
        ModelError: a source is of a type without a name in the format.
    """
    return len(_header(sources)) + sum(map(tensor_bytes, sources.values()))


def write_weights_file(
    path: Path, sources: Mapping[str, WeightSource], advance: Advance
) -> FileCheck:
    """Write ``sources`` in the types that they have; one at a time is in memory.

    Args:
        path: the new file.
        sources: the tensors by name.
        advance: called after every few megabytes.

    Returns:
        The file's name, size and SHA-256. It is safe on the disk.

    Raises:
        ModelError: a source cannot be read, or is of a type without a name in the format.
        OSError: the file cannot be written.
    """

    def blocks() -> Iterator[memoryview]:
        yield memoryview(_header(sources))
        # one place for all of them: freed and taken anew, the heap would grow by many tensors
        largest = max(map(tensor_bytes, sources.values()), default=0)
        place = torch.empty(largest, dtype=torch.uint8)
        for name in _in_order(sources):
            yield from _blocks_of(sources[name], place)

    return write_hashed(path, blocks(), advance)


def _in_order(sources: Mapping[str, WeightSource]) -> list[str]:
    """Wide types first, so that every tensor begins at a multiple of its type's size."""
    return sorted(sources, key=lambda name: (-sources[name].dtype.itemsize, name))


def copy_hashed(source: Path, path: Path, advance: Advance) -> FileCheck:
    """Copy a file, as :func:`write_weights_file` writes one; raises OSError."""

    def blocks() -> Iterator[memoryview]:
        with source.open("rb") as file:
            while block := file.read(BLOCK_BYTES):
                yield memoryview(block)

    return write_hashed(path, blocks(), advance)


def write_hashed(path: Path, blocks: Iterator[memoryview], advance: Advance) -> FileCheck:
    """Write ``blocks`` one after the other into the new file ``path``; raises OSError."""
    digest, size = hashlib.sha256(), 0
    with path.open("xb") as file:
        for block in blocks:
            file.write(block)
            digest.update(block)
            size += len(block)
            advance(len(block))
        file.flush()
        os.fsync(file.fileno())
    return FileCheck(path.name, size, digest.hexdigest())


def _header(sources: Mapping[str, WeightSource]) -> bytes:
    """The table of contents; raises ModelError for a type that the format has no name for."""
    foreign = [name for name, source in sources.items() if source.dtype not in DTYPE_NAMES]
    if foreign:
        raise ModelError(
            f"The tensor {foreign[0]} is of the type {sources[foreign[0]].dtype}, which cannot be "
            "kept",
            "Use weights in float32, float16 or bfloat16.",
        )
    table: dict[str, object] = {"__metadata__": _METADATA}
    offset = 0
    for name in _in_order(sources):
        source = sources[name]
        end = offset + tensor_bytes(source)
        table[name] = {
            "dtype": DTYPE_NAMES[source.dtype],
            "shape": list(source.shape),
            "data_offsets": [offset, end],
        }
        offset = end
    text = json.dumps(table, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % _ALIGNMENT)
    return len(text).to_bytes(8, "little") + text


def _blocks_of(source: WeightSource, place: Tensor) -> Iterator[memoryview]:
    """The bytes of a tensor, which are valid until ``place`` is used for the next one."""
    filled = place[: tensor_bytes(source)]
    if filled.numel():
        source.read_into(filled.view(source.dtype).view(source.shape))
        buffer = filled.numpy().data
        for first in range(0, len(buffer), BLOCK_BYTES):
            yield buffer[first : first + BLOCK_BYTES]
