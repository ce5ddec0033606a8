"""Configuration of the denoiser network (``model.diffusion.config``); standard library only.

Names and defaults are those of the published configurations; what this engine does not build is
refused by name rather than ignored.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sa_studio.engine.config_fields import HINT, read_fields
from sa_studio.errors import ModelError

MAX_DEPTH = 1000  # many times the deepest that there is; each block is built before it is measured


@dataclass(frozen=True, slots=True)
class AttentionConfig:
    """Options of every attention (``attn_kwargs``)."""

    qk_norm: str = "none"


@dataclass(frozen=True, slots=True)
class FeedForwardConfig:
    """Options of every feed-forward (``ff_kwargs``)."""

    mult: float = 4.0
    no_bias: bool = False
    glu: bool = True


@dataclass(frozen=True, slots=True)
class NormConfig:
    """Options of every layer norm (``norm_kwargs``)."""

    bias: bool = False
    eps: float = 1e-5


@dataclass(frozen=True, slots=True)
class DiTConfig:
    """A diffusion transformer.

    Attributes:
        io_channels: latent channels in and out.
        cond_token_dim: width of the cross-attention tokens; 0: no cross-attention.
        global_cond_dim: width of the global condition; 0: none.
        input_concat_dim: channels that are concatenated to the latents (inpainting).
        prepend_cond_dim: width of prepended condition tokens; 0: none.
        global_cond_type: "prepend" puts the global condition before the sequence as a token,
            "adaLN" modulates every block by it.
        use_abs_pos_emb: a learned vector for every place is added, beside the rotary positions.
        abs_pos_emb_max_length: places that it has, memory tokens included.
        preconditioned: a network of rectified flow is between the scales of
            :class:`~sa_studio.engine.preconditioning.FlowPreconditioning`.
    """

    io_channels: int = 32
    patch_size: int = 1
    embed_dim: int = 768
    cond_token_dim: int = 0
    project_cond_tokens: bool = True
    global_cond_dim: int = 0
    project_global_cond: bool = True
    input_concat_dim: int = 0
    prepend_cond_dim: int = 0
    depth: int = 12
    num_heads: int = 8
    transformer_type: str = "continuous_transformer"
    global_cond_type: str = "prepend"
    num_memory_tokens: int = 0
    rotary_pos_emb: bool = True
    use_abs_pos_emb: bool = False
    abs_pos_emb_max_length: int = 10_000
    preconditioned: bool = False
    attn_kwargs: Mapping[str, Any] = field(default_factory=dict)
    ff_kwargs: Mapping[str, Any] = field(default_factory=dict)
    norm_kwargs: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        where = "model.diffusion.config"
        if self.transformer_type != "continuous_transformer":
            _refuse(where, "transformer_type", self.transformer_type)
        if self.global_cond_type not in ("prepend", "adaLN"):
            _refuse(where, "global_cond_type", self.global_cond_type)
        if self.attention.qk_norm not in ("none", "ln", "l2"):
            _refuse(f"{where}.attn_kwargs", "qk_norm", self.attention.qk_norm)
        for key in ("io_channels", "patch_size", "embed_dim", "depth", "num_heads"):
            if getattr(self, key) < 1:
                _refuse(where, key, getattr(self, key))
        if self.depth > MAX_DEPTH:
            _refuse(where, "depth", self.depth)
        if self.embed_dim % self.num_heads:
            raise ModelError(
                f"{where}: embed_dim {self.embed_dim} is no multiple of num_heads {self.num_heads}",
                HINT,
            )
        if self.cond_width % self.head_dim:
            raise ModelError(
                f"{where}: the condition's width {self.cond_width} is no multiple of the heads' "
                f"width {self.head_dim}",
                HINT,
            )
        _ = self.feed_forward, self.norm  # read now, so that a bad key is refused now

    @property
    def attention(self) -> AttentionConfig:
        """The options of every attention."""
        return read_fields(AttentionConfig, self.attn_kwargs, "model.diffusion.config.attn_kwargs")

    @property
    def feed_forward(self) -> FeedForwardConfig:
        """The options of every feed-forward."""
        return read_fields(FeedForwardConfig, self.ff_kwargs, "model.diffusion.config.ff_kwargs")

    @property
    def norm(self) -> NormConfig:
        """The options of every layer norm."""
        return read_fields(NormConfig, self.norm_kwargs, "model.diffusion.config.norm_kwargs")

    @property
    def head_dim(self) -> int:
        """Width of one attention head."""
        return self.embed_dim // self.num_heads

    @property
    def cond_width(self) -> int:
        """Width of the tokens as cross-attention sees them; 0 without cross-attention."""
        if self.cond_token_dim == 0:
            return 0
        return self.embed_dim if self.project_cond_tokens else self.cond_token_dim


def read_dit_config(mapping: Mapping[str, Any]) -> DiTConfig:
    """The typed form of ``model.diffusion.config``; raises ModelError."""
    return read_fields(DiTConfig, mapping, "model.diffusion.config")


def _refuse(where: str, key: str, value: object) -> None:
    raise ModelError(f"{where}: {key} {value!r} cannot be run", HINT)
