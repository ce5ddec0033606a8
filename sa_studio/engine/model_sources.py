"""A model as people have it: which files it consists of, its configuration, its tensors.

Understood are folders and single files of stable-audio-tools, snapshots of its training, diffusers
folders, and files of an autoencoder alone. Nothing is converted here; ``import_model.py`` does.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sa_studio.engine.any_weights import find_weights, read_stored
from sa_studio.engine.autoencoder_config import AutoencoderConfig, read_autoencoder_config
from sa_studio.engine.config import ModelConfig, parse_model_config
from sa_studio.engine.config_fields import HINT
from sa_studio.engine.diffusers_config import diffusers_model_config
from sa_studio.engine.families import refuse_foreign_family
from sa_studio.engine.layouts import (
    DIFFUSERS_CONFIG,
    NATIVE_CONFIG,
    NATIVE_WEIGHTS,
)
from sa_studio.engine.text_encoder import own_text_encoder
from sa_studio.engine.training_snapshots import left_out, unwrap_snapshot
from sa_studio.engine.weight_sources import WeightSource
from sa_studio.engine.weights_folder import (
    INDEX_ENDING,
    PICKLE_SUFFIXES,
    SAFE_SUFFIX,
    diffusers_sources,
)
from sa_studio.errors import ModelError
from sa_studio.json_file import read_json

AUTOENCODER_PREFIX = "pretransform.model."
AUTOENCODER_TYPE = "autoencoder"
_CONFIG_HINT = (
    f"Put its {NATIVE_CONFIG} beside it, or name the configuration with --config; the page the "
    "model came from has it."
)


@dataclass(frozen=True, slots=True)
class ModelSource:
    """A model that was found, with nothing read but tables of contents.

    Attributes:
        path: what was looked at: a folder or a file.
        content: the configuration as ``model_config.json`` has it.
        config: its typed form.
        tensors: by the names of a native checkpoint; weight norms in their two halves.
        text_encoder: the folder of its own text encoder, if it has one.
        notes: whole sentences on what was chosen among its weights, and what was left out.
        is_diffusers: whether shapes may have axes of length one more or less than native ones.
    """

    path: Path
    content: Mapping[str, Any]
    config: ModelConfig
    tensors: Mapping[str, WeightSource]
    text_encoder: Path | None
    notes: tuple[str, ...]
    is_diffusers: bool

    @property
    def lacks_autoencoder(self) -> bool:
        """Whether there is not one tensor of an autoencoder, as in many fine-tunes."""
        return not any(name.startswith(AUTOENCODER_PREFIX) for name in self.tensors)

    def with_autoencoder(self, lender: AutoencoderSource) -> ModelSource:
        """The same model with the autoencoder of ``lender``.

        Raises:
            ModelError: the model has one, or needs another kind.
        """
        if not self.lacks_autoencoder:
            raise ModelError(
                f"The model in {str(self.path)!r} has an autoencoder of its own",
                "Import it without naming another one.",
            )
        if lender.config != self.config.pretransform.autoencoder:
            raise ModelError(
                f"The autoencoder in {str(lender.path)!r} is of another kind than the one that "
                f"the model in {str(self.path)!r} was trained with",
                "Name the model that it was fine-tuned from.",
            )
        return replace(
            self,
            tensors={**self.tensors, **lender.tensors},
            is_diffusers=self.is_diffusers or lender.is_diffusers,
            notes=(*self.notes, f"The autoencoder is that of {lender.path.name}.", *lender.notes),
        )


@dataclass(frozen=True, slots=True)
class AutoencoderSource:
    """An autoencoder that another model can be given; fields as of :class:`ModelSource`."""

    path: Path
    config: AutoencoderConfig
    tensors: Mapping[str, WeightSource]
    notes: tuple[str, ...] = ()
    is_diffusers: bool = False


@dataclass(frozen=True, slots=True)
class _Weights:
    """The tensors of a file, with what the file says about them."""

    tensors: Mapping[str, WeightSource]
    config: Mapping[str, Any] | None
    notes: tuple[str, ...]


def open_model(path: Path, config: Path | None = None) -> ModelSource:
    """Find out what model ``path`` is.

    Args:
        path: a model folder, a file of weights, or the configuration in a model folder.
        config: its ``model_config.json``, if that does not lie beside the weights.

    Raises:
        ModelError: there is no model, more than one, or one without a configuration; a file is
            missing, damaged or refused; or the model is of a family that cannot be run.
    """
    path = _meant(path)
    if config is None and _is_diffusers(path):
        content = diffusers_model_config(path)
        return _model(path, content, _Weights(_read_diffusers(path), None, ()), is_diffusers=True)
    weights_path = find_weights(path, NATIVE_WEIGHTS) if path.is_dir() else path
    # the configuration first: it is quick, and most of what is refused is refused by it
    found = config or _config_beside(weights_path)
    early = _read_json(found) if found is not None else None
    if early is not None and early.get("model_type") != AUTOENCODER_TYPE:
        parse_model_config(early)
    weights = _read_weights(weights_path)
    content = early if early is not None else _content(weights, weights_path)
    return _model(path, content, weights, is_diffusers=False)


def open_autoencoder(path: Path, config: Path | None = None) -> AutoencoderSource:
    """The autoencoder of the model at ``path``, or the one that is alone there.

    Raises:
        ModelError: as :func:`open_model`, or there is no autoencoder in it.
    """
    path = _meant(path)
    if config is None and _is_diffusers(path):
        return _lent(open_model(path))
    weights_path = find_weights(path, NATIVE_WEIGHTS) if path.is_dir() else path
    found = config or _config_beside(weights_path)
    weights = _read_weights(weights_path)
    content = _read_json(found) if found is not None else _content(weights, weights_path)
    if content.get("model_type") != AUTOENCODER_TYPE:
        return _lent(_model(path, content, weights, is_diffusers=False))
    section = content.get("model")
    refuse_foreign_family(section)
    if not isinstance(section, Mapping):
        raise ModelError(f"The configuration of {str(path)!r} has no section 'model'", HINT)
    return AutoencoderSource(
        path,
        read_autoencoder_config(section, "model"),
        {AUTOENCODER_PREFIX + name: source for name, source in weights.tensors.items()},
        weights.notes,
    )


def _model(
    path: Path, content: Mapping[str, Any], weights: _Weights, *, is_diffusers: bool
) -> ModelSource:
    return ModelSource(
        path,
        content,
        parse_model_config(content),
        weights.tensors,
        own_text_encoder(path if path.is_dir() else path.parent),
        weights.notes,
        is_diffusers,
    )


def _lent(model: ModelSource) -> AutoencoderSource:
    tensors = {
        name: source
        for name, source in model.tensors.items()
        if name.startswith(AUTOENCODER_PREFIX)
    }
    if not tensors:
        raise ModelError(
            f"The model in {str(model.path)!r} has no autoencoder to lend", "Name another model."
        )
    config = model.config.pretransform.autoencoder
    return AutoencoderSource(model.path, config, tensors, is_diffusers=model.is_diffusers)


def _meant(path: Path) -> Path:
    """People choose the configuration when they mean the folder."""
    if not path.exists():
        raise ModelError(f"There is no {str(path)!r}", "Check the path.")
    return path.parent if path.is_file() and path.suffix == ".json" else path


def _is_diffusers(path: Path) -> bool:
    """Whether ``path`` is a diffusers folder; one that holds the native files too is not."""
    native = (path / NATIVE_CONFIG).is_file() and any(
        (path / f"{NATIVE_WEIGHTS}{ending}").is_file()
        for ending in (SAFE_SUFFIX, INDEX_ENDING, *PICKLE_SUFFIXES)
    )
    return (path / "transformer" / DIFFUSERS_CONFIG).is_file() and not native


def _read_diffusers(folder: Path) -> dict[str, WeightSource]:
    def read(part: Path, stem: str) -> Mapping[str, WeightSource]:
        return _read_weights(find_weights(part, stem)).tensors

    return diffusers_sources(folder, read)


def _read_weights(path: Path) -> _Weights:
    stored = read_stored(path)
    _refuse_lora(path, stored.tensors)
    unwrapped = unwrap_snapshot(stored.tensors)
    notes = (*unwrapped.notes, left_out(stored.others)) if stored.others else unwrapped.notes
    return _Weights(unwrapped.tensors, stored.config, notes)


def _refuse_lora(path: Path, names: Collection[str]) -> None:
    """A LoRA is taken for a model easily: it comes as such a file, too."""
    if sum("lora" in name.lower() for name in names) * 2 > len(names):
        raise ModelError(
            f"{str(path)!r} is a LoRA, an addition to a model, and no model",
            f"Keep it as one: sa-studio loras import {str(path)!r}.",
        )


def _config_beside(weights: Path) -> Path | None:
    """The configuration that belongs to this file and no other one, by its name."""
    stem = weights.name.removesuffix(INDEX_ENDING) if weights.suffix == ".json" else weights.stem
    names = [f"{stem}_config.json", f"{stem}.json"]
    return next((weights.with_name(n) for n in names if weights.with_name(n).is_file()), None)


def _content(weights: _Weights, path: Path) -> dict[str, Any]:
    """The configuration that a snapshot brings, else that of the folder it lies in."""
    if weights.config is not None:
        try:
            embedded: dict[str, Any] = json.loads(json.dumps(weights.config))
        except (TypeError, ValueError) as error:
            raise ModelError(
                f"The configuration inside {str(path)!r} is no JSON: {error}", _CONFIG_HINT
            ) from error
        return embedded
    general = path.with_name(NATIVE_CONFIG)
    if not general.is_file():
        raise ModelError(f"{str(path)!r} comes without a configuration", _CONFIG_HINT)
    return _read_json(general)


def _read_json(path: Path) -> dict[str, Any]:
    try:
        content = read_json(path)
    except (OSError, ValueError) as error:
        raise ModelError(f"{str(path)!r} cannot be read: {error}", _CONFIG_HINT) from error
    if not isinstance(content, dict):
        raise ModelError(f"{str(path)!r} holds no JSON object", _CONFIG_HINT)
    return content
