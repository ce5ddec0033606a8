"""The network as samplers see it: a denoiser, guided by the conditions.

Samplers call ``denoise(x, level)`` and get a :class:`Prediction`. What a level is and how the
network's output becomes a prediction depends on the objective: the three parameterisations here.
Everything outside the network is float32. Source: engine specification §3.5, §4.1, §4.3.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from sa_studio.engine.dit import DiffusionTransformer


@dataclass(frozen=True, slots=True)
class Guidance:
    """Classifier-free guidance (Ho & Salimans 2022, arXiv:2207.12598).

    Attributes:
        scale: 1 switches guidance off.
        rescale: φ of Lin et al. 2023 (arXiv:2305.08891), §3.4; 0 leaves the result as it is.
        interval: noise levels, inclusive, within which guidance is active.
    """

    scale: float = 1.0
    rescale: float = 0.0
    interval: tuple[float, float] = (0.0, 1.0)

    def is_active(self, level: float) -> bool:
        """Whether both branches are needed at this noise level."""
        return self.scale != 1.0 and self.interval[0] <= level <= self.interval[1]

    def combine(self, conditional: Tensor, unconditional: Tensor) -> Tensor:
        """The guided output from those of the two branches, each [B, C, T]."""
        guided = unconditional + (conditional - unconditional) * self.scale
        if self.rescale == 0:
            return guided
        ratio = conditional.std(dim=1, keepdim=True) / guided.std(dim=1, keepdim=True)
        return self.rescale * (guided * ratio) + (1 - self.rescale) * guided


@dataclass(frozen=True, slots=True)
class ConditionTensors:
    """What the conditioners made of a request, for B items.

    Attributes:
        tokens: cross-attention tokens [B, n, cond_token_dim], or ``None``.
        negative_tokens: those of the negative prompt; ``None`` for the null condition.
        global_cond: [B, global_cond_dim], or ``None``.
        negative_global: that of the negative prompt or of no prompt; ``None`` if it is the same.
        input_concat: [B, channels, T'], or ``None``.
    """

    tokens: Tensor | None
    global_cond: Tensor | None
    negative_tokens: Tensor | None = None
    negative_global: Tensor | None = None
    input_concat: Tensor | None = None

    @property
    def batch_size(self) -> int:
        """B; 1 for a model without any condition."""
        given = (self.tokens, self.global_cond, self.input_concat)
        return next((tensor.shape[0] for tensor in given if tensor is not None), 1)


class GuidedNetwork:
    """The network with its conditions and guidance: one call gives the guided output.

    Args:
        network: the denoiser network.
        conditions: for B items.
        guidance: how the two branches are combined.
        splits: compute the branches one after the other: half the activations, and a GPU that
            is less busy.
    """

    def __init__(
        self,
        network: DiffusionTransformer,
        conditions: ConditionTensors,
        guidance: Guidance,
        *,
        splits: bool = False,
    ) -> None:
        self.network = network
        self.guidance = guidance
        self.splits = splits
        tokens, negative = conditions.tokens, conditions.negative_tokens
        state, negative_state = conditions.global_cond, conditions.negative_global
        extra = conditions.input_concat
        if guidance.scale == 1.0:
            self._conditional = network.prepare(tokens, state, extra)
            return
        if tokens is not None and negative is not None:
            tokens = torch.cat((tokens, negative))
        # Without a negative prompt the second half of the batch has the null condition, whose
        # cross-attention is exactly zero: DiffusionTransformer leaves it out.
        self._both = network.prepare(tokens, _joined(state, negative_state), _joined(extra))
        items = conditions.batch_size
        self._conditional = self._both.rows(0, items)
        self._unconditional = self._both.rows(items, 2 * items)

    def __call__(self, x: Tensor, t: float, level: float) -> tuple[Tensor, Tensor]:
        """The guided and the unguided output, [B, C, T] each, float32.

        Args:
            x: the network's input, [B, C, T].
            t: its time, 0 … 1.
            level: the noise level that the guidance interval is compared with.
        """
        times = torch.full((x.shape[0],), t, dtype=torch.float32, device=x.device)
        if not self.guidance.is_active(level):
            out = self.network(x, times, self._conditional).float()
            return out, out
        if self.splits:
            conditional = self.network(x, times, self._conditional).float()
            unconditional = self.network(x, times, self._unconditional).float()
        else:
            both = self.network(torch.cat((x, x)), torch.cat((times, times)), self._both)
            conditional, unconditional = both.float().chunk(2)
        return self.guidance.combine(conditional, unconditional), unconditional


def _joined(first: Tensor | None, second: Tensor | None = None) -> Tensor | None:
    """One batch of both; of ``first`` twice if there is no other."""
    return None if first is None else torch.cat((first, first if second is None else second))


@dataclass(frozen=True, slots=True)
class Prediction:
    """What the denoiser sees in x: clean latents and the noise on them, both [B, C, T].

    ``unguided_noise`` is the noise by the unconditional branch alone (CFG++).
    """

    denoised: Tensor
    noise: Tensor
    unguided_noise: Tensor


class Denoiser(ABC):
    """Latents at a noise level to a :class:`Prediction`.

    Attributes:
        see: called with the denoised latents [B, C, T] of every prediction, if somebody wants to
            watch; it must not change them.
    """

    see: Callable[[Tensor], None] | None = None

    def __init__(self, network: GuidedNetwork) -> None:
        self.network = network

    def __call__(self, x: Tensor, level: float) -> Prediction:
        """Predict from x [B, C, T], float32, at a level of this parameterisation."""
        prediction = self.predict(x, level)
        if self.see is not None:
            self.see(prediction.denoised)
        return prediction

    @abstractmethod
    def predict(self, x: Tensor, level: float) -> Prediction:
        """What :meth:`__call__` returns."""

    @staticmethod
    @abstractmethod
    def start(noise: Tensor, level: float, init: Tensor | None) -> Tensor:
        """What sampling starts from: ``init`` latents (or none) under noise of this level."""


class VarianceExploding(Denoiser):
    """x = z + σ·ε for a network that predicts v: the form that k-diffusion's samplers work in."""

    def predict(self, x: Tensor, level: float) -> Prediction:
        """Predict at σ = ``level``."""
        sigma = level
        shrink = 1 / math.sqrt(sigma**2 + 1)
        t = math.atan(sigma) * 2 / math.pi
        v, unguided_v = self.network(x * shrink, t, math.sin(math.pi * t / 2))

        def noise(output: Tensor) -> tuple[Tensor, Tensor]:
            denoised = x * shrink**2 - output * (sigma * shrink)
            return denoised, (x - denoised) / sigma

        denoised, guided_noise = noise(v)
        return Prediction(
            denoised, guided_noise, guided_noise if unguided_v is v else noise(unguided_v)[1]
        )

    @staticmethod
    def start(noise: Tensor, level: float, init: Tensor | None) -> Tensor:
        """z + σ·ε."""
        return noise * level if init is None else init + noise * level


class VariancePreserving(Denoiser):
    """x = cos(πt/2)·z + sin(πt/2)·ε for a network that predicts v (arXiv:2202.00512)."""

    def predict(self, x: Tensor, level: float) -> Prediction:
        """Predict at t = ``level``."""
        alpha, sigma = math.cos(math.pi * level / 2), math.sin(math.pi * level / 2)
        v, unguided_v = self.network(x, level, sigma)
        return Prediction(
            alpha * x - sigma * v, sigma * x + alpha * v, sigma * x + alpha * unguided_v
        )

    @staticmethod
    def start(noise: Tensor, level: float, init: Tensor | None) -> Tensor:
        """cos(πt/2)·z + sin(πt/2)·ε; pure noise without ``init``."""
        if init is None:
            return noise
        return init * math.cos(math.pi * level / 2) + noise * math.sin(math.pi * level / 2)


class RectifiedFlow(Denoiser):
    """x = (1 − t)·z + t·ε for a network that predicts dx/dt = ε − z (arXiv:2209.03003)."""

    def predict(self, x: Tensor, level: float) -> Prediction:
        """Predict at t = ``level``."""
        velocity, unguided = self.network(x, level, level)
        return Prediction(
            x - level * velocity, x + (1 - level) * velocity, x + (1 - level) * unguided
        )

    @staticmethod
    def start(noise: Tensor, level: float, init: Tensor | None) -> Tensor:
        """(1 − t)·z + t·ε; pure noise without ``init``."""
        return noise if init is None else init * (1 - level) + noise * level
