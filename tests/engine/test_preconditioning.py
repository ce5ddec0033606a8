from __future__ import annotations

import pytest
import torch
from torch import Tensor

from sa_studio.engine.preconditioning import FlowPreconditioning, in_cosines, in_frames

# two channels; what the frames of a patch share, and how they differ
DEVIATION = torch.tensor([[2.0, 0.3], [0.3, 0.1]])
LEVELS = [0.02, 0.5, 0.98]


def scales() -> FlowPreconditioning:
    found = FlowPreconditioning(*DEVIATION.shape)
    found.deviation.copy_(DEVIATION)
    return found


def drawn(level: float) -> tuple[Tensor, Tensor, Tensor]:
    """Latents [1, 2, T], the noise on them, and their time [1]."""
    torch.manual_seed(0)
    latents = in_frames(torch.randn(1, 2, 100_000, 2) * DEVIATION[:, None])
    return latents, torch.randn_like(latents), torch.tensor([level])


def deviation(x: Tensor) -> Tensor:
    """Of every channel and cosine, [C, patch]."""
    return in_cosines(x, 2).std(dim=(0, 2))


def mixed(latents: Tensor, noise: Tensor, level: float) -> Tensor:
    return (1 - level) * latents + level * noise


@pytest.mark.parametrize("level", LEVELS)
def test_the_network_sees_all_at_unit_variance(level: float) -> None:
    latents, noise, t = drawn(level)
    seen = deviation(scales().input(mixed(latents, noise, level), t))
    torch.testing.assert_close(seen, torch.ones(2, 2), atol=0.01, rtol=0)


@pytest.mark.parametrize("level", LEVELS)
def test_the_output_is_zero_for_the_best_linear_guess(level: float) -> None:
    latents, noise, t = drawn(level)
    x = mixed(latents, noise, level)
    guess = x - level * scales().velocity(x, t, torch.zeros_like(x))
    # what the best linear guess leaves over has nothing in common with x
    left = (in_cosines(latents - guess, 2) * in_cosines(x, 2)).mean(dim=(0, 2))
    left /= deviation(latents) * deviation(x)
    torch.testing.assert_close(left, torch.zeros(2, 2), atol=0.01, rtol=0)


@pytest.mark.parametrize("level", LEVELS)
def test_what_the_output_has_to_say_has_unit_variance(level: float) -> None:
    latents, noise, t = drawn(level)
    x = mixed(latents, noise, level)
    at_zero = in_cosines(scales().velocity(x, t, torch.zeros_like(x)), 2)
    ones = in_frames(torch.ones_like(at_zero))
    per_unit = in_cosines(scales().velocity(x, t, ones), 2) - at_zero
    wanted = (in_cosines(noise - latents, 2) - at_zero) / per_unit
    torch.testing.assert_close(wanted.std(dim=(0, 2)), torch.ones(2, 2), atol=0.01, rtol=0)


def test_half_precision_inside_keeps_float32_outside() -> None:
    latents, noise, t = drawn(0.5)
    x = mixed(latents, noise, 0.5)
    assert scales().half().velocity(x, t, x.half()).dtype == torch.float32


@pytest.mark.parametrize("patch", [1, 2, 3])
def test_cosines_come_back_as_the_frames_and_keep_their_power(patch: int) -> None:
    x = torch.randn(2, 3, 12)
    cosines = in_cosines(x, patch)
    assert cosines.shape == (2, 3, 12 // patch, patch)
    torch.testing.assert_close(in_frames(cosines), x)
    torch.testing.assert_close(cosines.square().sum(), x.square().sum())


def test_the_first_cosine_is_what_the_frames_of_a_patch_share() -> None:
    alike = torch.randn(1, 2, 5).repeat_interleave(2, dim=-1)
    torch.testing.assert_close(in_cosines(alike, 2)[..., 1], torch.zeros(1, 2, 5))
