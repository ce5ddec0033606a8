"""Samplers: from noise to latents, step by step.

Every sampler is a generator of one signature:

    sampler(denoise, x, levels, draw) -> Iterator[Tensor]

with a :class:`~sa_studio.engine.denoiser.Denoiser` of the parameterisation that :data:`SAMPLERS`
names, the start x [B, C, T] at ``levels[0]``, the falling ``levels`` that end with 0, and ``draw``
for fresh standard normal noise of x's shape. It yields x after each step; the last is the result.
Source: engine specification §4; the k-diffusion samplers follow Karras et al. 2022
(arXiv:2206.00364) and Lu et al. 2022 (arXiv:2211.01095).
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from torch import Tensor

from sa_studio.engine import schedules
from sa_studio.engine.denoiser import (
    Denoiser,
    RectifiedFlow,
    VarianceExploding,
    VariancePreserving,
)
from sa_studio.engine.dpm_solver import k_dpm_adaptive, k_dpm_fast

Draw = Callable[[], Tensor]
SamplerFunction = Callable[[Denoiser, Tensor, Sequence[float], Draw], Iterator[Tensor]]

LMS_ORDER = 4


def dpmpp_3m_sde(
    denoise: Denoiser, x: Tensor, levels: Sequence[float], draw: Draw
) -> Iterator[Tensor]:
    """DPM-Solver++(3M) SDE, η = 1."""
    earlier: deque[tuple[Tensor, float]] = deque(maxlen=2)  # (denoised, h), newest first
    for sigma, sigma_next in pairwise(levels):
        denoised = denoise(x, sigma).denoised
        if sigma_next == 0:
            yield denoised
            return
        h = math.log(sigma / sigma_next)
        k = 2 * h
        x = math.exp(-k) * x - math.expm1(-k) * denoised
        phi_2 = math.expm1(-k) / k + 1
        if len(earlier) == 2:
            (denoised_1, h_1), (denoised_2, h_2) = earlier
            r_0, r_1 = h_1 / h, h_2 / h
            slope_0 = (denoised - denoised_1) / r_0
            slope_1 = (denoised_1 - denoised_2) / r_1
            bend = (slope_0 - slope_1) / (r_0 + r_1)
            phi_3 = phi_2 / k - 0.5
            x = x + phi_2 * (slope_0 + bend * r_0) - phi_3 * bend
        elif earlier:
            ((denoised_1, h_1),) = earlier
            x = x + phi_2 * (denoised - denoised_1) * (h / h_1)
        x = x + draw() * (sigma_next * math.sqrt(-math.expm1(-2 * h)))
        earlier.appendleft((denoised, h))
        yield x


def dpmpp_2m_sde(
    denoise: Denoiser, x: Tensor, levels: Sequence[float], draw: Draw
) -> Iterator[Tensor]:
    """DPM-Solver++(2M) SDE, η = 1, midpoint."""
    previous: tuple[Tensor, float] | None = None
    for sigma, sigma_next in pairwise(levels):
        denoised = denoise(x, sigma).denoised
        if sigma_next == 0:
            yield denoised
            return
        h = math.log(sigma / sigma_next)
        q = -math.expm1(-2 * h)
        x = (sigma_next / sigma * math.exp(-h)) * x + q * denoised
        if previous is not None:
            x = x + (0.5 * q * h / previous[1]) * (denoised - previous[0])
        x = x + draw() * (sigma_next * math.sqrt(q))
        previous = denoised, h
        yield x


def dpmpp_2m(denoise: Denoiser, x: Tensor, levels: Sequence[float], draw: Draw) -> Iterator[Tensor]:
    """DPM-Solver++(2M), deterministic."""
    previous: tuple[Tensor, float] | None = None
    for sigma, sigma_next in pairwise(levels):
        denoised = denoise(x, sigma).denoised
        if sigma_next == 0:
            yield denoised
            return
        h = math.log(sigma / sigma_next)
        target = denoised
        if previous is not None:
            target = denoised + (0.5 * h / previous[1]) * (denoised - previous[0])
        x = (sigma_next / sigma) * x - math.expm1(-h) * target
        previous = denoised, h
        yield x


def k_heun(denoise: Denoiser, x: Tensor, levels: Sequence[float], draw: Draw) -> Iterator[Tensor]:
    """Heun's second-order method; two evaluations a step, one in the last."""
    for sigma, sigma_next in pairwise(levels):
        slope = denoise(x, sigma).noise
        ahead = x + slope * (sigma_next - sigma)
        if sigma_next > 0:
            slope = (slope + denoise(ahead, sigma_next).noise) / 2
            ahead = x + slope * (sigma_next - sigma)
        x = ahead
        yield x


def k_dpm_2(denoise: Denoiser, x: Tensor, levels: Sequence[float], draw: Draw) -> Iterator[Tensor]:
    """DPM-Solver-2: the midpoint in ln σ; two evaluations a step, one in the last."""
    for sigma, sigma_next in pairwise(levels):
        slope = denoise(x, sigma).noise
        if sigma_next > 0:
            middle = math.sqrt(sigma * sigma_next)
            slope = denoise(x + slope * (middle - sigma), middle).noise
        x = x + slope * (sigma_next - sigma)
        yield x


def k_dpmpp_2s_ancestral(
    denoise: Denoiser, x: Tensor, levels: Sequence[float], draw: Draw
) -> Iterator[Tensor]:
    """DPM-Solver++(2S) with ancestral noise, η = 1; two evaluations a step, one in the last."""
    for sigma, sigma_next in pairwise(levels):
        denoised = denoise(x, sigma).denoised
        if sigma_next == 0:
            yield denoised
            return
        variance = sigma_next**2 * (sigma**2 - sigma_next**2) / sigma**2
        up = min(sigma_next, math.sqrt(variance))
        down = math.sqrt(sigma_next**2 - up**2)
        h = math.log(sigma / down)
        middle = math.sqrt(sigma * down)
        halfway = (middle / sigma) * x - math.expm1(-h / 2) * denoised
        x = (down / sigma) * x - math.expm1(-h) * denoise(halfway, middle).denoised
        x = x + draw() * up
        yield x


def k_lms(denoise: Denoiser, x: Tensor, levels: Sequence[float], draw: Draw) -> Iterator[Tensor]:
    """Linear multistep of order 4 (Adams-Bashforth on uneven levels)."""
    slopes: deque[Tensor] = deque(maxlen=LMS_ORDER)  # newest first
    for index, (sigma, sigma_next) in enumerate(pairwise(levels)):
        slopes.appendleft(denoise(x, sigma).noise)
        known = [levels[index - back] for back in range(len(slopes))]
        for back, slope in enumerate(slopes):
            x = x + slope * _lagrange_integral(known, back, sigma, sigma_next)
        yield x


def _lagrange_integral(nodes: Sequence[float], which: int, start: float, stop: float) -> float:
    """∫ of the Lagrange basis polynomial that is 1 at ``nodes[which]`` and 0 at the others."""
    others = [node for index, node in enumerate(nodes) if index != which]
    basis = np.poly1d(others, r=True) / math.prod(nodes[which] - node for node in others)
    primitive = np.polyint(basis)
    return float(primitive(stop) - primitive(start))


def v_ddim(denoise: Denoiser, x: Tensor, levels: Sequence[float], draw: Draw) -> Iterator[Tensor]:
    """DDIM, η = 0 (Song et al. 2020, arXiv:2010.02502)."""
    for t, t_next in pairwise(levels):
        seen = denoise(x, t)
        x = seen.denoised * math.cos(math.pi * t_next / 2)
        x = x + seen.noise * math.sin(math.pi * t_next / 2)
        yield x


def v_ddim_cfgpp(
    denoise: Denoiser, x: Tensor, levels: Sequence[float], draw: Draw
) -> Iterator[Tensor]:
    """DDIM that puts back the unguided noise: CFG++ (Chung et al. 2024, arXiv:2406.08070)."""
    for t, t_next in pairwise(levels):
        seen = denoise(x, t)
        x = seen.denoised * math.cos(math.pi * t_next / 2)
        x = x + seen.unguided_noise * math.sin(math.pi * t_next / 2)
        yield x


def euler(denoise: Denoiser, x: Tensor, levels: Sequence[float], draw: Draw) -> Iterator[Tensor]:
    """Euler's method along a rectified flow: x' = (1 − t')·z + t'·ε."""
    for t, t_next in pairwise(levels):
        seen = denoise(x, t)
        x = (1 - t_next) * seen.denoised + t_next * seen.noise
        yield x


def rk4(denoise: Denoiser, x: Tensor, levels: Sequence[float], draw: Draw) -> Iterator[Tensor]:
    """Runge and Kutta's fourth-order method along a rectified flow; four evaluations a step."""

    def velocity(at: Tensor, t: float) -> Tensor:
        seen = denoise(at, t)
        return seen.noise - seen.denoised

    for t, t_next in pairwise(levels):
        dt = t_next - t
        k_1 = velocity(x, t)
        k_2 = velocity(x + dt / 2 * k_1, t + dt / 2)
        k_3 = velocity(x + dt / 2 * k_2, t + dt / 2)
        k_4 = velocity(x + dt * k_3, t_next)
        x = x + dt / 6 * (k_1 + 2 * k_2 + 2 * k_3 + k_4)
        yield x


def flow_dpmpp(
    denoise: Denoiser, x: Tensor, levels: Sequence[float], draw: Draw
) -> Iterator[Tensor]:
    """DPM-Solver++(2M) along a rectified flow; its first step, from t = 1, is Euler's."""
    previous: tuple[Tensor, float] | None = None  # (denoised, h)
    for t, t_next in pairwise(levels):
        denoised = denoise(x, t).denoised
        if t_next == 0:
            yield denoised
            return
        h = _log_snr(t_next) - _log_snr(t)  # infinite from t = 1
        target = denoised
        if previous is not None and not math.isinf(previous[1]):
            half_ratio = h / (2 * previous[1])
            target = (1 + half_ratio) * denoised - half_ratio * previous[0]
        x = (t_next / t) * x - (1 - t_next) * math.expm1(-h) * target
        previous = denoised, h
        yield x


def _log_snr(t: float) -> float:
    return -math.inf if t >= 1 else math.log((1 - t) / t)


def pingpong(denoise: Denoiser, x: Tensor, levels: Sequence[float], draw: Draw) -> Iterator[Tensor]:
    """Denoise, then put fresh noise on: for flows distilled to few steps (arXiv:2505.08175)."""
    for t, t_next in pairwise(levels):
        x = denoise(x, t).denoised
        if t_next > 0:
            x = (1 - t_next) * x + t_next * draw()
        yield x


@dataclass(frozen=True, slots=True)
class Range:
    """From which to which noise level to sample, as the request and the model say."""

    sigma_min: float
    sigma_max: float
    rho: float = 1.0


@dataclass(frozen=True, slots=True)
class Sampler:
    """A sampler, the parameterisation it works in and the schedule it goes down."""

    function: SamplerFunction
    denoiser: type[Denoiser]
    schedule: Callable[[int, Range], list[float]]


def _polyexponential(steps: int, span: Range) -> list[float]:
    return schedules.polyexponential(steps, span.sigma_min, span.sigma_max, span.rho)


def _linear(steps: int, span: Range) -> list[float]:
    return schedules.linear(steps, min(span.sigma_max, 1.0))


def _log_snr_schedule(steps: int, span: Range) -> list[float]:
    return schedules.log_snr(steps, min(span.sigma_max, 1.0))


SAMPLERS: dict[str, Sampler] = {
    "dpmpp-3m-sde": Sampler(dpmpp_3m_sde, VarianceExploding, _polyexponential),
    "dpmpp-2m-sde": Sampler(dpmpp_2m_sde, VarianceExploding, _polyexponential),
    "dpmpp-2m": Sampler(dpmpp_2m, VarianceExploding, _polyexponential),
    "k-heun": Sampler(k_heun, VarianceExploding, _polyexponential),
    "k-dpm-2": Sampler(k_dpm_2, VarianceExploding, _polyexponential),
    "k-dpmpp-2s-ancestral": Sampler(k_dpmpp_2s_ancestral, VarianceExploding, _polyexponential),
    "k-lms": Sampler(k_lms, VarianceExploding, _polyexponential),
    "k-dpm-fast": Sampler(k_dpm_fast, VarianceExploding, _polyexponential),
    "k-dpm-adaptive": Sampler(k_dpm_adaptive, VarianceExploding, _polyexponential),
    "v-ddim": Sampler(v_ddim, VariancePreserving, _linear),
    "v-ddim-cfgpp": Sampler(v_ddim_cfgpp, VariancePreserving, _linear),
    "euler": Sampler(euler, RectifiedFlow, _log_snr_schedule),
    "dpmpp": Sampler(flow_dpmpp, RectifiedFlow, _log_snr_schedule),
    "rk4": Sampler(rk4, RectifiedFlow, _linear),
    "pingpong": Sampler(pingpong, RectifiedFlow, _log_snr_schedule),
}
