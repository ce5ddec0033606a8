"""MiniLM as a text encoder: its token states steer the starter model.

Wang et al. 2020 (arXiv:2002.10957). Its matrices are kept as int8 with a scale for each row, under
the name of the matrix and the same name with ``.scale``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from sa_studio.engine.text_encoder import TextEncoder
from sa_studio.engine.weights_file import read_weights_file

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


class MiniLMTextEncoder(TextEncoder):
    """The hidden states of a small BERT."""

    @staticmethod
    def read_model(folder: Path, dtype: torch.dtype) -> Any:
        """The model whose packed weights and configuration lie in ``folder``."""
        from transformers import BertConfig, BertModel

        packed = {
            name: tensor.read()
            for shard in sorted(folder.glob("model*.safetensors"))
            for name, tensor in read_weights_file(shard).items()
        }
        config = BertConfig.from_pretrained(folder, local_files_only=True)
        with torch.device("meta"):
            model: Any = BertModel(config, add_pooling_layer=False)
        model.load_state_dict(restore(packed, dtype), assign=True)
        _recompute_positions(model)
        return model


def _recompute_positions(model: Any) -> None:
    """Give a model built on the meta device its constant buffers, which no file stores."""
    embeddings = model.embeddings
    length = model.config.max_position_embeddings
    embeddings.position_ids = torch.arange(length)[None]
    embeddings.token_type_ids = torch.zeros(1, length, dtype=torch.long)
