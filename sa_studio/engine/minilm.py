"""MiniLM as a text encoder: its token states steer the starter model.

Wang et al. 2020 (arXiv:2002.10957). Its matrices are kept as int8 with a scale for each row, under
the name of the matrix and the same name with ``.scale``.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from sa_studio.engine.config import ConditionerConfig
from sa_studio.engine.text_encoder import find_text_encoder, unreadable

SCALE = ".scale"


def quantise(weights: dict[str, Tensor]) -> dict[str, Tensor]:
    """Matrices as int8 with a float32 scale for each row; everything else as float16."""
    packed: dict[str, Tensor] = {}
    for name, weight in weights.items():
        if weight.ndim != 2:
            packed[name] = weight.to(torch.float16) if weight.is_floating_point() else weight
            continue
        scale = weight.float().abs().amax(dim=1, keepdim=True).clamp_min(1e-12) / 127
        packed[name] = (weight.float() / scale).round().to(torch.int8)
        packed[name + SCALE] = scale
    return packed


def restore(packed: dict[str, Tensor], dtype: torch.dtype) -> dict[str, Tensor]:
    """The weights that :func:`quantise` packed, in ``dtype``."""
    return {
        name: (value.float() * packed[name + SCALE]).to(dtype)
        if value.dtype == torch.int8
        else value.to(dtype)
        for name, value in packed.items()
        if not name.endswith(SCALE)
    }


class MiniLMTextEncoder:
    """The hidden states of a small BERT, read with transformers."""

    def __init__(self, model: Any, tokenizer: Any, max_length: int) -> None:
        self.model = model
        self.tokenizer = tokenizer
        self.max_length = max_length
        self.width: int = model.config.hidden_size

    @classmethod
    def load(
        cls, folder: Path, config: ConditionerConfig, *, device: torch.device, dtype: torch.dtype
    ) -> MiniLMTextEncoder:
        """Read the text encoder of the model in ``folder``.

        Raises:
            ModelError: there is none, or it cannot be read.
        """
        # here, because importing transformers takes longer than everything else together
        from safetensors import SafetensorError
        from safetensors.torch import load_file
        from transformers import AutoTokenizer, BertConfig, BertModel

        place = find_text_encoder(folder)
        words = folder / "tokenizer" if (folder / "tokenizer").is_dir() else place
        try:
            packed: dict[str, Tensor] = {}
            for shard in sorted(place.glob("model*.safetensors")):
                packed.update(load_file(shard))
            with torch.device("meta"):
                model: Any = BertModel(
                    BertConfig.from_pretrained(place, local_files_only=True),
                    add_pooling_layer=False,
                )
            model.load_state_dict(restore(packed, dtype), assign=True)
            _recompute_positions(model)
            tokenizer = AutoTokenizer.from_pretrained(words, local_files_only=True)
        except (OSError, ValueError, RuntimeError, KeyError, SafetensorError) as error:
            raise unreadable(place, error) from error
        return cls(model.to(device).eval(), tokenizer, config.max_length)

    def encode(self, texts: Sequence[str]) -> list[tuple[Tensor, Tensor]]:
        """States [max_length, width] and mask [max_length] of each text."""
        tokens = self.tokenizer(
            list(texts),
            truncation=True,
            max_length=self.max_length,
            padding="max_length",
            return_tensors="pt",
        ).to(self.model.device)
        states = self.model(
            input_ids=tokens["input_ids"], attention_mask=tokens["attention_mask"]
        ).last_hidden_state
        return list(zip(states, tokens["attention_mask"], strict=True))


def _recompute_positions(model: Any) -> None:
    """Give a model built on the meta device its constant buffers, which no file stores."""
    embeddings = model.embeddings
    length = model.config.max_position_embeddings
    embeddings.position_ids = torch.arange(length)[None]
    embeddings.token_type_ids = torch.zeros(1, length, dtype=torch.long)
