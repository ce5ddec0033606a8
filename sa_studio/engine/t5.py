"""T5 as a text encoder: the one of Stable Audio Open."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from sa_studio.engine.text_encoder import TextEncoder
from sa_studio.engine.weights_folder import read_weights_folder

# one table under two names; files have either, or both
TOKEN_TABLES = ("shared.weight", "encoder.embed_tokens.weight")


class T5TextEncoder(TextEncoder):
    """The encoder half of T5 (Raffel et al. 2019, arXiv:1910.10683)."""

    @staticmethod
    def read_model(folder: Path, dtype: torch.dtype) -> Any:
        """The model whose weights and configuration lie in ``folder``.

        The weights go straight to where they stay: transformers would map the file and keep its
        pages in memory beside what it casts them to. A decoder in the file is not read.
        """
        from transformers import T5Config, T5EncoderModel

        config = T5Config.from_pretrained(folder, local_files_only=True)
        with torch.device("meta"):
            model: Any = T5EncoderModel(config)
        stored = read_weights_folder(folder, "model")
        table = next((stored[name] for name in TOKEN_TABLES if name in stored), None)
        if table is not None:
            stored |= dict.fromkeys(TOKEN_TABLES, table)
        targets = model.state_dict()
        missing = sorted(set(targets) - set(stored))
        if missing:
            raise ValueError(f"{len(missing)} weights are missing ({missing[0]} …)")
        weights: dict[str, torch.Tensor] = {}
        for name, target in targets.items():
            if stored[name].shape != tuple(target.shape):
                raise ValueError(f"{name} is {list(stored[name].shape)}, not {list(target.shape)}")
            if name == TOKEN_TABLES[1] and TOKEN_TABLES[0] in weights:
                weights[name] = weights[TOKEN_TABLES[0]]
                continue
            weights[name] = torch.empty(target.shape, dtype=_precision(model, name, dtype))
            stored[name].read_into(weights[name])
        model.load_state_dict(weights, assign=True)
        model.tie_weights()
        return model


def _precision(model: Any, name: str, dtype: torch.dtype) -> torch.dtype:
    """float16 overflows in some layers of T5; transformers lists them."""
    delicate = model._keep_in_fp32_modules or ()
    is_delicate = dtype == torch.float16 and any(part in delicate for part in name.split("."))
    return torch.float32 if is_delicate else dtype
