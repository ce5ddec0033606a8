"""The denoiser network: a diffusion transformer over latents [B, C, T].

Source: engine specification §3.4; Peebles & Xie 2022 (arXiv:2212.09748), Evans et al. 2024
(arXiv:2407.14358).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from sa_studio.engine.network_config import DiTConfig
from sa_studio.engine.preconditioning import FlowPreconditioning
from sa_studio.engine.transformer import ContinuousTransformer, KeysAndValues

TIME_FEATURES = 256


class FourierFeatures(nn.Module):
    """Noise levels t [B] to cos ‖ sin of 2π·t·w, [B, 256]; always computed in float32."""

    def __init__(self, features: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(features // 2, 1))

    def forward(self, t: Tensor) -> Tensor:
        """[B] to [B, features], float32."""
        angles = 2 * math.pi * t.float()[:, None] * self.weight.float()[:, 0]
        return torch.cat((angles.cos(), angles.sin()), dim=-1)


@dataclass(frozen=True, slots=True)
class Conditions:
    """What steers the network, prepared once for all steps.

    Attributes:
        cross: per layer, what cross-attention reads, for the first rows of the batch; the rows
            behind them run with the null condition. ``None``: all of them do.
        global_state: [B, width] of the embedded global condition, or ``None``.
        input_concat: [B, input_concat_dim, T'], or ``None``.
    """

    cross: list[KeysAndValues] | None
    global_state: Tensor | None
    input_concat: Tensor | None = None

    def rows(self, start: int, stop: int) -> Conditions:
        """Those of the items ``start`` … ``stop - 1`` of the batch; views, not copies."""
        cross = None
        if self.cross is not None and start < self.cross[0].keys.shape[0]:
            cross = [
                KeysAndValues(layer.keys[start:stop], layer.values[start:stop])
                for layer in self.cross
            ]
        return Conditions(
            cross,
            None if self.global_state is None else self.global_state[start:stop],
            None if self.input_concat is None else self.input_concat[start:stop],
        )


def _projection(inner: int, outer: int, *, bias: bool) -> nn.Sequential:
    return nn.Sequential(
        nn.Linear(inner, outer, bias=bias), nn.SiLU(), nn.Linear(outer, outer, bias=bias)
    )


class DiffusionTransformer(nn.Module):
    """Predicts, for latents x at noise level t, the target of the objective (v or velocity)."""

    def __init__(self, config: DiTConfig) -> None:
        super().__init__()
        self.config = config
        width = config.embed_dim
        self.timestep_features = FourierFeatures(TIME_FEATURES)
        self.to_timestep_embed = _projection(TIME_FEATURES, width, bias=True)
        if config.cond_token_dim:
            self.to_cond_embed = _projection(config.cond_token_dim, config.cond_width, bias=False)
        if config.global_cond_dim:
            global_width = width if config.project_global_cond else config.global_cond_dim
            self.to_global_embed = _projection(config.global_cond_dim, global_width, bias=False)
        channels = config.io_channels + config.input_concat_dim
        self.preprocess_conv = nn.Conv1d(channels, channels, 1, bias=False)
        self.postprocess_conv = nn.Conv1d(config.io_channels, config.io_channels, 1, bias=False)
        self.transformer = ContinuousTransformer(config)
        self.preconditioning = (
            FlowPreconditioning(config.io_channels, config.patch_size)
            if config.preconditioned
            else None
        )

    def prepare(
        self,
        tokens: Tensor | None,
        global_cond: Tensor | None,
        input_concat: Tensor | None = None,
    ) -> Conditions:
        """Everything about the conditions that does not change from step to step.

        Args:
            tokens: [rows, n, cond_token_dim] for the first rows of the batch.
            global_cond: [B, global_cond_dim] for the whole batch.
            input_concat: [B, input_concat_dim, T'] for the whole batch.
        """
        cross = None
        if tokens is not None:
            cross = self.transformer.keys_and_values(self.to_cond_embed(tokens))
        state = None if global_cond is None else self.to_global_embed(global_cond)
        return Conditions(cross, state, input_concat)

    def forward(self, x: Tensor, t: Tensor, conditions: Conditions) -> Tensor:
        """One evaluation.

        Args:
            x: latents, [B, io_channels, T].
            t: noise level of each item, [B], 0 … 1, float32.
            conditions: from :meth:`prepare`, for this batch.

        Returns:
            [B, io_channels, T] in the dtype of the weights; with preconditioning float32.
        """
        scales = self.preconditioning
        if scales is None:
            return self._bare(x, t, conditions)
        return scales.velocity(x, t, self._bare(scales.input(x, t), t, conditions))

    def _bare(self, x: Tensor, t: Tensor, conditions: Conditions) -> Tensor:
        dtype = self.preprocess_conv.weight.dtype
        x = x.to(dtype)
        state: Tensor = self.to_timestep_embed(self.timestep_features(t).to(dtype))
        if conditions.global_state is not None:
            state = state + conditions.global_state
        if conditions.input_concat is not None:
            extra = functional.interpolate(conditions.input_concat, x.shape[-1], mode="nearest")
            x = torch.cat((x, extra.to(dtype)), dim=1)
        x = x + self.preprocess_conv(x)
        patch = self.config.patch_size
        # patches are channel-major: [B, C, T] → [B, T/p, C·p]
        patches = x.view(*x.shape[:2], -1, patch).permute(0, 2, 1, 3).flatten(2)
        y = self.transformer(patches, conditions.cross, state)
        # … and back: [B, T/p, C·p] → [B, C, T]
        y = y.view(*y.shape[:2], -1, patch).permute(0, 2, 1, 3).flatten(2)
        out: Tensor = y + self.postprocess_conv(y)
        return out
