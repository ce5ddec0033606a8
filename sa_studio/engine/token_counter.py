"""How long a prompt is for a text encoder, without the text encoder: its tokenizer alone."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from sa_studio.engine.config import NUMBER_TYPES, ConditionerConfig, read_model_folder
from sa_studio.engine.text_encoder import (
    TOKENIZER_FILE,
    find_text_encoder,
    tokenizer_folder,
    unreadable,
)
from sa_studio.generation import TokenCount

if TYPE_CHECKING:
    from tokenizers import Tokenizer


class TokenCounter:
    """Counts as the text encoders do; the latest tokenizer stays loaded."""

    def __init__(self) -> None:
        self._tokenizer = lru_cache(maxsize=1)(_read_tokenizer)

    def count(self, folder: Path, shared: Path | None, prompt: str) -> TokenCount | None:
        """The length of ``prompt`` for the model in ``folder``; ``None`` if it reads no text.

        Args:
            folder: the model's.
            shared: the text encoder that models without their own share.
            prompt: any text.

        Raises:
            ModelError: the model, its text encoder or its tokenizer cannot be found or read.
        """
        limit = _limit(read_model_folder(folder).conditioners)
        if limit is None:
            return None
        path = tokenizer_folder(folder, find_text_encoder(folder, shared)) / TOKENIZER_FILE
        tokenizer = self._tokenizer(path)
        encoding = tokenizer.encode(prompt)
        count = len(encoding.ids)
        if count <= limit:
            return TokenCount(count, limit)
        # what is cut off are words; the marks of the ends stay
        words = [
            start
            for (start, _), is_mark in zip(
                encoding.offsets, encoding.special_tokens_mask, strict=True
            )
            if not is_mark
        ]
        kept = max(limit - (count - len(words)), 0)
        return TokenCount(count, limit, words[kept])


def _limit(conditioners: Iterable[ConditionerConfig]) -> int | None:
    """The tokens that the text encoder reads; ``None`` if there is none among them."""
    lengths = (item.max_length for item in conditioners if item.type not in NUMBER_TYPES)
    return next(lengths, None)


def _read_tokenizer(path: Path) -> Tokenizer:
    """The tokenizer in this file, which neither cuts off nor pads.

    Raises:
        ModelError: it is missing or damaged.
    """
    # here, because who never types a prompt need not wait for it
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_str(path.read_text(encoding="utf-8"))
    except Exception as error:  # those of the library have no class of their own
        raise unreadable(path, error) from error
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer
