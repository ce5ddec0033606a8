"""Text encoders: frozen language models that turn a prompt into a sequence of vectors.

The registry of their kinds is in ``text_encoders.py``, so that each kind can import this.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from sa_studio.engine.config import ConditionerConfig
from sa_studio.errors import ModelError
from sa_studio.json_file import read_json

if TYPE_CHECKING:
    # whoever only looks for a text encoder need not wait for torch
    import torch
    from torch import Tensor

TEXT_ENCODER_FOLDERS = ("t5", "text_encoder")
TEXT_ENCODER_CONFIG = "config.json"
TOKENIZER_FOLDER = "tokenizer"
TOKENIZER_FILE = "tokenizer.json"


class TextEncoder(ABC):
    """A language model read with transformers, and its tokenizer.

    A subclass says how the model is read. ``width`` is that of the vectors.
    """

    def __init__(self, model: Any, tokenizer: Any, max_length: int) -> None:
        self.model = model
        self.tokenizer = tokenizer
        self.max_length = max_length
        self.width: int = model.config.hidden_size

    @staticmethod
    @abstractmethod
    def read_model(folder: Path, dtype: torch.dtype) -> Any:
        """The model whose weights and configuration lie in ``folder``, on the CPU.

        May raise what transformers and safetensors raise for damaged files.
        """

    @classmethod
    def load(
        cls,
        folder: Path,
        config: ConditionerConfig,
        *,
        device: torch.device,
        dtype: torch.dtype,
        shared: Path | None = None,
    ) -> Self:
        """Read the text encoder of the model in ``folder``.

        Args:
            folder: the model folder.
            config: of the conditioner that it belongs to.
            device, dtype: where and how precisely it shall run.
            shared: as for :func:`find_text_encoder`.

        Raises:
            ModelError: there is none, or it cannot be read.
        """
        # here, because importing transformers takes longer than everything else together
        from safetensors import SafetensorError
        from transformers import AutoTokenizer

        weights = find_text_encoder(folder, shared)
        words = tokenizer_folder(folder, weights)
        try:
            if not (words / TOKENIZER_FILE).is_file():
                # transformers would make one up that knows no words
                raise FileNotFoundError(f"there is no {TOKENIZER_FILE} in {str(words)!r}")
            model = cls.read_model(weights, dtype)
            tokenizer = AutoTokenizer.from_pretrained(words, local_files_only=True)
        except (ModelError, OSError, ValueError, RuntimeError, KeyError, SafetensorError) as error:
            raise unreadable(weights, error) from error
        return cls(model.to(device).eval(), tokenizer, config.max_length)

    def encode(self, texts: Sequence[str]) -> list[tuple[Tensor, Tensor]]:
        """For each text its states [max_length, width] and attention mask [max_length]."""
        tokens = self.tokenizer(
            list(texts),
            truncation=True,
            max_length=self.max_length,
            padding="max_length",
            return_tensors="pt",
        )
        return self.encode_tokens(tokens["input_ids"], tokens["attention_mask"])

    def encode_tokens(self, ids: Tensor, mask: Tensor) -> list[tuple[Tensor, Tensor]]:
        """The same from token ids [B, n] and their mask [B, n]."""
        device = self.model.device
        ids, mask = ids.to(device), mask.to(device)
        states = self.model(input_ids=ids, attention_mask=mask).last_hidden_state
        return list(zip(states, mask, strict=True))


def find_text_encoder(folder: Path, shared: Path | None = None) -> Path:
    """Where the text encoder of the model in ``folder`` lies.

    Args:
        folder: the model folder; its own text encoder comes first.
        shared: the folder of one that models without their own share; ``None`` if there is none.

    Raises:
        ModelError: the model has none, and there is no shared one.
    """
    own = own_text_encoder(folder)
    if own is not None:
        return own
    if shared is not None and (shared / TEXT_ENCODER_CONFIG).is_file():
        return shared
    raise ModelError(
        f"The model in {str(folder)!r} has no text encoder",
        "Get T5-base, which the models share: sa-studio models download t5-base; or put its files "
        f"(config.json, model.safetensors and the tokenizer's) into {folder / 't5'}.",
    )


def tokenizer_folder(folder: Path, encoder: Path) -> Path:
    """Where the tokenizer of the text encoder in ``encoder`` lies.

    Args:
        folder: the model's; diffusers puts the tokenizer of a model's own text encoder beside it.
        encoder: what :func:`find_text_encoder` found for it.
    """
    beside = encoder.parent / TOKENIZER_FOLDER
    return beside if encoder.parent == folder and beside.is_dir() else encoder


def own_text_encoder(folder: Path) -> Path | None:
    """The text encoder in the model folder itself, if it brings one."""
    places = (folder / name for name in TEXT_ENCODER_FOLDERS)
    return next((path for path in places if (path / TEXT_ENCODER_CONFIG).is_file()), None)


def text_encoder_width(folder: Path, shared: Path | None = None) -> int:
    """Width of the vectors that the model's text encoder gives; reads its configuration only.

    Args:
        folder, shared: as for :func:`find_text_encoder`.

    Raises:
        ModelError: there is no text encoder, or its configuration cannot be read.
    """
    path = find_text_encoder(folder, shared) / TEXT_ENCODER_CONFIG
    try:
        content = read_json(path)
        return int(content.get("d_model") or content["hidden_size"])
    except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
        raise unreadable(path, error) from error


def unreadable(path: Path, error: Exception) -> ModelError:
    """The error for a text encoder that is there but cannot be used."""
    return ModelError(
        f"The text encoder in {str(path)!r} cannot be read: {str(error).splitlines()[0]}",
        "Get its files again; config.json, model.safetensors and the tokenizer are needed.",
    )
