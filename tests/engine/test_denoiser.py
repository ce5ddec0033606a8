from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import pytest
import torch
from torch import Tensor

from sa_studio.engine import AudioPipeline
from sa_studio.engine.denoiser import (
    ConditionTensors,
    Denoiser,
    Guidance,
    GuidedNetwork,
    RectifiedFlow,
    VarianceExploding,
    VariancePreserving,
)
from tests.tiny_model import LATENT_CHANNELS, WIDTH

pytestmark = pytest.mark.usefixtures("inference")


@pytest.fixture
def inference() -> object:
    with torch.inference_mode():
        yield


def random(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


TOKENS = random(2, 18, WIDTH, seed=1)
CONDITIONS = ConditionTensors(TOKENS, random(2, 2 * WIDTH, seed=2))
X = random(2, LATENT_CHANNELS, 12, seed=3)


@pytest.fixture
def guided(
    tiny_pipeline: Callable[[str], AudioPipeline],
) -> Callable[[ConditionTensors, Guidance], Tensor]:
    def run(conditions: ConditionTensors, guidance: Guidance, level: float = 0.5) -> Tensor:
        network = GuidedNetwork(tiny_pipeline("v").network, conditions, guidance)
        return network(X, 0.4, level)[0]

    return run


def test_guidance_moves_away_from_the_null_condition(guided: Callable[..., Tensor]) -> None:
    # the null condition is tokens of zeros, under the same global condition
    null = guided(replace(CONDITIONS, tokens=torch.zeros_like(TOKENS)), Guidance())
    plain = guided(CONDITIONS, Guidance())
    found = guided(CONDITIONS, Guidance(scale=4.0))
    torch.testing.assert_close(found, null + 4 * (plain - null), atol=1e-5, rtol=1e-5)
    assert (plain - null).abs().max() > 0.01


def test_the_null_condition_may_have_a_global_condition_of_its_own(
    guided: Callable[..., Tensor],
) -> None:
    other = random(2, 2 * WIDTH, seed=5)
    null = guided(
        replace(CONDITIONS, tokens=torch.zeros_like(TOKENS), global_cond=other), Guidance()
    )
    plain = guided(CONDITIONS, Guidance())
    found = guided(replace(CONDITIONS, negative_global=other), Guidance(scale=4.0))
    torch.testing.assert_close(found, null + 4 * (plain - null), atol=1e-5, rtol=1e-5)


def test_negative_prompt_takes_the_place_of_the_null_condition(
    guided: Callable[..., Tensor],
) -> None:
    negative = random(2, 18, WIDTH, seed=4)
    plain = guided(CONDITIONS, Guidance())
    away = guided(replace(CONDITIONS, tokens=negative), Guidance())
    found = guided(replace(CONDITIONS, negative_tokens=negative), Guidance(scale=3.0))
    torch.testing.assert_close(found, away + 3 * (plain - away), atol=1e-5, rtol=1e-5)


def test_scale_one_ignores_the_negative_prompt(guided: Callable[..., Tensor]) -> None:
    negative = random(2, 18, WIDTH, seed=4)
    found = guided(replace(CONDITIONS, negative_tokens=negative), Guidance(scale=1.0))
    assert torch.equal(found, guided(CONDITIONS, Guidance()))


def test_rescale_restores_the_spread_of_each_frame() -> None:
    conditional, unconditional = random(2, 8, 5, seed=5), random(2, 8, 5, seed=6)
    plain = Guidance(scale=7.0).combine(conditional, unconditional)
    full = Guidance(scale=7.0, rescale=1.0).combine(conditional, unconditional)
    half = Guidance(scale=7.0, rescale=0.5).combine(conditional, unconditional)
    torch.testing.assert_close(full.std(dim=1), conditional.std(dim=1))
    torch.testing.assert_close(half, (full + plain) / 2)


@pytest.mark.parametrize(
    ("level", "is_active"), [(0.19, False), (0.2, True), (0.5, True), (0.9, True), (0.91, False)]
)
def test_interval_is_inclusive(
    guided: Callable[..., Tensor], level: float, is_active: bool
) -> None:
    guidance = Guidance(scale=4.0, interval=(0.2, 0.9))
    assert guidance.is_active(level) is is_active
    expected = Guidance(scale=4.0) if is_active else Guidance()
    torch.testing.assert_close(
        guided(CONDITIONS, guidance, level), guided(CONDITIONS, expected, level)
    )


class PerfectNetwork:
    """Answers with the objective's target for known latents and noise."""

    def __init__(self, target: Callable[[float], Tensor]) -> None:
        self.target = target
        self.asked: list[tuple[float, float]] = []

    def __call__(self, x: Tensor, t: float, level: float) -> tuple[Tensor, Tensor]:
        self.asked.append((t, level))
        out = self.target(t)
        return out, out


Z, NOISE = random(1, 4, 6, seed=7), random(1, 4, 6, seed=8)


def v_target(t: float) -> Tensor:
    return math.cos(math.pi * t / 2) * NOISE - math.sin(math.pi * t / 2) * Z


@pytest.mark.parametrize(
    ("kind", "target", "level", "asked"),
    [
        (VarianceExploding, v_target, 1.0, (0.5, math.sqrt(0.5))),
        (VarianceExploding, v_target, 500.0, (0.998727, 0.999998)),
        (VarianceExploding, v_target, 0.03, (0.019093, 0.029987)),
        (VariancePreserving, v_target, 0.3, (0.3, math.sin(0.15 * math.pi))),
        (RectifiedFlow, lambda t: NOISE - Z, 0.3, (0.3, 0.3)),
        (RectifiedFlow, lambda t: NOISE - Z, 0.99, (0.99, 0.99)),
    ],
)
def test_perfect_network_gives_latents_and_noise_back(
    kind: type[Denoiser],
    target: Callable[[float], Tensor],
    level: float,
    asked: tuple[float, float],
) -> None:
    network = PerfectNetwork(target)
    denoise = kind(network)  # type: ignore[arg-type]
    seen = denoise(kind.start(NOISE, level, Z), level)
    # at σ = 500, x has three digits of z left in float32
    tolerance = 1e-5 * max(1.0, level)
    torch.testing.assert_close(seen.denoised, Z, atol=tolerance, rtol=0)
    torch.testing.assert_close(seen.noise, NOISE, atol=tolerance, rtol=0)
    torch.testing.assert_close(seen.unguided_noise, NOISE, atol=tolerance, rtol=0)
    assert network.asked == [pytest.approx(asked, abs=1e-6)]


@pytest.mark.parametrize(
    ("kind", "level", "scale"),
    [(VarianceExploding, 500.0, 500.0), (VariancePreserving, 1.0, 1.0), (RectifiedFlow, 1.0, 1.0)],
)
def test_without_init_audio_there_is_noise_alone(
    kind: type[Denoiser], level: float, scale: float
) -> None:
    torch.testing.assert_close(kind.start(NOISE, level, None), NOISE * scale)
