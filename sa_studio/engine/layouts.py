"""Which files a model folder consists of. Standard library only.

A native folder holds ``model_config.json`` and ``model.safetensors``. A diffusers folder holds a
folder for each part of the pipeline, each with its own config, and names of its own for sizes
(``diffusers_config.py``) and tensors (``diffusers_names.py``).
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from sa_studio.errors import ModelError

NATIVE_CONFIG = "model_config.json"
NATIVE_WEIGHTS = "model"
DIFFUSERS_CONFIG = "config.json"
DIFFUSERS_WEIGHTS = "diffusion_pytorch_model"
# The parts of a diffusers folder whose weights are ours to read (the text encoder's are not).
DIFFUSERS_PARTS = ("transformer", "projection_model", "vae")


class Layout(StrEnum):
    """How a model folder is laid out."""

    NATIVE = "native"
    DIFFUSERS = "diffusers"


def recognise_layout(folder: Path) -> Layout:
    """The layout of ``folder``.

    Raises:
        ModelError: there is no such folder, or no model in it.
    """
    if (folder / NATIVE_CONFIG).is_file():
        return Layout.NATIVE
    if (folder / "transformer" / DIFFUSERS_CONFIG).is_file():
        return Layout.DIFFUSERS
    what = "has no model in it" if folder.is_dir() else "does not exist"
    raise ModelError(
        f"The model folder {str(folder)!r} {what}",
        f"Choose a folder with {NATIVE_CONFIG}, or a diffusers folder with transformer/ and vae/.",
    )
