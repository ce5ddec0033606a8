"""The official models at full size with random weights: what they take, without having them.

The sound is noise, but shapes, names and sizes are those of the published files.
"""

from __future__ import annotations

import json
import math
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from sa_studio.bench.published import (
    OPEN_CONFIG,
    SMALL_CONFIG,
    Shapes,
    open_tensors,
    small_tensors,
)
from sa_studio.engine.weights_writer import write_weights_file

# T5-base's encoder (arXiv:1910.10683, table 15)
T5_BASE: dict[str, Any] = {
    "vocab_size": 32128,
    "d_model": 768,
    "d_kv": 64,
    "d_ff": 3072,
    "num_layers": 12,
    "num_heads": 12,
}
T5_LETTERS = "▁abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,-'"
# gains of norms, and what is zero before training
UNIT_ENDINGS = (".gamma", ".q_norm.weight", ".k_norm.weight")
ZERO_ENDINGS = (".bias", ".beta", ".alpha")
# magnitude of the autoencoder's filters with which noise comes out as loud as a sound
FILTER_MAGNITUDE = 0.7


@dataclass(frozen=True, slots=True)
class OfficialModel:
    """One of the official models: its configuration and the names and shapes of its tensors."""

    config: dict[str, Any]
    shapes: Shapes


def official_models() -> dict[str, OfficialModel]:
    """The models that can be imitated, by the name of the command line."""
    return {
        "open": OfficialModel(OPEN_CONFIG, open_tensors()),
        "small": OfficialModel(SMALL_CONFIG, small_tensors()),
    }


@dataclass(frozen=True, slots=True)
class RandomTensor:
    """A tensor of noise that keeps the level of the signal; the same name, the same values."""

    name: str
    shape: tuple[int, ...]
    dtype: torch.dtype = torch.float32

    def read_into(self, destination: Tensor) -> None:
        """Fill ``destination``, of that shape."""
        if self.name.endswith(UNIT_ENDINGS):
            destination.fill_(1.0)
        elif self.name.endswith(ZERO_ENDINGS):
            destination.zero_()
        elif self.name.endswith(".weight_g"):
            destination.fill_(FILTER_MAGNITUDE)
        else:
            generator = torch.Generator().manual_seed(zlib.crc32(self.name.encode()))
            fan_in = math.prod(self.shape[1:]) or 1
            noise = torch.randn(self.shape, generator=generator)
            destination.copy_(noise.div_(math.sqrt(fan_in)))


def write_random_model(folder: Path, model: OfficialModel) -> Path:
    """Write ``model`` with random weights in the native layout into the new ``folder``.

    Raises:
        OSError: it cannot be written.
    """
    folder.mkdir(parents=True)
    config = json.dumps(model.config, indent=1)
    (folder / "model_config.json").write_text(config, encoding="utf-8")
    tensors = {name: RandomTensor(name, shape) for name, shape in model.shapes.items()}
    write_weights_file(folder / "model.safetensors", tensors, lambda _: None)
    write_random_t5(folder / "t5")
    return folder


def write_random_t5(folder: Path) -> None:
    """A text encoder of the size of T5-base, and a tokenizer whose pieces are single characters."""
    from transformers import T5Config, T5EncoderModel, T5Tokenizer

    vocabulary = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), *((c, -3.0) for c in T5_LETTERS)]
    tokenizer: Any = T5Tokenizer
    tokenizer(vocab=vocabulary, extra_ids=0, model_max_length=128).save_pretrained(folder)
    encoder: Any = T5EncoderModel
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        encoder(T5Config(**T5_BASE)).save_pretrained(folder)
