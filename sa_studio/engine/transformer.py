"""The transformer inside the denoiser: attention, feed-forward, rotary positions, blocks.

Source: engine specification §3.4. Names of submodules are those of the published checkpoints.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional

from sa_studio.engine.network_config import AttentionConfig, DiTConfig, FeedForwardConfig

QK_NORM_EPS = 1e-6
ROTARY_BASE = 10_000.0
MIN_ROTARY_WIDTH = 32


class LayerNorm(nn.Module):
    """Layer norm with a learned gain; its ``beta`` is a zero that checkpoints carry along."""

    checkpoint_optional = ("beta",)
    beta: Tensor

    def __init__(self, width: int, eps: float, *, bias: bool = False) -> None:
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(width))
        if bias:
            self.beta = nn.Parameter(torch.zeros(width))
        else:
            self.register_buffer("beta", torch.zeros(width))
        self.eps = eps

    def forward(self, x: Tensor) -> Tensor:
        """[…, width] to the same shape."""
        return functional.layer_norm(x, x.shape[-1:], self.gamma, self.beta, self.eps)


class RotaryEmbedding(nn.Module):
    """Rotary positions over the first half of each head, at least 32 channels of it.

    Su et al. 2021 (arXiv:2104.09864), eq. 34, in the arrangement that rotates halves.
    """

    checkpoint_optional = ("inv_freq",)
    inv_freq: Tensor

    def __init__(self, head_dim: int) -> None:
        super().__init__()
        self.width = max(head_dim // 2, MIN_ROTARY_WIDTH)
        # A buffer that checkpoints may carry, yet always computed: they store it in any dtype.
        self.register_buffer("inv_freq", torch.empty(self.width // 2))

    def table(self, length: int, device: torch.device) -> tuple[Tensor, Tensor]:
        """cos and sin of every position's angles, each [length, width], float32."""
        exponents = torch.arange(0, self.width, 2, dtype=torch.float32, device=device) / self.width
        frequencies = ROTARY_BASE**-exponents
        positions = torch.arange(length, dtype=torch.float32, device=device)
        angles = torch.outer(positions, frequencies).repeat(1, 2)
        return angles.cos(), angles.sin()


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Rotate the first channels of ``x`` [B, heads, L, head_dim] by their positions' angles."""
    width = cos.shape[-1]
    turned = x[..., :width].float()
    first, second = turned.chunk(2, dim=-1)
    turned = turned * cos + torch.cat((-second, first), dim=-1) * sin
    return torch.cat((turned.to(x.dtype), x[..., width:]), dim=-1)


class Attention(nn.Module):
    """What self-attention and cross-attention share. Heads are laid out [B, heads, L, head_dim]."""

    def __init__(self, width: int, head_dim: int, config: AttentionConfig) -> None:
        super().__init__()
        self.head_dim = head_dim
        self.qk_norm = config.qk_norm
        self.to_out = nn.Linear(width, width, bias=False)
        if config.qk_norm == "ln":
            self.q_norm = nn.LayerNorm(head_dim, eps=QK_NORM_EPS)
            self.k_norm = nn.LayerNorm(head_dim, eps=QK_NORM_EPS)

    def split_heads(self, x: Tensor) -> Tensor:
        """[B, L, heads·head_dim] to [B, heads, L, head_dim]."""
        return x.view(*x.shape[:-1], -1, self.head_dim).transpose(1, 2)

    def normalise_queries(self, q: Tensor) -> Tensor:
        """q [B, heads, L, head_dim], normalised per head as the model wants it."""
        return self._normalise(q, "q_norm")

    def normalise_keys(self, k: Tensor) -> Tensor:
        """k [B, heads, L, head_dim], normalised per head as the model wants it."""
        return self._normalise(k, "k_norm")

    def _normalise(self, x: Tensor, name: str) -> Tensor:
        if self.qk_norm == "ln":
            normalised: Tensor = getattr(self, name)(x)
            return normalised
        if self.qk_norm == "l2":
            return functional.normalize(x, dim=-1)
        return x

    def attend(self, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        """Softmax attention and the output projection: [B, heads, L, head_dim] to [B, L, width]."""
        grouped = q.shape[1] != k.shape[1]
        mixed = functional.scaled_dot_product_attention(q, k, v, enable_gqa=grouped)
        out: Tensor = self.to_out(mixed.transpose(1, 2).flatten(2))
        return out


class SelfAttention(Attention):
    """Every position looks at every position."""

    def __init__(self, width: int, head_dim: int, config: AttentionConfig) -> None:
        super().__init__(width, head_dim, config)
        self.to_qkv = nn.Linear(width, 3 * width, bias=False)

    def forward(self, x: Tensor, rotary: tuple[Tensor, Tensor] | None) -> Tensor:
        """[B, L, width] to the same shape."""
        q, k, v = (self.split_heads(part) for part in self.to_qkv(x).chunk(3, dim=-1))
        q, k = self.normalise_queries(q), self.normalise_keys(k)
        if rotary is not None:
            q, k = rotate(q, *rotary), rotate(k, *rotary)
        return self.attend(q, k, v)


@dataclass(frozen=True, slots=True)
class KeysAndValues:
    """What cross-attention reads of the condition; it is the same in every step.

    ``rows`` is how many items of the batch have a condition; the null condition's output is
    exactly zero (specification §3.5), so the items behind them are left alone.
    """

    keys: Tensor  # [rows, heads, tokens, head_dim]
    values: Tensor  # the same


class CrossAttention(Attention):
    """Every position looks at the condition's tokens; padding is not masked (§3.3)."""

    def __init__(self, width: int, cond_width: int, head_dim: int, config: AttentionConfig) -> None:
        super().__init__(width, head_dim, config)
        self.to_q = nn.Linear(width, width, bias=False)
        self.to_kv = nn.Linear(cond_width, 2 * cond_width, bias=False)

    def keys_and_values(self, tokens: Tensor) -> KeysAndValues:
        """Project tokens [rows, n, cond_width], once for all steps."""
        k, v = (self.split_heads(part) for part in self.to_kv(tokens).chunk(2, dim=-1))
        return KeysAndValues(self.normalise_keys(k).contiguous(), v.contiguous())

    def forward(self, x: Tensor, condition: KeysAndValues) -> Tensor:
        """[rows, L, width] to the same shape."""
        q = self.normalise_queries(self.split_heads(self.to_q(x)))
        return self.attend(q, condition.keys, condition.values)


class GatedLinear(nn.Module):
    """Value and gate from one projection; the first half is the value: a·SiLU(b)."""

    def __init__(self, width: int, inner: int, *, bias: bool) -> None:
        super().__init__()
        self.proj = nn.Linear(width, 2 * inner, bias=bias)

    def forward(self, x: Tensor) -> Tensor:
        """[B, L, width] to [B, L, inner]."""
        value, gate = self.proj(x).chunk(2, dim=-1)
        gated: Tensor = functional.silu(gate) * value
        return gated


class PlainLinear(nn.Module):
    """A projection and SiLU, for models without a gate."""

    def __init__(self, width: int, inner: int, *, bias: bool) -> None:
        super().__init__()
        self.proj = nn.Linear(width, inner, bias=bias)

    def forward(self, x: Tensor) -> Tensor:
        """[B, L, width] to [B, L, inner]."""
        return functional.silu(self.proj(x))


class FeedForward(nn.Module):
    """The position-wise part of a block."""

    def __init__(self, width: int, config: FeedForwardConfig) -> None:
        super().__init__()
        inner = int(width * config.mult)
        first = GatedLinear if config.glu else PlainLinear
        bias = not config.no_bias
        self.ff = nn.Sequential(
            first(width, inner, bias=bias), nn.Identity(), nn.Linear(inner, width, bias=bias)
        )

    def forward(self, x: Tensor) -> Tensor:
        """[B, L, width] to the same shape."""
        out: Tensor = self.ff(x)
        return out


class TransformerBlock(nn.Module):
    """Self-attention, cross-attention, feed-forward, each on a norm and added to the stream."""

    def __init__(self, config: DiTConfig) -> None:
        super().__init__()
        width, eps, bias = config.embed_dim, config.norm.eps, config.norm.bias
        self.pre_norm = LayerNorm(width, eps, bias=bias)
        self.self_attn = SelfAttention(width, config.head_dim, config.attention)
        self.has_cross_attention = config.cond_width > 0
        if self.has_cross_attention:
            self.cross_attend_norm = LayerNorm(width, eps, bias=bias)
            self.cross_attn = CrossAttention(
                width, config.cond_width, config.head_dim, config.attention
            )
        self.ff_norm = LayerNorm(width, eps, bias=bias)
        self.ff = FeedForward(width, config.feed_forward)
        self.is_modulated = config.global_cond_type == "adaLN"
        if self.is_modulated:
            self.to_scale_shift_gate = nn.Parameter(torch.zeros(6 * width))

    def forward(
        self,
        x: Tensor,
        condition: KeysAndValues | None,
        rotary: tuple[Tensor, Tensor] | None,
        modulation: Tensor | None,
    ) -> Tensor:
        """One block.

        Args:
            x: the stream, [B, L, width].
            condition: for the first rows of the batch; the others have none.
            rotary: cos and sin tables, or ``None``.
            modulation: [B, 1, 6·width], for adaLN.
        """
        if modulation is None:
            x = x + self.self_attn(self.pre_norm(x), rotary)
            x = self._cross_attend(x, condition)
            out: Tensor = x + self.ff(self.ff_norm(x))
            return out
        parts = (self.to_scale_shift_gate + modulation).chunk(6, dim=-1)
        scale, shift, gate, ff_scale, ff_shift, ff_gate = parts
        attended = self.self_attn(self.pre_norm(x) * (1 + scale) + shift, rotary)
        x = x + attended * torch.sigmoid(1 - gate)
        x = self._cross_attend(x, condition)
        y: Tensor = self.ff(self.ff_norm(x) * (1 + ff_scale) + ff_shift)
        return x + y * torch.sigmoid(1 - ff_gate)

    def _cross_attend(self, x: Tensor, condition: KeysAndValues | None) -> Tensor:
        if condition is None:
            return x
        rows = condition.keys.shape[0]
        attended: Tensor = self.cross_attn(self.cross_attend_norm(x[:rows]), condition)
        if rows == x.shape[0]:
            return x + attended
        return torch.cat((x[:rows] + attended, x[rows:]))


class AbsolutePositionalEmbedding(nn.Module):
    """A learned vector for every place of a sequence, times width^-½."""

    def __init__(self, width: int, places: int) -> None:
        super().__init__()
        self.scale = width**-0.5
        self.emb = nn.Embedding(places, width)

    def forward(self, length: int) -> Tensor:
        """The vectors of the first ``length`` places, [length, width]."""
        vectors: Tensor = self.emb.weight[:length] * self.scale
        return vectors


class ContinuousTransformer(nn.Module):
    """A stack of blocks over continuous vectors, with memory tokens and rotary positions."""

    def __init__(self, config: DiTConfig) -> None:
        super().__init__()
        width = config.embed_dim
        channels = (config.io_channels + config.input_concat_dim) * config.patch_size
        self.project_in = nn.Linear(channels, width, bias=False)
        self.project_out = nn.Linear(width, config.io_channels * config.patch_size, bias=False)
        self.rotary_pos_emb = RotaryEmbedding(config.head_dim) if config.rotary_pos_emb else None
        self.pos_emb = (
            AbsolutePositionalEmbedding(width, config.abs_pos_emb_max_length)
            if config.use_abs_pos_emb
            else None
        )
        self.layers = nn.ModuleList(TransformerBlock(config) for _ in range(config.depth))
        self.num_memory_tokens = config.num_memory_tokens
        if config.num_memory_tokens:
            self.memory_tokens = nn.Parameter(torch.randn(config.num_memory_tokens, width))
        self.is_modulated = config.global_cond_type == "adaLN"
        if self.is_modulated:
            self.global_cond_embedder = nn.Sequential(
                nn.Linear(width, width), nn.SiLU(), nn.Linear(width, 6 * width)
            )

    def keys_and_values(self, tokens: Tensor) -> list[KeysAndValues]:
        """What each block's cross-attention reads of the tokens [rows, n, cond_width]."""
        blocks = cast(Iterable[TransformerBlock], self.layers)
        return [block.cross_attn.keys_and_values(tokens) for block in blocks]

    def forward(
        self, x: Tensor, condition: list[KeysAndValues] | None, global_state: Tensor
    ) -> Tensor:
        """Patches [B, T, channels] to [B, T, io_channels·patch_size].

        Args:
            x: patches of latents.
            condition: one entry a layer, or ``None`` for the null condition alone.
            global_state: [B, width]: the embedded noise level plus the global condition.
        """
        frames = x.shape[1]
        h = self.project_in(x)
        if self.is_modulated:
            modulation = self.global_cond_embedder(global_state)[:, None]
        else:
            modulation = None
            h = torch.cat((global_state[:, None], h), dim=1)
        if self.num_memory_tokens:
            memory = self.memory_tokens.expand(h.shape[0], -1, -1)
            h = torch.cat((memory, h), dim=1)
        if self.pos_emb is not None:
            h = h + self.pos_emb(h.shape[1])
        rotary = None
        if self.rotary_pos_emb is not None:
            rotary = self.rotary_pos_emb.table(h.shape[1], h.device)
        for index, layer in enumerate(self.layers):
            h = layer(h, None if condition is None else condition[index], rotary, modulation)
        out: Tensor = self.project_out(h[:, -frames:])
        return out
