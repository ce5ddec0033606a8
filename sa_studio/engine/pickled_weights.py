"""Read checkpoints that torch.save wrote, without running what somebody may have put into them.

Two locks, one behind the other: a file that names anything beside what tensors are rebuilt with is
refused before it is unpickled (``pickle_globals.py``), and torch's weights-only unpickler reads
the rest. Values are mapped, not read: only those that are used come into memory.
"""

from __future__ import annotations

import pickle
import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from sa_studio.engine.name_list import some_of
from sa_studio.engine.pickle_globals import foreign_globals
from sa_studio.engine.weight_sources import InMemory
from sa_studio.engine.weights_file import DAMAGED_HINT
from sa_studio.errors import ModelError

_STATE_DICT = "state_dict"
_CONFIG = "model_config"


@dataclass(frozen=True, slots=True)
class PickledCheckpoint:
    """What a checkpoint holds.

    Attributes:
        tensors: the weights by name.
        config: the model's configuration, which stable-audio-tools puts into its snapshots.
        others: the names of everything else, which is not needed: optimizer, counters …
    """

    tensors: dict[str, InMemory]
    config: Mapping[str, Any] | None
    others: tuple[str, ...]


def read_pickled_checkpoint(path: Path) -> PickledCheckpoint:
    """The content of a ``.ckpt``, ``.pt`` or ``.bin`` file: a dictionary of tensors, maybe wrapped.

    The file must stay as it is for as long as the tensors are used. Of files of the form that
    torch wrote before 2020, or that were compressed, all values are in memory.

    Raises:
        ModelError: the file is missing or damaged, holds no weights, or wants to call something
            that weights do not need.
    """
    content = unpickle(path)
    if not isinstance(content, Mapping):
        raise _without_weights(path)
    config = None
    others: list[str] = []
    if isinstance(content.get(_STATE_DICT), Mapping):
        config = content.get(_CONFIG)
        others = [str(name) for name in content if name not in (_STATE_DICT, _CONFIG)]
        content = content[_STATE_DICT]
    tensors = {
        str(name): InMemory(value.detach())
        for name, value in content.items()
        if isinstance(value, Tensor) and value.layout is torch.strided and not value.is_quantized
    }
    if not tensors:
        raise _without_weights(path)
    others += [str(name) for name in content if str(name) not in tensors]
    return PickledCheckpoint(
        tensors, config if isinstance(config, Mapping) else None, tuple(others)
    )


def unpickle(path: Path) -> Any:
    """The object in a pickle of tensors, dictionaries and plain values; tensors may be mapped.

    Raises:
        ModelError: the file is missing or damaged, or wants to call something that weights do not
            need.
    """
    try:
        foreign = foreign_globals(path)
        if foreign:
            raise ModelError(
                f"{str(path)!r} is refused: reading it would call {some_of(foreign)}, which no "
                "weights need",
                "Nothing was run. If you do not trust where it comes from, delete it; otherwise "
                "ask for a safetensors file, or make one with the program that trained it.",
            )
        return torch.load(path, map_location="cpu", weights_only=True, mmap=_can_map(path))
    except FileNotFoundError as error:
        raise ModelError(f"{str(path)!r} is missing", "Check the path.") from error
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise ModelError(
            f"{str(path)!r} cannot be read: {reason}", "Check the disk and the permissions."
        ) from error
    except (pickle.UnpicklingError, *_DAMAGE) as error:
        raise ModelError(
            f"{str(path)!r} is no checkpoint of weights, or damaged", DAMAGED_HINT
        ) from error


# What torch's reader raises for files that are cut off, garbled or of another kind.
_DAMAGE = (
    RuntimeError,
    ValueError,
    EOFError,
    KeyError,
    IndexError,
    TypeError,
    AttributeError,
    AssertionError,
    MemoryError,
    struct.error,
    zlib.error,
    OverflowError,
)


def _can_map(path: Path) -> bool:
    """Whether the values lie in the file as they are: a zip archive that is not compressed."""
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as archive:
        return all(item.compress_type == zipfile.ZIP_STORED for item in archive.infolist())


def _without_weights(path: Path) -> ModelError:
    return ModelError(
        f"{str(path)!r} holds no weights by name",
        "Choose the file of a model: a dictionary of tensors, or a snapshot with a state_dict.",
    )
