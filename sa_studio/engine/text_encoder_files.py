"""The files of a text encoder, as they will lie in a folder that is loaded as it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import torch

from sa_studio.engine.any_weights import find_weights, read_stored
from sa_studio.engine.checkpoint import match_sources
from sa_studio.engine.folder_writer import CopiedFile, NewFile, WeightsFile
from sa_studio.engine.layouts import NATIVE_WEIGHTS
from sa_studio.engine.text_encoder import (
    TEXT_ENCODER_CONFIG,
    TEXT_ENCODER_FOLDERS,
    TOKENIZER_FILE,
    TOKENIZER_FOLDER,
    unreadable,
)
from sa_studio.engine.weight_sources import WeightSource
from sa_studio.engine.weights_file import read_weights_file
from sa_studio.engine.weights_folder import INDEX_ENDING, PICKLE_SUFFIXES, SAFE_SUFFIX
from sa_studio.errors import ModelError
from sa_studio.json_file import read_json

ENCODER_FOLDER = "t5"
_WEIGHTS = f"{NATIVE_WEIGHTS}{SAFE_SUFFIX}"
# The same weights for other programs.
_FOREIGN = (*PICKLE_SUFFIXES, ".h5", ".msgpack", ".onnx", ".ot", ".tflite")
# What encoding needs no part of: the half of T5 that writes. Its one table has a second name.
_OTHER_HALF = ("decoder.", "lm_head.")
_TABLE, _SECOND_NAME = "shared.weight", "encoder.embed_tokens.weight"
# What makes a T5 the one that the models were trained with; Flan-T5 has other widths.
T5_BASE = {
    "model_type": "t5",
    "d_model": 768,
    "d_kv": 64,
    "d_ff": 3072,
    "num_layers": 12,
    "num_heads": 12,
    "vocab_size": 32128,
}


def own_encoder_files(encoder: Path) -> Iterator[NewFile]:
    """The text encoder of a model, in folders of the same names.

    Args:
        encoder: its folder in the model's folder.

    Raises:
        ModelError: it has no tokenizer or no weights, or they are damaged.
    """
    words = _words_of(encoder)
    safe = list(encoder.glob(f"*{SAFE_SUFFIX}"))
    renamed = {safe[0]: _WEIGHTS} if len(safe) == 1 else {}
    for path in safe:
        read_weights_file(path)  # for its errors
    if not safe:
        stored = read_stored(find_weights(encoder, NATIVE_WEIGHTS)).tensors
        yield WeightsFile(f"{encoder.name}/{_WEIGHTS}", _encoder_half(stored))
    for part in dict.fromkeys((encoder, words)):
        for path in sorted(part.iterdir()):
            if path.is_file() and not path.name.endswith(_FOREIGN) and path.name[0] != ".":
                yield CopiedFile(f"{part.name}/{renamed.get(path, path.name)}", path)


def check_encoder_loads(encoder: Path) -> None:
    """Make sure that a model's text encoder can be loaded where it lies; raises ModelError."""
    for item in own_encoder_files(encoder):
        if not isinstance(item, CopiedFile) or item.source.name != Path(item.file).name:
            raise ModelError(
                f"The text encoder in {str(encoder)!r} has no {_WEIGHTS}, and has to be converted",
                "Import a copy instead.",
            )


def trained_encoder_files(
    tensors: Mapping[str, WeightSource], shared: Path, origin: Path
) -> Iterator[NewFile]:
    """A T5 that was trained with the model and lies in its checkpoint.

    Args:
        tensors: its own, by transformers' names.
        shared: the T5-base that it began as: its configuration and tokenizer are still right.
        origin: the checkpoint, for messages.

    Raises:
        ModelError: the weights are of another encoder, or ``shared`` is damaged.
    """
    kept = _matched(tensors, _read_config(shared), origin)
    yield WeightsFile(f"{ENCODER_FOLDER}/{_WEIGHTS}", kept)
    for path in _small_files(shared, _words_of(shared)):
        yield CopiedFile(f"{ENCODER_FOLDER}/{path.name}", path)


def shared_encoder_files(encoder: Path) -> Iterator[NewFile]:
    """The T5-base that models share, without the half of it that they do not use.

    Args:
        encoder: a folder with its configuration, weights and tokenizer, as it is published.

    Raises:
        ModelError: it is another T5, incomplete or damaged.
    """
    config = _read_config(encoder)
    different = [name for name, value in T5_BASE.items() if config.get(name) != value]
    if different or config.get("feed_forward_proj", "relu") != "relu":
        raise ModelError(
            f"The text encoder in {str(encoder)!r} is another one than T5-base "
            f"({', '.join(different) or 'feed_forward_proj'} is not the same)",
            "Get T5-base: sa-studio models download t5-base.",
        )
    stored = read_stored(find_weights(encoder, NATIVE_WEIGHTS)).tensors
    yield WeightsFile(_WEIGHTS, _matched(stored, config, encoder))
    for path in _small_files(encoder, _words_of(encoder)):
        yield CopiedFile(path.name, path)


def _small_files(encoder: Path, words: Path) -> list[Path]:
    """Everything but weights; the tokenizer's come before files of the same name."""
    found: dict[str, Path] = {}
    for part in (encoder, words):
        for path in sorted(part.iterdir()):
            weights = path.name.endswith((*_FOREIGN, SAFE_SUFFIX, INDEX_ENDING))
            if path.is_file() and not weights and path.name[0] != ".":
                found[path.name] = path
    return list(found.values())


def _words_of(encoder: Path) -> Path:
    """The folder of the tokenizer that belongs to a text encoder; raises ModelError."""
    beside = encoder.parent / TOKENIZER_FOLDER
    is_part = encoder.name in TEXT_ENCODER_FOLDERS
    words = beside if is_part and beside.is_dir() else encoder
    if not (words / TOKENIZER_FILE).is_file():
        raise ModelError(
            f"The text encoder in {str(encoder)!r} has no {TOKENIZER_FILE}",
            "Complete it, or move it away, so that the T5-base that models share is used.",
        )
    return words


def _read_config(encoder: Path) -> dict[str, Any]:
    path = encoder / TEXT_ENCODER_CONFIG
    try:
        content = read_json(path)
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from error
    if not isinstance(content, dict):
        raise unreadable(path, ValueError("it holds no JSON object"))
    return content


def _encoder_half(stored: Mapping[str, WeightSource]) -> dict[str, WeightSource]:
    tensors = {name: t for name, t in stored.items() if not name.startswith(_OTHER_HALF)}
    if _TABLE in tensors:
        tensors.pop(_SECOND_NAME, None)
    return tensors


def _matched(
    stored: Mapping[str, WeightSource], config: Mapping[str, Any], origin: Path
) -> dict[str, WeightSource]:
    """The encoder's half of ``stored``, which is known to fit ``config``; raises ModelError."""
    # here, because importing transformers takes long
    from transformers import T5Config, T5EncoderModel

    tensors = _encoder_half(stored)
    with torch.device("meta"):
        module: Any = T5EncoderModel(T5Config.from_dict(dict(config)))
    both = {**tensors, _SECOND_NAME: tensors[_TABLE]} if _TABLE in tensors else tensors
    match_sources(module, both, origin)
    return tensors
