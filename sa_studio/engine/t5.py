"""T5 as a text encoder: the one of Stable Audio Open."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch

from sa_studio.engine.text_encoder import TextEncoder


class T5TextEncoder(TextEncoder):
    """The encoder half of T5 (Raffel et al. 2019, arXiv:1910.10683)."""

    @staticmethod
    def read_model(folder: Path, dtype: torch.dtype) -> Any:
        """The model whose weights and configuration lie in ``folder``."""
        from transformers import T5EncoderModel

        encoder: Any = T5EncoderModel
        with _no_progress_bars():
            model, report = encoder.from_pretrained(
                folder,
                local_files_only=True,
                use_safetensors=True,
                dtype=dtype,
                output_loading_info=True,
            )
        if report["missing_keys"]:  # transformers would run with random numbers instead
            missing = sorted(report["missing_keys"])
            raise ValueError(f"{len(missing)} weights are missing ({missing[0]} …)")
        return model


@contextmanager
def _no_progress_bars() -> Iterator[None]:
    """Keep transformers from drawing on the terminal."""
    from transformers.utils import logging

    bars: Any = logging
    was_enabled = bars.is_progress_bar_enabled()
    bars.disable_progress_bar()
    try:
        yield
    finally:
        if was_enabled:
            bars.enable_progress_bar()
