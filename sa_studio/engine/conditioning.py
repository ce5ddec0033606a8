"""From a prompt and numbers to the tensors that steer the network.

Source: engine specification §2.3, §3.1 – §3.3. Names of submodules are those of the published
checkpoints (``conditioner.conditioners.<id>.…``).
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, cast

import torch
from torch import Tensor, nn

from sa_studio.engine.config import ConditionerConfig, ModelConfig

NUMBER_FEATURES = 128


class Conditioner(nn.Module, ABC):
    """One input of the request to tokens [B, n, output_dim]."""

    @abstractmethod
    def encode(self, values: Sequence[Any]) -> Tensor:
        """Tokens for B values."""


class NumberFeatures(nn.Module):
    """x [B] to x ‖ sin ‖ cos of 2π·x·w, [B, 257]: the opposite order of the noise level's."""

    def __init__(self) -> None:
        super().__init__()
        self.weights = nn.Parameter(torch.randn(NUMBER_FEATURES))

    def forward(self, x: Tensor) -> Tensor:
        """[B] to [B, 257]."""
        angles = 2 * math.pi * x[:, None] * self.weights
        return torch.cat((x[:, None], angles.sin(), angles.cos()), dim=-1)


class NumberEmbedder(nn.Module):
    """A number between 0 and 1 to a vector."""

    def __init__(self, output_dim: int) -> None:
        super().__init__()
        self.embedding = nn.Sequential(
            NumberFeatures(), nn.Linear(2 * NUMBER_FEATURES + 1, output_dim)
        )

    def forward(self, x: Tensor) -> Tensor:
        """[B] to [B, output_dim]."""
        vector: Tensor = self.embedding(x)
        return vector


class NumberConditioner(Conditioner):
    """A number, clamped to its range, through Fourier features."""

    def __init__(self, config: ConditionerConfig) -> None:
        super().__init__()
        self.minimum, self.maximum = config.min_val, config.max_val
        self.embedder = NumberEmbedder(config.output_dim)

    def encode(self, values: Sequence[Any]) -> Tensor:
        """[B, 1, output_dim]."""
        weight = next(self.embedder.parameters())
        numbers = torch.tensor(values, dtype=torch.float32, device=weight.device)
        numbers = numbers.clamp(self.minimum, self.maximum) - self.minimum
        scaled = (numbers / (self.maximum - self.minimum)).to(weight.dtype)
        embedded: Tensor = self.embedder(scaled)
        return embedded[:, None]


class IntConditioner(Conditioner):
    """A whole number, clamped to its range, by a table. The minimum is not subtracted (§3.2)."""

    def __init__(self, config: ConditionerConfig) -> None:
        super().__init__()
        self.minimum, self.maximum = int(config.min_val), int(config.max_val)
        self.int_embedder = nn.Embedding(self.maximum - self.minimum + 1, config.output_dim)

    def encode(self, values: Sequence[Any]) -> Tensor:
        """[B, 1, output_dim]."""
        device = self.int_embedder.weight.device
        rows = torch.tensor([int(value) for value in values], device=device)
        embedded: Tensor = self.int_embedder(rows.clamp(self.minimum, self.maximum))
        return embedded[:, None]


class TextProjection(Conditioner):
    """The learned part behind a text encoder: a projection if the widths differ.

    Its values are pairs (hidden states [n, width], attention mask [n]) from the text encoder.
    Positions without a token become exactly zero. Where the configuration says so, the mean over
    the others comes first: what encoders that were trained to compare sentences compare.
    """

    def __init__(self, config: ConditionerConfig, text_width: int) -> None:
        super().__init__()
        self.is_pooled = config.pooled
        self.is_projected = config.project_out or text_width != config.output_dim
        if self.is_projected:
            self.proj_out = nn.Linear(text_width, config.output_dim)

    def encode(self, values: Sequence[Any]) -> Tensor:
        """[B, n, output_dim], or n + 1 with the mean."""
        states = torch.stack([states for states, _ in values])
        mask = torch.stack([mask for _, mask in values])
        if self.is_pooled:
            states, mask = with_mean(states, mask)
        if self.is_projected:
            states = self.proj_out(states.to(self.proj_out.weight.dtype))
        return states * mask[..., None].to(states.dtype)


def with_mean(states: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
    """States [B, n, width] and mask [B, n] with the mean of the unmasked in front."""
    kept = mask[..., None].to(states.dtype)
    mean = (states * kept).sum(1, keepdim=True) / kept.sum(1, keepdim=True).clamp_min(1)
    return torch.cat((mean, states), dim=1), torch.cat((mask.amax(1, keepdim=True), mask), dim=1)


# type in the configuration → the module with its learned part; the second argument is the width
# of the text encoder's states, which numbers do not need
CONDITIONERS: dict[str, type[NumberConditioner] | type[IntConditioner]] = {
    "number": NumberConditioner,
    "int": IntConditioner,
}


class MultiConditioner(nn.Module):
    """All conditioners of a model, by id."""

    def __init__(self, config: ModelConfig, text_width: int) -> None:
        super().__init__()
        self.cross_attention_ids = config.cross_attention_ids
        self.global_ids = config.global_ids
        self.widths = {item.id: item.output_dim for item in config.conditioners}
        self.conditioners = nn.ModuleDict(
            {
                item.id: CONDITIONERS[item.type](item)
                if item.type in CONDITIONERS
                else TextProjection(item, text_width)
                for item in config.conditioners
            }
        )

    def encode(self, inputs: Mapping[str, Sequence[Any]]) -> dict[str, Tensor]:
        """Tokens [B, n, output_dim] of every conditioner that ``inputs`` has values for."""
        return {
            name: cast(Conditioner, self.conditioners[name]).encode(values)
            for name, values in inputs.items()
        }

    def cross_attention(self, encoded: Mapping[str, Tensor]) -> Tensor | None:
        """Tokens of all conditions that cross-attention sees, joined: [B, n, cond_token_dim]."""
        parts = [encoded[name] for name in self.cross_attention_ids]
        return torch.cat(parts, dim=1) if parts else None

    def global_condition(self, encoded: Mapping[str, Tensor]) -> Tensor | None:
        """The global conditions side by side: [B, global_cond_dim].

        Of a text its first token counts. What is not in ``encoded`` is zero.
        """
        if not self.global_ids:
            return None
        some = next(iter(encoded.values()))
        parts = [
            encoded[name][:, 0]
            if name in encoded
            else some.new_zeros(some.shape[0], self.widths[name])
            for name in self.global_ids
        ]
        return torch.cat(parts, dim=-1)
