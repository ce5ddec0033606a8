"""DPM-Solver with a fixed number of evaluations, and with steps of adaptive length.

Lu et al. 2022, "DPM-Solver" (arXiv:2206.00927), algorithms 1 and 2 and appendix C, as k-diffusion
arranges them. λ = -ln σ has no end, so both go as far as the last level above 0; where k-diffusion
leaves the noise of that level in, the last evaluation here takes it out, as all other samplers do.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence

import torch
from torch import Tensor

from sa_studio.engine.denoiser import Denoiser

Draw = Callable[[], Tensor]
Noise = Callable[[Tensor, float], Tensor]

# tolerances of the reference (specification §4.1), and k-diffusion's step control
RELATIVE_TOLERANCE = ABSOLUTE_TOLERANCE = 0.01
FIRST_STEP = 0.05
ACCEPT = 0.81
ORDER = 3
MAX_ATTEMPTS = 2000


class _Step:
    """One step of length h in λ = -ln σ from x at σ, built up evaluation by evaluation."""

    def __init__(self, noise: Noise, x: Tensor, log_snr: float, h: float) -> None:
        self.x, self.start, self.h = x, log_snr, h
        self._noise = noise

    def sigma(self, share: float) -> float:
        return math.exp(-(self.start + share * self.h))

    def noise_at(self, x: Tensor, share: float) -> Tensor:
        return self._noise(x, self.sigma(share))

    def linear(self, noise: Tensor, share: float = 1.0) -> Tensor:
        """First order up to ``share`` of the step (eq. 3.7)."""
        return self.x - self.sigma(share) * math.expm1(share * self.h) * noise

    def second_order(self, noise: Tensor, inner: Tensor, r: float) -> Tensor:
        """Second order with the noise at ``r`` of the step (algorithm 1)."""
        bend = self.sigma(1) / (2 * r) * math.expm1(self.h)
        return self.linear(noise) - bend * (inner - noise)

    def third_order(self, noise: Tensor, inner: Tensor) -> Tensor:
        """Third order with r₁ = 1/3, r₂ = 2/3 (algorithm 2); ``inner`` is the noise at r₁."""
        r_1, r_2 = 1 / 3, 2 / 3
        inner_h = r_2 * self.h
        bend = self.sigma(r_2) * (r_2 / r_1) * (math.expm1(inner_h) / inner_h - 1)
        ahead = self.linear(noise, r_2) - bend * (inner - noise)
        second = self.noise_at(ahead, r_2)
        bend = self.sigma(1) / r_2 * (math.expm1(self.h) / self.h - 1)
        return self.linear(noise) - bend * (second - noise)


def k_dpm_fast(
    denoise: Denoiser, x: Tensor, levels: Sequence[float], draw: Draw
) -> Iterator[Tensor]:
    """As many third-order steps as the evaluations allow, the rest of lower order.

    One evaluation for each level but the last; yields after each, so that progress and Cancel
    are as fine as with other samplers.
    """

    def noise(at: Tensor, sigma: float) -> Tensor:
        return denoise(at, sigma).noise

    evaluations = len(levels) - 2  # and one to take the last noise out
    thirds, rest = divmod(evaluations, 3)
    # the last steps, near the end, are of lower order
    orders = [3] * thirds + [rest] if rest else [3] * (thirds - 1) + [2, 1] * min(thirds, 1)
    start, stop = -math.log(levels[0]), -math.log(levels[-2])
    edges = torch.linspace(start, stop, len(orders) + 1, dtype=torch.float64).tolist()
    for index, order in enumerate(orders):
        step = _Step(noise, x, edges[index], edges[index + 1] - edges[index])
        first = step.noise_at(x, 0)
        if order == 1:
            x = step.linear(first)
        else:
            yield x
            r = 1 / 2 if order == 2 else 1 / 3
            inner = step.noise_at(step.linear(first, r), r)
            if order == 3:
                yield x
            x = step.second_order(first, inner, r) if order == 2 else step.third_order(first, inner)
        yield x
    yield denoise(x, levels[-2]).denoised


def k_dpm_adaptive(
    denoise: Denoiser, x: Tensor, levels: Sequence[float], draw: Draw
) -> Iterator[Tensor]:
    """Third-order steps whose length keeps the difference to the second order small.

    The number of ``levels`` says nothing here: it takes as many steps as it needs, three
    evaluations each, and yields after each attempt.

    Raises:
        ArithmeticError: the steps became so small that the end is out of reach.
    """

    def noise(at: Tensor, sigma: float) -> Tensor:
        return denoise(at, sigma).noise

    position, stop = -math.log(levels[0]), -math.log(levels[-2])
    h, previous = FIRST_STEP, x
    attempts = 0
    while position < stop - 1e-5:
        attempts += 1
        if attempts > MAX_ATTEMPTS:
            raise ArithmeticError(f"no end in sight after {MAX_ATTEMPTS} steps")
        step = _Step(noise, x, position, min(h, stop - position))
        first = step.noise_at(x, 0)
        inner = step.noise_at(step.linear(first, 1 / 3), 1 / 3)
        low = step.second_order(first, inner, 1 / 3)
        high = step.third_order(first, inner)
        scale = torch.maximum(low.abs(), previous.abs()) * RELATIVE_TOLERANCE
        error = ((low - high) / scale.clamp_min(ABSOLUTE_TOLERANCE)).square().mean().sqrt().item()
        factor = 1 + math.atan((1 / (error + 1e-8)) ** (1 / ORDER) - 1)
        if factor >= ACCEPT:
            previous, x = low, high
            position += step.h
        h *= factor
        yield x
    yield denoise(x, levels[-2]).denoised
