"""The tensors of a model folder under the names of a native checkpoint; safetensors only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from sa_studio.engine.diffusers_names import native_tensors
from sa_studio.engine.layouts import DIFFUSERS_PARTS, DIFFUSERS_WEIGHTS, NATIVE_WEIGHTS
from sa_studio.engine.weight_sources import Rows, WeightSource
from sa_studio.engine.weights_file import DAMAGED_HINT, StoredTensor, read_weights_file
from sa_studio.errors import ModelError
from sa_studio.json_file import read_json

SAFE_SUFFIX = ".safetensors"
INDEX_ENDING = ".safetensors.index.json"
# What torch.save writes: pickles, which can hold calls of any function.
PICKLE_SUFFIXES = (".ckpt", ".pt", ".pth", ".bin")

# From a folder and the stem of its weights' names to its tensors.
FolderReader = Callable[[Path, str], Mapping[str, WeightSource]]


def native_sources(folder: Path) -> dict[str, WeightSource]:
    """The tensors of a native folder; raises ModelError as :func:`read_weights_folder`."""
    return dict(read_weights_folder(folder, NATIVE_WEIGHTS))


def read_weights_folder(folder: Path, stem: str) -> dict[str, StoredTensor]:
    """The tensors of ``<stem>.safetensors``, or of the shards that its index lists.

    Raises:
        ModelError: there is neither, or a file is missing or damaged.
    """
    single = folder / f"{stem}{SAFE_SUFFIX}"
    index = folder / f"{stem}{INDEX_ENDING}"
    if not single.is_file() and not index.is_file():
        _refuse_other_files(folder)
    if single.is_file() or not index.is_file():
        return read_weights_file(single)
    return read_shards(index)


def read_shards(index: Path) -> dict[str, StoredTensor]:
    """The tensors of all files that ``index`` lists.

    Raises:
        ModelError: the index or a file is missing or damaged.
    """
    tensors: dict[str, StoredTensor] = {}
    for shard in sorted(_shard_names(index)):
        tensors |= read_weights_file(index.parent / shard)
    return tensors


def diffusers_sources(
    folder: Path, read: FolderReader = read_weights_folder
) -> dict[str, WeightSource]:
    """The tensors of a diffusers folder.

    Args:
        folder: the folder of the pipeline.
        read: reads the folder of a part.

    Raises:
        ModelError: a file is missing or damaged.
    """
    sources: dict[str, WeightSource] = {}
    for part in DIFFUSERS_PARTS:
        stored = read(folder / part, DIFFUSERS_WEIGHTS)
        for tensor in native_tensors(part, stored):
            rows = tuple(stored[name] for name in tensor.rows)
            sources[tensor.name] = rows[0] if len(rows) == 1 else Rows(rows)
    return sources


def _refuse_other_files(folder: Path) -> None:
    """Say why weights that are there are not loaded: only an import reads every format."""
    others = sorted(
        path.name
        for path in folder.glob("*")
        if path.suffix in (*PICKLE_SUFFIXES, SAFE_SUFFIX) and path.is_file()
    )
    if others:
        raise ModelError(
            f"The weights in {str(folder)!r} are in {others[0]}, a format that is not loaded "
            "as it is",
            f"Import it, which makes a copy that is: sa-studio models import {str(folder)!r}.",
        )


def _shard_names(index: Path) -> set[str]:
    """The files that an index lists; they must lie beside it."""
    try:
        shards = set(read_json(index)["weight_map"].values())
        sound = bool(shards) and all(Path(shard).name == shard for shard in shards)
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise ModelError(f"{str(index)!r} cannot be read", DAMAGED_HINT) from error
    if not sound:
        raise ModelError(f"{str(index)!r} lists no weights beside it", DAMAGED_HINT)
    return shards
