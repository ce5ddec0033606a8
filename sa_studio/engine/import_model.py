"""Make a model folder that is loaded as it is out of what people have.

Values are written as they are stored, and weight norms stay in their two halves: what the copy
loads as is what its original would load as, in every precision.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import torch

from sa_studio.engine.checkpoint import fit_unit_axes, match_sources, match_weights
from sa_studio.engine.config import read_model_folder
from sa_studio.engine.diffusion_model import DiffusionModel
from sa_studio.engine.layouts import NATIVE_CONFIG, NATIVE_WEIGHTS
from sa_studio.engine.model_sources import ModelSource, find_weights, open_model
from sa_studio.engine.pickled_weights import read_pickled_checkpoint
from sa_studio.engine.text_encoder import (
    TOKENIZER_FILE,
    TOKENIZER_FOLDER,
    text_encoder_width,
)
from sa_studio.engine.text_encoders import TEXT_ENCODERS
from sa_studio.engine.weight_sources import WeightSource
from sa_studio.engine.weights_folder import PICKLE_SUFFIXES, SAFE_SUFFIX
from sa_studio.engine.weights_writer import (
    copy_hashed,
    tensor_bytes,
    write_hashed,
    write_weights_file,
)
from sa_studio.errors import ModelError
from sa_studio.model_offers import FileCheck

# Is told the file at work and how many bytes more it has; what it raises ends the import.
ReportBytes = Callable[[str, int], None]

# Room for the configuration and the tables of contents, in bytes.
_SMALL_FILES = 1 << 20
# What text encoders need no part of: the half of T5 that writes, and second names of one table.
_OTHER_HALF_OF_T5 = ("decoder.", "lm_head.", "encoder.embed_tokens.")
# The same weights for other programs.
_FOREIGN_WEIGHTS = (*PICKLE_SUFFIXES, ".h5", ".msgpack", ".onnx", ".ot", ".tflite")


@dataclass(frozen=True, slots=True)
class _Copy:
    """A file of the text encoder: copied, or written anew from ``weights``."""

    source: Path
    file: str
    weights: Mapping[str, WeightSource] | None = None

    @property
    def bytes(self) -> int:
        """How large it becomes, about."""
        if self.weights is None:
            return self.source.stat().st_size
        return sum(map(tensor_bytes, self.weights.values()))


class CheckedModel:
    """A model that is known to fit together, and may be written.

    Args:
        source: the model.

    Attributes:
        bytes: how large its folder becomes, about.

    Raises:
        ModelError: it lacks its autoencoder; tensors are missing, unexpected or of another shape,
            all of them counted; or its text encoder is incomplete.
    """

    def __init__(self, source: ModelSource) -> None:
        if source.lacks_autoencoder:
            raise ModelError(
                f"The model in {str(source.path)!r} has no autoencoder",
                "Name the model that it was fine-tuned from, to use that one's.",
            )
        with torch.device("meta"):
            module = DiffusionModel(source.config, _text_width(source))
        tensors = dict(source.tensors)
        if source.is_diffusers:
            tensors = fit_unit_axes(module, tensors)
        _refuse_trained_text_encoder(source)
        match_sources(module, tensors, source.path)
        self._source = replace(source, tensors=tensors)
        self._copies = list(_text_encoder_files(source))
        self.bytes = (
            sum(map(tensor_bytes, tensors.values()))
            + sum(copy.bytes for copy in self._copies)
            + _SMALL_FILES
        )

    def write(self, folder: Path, report: ReportBytes, *, title: str = "") -> list[FileCheck]:
        """Write the model into the new ``folder``; if that fails, nothing of it is left.

        Args:
            folder: where; its parent is there.
            report: called on this thread after every few megabytes.
            title: what lists call the model, unless it says so itself.

        Returns:
            Path in the folder, size and SHA-256 of every file; all are safe on the disk.

        Raises:
            ModelError: a file of the model cannot be read.
            OSError: ``folder`` exists, or the disk is full or cannot be written.
        """
        folder.mkdir()
        try:
            return list(self._write(folder, report, title))
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise

    def _write(self, folder: Path, report: ReportBytes, title: str) -> Iterator[FileCheck]:
        for copy in self._copies:
            path = folder / copy.file
            path.parent.mkdir(exist_ok=True)
            advance = partial(report, copy.file)
            if copy.weights is None:
                written = copy_hashed(copy.source, path, advance)
            else:
                written = write_weights_file(path, copy.weights, advance)
            yield replace(written, file=copy.file)
        weights = folder / f"{NATIVE_WEIGHTS}{SAFE_SUFFIX}"
        yield write_weights_file(weights, self._source.tensors, partial(report, weights.name))
        # last: without it the folder is no model
        content = json.dumps(_titled(self._source.content, title), indent=1, ensure_ascii=False)
        blocks = iter([memoryview(content.encode())])
        yield write_hashed(folder / NATIVE_CONFIG, blocks, partial(report, NATIVE_CONFIG))
        for path in {folder, *(path.parent for path in folder.rglob("*"))}:
            _sync_folder(path)


def check_loadable(folder: Path) -> None:
    """Make sure that the model in ``folder`` can be loaded where it lies, without an import.

    Raises:
        ModelError: it cannot.
    """
    source = open_model(folder)
    with torch.device("meta"):
        module = DiffusionModel(read_model_folder(folder), _text_width(source))
    match_weights(module, folder)
    list(_text_encoder_files(source))


def _text_width(source: ModelSource) -> int:
    """The width of the text encoder's states: it says so, or what was learned behind it does."""
    if source.text_encoder is not None:
        return text_encoder_width(source.text_encoder.parent)
    text = next(item for item in source.config.conditioners if item.type in TEXT_ENCODERS)
    projection = source.tensors.get(f"conditioner.conditioners.{text.id}.proj_out.weight")
    if projection is None or len(projection.shape) != 2:
        return text.output_dim
    return projection.shape[1]


def _refuse_trained_text_encoder(source: ModelSource) -> None:
    text = next(item for item in source.config.conditioners if item.type in TEXT_ENCODERS)
    prefix = f"conditioner.conditioners.{text.id}.model."
    if any(name.startswith(prefix) for name in source.tensors):
        raise ModelError(
            f"The model in {str(source.path)!r} was trained together with its text encoder and "
            "holds both in one file, which cannot be imported",
            "Use a model whose text encoder was not trained, or lies in a folder of its own.",
        )


def _text_encoder_files(source: ModelSource) -> Iterator[_Copy]:
    """The files of the model's own text encoder, as they will lie in its new folder."""
    folder = source.text_encoder
    if folder is None:
        return
    beside = folder.parent / TOKENIZER_FOLDER
    words = beside if beside.is_dir() else folder
    if not (words / TOKENIZER_FILE).is_file():
        raise ModelError(
            f"The text encoder in {str(folder)!r} has no {TOKENIZER_FILE}",
            "Complete it, or move it away, so that the T5-base that models share is used.",
        )
    usual = f"{NATIVE_WEIGHTS}{SAFE_SUFFIX}"
    safe = list(folder.glob(f"*{SAFE_SUFFIX}"))
    renamed = {safe[0]: usual} if len(safe) == 1 else {}
    if not safe:
        pickle = find_weights(folder, NATIVE_WEIGHTS)
        stored = read_pickled_checkpoint(pickle).tensors
        kept = {name: t for name, t in stored.items() if not name.startswith(_OTHER_HALF_OF_T5)}
        yield _Copy(pickle, f"{folder.name}/{usual}", kept)
    for part in dict.fromkeys((folder, words)):
        for path in sorted(part.iterdir()):
            if path.is_file() and not path.name.endswith(_FOREIGN_WEIGHTS):
                yield _Copy(path, f"{part.name}/{renamed.get(path, path.name)}")


def _titled(content: Mapping[str, Any], title: str) -> dict[str, Any]:
    """The configuration with ``title``, unless it has one of its own."""
    section = {**content.get("sa_studio", {})}
    if title:
        section.setdefault("title", title)
    return {**content, **({"sa_studio": section} if section else {})}


def _sync_folder(path: Path) -> None:
    """Make the names in a folder safe on the disk, where a folder can be opened."""
    if os.name == "posix":
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
