"""Prompts to the states of a text encoder that need not stay in memory."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

import torch
from torch import Tensor

from sa_studio.engine.devices import release_memory
from sa_studio.engine.text_encoder import TextEncoder

# prompts whose states are remembered; those of T5-base take 0.4 MB each
REMEMBERED = 16

States = tuple[Tensor, Tensor]


class PromptReader:
    """Reads prompts; the encoder is loaded when it is needed first.

    Args:
        load: loads the text encoder in a precision.

    Attributes:
        dtype: that precision.
        keeps_encoder: whether it stays loaded after use.
    """

    def __init__(
        self,
        load: Callable[[torch.dtype], TextEncoder],
        dtype: torch.dtype = torch.float32,
        *,
        keeps_encoder: bool = True,
    ) -> None:
        self._load = load
        self.dtype = dtype
        self._encoder: TextEncoder | None = None
        self._read: OrderedDict[str, States] = OrderedDict()
        self.keeps_encoder = keeps_encoder

    @property
    def is_loaded(self) -> bool:
        """Whether the text encoder takes memory now."""
        return self._encoder is not None

    def load(self) -> None:
        """Load the text encoder now, if it shall stay; raises ModelError."""
        if self.keeps_encoder and self._encoder is None:
            self._encoder = self._load(self.dtype)

    def states(self, prompt: str) -> States:
        """The states [max_length, width] and attention mask [max_length] of ``prompt``.

        Raises:
            ModelError: the text encoder cannot be read.
        """
        if prompt in self._read:
            self._read.move_to_end(prompt)
            return self._read[prompt]
        self._encoder = self._encoder or self._load(self.dtype)
        (states,) = self._encoder.encode([prompt])
        self._read[prompt] = states
        if len(self._read) > REMEMBERED:
            self._read.popitem(last=False)
        if not self.keeps_encoder:
            self.free()
        return states

    def free(self) -> None:
        """Let go of the text encoder; prompts that were read stay known."""
        if self._encoder is not None:
            self._encoder = None
            release_memory()
