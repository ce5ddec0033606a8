"""Conditions that differ from frame to frame, which the network reads beside the noisy latents."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional

from sa_studio.engine.config import BEAT_CLOCK_HANDS


def beat_clock(tempo: float | None, frames: int, frame_seconds: float) -> Tensor:
    """Where in the bar every frame is, the sound beginning on the first beat.

    Args:
        tempo: beats a minute; ``None`` stops the clock.
        frames: T, of the latents.
        frame_seconds: how long each is.

    Returns:
        cos and sin of every hand, [2 · hands, T]; zero without a tempo.
    """
    hands = torch.tensor(BEAT_CLOCK_HANDS, dtype=torch.float64)[:, None]
    if tempo is None:
        return torch.zeros(2 * len(hands), frames)
    beats = torch.arange(frames, dtype=torch.float64) * (frame_seconds * tempo / 60)
    turns = 2 * math.pi * beats / hands
    return torch.cat((turns.cos(), turns.sin())).float()


def inpainting_input(keep: Tensor, latents: Tensor) -> Tensor:
    """What a model trained for inpainting reads (engine specification §6.2).

    Args:
        keep: [B, samples], 1 where the sound is kept and 0 where it is made anew.
        latents: of the sound, [B, C, T].

    Returns:
        Mask and masked latents, [B, 1 + C, T].
    """
    mask = functional.interpolate(keep[:, None].float(), latents.shape[-1], mode="nearest")
    mask = mask.expand(latents.shape[0], -1, -1)
    return torch.cat((mask, latents * mask), dim=1)
