"""What is around a network of rectified flow, so that it need not carry the noise itself.

Source: Karras et al. 2022 (arXiv:2206.00364), §5, for x = (1 − t)·z + t·ε instead of z + σ·ε.
"""

from __future__ import annotations

import math
from functools import cache

import torch
from torch import Tensor, nn


class FlowPreconditioning(nn.Module):
    """Scales input and output of the network by what is known of the latents: deviations s.

    Alone, a network of rectified flow returns all the noise in x beside what it knows of the
    sound. Here it sees x at unit variance and says how, in units of what noise leaves uncertain,
    the latents differ from the best linear guess: the noise in x goes past the network. With
    n² = (1 − t)²·s² + t², the variance of x,

        x / n in,   z ≈ (1 − t)·s²/n² · x + t·s/n · F out,   dx/dt = (x − z) / t.

    Neighbouring frames are alike: their differences are several times smaller than what they
    share. So each channel has a deviation for every cosine over the frames of a patch, and all of
    the above happens to these; white noise is as white in them.

    Args:
        channels: of the latents.
        patch: frames, of which T is a multiple.
    """

    deviation: Tensor

    def __init__(self, channels: int, patch: int) -> None:
        super().__init__()
        self.register_buffer("deviation", torch.ones(channels, patch))

    def input(self, x: Tensor, t: Tensor) -> Tensor:
        """What the network sees of x [B, C, T] at t [B]."""
        return in_frames(in_cosines(x, self._patch) / self._norm(t))

    def velocity(self, x: Tensor, t: Tensor, output: Tensor) -> Tensor:
        """dx/dt at x [B, C, T] and t [B], from the network's output [B, C, T]; float32."""
        level, deviation, norm = _beside_cosines(t), self._deviation(), self._norm(t)
        known = (level - (1 - level) * deviation**2) / norm**2
        said = deviation / norm * in_cosines(output.float(), self._patch)
        return in_frames(known * in_cosines(x, self._patch) - said)

    @property
    def _patch(self) -> int:
        return self.deviation.shape[1]

    def _deviation(self) -> Tensor:
        return self.deviation.float()[:, None]

    def _norm(self, t: Tensor) -> Tensor:
        level = _beside_cosines(t)
        return (((1 - level) * self._deviation()) ** 2 + level**2).sqrt()


def in_cosines(x: Tensor, patch: int) -> Tensor:
    """The cosine transform of every patch of x [B, C, T]: [B, C, T/patch, patch]."""
    cosines: Tensor = x.reshape(*x.shape[:2], -1, patch) @ _cosines(patch).to(x)
    return cosines


def in_frames(cosines: Tensor) -> Tensor:
    """The inverse of :func:`in_cosines`."""
    frames: Tensor = cosines @ _cosines(cosines.shape[-1]).to(cosines).T
    return frames.flatten(-2)


def _beside_cosines(t: Tensor) -> Tensor:
    return t[:, None, None, None]


@cache
def _cosines(patch: int) -> Tensor:
    """The orthonormal cosines (DCT-II) over a patch, [frames, cosines]."""
    numbers = torch.arange(patch, dtype=torch.float64, device="cpu")
    waves = (torch.outer(numbers + 0.5, numbers) * (math.pi / patch)).cos()
    return (waves / waves.square().sum(dim=0).sqrt()).float()
