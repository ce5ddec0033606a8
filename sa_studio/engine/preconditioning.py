"""What is around a network of rectified flow, so that it need not carry the noise itself.

Source: Karras et al. 2022 (arXiv:2206.00364), §5, for x = (1 − t)·z + t·ε instead of z + σ·ε.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn


class FlowPreconditioning(nn.Module):
    """Scales input and output of the network by what is known of each channel: its deviation s.

    Alone, a network of rectified flow returns all the noise in x beside what it knows of the
    sound. Here it sees x at unit variance and says how, in units of what noise leaves uncertain,
    the latents differ from the best linear guess: the noise in x goes past the network. With
    n² = (1 − t)²·s² + t², the variance of x,

        x / n in,   z ≈ (1 − t)·s²/n² · x + t·s/n · F out,   dx/dt = (x − z) / t.

    Args:
        channels: of the latents.
    """

    deviation: Tensor

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.register_buffer("deviation", torch.ones(channels))

    def input(self, x: Tensor, t: Tensor) -> Tensor:
        """What the network sees of x [B, C, T] at t [B]."""
        return x / self._norm(t)

    def velocity(self, x: Tensor, t: Tensor, output: Tensor) -> Tensor:
        """dx/dt at x [B, C, T] and t [B], from the network's output [B, C, T]; float32."""
        level, deviation, norm = t[:, None, None], self._deviation(), self._norm(t)
        known = (level - (1 - level) * deviation**2) / norm**2
        return known * x - deviation / norm * output

    def _deviation(self) -> Tensor:
        return self.deviation.float()[:, None]

    def _norm(self, t: Tensor) -> Tensor:
        level = t[:, None, None]
        return (((1 - level) * self._deviation()) ** 2 + level**2).sqrt()
