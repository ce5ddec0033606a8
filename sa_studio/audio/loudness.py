"""How loud a sound is: loudness after ITU-R BS.1770-4, sample peak and true peak.

numpy has no recursive filter, so the K-weighting is applied to spectra of overlapping stretches.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sa_studio.audio.true_peak import true_peak

Samples = NDArray[np.float32]

SEGMENT_SECONDS = 0.1
BLOCK_SEGMENTS = 4  # a block of 400 ms every 100 ms
OFFSET = -0.691  # a full-scale sine of 997 Hz in one channel measures -3.01 LUFS
ABSOLUTE_GATE = -70.0  # LUFS
RELATIVE_GATE = -10.0  # LU
# The analogue prototypes whose bilinear transforms are the filters that BS.1770 tabulates for
# 48 kHz: a high shelf for the head, and the high-pass "revised low-frequency B-curve".
SHELF_HZ, SHELF_DB, SHELF_Q = 1681.974450955533, 3.999843853973347, 0.7071752369554196
SHELF_BAND_EXPONENT = 0.4996667741545416
HIGH_PASS_HZ, HIGH_PASS_Q = 38.13547087602444, 0.5003270373238773
# Both poles of the high-pass lie at 38 Hz: after 0.15 s its response is down by e^-35, which is
# below the rounding of float32 spectra. What comes round in a stretch is left out with this much.
SETTLING_SECONDS = 0.15
STRETCHES_AT_ONCE = 16


@dataclass(frozen=True, slots=True)
class Loudness:
    """The levels of a sound; all are ``-inf`` for silence.

    Attributes:
        peak_db: the highest sample, dBFS.
        true_peak_db: the highest point of the wave between the samples, dBTP.
        lufs: integrated loudness.
        is_gated: whether ``lufs`` leaves out quiet blocks, as BS.1770 wants it; sounds shorter
            than one block of 400 ms are measured as a whole.
    """

    peak_db: float
    true_peak_db: float
    lufs: float
    is_gated: bool


def measure(
    audio: Samples, rate: int, *, start: float = 0.0, stop: float | None = None
) -> Loudness:
    """Measure a sound, or a stretch of it as if it were a sound of its own.

    Args:
        audio: float32 [channels, samples]; every channel counts alike, as left and right do.
        rate: Hz.
        start: seconds.
        stop: seconds; ``None`` is the end.
    """
    last = audio.shape[-1] if stop is None else max(round(stop * rate), 0)
    part = audio[:, max(round(start * rate), 0) : last]
    if part.shape[-1] == 0:
        return Loudness(-math.inf, -math.inf, -math.inf, is_gated=False)
    lufs, is_gated = _integrated(part, rate)
    # not |part|, which would be a copy of the whole sound
    peak = max(float(part.max()), -float(part.min()))
    return Loudness(_db(peak**2), _db(true_peak(part) ** 2), lufs, is_gated)


def matched_gains(one: Loudness, other: Loudness) -> tuple[float, float]:
    """Factors that make two sounds equally loud by making the louder one quieter.

    Nothing becomes louder, so nothing clips; silence leaves both as they are.
    """
    if not (math.isfinite(one.lufs) and math.isfinite(other.lufs)):
        return 1.0, 1.0
    target = min(one.lufs, other.lufs)
    return 10 ** ((target - one.lufs) / 20), 10 ** ((target - other.lufs) / 20)


def _db(power: float) -> float:
    return 10 * math.log10(power) if power > 0 else -math.inf


def _integrated(audio: Samples, rate: int) -> tuple[float, bool]:
    """Loudness in LUFS, and whether it was gated (BS.1770-4, annex 1)."""
    segment = segment_samples(rate)
    energy = segment_energy(audio, rate, segment)
    blocks = stretch_powers(energy, segment, audio.shape[-1], BLOCK_SEGMENTS)
    if blocks.size == 0:
        return OFFSET + _db(float(energy.sum()) / audio.shape[-1]), False
    gate = 10 ** ((ABSOLUTE_GATE - OFFSET) / 10)
    loud = blocks[blocks > gate]
    if loud.size == 0:
        return -math.inf, True
    gate = max(gate, float(loud.mean()) * 10 ** (RELATIVE_GATE / 10))
    return OFFSET + _db(float(blocks[blocks > gate].mean())), True


def segment_samples(rate: int) -> int:
    """How many samples a segment has, at ``rate`` Hz."""
    return max(round(rate * SEGMENT_SECONDS), 1)


def stretch_powers(
    energy: NDArray[np.float64], segment: int, samples: int, count: int
) -> NDArray[np.float64]:
    """Mean squares of every stretch of ``count`` whole segments; none if the sound is shorter.

    Args:
        energy: of the segments (:func:`segment_energy`).
        segment: samples of one.
        samples: of the sound.
        count: how many segments a stretch has.
    """
    stretches = samples // segment - count + 1
    if stretches < 1:
        return np.zeros(0)
    total = np.concatenate([[0.0], np.cumsum(energy)])
    # differences of a running sum may come out just below zero
    powers = np.maximum(total[count:] - total[:-count], 0)[:stretches]
    means: NDArray[np.float64] = powers / (count * segment)
    return means


def segment_energy(audio: Samples, rate: int, segment: int) -> NDArray[np.float64]:
    """Sums of the squares of the weighted sound over segments and channels; the last is shorter."""
    segments = -(-audio.shape[-1] // segment)
    energy = np.zeros(segments)
    for channel in audio:
        for place, squares in _weighted_squares(channel, rate):
            # a stretch begins anywhere in a segment
            edges = np.arange(-place % segment, squares.size, segment)
            edges = np.unique(np.concatenate([[0], edges]))
            sums = np.add.reduceat(squares, edges, dtype=np.float64)
            energy[place // segment : place // segment + sums.size] += sums
    return energy


def _weighted_squares(channel: Samples, rate: int) -> Iterator[tuple[int, Samples]]:
    """The K-weighted sound, squared: stretches in order, each with the place it begins at."""
    settling = math.ceil(SETTLING_SECONDS * rate)
    size = 1 << (4 * settling - 1).bit_length()
    step = size - settling
    response = _response(rate, size)
    for first in range(0, channel.size, step * STRETCHES_AT_ONCE):
        stretches = min(STRETCHES_AT_ONCE, -(-(channel.size - first) // step))
        padded = np.zeros(settling + stretches * step, np.float32)
        begin, end = first - settling, min(first + stretches * step, channel.size)
        known = channel[max(begin, 0) : end]
        padded[max(-begin, 0) :][: known.size] = known
        windows = np.lib.stride_tricks.sliding_window_view(padded, size)[::step]
        weighted = np.fft.irfft(np.fft.rfft(windows) * response, size)[:, settling:]
        yield first, np.square(weighted).reshape(-1)[: end - first]


@functools.lru_cache(maxsize=4)
def _response(rate: int, size: int) -> NDArray[np.complex64]:
    """The frequency response of the K-weighting at the bins of a real FFT of ``size`` samples."""
    z = np.exp(-2j * np.pi * np.arange(size // 2 + 1) / size)
    response = np.ones_like(z)
    # a filter that lies above everything that the sound can hold has no effect on it
    if rate > 2 * HIGH_PASS_HZ:
        k = math.tan(math.pi * HIGH_PASS_HZ / rate)
        response *= (1 - 2 * z + z * z) / _denominator(z, k, HIGH_PASS_Q)
        # BS.1770 leaves its high-pass with a gain of this much: 0.04 dB at 48 kHz
        response *= 1 + k / HIGH_PASS_Q + k * k
    if rate > 2 * SHELF_HZ:
        k = math.tan(math.pi * SHELF_HZ / rate)
        high = 10 ** (SHELF_DB / 20)
        band = high**SHELF_BAND_EXPONENT * k / SHELF_Q
        numerator = (high + band + k * k) + 2 * (k * k - high) * z + (high - band + k * k) * z * z
        response *= numerator / _denominator(z, k, SHELF_Q)
    rounded: NDArray[np.complex64] = response.astype(np.complex64)
    return rounded


def _denominator(z: NDArray[np.complex128], k: float, q: float) -> NDArray[np.complex128]:
    return (1 + k / q + k * k) + 2 * (k * k - 1) * z + (1 - k / q + k * k) * z * z
