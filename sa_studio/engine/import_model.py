"""Make a model folder that is loaded as it is out of what people have.

Values are written as they are stored, and weight norms stay in their two halves: what the copy
loads as is what its original would load as, in every precision.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sa_studio.engine.checkpoint import fit_unit_axes, match_sources, match_weights
from sa_studio.engine.config import ConditionerConfig, read_model_folder
from sa_studio.engine.diffusion_model import empty_model
from sa_studio.engine.folder_writer import (
    NewFile,
    ReportBytes,
    TextFile,
    WeightsFile,
    write_folder,
)
from sa_studio.engine.layouts import NATIVE_CONFIG, NATIVE_WEIGHTS
from sa_studio.engine.model_sources import ModelSource, open_model
from sa_studio.engine.text_encoder import text_encoder_width
from sa_studio.engine.text_encoder_files import (
    check_encoder_loads,
    own_encoder_files,
    shared_encoder_files,
    trained_encoder_files,
)
from sa_studio.engine.text_encoders import TEXT_ENCODERS
from sa_studio.engine.weights_folder import SAFE_SUFFIX
from sa_studio.errors import ModelError
from sa_studio.model_offers import FileCheck


class CheckedModel:
    """A model that is known to fit together, and may be written.

    Args:
        source: the model.
        shared_text_encoder: the folder of the T5-base that models share, if it is installed.
        title: what lists shall call the model; as it calls itself if empty.

    Attributes:
        bytes: how large its folder becomes.

    Raises:
        ModelError: it lacks its autoencoder; tensors are missing, unexpected or of another shape,
            all of them counted; or its text encoder is incomplete.
    """

    def __init__(
        self, source: ModelSource, shared_text_encoder: Path | None = None, *, title: str = ""
    ) -> None:
        if source.lacks_autoencoder:
            raise ModelError(
                f"The model in {str(source.path)!r} has no autoencoder",
                "Name the model that it was fine-tuned from, to use that one's.",
            )
        trained = _trained_text_encoder(source)
        tensors = {n: t for n, t in source.tensors.items() if n not in trained.values()}
        module = empty_model(source.config, _text_width(source))
        if source.is_diffusers:
            tensors = fit_unit_axes(module, tensors)
        match_sources(module, tensors, source.path)
        files: list[NewFile] = []
        if trained:
            encoder = {name: source.tensors[whole] for name, whole in trained.items()}
            files += trained_encoder_files(
                encoder, _begun_as(source, shared_text_encoder), source.path
            )
        elif source.text_encoder is not None:
            files += own_encoder_files(source.text_encoder)
        files.append(WeightsFile(f"{NATIVE_WEIGHTS}{SAFE_SUFFIX}", tensors))
        content = json.dumps(_titled(source.content, title), indent=1, ensure_ascii=False)
        # last: without it the folder is no model
        self._files = (*files, TextFile(NATIVE_CONFIG, content))
        self.bytes = sum(item.bytes for item in self._files)

    def write(self, folder: Path, report: ReportBytes) -> list[FileCheck]:
        """Write the model, as :func:`write_folder` does."""
        return write_folder(folder, self._files, report)


class CheckedTextEncoder:
    """The T5-base that models share, known to be it and complete.

    Args:
        folder: where somebody has it.

    Attributes:
        bytes: how large its folder becomes.

    Raises:
        ModelError: it is another one, incomplete or damaged.
    """

    def __init__(self, folder: Path) -> None:
        self._files = tuple(shared_encoder_files(folder))
        self.bytes = sum(item.bytes for item in self._files)

    def write(self, folder: Path, report: ReportBytes) -> list[FileCheck]:
        """Write it, as :func:`write_folder` does."""
        return write_folder(folder, self._files, report)


def check_loadable(folder: Path) -> None:
    """Make sure that the model in ``folder`` can be loaded where it lies, without an import.

    Raises:
        ModelError: it cannot.
    """
    source = open_model(folder)
    module = empty_model(read_model_folder(folder), _text_width(source))
    match_weights(module, folder)
    if source.text_encoder is not None:
        check_encoder_loads(source.text_encoder)


def _text_conditioner(source: ModelSource) -> ConditionerConfig:
    return next(item for item in source.config.conditioners if item.type in TEXT_ENCODERS)


def _trained_text_encoder(source: ModelSource) -> dict[str, str]:
    """The names of the tensors of a text encoder within the checkpoint: its own, and whole."""
    prefix = f"conditioner.conditioners.{_text_conditioner(source).id}.model."
    whole = (name for name in source.tensors if name.startswith(prefix))
    return {name.removeprefix(prefix): name for name in whole}


def _begun_as(source: ModelSource, shared: Path | None) -> Path:
    """The text encoder whose tokenizer and configuration the trained one has; ModelError."""
    if _text_conditioner(source).type != "t5":
        raise ModelError(
            f"The model in {str(source.path)!r} holds a text encoder that is no T5",
            "Use a model whose text encoder lies in a folder of its own.",
        )
    found = source.text_encoder or shared
    if found is None:
        raise ModelError(
            f"The model in {str(source.path)!r} was trained together with its text encoder, "
            "whose tokenizer is not here",
            "Get T5-base first: sa-studio models download t5-base.",
        )
    return found


def _text_width(source: ModelSource) -> int:
    """The width of the text encoder's states: it says so, or what was learned behind it does."""
    if source.text_encoder is not None:
        return text_encoder_width(source.text_encoder.parent)
    text = _text_conditioner(source)
    projection = source.tensors.get(f"conditioner.conditioners.{text.id}.proj_out.weight")
    if projection is None or len(projection.shape) != 2:
        return text.output_dim
    return projection.shape[1]


def _titled(content: Mapping[str, Any], title: str) -> dict[str, Any]:
    """The configuration with ``title``, if there is one."""
    if not title:
        return dict(content)
    return {**content, "sa_studio": {**content.get("sa_studio", {}), "title": title}}
