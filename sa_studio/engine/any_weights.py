"""Weights in any format that people have them in, found and opened; no value is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sa_studio.engine.layouts import NATIVE_CONFIG
from sa_studio.engine.pickled_weights import read_pickled_checkpoint
from sa_studio.engine.weight_sources import WeightSource
from sa_studio.engine.weights_file import read_weights_file
from sa_studio.engine.weights_folder import (
    INDEX_ENDING,
    PICKLE_SUFFIXES,
    SAFE_SUFFIX,
    read_shards,
)
from sa_studio.errors import ModelError


@dataclass(frozen=True, slots=True)
class Stored:
    """What a file of weights holds.

    Attributes:
        tensors: by the names that they have there.
        config: the model's configuration, if it is in the file.
        others: the names of everything else in it.
    """

    tensors: Mapping[str, WeightSource]
    config: Mapping[str, Any] | None = None
    others: tuple[str, ...] = ()


def find_weights(folder: Path, stem: str) -> Path:
    """The one file of weights in ``folder``, or the index of its shards.

    A file called ``stem`` comes first, and safetensors come before pickles.

    Raises:
        ModelError: there is none, or it is not clear which.
    """
    if not folder.is_dir():
        raise ModelError(f"There is no {str(folder)!r}", "Check the path.")
    names = sorted(path.name for path in folder.iterdir() if path.is_file())
    endings = (SAFE_SUFFIX, INDEX_ENDING, f".fp16{SAFE_SUFFIX}", *PICKLE_SUFFIXES)
    for ending in endings:
        if f"{stem}{ending}" in names:
            return folder / f"{stem}{ending}"
    for suffixes in ((INDEX_ENDING,), (SAFE_SUFFIX,), PICKLE_SUFFIXES):
        found = [name for name in names if name.endswith(suffixes)]
        if len(found) == 1:
            return folder / found[0]
        if found:
            raise ModelError(
                f"{str(folder)!r} holds several files of weights: {', '.join(found)}",
                "Name the file itself.",
            )
    raise ModelError(
        f"There are no weights in {str(folder)!r}",
        f"Choose a folder with {NATIVE_CONFIG} and the model's weights, or a diffusers folder.",
    )


def read_stored(path: Path) -> Stored:
    """Open a file of weights, or all files of an index.

    Raises:
        ModelError: it is missing, damaged, refused or of no known format.
    """
    if path.name.endswith(INDEX_ENDING):
        return Stored(read_shards(path))
    if path.suffix == SAFE_SUFFIX:
        return Stored(read_weights_file(path))
    if path.suffix in PICKLE_SUFFIXES:
        checkpoint = read_pickled_checkpoint(path)
        return Stored(checkpoint.tensors, checkpoint.config, checkpoint.others)
    raise ModelError(
        f"{str(path)!r} is of no kind that models come in",
        f"Choose a model folder or a file: {', '.join((SAFE_SUFFIX, *PICKLE_SUFFIXES))}.",
    )
