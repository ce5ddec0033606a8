from __future__ import annotations

import pytest
import torch
from torch import Tensor

from sa_studio.engine.preconditioning import FlowPreconditioning

DEVIATION = torch.tensor([2.0, 0.3])
LEVELS = [0.02, 0.5, 0.98]


def scales() -> FlowPreconditioning:
    found = FlowPreconditioning(2)
    found.deviation.copy_(DEVIATION)
    return found


def drawn(level: float) -> tuple[Tensor, Tensor, Tensor]:
    """Latents [1, 2, T], the noise on them, and their time [1]."""
    torch.manual_seed(0)
    latents, noise = torch.randn(1, 2, 100_000) * DEVIATION[:, None], torch.randn(1, 2, 100_000)
    return latents, noise, torch.tensor([level])


def mixed(latents: Tensor, noise: Tensor, level: float) -> Tensor:
    return (1 - level) * latents + level * noise


@pytest.mark.parametrize("level", LEVELS)
def test_the_network_sees_every_channel_at_unit_variance(level: float) -> None:
    latents, noise, t = drawn(level)
    seen = scales().input(mixed(latents, noise, level), t)
    torch.testing.assert_close(seen.std(dim=-1), torch.ones(1, 2), atol=0.01, rtol=0)


@pytest.mark.parametrize("level", LEVELS)
def test_the_output_is_zero_for_the_best_linear_guess(level: float) -> None:
    latents, noise, t = drawn(level)
    x = mixed(latents, noise, level)
    guess = x - level * scales().velocity(x, t, torch.zeros_like(x))
    # what the best linear guess leaves over has nothing in common with x
    left = (latents - guess) * x / (latents.std(dim=-1) * x.std(dim=-1))[..., None]
    torch.testing.assert_close(left.mean(dim=-1), torch.zeros(1, 2), atol=0.01, rtol=0)


@pytest.mark.parametrize("level", LEVELS)
def test_what_the_output_has_to_say_has_unit_variance(level: float) -> None:
    latents, noise, t = drawn(level)
    x = mixed(latents, noise, level)
    at_zero = scales().velocity(x, t, torch.zeros_like(x))
    per_unit = scales().velocity(x, t, torch.ones_like(x)) - at_zero
    wanted = ((noise - latents) - at_zero) / per_unit
    torch.testing.assert_close(wanted.std(dim=-1), torch.ones(1, 2), atol=0.01, rtol=0)


def test_half_precision_inside_keeps_float32_outside() -> None:
    latents, noise, t = drawn(0.5)
    x = mixed(latents, noise, 0.5)
    assert scales().half().velocity(x, t, x.half()).dtype == torch.float32
