"""The picture of a sound: levels over time and a logarithmic frequency axis.

One window cannot show both a bass note and a hi-hat: long ones smear what is sudden, short ones
melt low notes into one. So low, middle and high frequencies are analysed with windows of their
own, and the pictures fade into each other over an octave.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import soxr
from numpy.typing import NDArray

Samples = NDArray[np.float32]

FREQUENCY_TICKS = (50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000)
"""Frequencies in Hz that are worth a label on the axis."""
FLOOR_DB = -120.0
"""What silence is; nothing is below it."""
FLOOR_POWER = 10 ** (FLOOR_DB / 10)
FRAMES_AT_ONCE = 256
# soxr's filters ring for about so long at the ends of what they are given
RINGING_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Band:
    """A range of frequencies and the window that suits it.

    Attributes:
        low: Hz, where it takes over from the band below.
        high: Hz, where it hands over to the band above.
        window: length of the Hann window in seconds; notes 2 / window Hz apart can be told apart.
        padding: how many times longer than the window the transform is, at least: finer bins
            where rows of the picture lie closer than the window's own.
    """

    low: float
    high: float
    window: float
    padding: int


BANDS = (
    Band(2_500, math.inf, 0.02, 2),
    Band(350, 2_500, 0.06, 2),
    Band(0, 350, 0.186, 4),
)


def spectrogram(
    audio: Samples,
    rate: int,
    width: int,
    height: int,
    *,
    start: float = 0.0,
    stop: float | None = None,
    low: float = 30.0,
    high: float = 20_000.0,
) -> NDArray[np.float32]:
    """A picture of ``width`` by ``height`` pixels.

    Args:
        audio: float32 [channels, samples]; a pixel shows the mean power of the channels, so that
            what cancels out in a mix is seen all the same.
        rate: Hz.
        width: columns, at least 1; each shows the loudest moment of its time.
        height: rows, at least 1; each shows the loudest frequency of its range.
        start: seconds, the left edge.
        stop: seconds, the right edge; ``None`` is the end of the sound.
        low: Hz, the lower edge of the lowest row.
        high: Hz, the upper edge of the highest row.

    Returns:
        dB of a full-scale sine, [height, width], row 0 the lowest; :data:`FLOOR_DB` is silence,
        and what lies beyond the sound or above half the rate.
    """
    stop = audio.shape[-1] / rate if stop is None else stop
    edges = low * (high / low) ** (np.arange(height + 1) / height)
    if stop <= start or audio.shape[-1] == 0:
        return np.full((height, width), FLOOR_DB, np.float32)
    picture = np.zeros((width, height), np.float32)  # dB above the floor
    margin = max(band.window for band in BANDS) + RINGING_SECONDS
    first = min(max(math.floor((start - margin) * rate), 0), audio.shape[-1])
    last = max(math.ceil((stop + margin) * rate), first)
    signal = audio[:, first:last]
    columns = (start - first / rate, stop - first / rate, width)
    signal_rate = float(rate)
    for band in BANDS:
        signal, signal_rate = _thinned(signal, signal_rate, band)
        weights = _weights(band, edges)
        rows = np.flatnonzero(weights)
        if rows.size == 0:
            continue
        inner = slice(rows[0], rows[-1] + 1)
        axis = _Rows(band, signal_rate, edges[inner.start : inner.stop + 1])
        done = 0
        for power in _power(signal, signal_rate, band, axis.size, columns):
            levels = axis.levels(power)
            picture[done : done + len(levels), inner] += levels * weights[inner]
            done += len(levels)
    picture[:, np.sqrt(edges[:-1] * edges[1:]) > rate / 2] = 0
    return np.ascontiguousarray(np.maximum(picture, 0).T) + np.float32(FLOOR_DB)


def _weights(band: Band, edges: NDArray[np.float64]) -> NDArray[np.float32]:
    """The share of a band in every row, 0 … 1; over all bands they add up to 1."""
    centres = np.log2(np.sqrt(edges[:-1] * edges[1:]))

    def above(hertz: float) -> NDArray[np.float64]:
        if hertz == 0 or math.isinf(hertz):
            return np.full(centres.size, float(hertz == 0))
        part = np.clip(centres - math.log2(hertz) + 0.5, 0, 1)
        return np.asarray(part * part * (3 - 2 * part))

    return (above(band.low) - above(band.high)).astype(np.float32)


def _thinned(signal: Samples, rate: float, band: Band) -> tuple[Samples, float]:
    """``signal`` at the lowest rate, a whole fraction of its own, that still holds the band."""
    # the band fades out over half an octave more; the rest is for the filter's slope
    factor = int(rate / (2.5 * math.sqrt(2) * band.high))
    if factor < 2 or signal.shape[-1] == 0:
        return signal, rate
    thin = [soxr.resample(channel, factor, 1, quality="HQ") for channel in signal]
    return np.stack(thin), rate / factor


def _power(
    signal: Samples, rate: float, band: Band, size: int, columns: tuple[float, float, int]
) -> Iterator[NDArray[np.float32]]:
    """The loudest spectrum of every column, [columns, bins] in pieces; a full-scale sine is 1.

    ``columns`` are the left and the right edge in seconds of the signal, and how many there are.
    """
    left, right, width = columns
    length = round(band.window * rate)
    window = np.hanning(length + 1)[:-1].astype(np.float32)
    window *= 2 / window.sum()
    # windows overlap by half at least, so that nothing falls between two of them
    per_column = max(1, math.ceil((right - left) / width / (band.window / 2)))
    times = left + (right - left) * (np.arange(width * per_column) + 0.5) / (width * per_column)
    begins = np.rint(times * rate).astype(int) - length // 2
    step = max(1, FRAMES_AT_ONCE // per_column)
    for column in range(0, width, step):
        begin = begins[column * per_column : (column + step) * per_column]
        power = np.zeros((begin.size, size // 2 + 1), np.float32)
        for channel in signal:
            known = channel[max(begin[0], 0) : max(begin[-1] + length, 0)]
            padded = np.zeros(begin[-1] - begin[0] + length, np.float32)
            padded[max(-begin[0], 0) :][: known.size] = known
            frames = np.lib.stride_tricks.sliding_window_view(padded, length)[begin - begin[0]]
            spectra = np.fft.rfft(frames * window, size)
            power += np.square(spectra.real) + np.square(spectra.imag)
        power /= len(signal)
        yield power.reshape(-1, per_column, size // 2 + 1).max(axis=1)


class _Rows:
    """From the bins of a transform to rows of the picture.

    Args:
        band: says how long the transform is.
        rate: Hz, of the signal that is transformed.
        edges: of the rows in Hz, one more than there are rows.
    """

    def __init__(self, band: Band, rate: float, edges: NDArray[np.float64]) -> None:
        length = round(band.window * rate)
        self.size = 1 << (band.padding * length - 1).bit_length()
        bins = edges * self.size / rate
        last = self.size // 2
        self._first = max(math.floor(bins[0]) - 2, 0)
        self._stop = min(math.ceil(bins[-1]) + 3, last + 1)
        # rows between bins: a cubic through the levels of the four around them
        places = np.clip(np.sqrt(bins[:-1] * bins[1:]), self._first, self._stop - 1)
        below = np.floor(places).astype(int)
        u = places - below
        cubic = (
            (-u + 2 * u**2 - u**3) / 2,
            (2 - 5 * u**2 + 3 * u**3) / 2,
            (u + 4 * u**2 - 3 * u**3) / 2,
            (-(u**2) + u**3) / 2,
        )
        self._between = np.zeros((self._stop - self._first, places.size), np.float32)
        for shift, part in enumerate(cubic):
            near = np.clip(below + shift - 1, self._first, self._stop - 1) - self._first
            np.add.at(self._between, (near, np.arange(places.size)), part.astype(np.float32))
        # rows that hold bins: the loudest of them
        lowest = np.ceil(bins[:-1]).astype(int)
        beyond = np.minimum(np.floor(bins[1:]).astype(int) + 1, self._stop - 1)
        self._holding = np.flatnonzero(lowest < beyond)
        ends = np.stack((lowest, beyond), axis=1)[self._holding] - self._first
        self._ends = ends.reshape(-1)

    def levels(self, power: NDArray[np.float32]) -> NDArray[np.float32]:
        """dB above the floor, [columns, rows], of ``power`` [columns, bins]."""
        part = power[:, self._first : self._stop]
        levels: NDArray[np.float32] = 10 * np.log10(np.maximum(part / FLOOR_POWER, 1))
        rows: NDArray[np.float32] = levels @ self._between
        if self._holding.size:
            loudest = np.maximum.reduceat(levels, self._ends, axis=1)[:, ::2]
            rows[:, self._holding] = np.maximum(rows[:, self._holding], loudest)
        return rows
