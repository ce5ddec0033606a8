"""Samplers on distributions whose denoiser is known in closed form.

For latents z ~ N(0, s²) and x = a·z + b·ε the best predictions are E[z|x] = a·s²·x/v and
E[ε|x] = b·x/v with v = a²s² + b², and the probability flow only stretches: it takes x at level l to
x·s/√v(l) at level 0 (Song et al. 2021, arXiv:2011.13456).
"""

from __future__ import annotations

import inspect
import math
from itertools import pairwise

import pytest
import torch
from torch import Tensor

from sa_studio.engine import schedules
from sa_studio.engine.denoiser import (
    Denoiser,
    Prediction,
    RectifiedFlow,
    VarianceExploding,
    VariancePreserving,
)
from sa_studio.engine.samplers import SAMPLERS, Range, _lagrange_integral

NOISY = {"dpmpp-3m-sde", "dpmpp-2m-sde", "k-dpmpp-2s-ancestral", "pingpong"}
DETERMINISTIC = sorted(set(SAMPLERS) - NOISY)
SPAN = Range(sigma_min=0.01, sigma_max=50.0)
DATA_STD = 0.7


def coefficients(kind: type[Denoiser], level: float) -> tuple[float, float]:
    """a and b of x = a·z + b·ε."""
    if kind is VarianceExploding:
        return 1.0, level
    if kind is VariancePreserving:
        return math.cos(math.pi * level / 2), math.sin(math.pi * level / 2)
    assert kind is RectifiedFlow
    return 1.0 - level, level


class GaussianDenoiser(Denoiser):
    """The best denoiser for z ~ N(0, ``std``²)."""

    def __init__(self, kind: type[Denoiser], std: float = DATA_STD) -> None:
        self.kind = kind
        self.std = std
        self.levels: list[float] = []

    def predict(self, x: Tensor, level: float) -> Prediction:
        self.levels.append(level)
        a, b = coefficients(self.kind, level)
        variance = a**2 * self.std**2 + b**2
        noise = x * (b / variance)
        return Prediction(x * (a * self.std**2 / variance), noise, noise)

    @staticmethod
    def start(noise: Tensor, level: float, init: Tensor | None) -> Tensor:
        raise NotImplementedError


class PointDenoiser(GaussianDenoiser):
    """The best denoiser if the latents can only be ``target``."""

    def __init__(self, kind: type[Denoiser], target: Tensor) -> None:
        super().__init__(kind)
        self.target = target

    def predict(self, x: Tensor, level: float) -> Prediction:
        a, b = coefficients(self.kind, level)
        noise = (x - a * self.target) / b if b else torch.zeros_like(x)
        return Prediction(self.target, noise, noise)


def refuse_to_draw() -> Tensor:
    raise AssertionError("a deterministic sampler drew noise")


def start_of(
    name: str, steps: int, items: int, span: Range = SPAN
) -> tuple[Tensor, list[float], float]:
    """x drawn at the first level, the levels, and the standard deviation of x."""
    sampler = SAMPLERS[name]
    levels = sampler.schedule(steps, span)
    a, b = coefficients(sampler.denoiser, levels[0])
    std = math.sqrt(a**2 * DATA_STD**2 + b**2)
    generator = torch.Generator().manual_seed(1)
    return torch.randn(1, 1, items, generator=generator) * std, levels, std


def deterministic_error(name: str, steps: int, span: Range = SPAN) -> float:
    """How far from the exact flow's end, relative to it."""
    x, levels, std = start_of(name, steps, 64, span)
    x = x.double()
    if SAMPLERS[name].denoiser is RectifiedFlow:
        # their schedule ends with a jump from t = 0.12 however many steps there are
        levels = schedules.linear(steps, 1.0)
    denoise = GaussianDenoiser(SAMPLERS[name].denoiser)
    *_, end = SAMPLERS[name].function(denoise, x, levels, refuse_to_draw)
    exact = x * (DATA_STD / std)
    return float((end - exact).norm() / exact.norm())


def test_all_samplers_have_one_signature() -> None:
    signatures = {str(inspect.signature(sampler.function)) for sampler in SAMPLERS.values()}
    assert len(signatures) == 1


@pytest.mark.parametrize("name", DETERMINISTIC)
def test_deterministic_samplers_follow_the_flow(name: str) -> None:
    if name == "k-dpm-adaptive":
        # as exact as the tolerance of a step makes it, however many levels it is given
        assert deterministic_error(name, 400) == deterministic_error(name, 25) < 0.02
        return
    assert deterministic_error(name, 400) < 0.01
    assert deterministic_error(name, 100) < deterministic_error(name, 25)


# From little noise to so little that the last step, of the first order for all, is too short to
# hide the order of the others.
@pytest.mark.parametrize(
    ("name", "gain"),
    [
        ("euler", 1.8),
        ("v-ddim", 1.8),
        ("dpmpp", 3.0),
        ("dpmpp-2m", 3.4),
        ("k-heun", 3.4),
        ("k-dpm-2", 3.4),
        ("k-lms", 7.0),
        ("rk4", 12.0),
    ],
)
def test_order_of_convergence(name: str, gain: float) -> None:
    span = Range(1e-4, 5.0)
    assert deterministic_error(name, 40, span) / deterministic_error(name, 80, span) > gain


@pytest.mark.parametrize("name", sorted(NOISY - {"pingpong"}))
def test_noisy_samplers_end_in_the_distribution_of_the_data(name: str) -> None:
    x, levels, _ = start_of(name, 100, 20_000)
    denoise = GaussianDenoiser(SAMPLERS[name].denoiser)
    generator = torch.Generator().manual_seed(2)
    *_, end = SAMPLERS[name].function(
        denoise, x, levels, lambda: torch.randn(x.shape, generator=generator)
    )
    assert end.mean().item() == pytest.approx(0, abs=0.02)
    assert end.std().item() == pytest.approx(DATA_STD, rel=0.03)
    # what ends is new: little is left of the noise it began with
    correlation = torch.corrcoef(torch.stack((x.flatten(), end.flatten())))[0, 1]
    assert abs(correlation) < 0.3


# rk4 asks for the velocity at t = 0, where that towards a single point has no limit
@pytest.mark.parametrize("name", sorted(set(SAMPLERS) - {"rk4"}))
@pytest.mark.parametrize("steps", [1, 2, 3, 7])
def test_samplers_find_the_only_possible_latents(name: str, steps: int) -> None:
    x, levels, _ = start_of(name, steps, 16)
    target = torch.linspace(-2, 2, 16).view(1, 1, 16)
    before = x.clone()
    steps_taken = list(
        SAMPLERS[name].function(
            PointDenoiser(SAMPLERS[name].denoiser, target), x, levels, lambda: torch.ones_like(x)
        )
    )
    if name != "k-dpm-adaptive":  # it decides for itself
        assert len(steps_taken) == steps
    torch.testing.assert_close(steps_taken[-1], target, atol=2e-4, rtol=0)
    assert torch.equal(x, before), "the sampler wrote into its input"


@pytest.mark.parametrize("name", sorted(SAMPLERS))
def test_nothing_is_evaluated_before_it_is_asked_for(name: str) -> None:
    x, levels, _ = start_of(name, 5, 4)
    denoise = GaussianDenoiser(SAMPLERS[name].denoiser)
    walk = SAMPLERS[name].function(denoise, x, levels, lambda: torch.zeros_like(x))
    assert denoise.levels == []
    next(walk)
    first = len(denoise.levels)
    assert 1 <= first <= 4
    next(walk)
    assert len(denoise.levels) == 2 * first


def test_ping_pong_puts_fresh_noise_on_what_it_denoised() -> None:
    x, levels, _ = start_of("pingpong", 4, 4)
    target = torch.full_like(x, 0.25)
    denoise = PointDenoiser(RectifiedFlow, target)
    noise = torch.full_like(x, 3.0)
    walk = SAMPLERS["pingpong"].function(denoise, x, levels, lambda: noise)
    for step, t_next in zip(walk, levels[1:], strict=True):
        torch.testing.assert_close(step, (1 - t_next) * target + t_next * noise)


def test_cfg_plus_plus_puts_the_unguided_noise_back() -> None:
    class Guided(GaussianDenoiser):
        def predict(self, x: Tensor, level: float) -> Prediction:
            seen = super().predict(x, level)
            return Prediction(seen.denoised, seen.noise + 10, seen.noise)

    x, levels, _ = start_of("v-ddim", 6, 8)
    plain = list(
        SAMPLERS["v-ddim"].function(GaussianDenoiser(VariancePreserving), x, levels, refuse_to_draw)
    )
    guided = list(
        SAMPLERS["v-ddim-cfgpp"].function(Guided(VariancePreserving), x, levels, refuse_to_draw)
    )
    for expected, found in zip(plain, guided, strict=True):
        torch.testing.assert_close(found, expected)


def test_multistep_coefficients_integrate_polynomials_exactly() -> None:
    nodes = [4.0, 6.0, 7.0, 10.0]

    def cubic(sigma: float) -> float:
        return sigma**3 - 2 * sigma**2 + 5

    def primitive(sigma: float) -> float:
        return sigma**4 / 4 - 2 * sigma**3 / 3 + 5 * sigma

    total = sum(
        cubic(node) * _lagrange_integral(nodes, which, 4.0, 2.5) for which, node in enumerate(nodes)
    )
    assert total == pytest.approx(primitive(2.5) - primitive(4.0))


@pytest.mark.parametrize("name", sorted(SAMPLERS))
def test_schedules_fall_to_zero(name: str) -> None:
    levels = SAMPLERS[name].schedule(9, SPAN)
    assert len(levels) == 10
    assert levels[-1] == 0
    assert all(high > low for high, low in pairwise(levels))
    if SAMPLERS[name].denoiser is not VarianceExploding:
        assert levels[0] == 1  # σ above 1 means: from pure noise
