"""Opens pickles of tensors without letting them run anything."""

from __future__ import annotations

import pickle
import re
from pathlib import Path
from typing import Any

import torch

from sa_studio.engine.weights_file import DAMAGED_HINT
from sa_studio.errors import LoraError

# how torch names what a pickle wants to call and may not
_FORBIDDEN = re.compile(r"(?:GLOBAL|class|function) (\S+?\.\S+?)[,\s]")


def load_pickle(path: Path) -> Any:
    """The object in a pickle that holds nothing but tensors and plain values.

    Raises:
        LoraError: it wants to call something, or is damaged.
    """
    try:
        return torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        wanted = _FORBIDDEN.search(f"{error} ")
        if wanted is None:
            raise LoraError(f"{path.name!r} is damaged", DAMAGED_HINT) from error
        raise LoraError(
            f"{path.name!r} is not opened: it would call {wanted[1]}, which no LoRA needs",
            "The file may be malicious. Get it as safetensors, from somebody whom you trust.",
        ) from error
    except (OSError, RuntimeError, ValueError, KeyError, EOFError, IndexError) as error:
        raise LoraError(
            f"{path.name!r} cannot be read as a pickle of tensors", DAMAGED_HINT
        ) from error
