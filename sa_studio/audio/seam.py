"""How well a loop closes, compared with how sudden the sound is anywhere else."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]

USUAL = 0.999  # the quantile of a sound's own steps that a seam is compared with
# Level and spectrum are compared over a part of the loop on either side, but over no more seconds
# than this; both are the same at any sample rate.
FRAMES = 24
LONGEST_SECONDS = 0.186
SHORTEST_FRAME = 32  # samples
USUAL_JUMP = 0.95
# Bands more than this far below the whole are not heard beside it.
FLOOR_DB = -50.0
HEARD_DB = 1.0  # a smaller jump is not heard, however steady the sound is


def seam_score(audio: Samples, rate: int, first: int, last: int) -> float:
    """The worst of what happens at the wrap, relative to what is usual inside the loop.

    Three things count, in the channel where they are worst:

    - the step from the last sample to the first, relative to the 99.9th percentile of the steps
      from sample to sample;
    - the bend there (the second difference), relative to the same percentile of all bends: a wave
      may meet itself, and still have a corner;
    - the jump of level and spectrum, as the mean difference in dB of octave bands, relative to the
      95th percentile of the jumps inside the loop, and to at least 1 dB.

    Args:
        audio: float32 [channels, samples].
        rate: Hz.
        first, last: of the loop, inclusive.

    Returns:
        0 or more; up to 1 the seam is no more sudden than the sound itself.
    """
    period = audio[:, first : last + 1].astype(np.float64)
    if period.shape[-1] < 3:
        return 0.0
    # once round, and two samples more: every step and bend, those at the wrap last
    around = np.concatenate([period, period[:, :2]], axis=1)
    steps = np.abs(np.diff(around))
    bends = np.abs(np.diff(around, n=2))
    step = _worst(steps[:, -2:-1], steps[:, :-2])
    bend = _worst(bends[:, -2:], bends[:, :-2])
    return max(step, bend, _jump(period, rate))


def roughness(audio: Samples) -> NDArray[np.float64]:
    """How sudden the wave is from each sample's predecessor to the sample, [samples].

    The larger of the step and of the bends at its ends, relative to what is usual; infinite where
    there are no two samples to either side.
    """
    rough = np.full(audio.shape[-1], np.inf)
    if rough.size > 3:
        steps = np.abs(np.diff(audio)).astype(np.float64)
        bends = np.abs(np.diff(audio, n=2)).astype(np.float64)
        steps, bends = steps / _usual(steps), bends / _usual(bends)
        bent = np.maximum(bends[:, :-1], bends[:, 1:])
        rough[2:-1] = np.maximum(steps[:, 1:-1], bent).max(axis=0)
    return rough


def level_jump(one: NDArray[np.floating], other: NDArray[np.floating]) -> float:
    """How much two stretches of equal length differ: the mean of octave bands, dB."""
    return float(_difference(_bands(one), _bands(other)))


def _worst(found: NDArray[np.float64], inside: NDArray[np.float64]) -> float:
    if inside.shape[-1] == 0:
        return 0.0
    return float((found / _usual(inside)).max())


def _usual(sizes: NDArray[np.float64]) -> NDArray[np.float64]:
    # what never changes has no usual step: any step there is one too many
    return np.maximum(np.quantile(sizes, USUAL, axis=1, keepdims=True), np.finfo(np.float32).tiny)


def _jump(period: NDArray[np.float64], rate: int) -> float:
    """From the end to the beginning, relative to those inside."""
    samples = period.shape[-1]
    frame = min(samples // FRAMES, round(LONGEST_SECONDS * rate))
    if frame < SHORTEST_FRAME:
        return 0.0
    places = np.arange(0, samples - frame + 1, frame // 2)
    bands = np.stack([_bands(period[:, place : place + frame]) for place in places])
    usual = np.quantile(_difference(bands[:-2], bands[2:]), USUAL_JUMP)
    here = level_jump(period[:, samples - frame :], period[:, :frame])
    return here / max(float(usual), HEARD_DB)


def _bands(part: NDArray[np.floating]) -> NDArray[np.float64]:
    """The power of octave bands, and of the whole: [bands + 1]."""
    samples = part.shape[-1]
    power = np.square(np.abs(np.fft.rfft(part * np.hanning(samples)))).sum(axis=0)
    edges = 2 ** np.arange((power.size - 1).bit_length())
    bands = np.add.reduceat(power, [0, *edges])
    return np.append(bands, bands.sum())


def _difference(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    """The mean difference of bands [..., bands + 1] in dB; what is not heard is left out."""
    floor = np.maximum(one[..., -1:], other[..., -1:]) * 10 ** (FLOOR_DB / 10)
    floor = np.maximum(floor, np.finfo(np.float64).tiny)
    ratio = np.maximum(one, floor) / np.maximum(other, floor)
    difference: NDArray[np.float64] = np.abs(10 * np.log10(ratio)).mean(axis=-1)
    return difference
