"""Model folders of full size that take no room on the disk, and what is published of them."""

from __future__ import annotations

import json
import math
from pathlib import Path

from sa_studio.bench.published import (
    OPEN_CONFIG,
    SMALL_CONFIG,
    Shapes,
    open_tensors,
    small_tensors,
)

__all__ = [
    "OPEN_CONFIG",
    "SMALL_CONFIG",
    "Shapes",
    "open_tensors",
    "small_tensors",
    "write_empty_model",
    "write_sparse",
]


def write_empty_model(folder: Path, shapes: Shapes) -> None:
    """A file with these float32 tensors, all zero, that takes no room on the disk."""
    table, offset = {}, 0
    for name, shape in shapes.items():
        end = offset + 4 * math.prod(shape)
        table[name] = {"dtype": "F32", "shape": list(shape), "data_offsets": [offset, end]}
        offset = end
    text = json.dumps(table).encode()
    write_sparse(folder, len(text).to_bytes(8, "little") + text, offset)


def write_sparse(folder: Path, header: bytes, size: int) -> None:
    """A model folder whose weights are ``header`` and ``size`` bytes of zeros."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model_config.json").write_text("{}")
    with (folder / "model.safetensors").open("wb") as file:
        file.write(header)
        file.truncate(len(header) + size)
