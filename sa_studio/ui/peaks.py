"""The lowest and highest sample of every pixel column, fast at any zoom.

Reading ten minutes of stereo for every frame would take a tenth of a second. Two coarser levels
are kept up to date as samples arrive, so that a view never reads more than some hundred
thousand numbers.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]

_BLOCKS = (256, 4096)  # samples per block of the coarser levels; each divides the next


class Peaks:
    """Audio that is filled in from the left, and its peaks.

    Args:
        channels: number of channels.
        total: samples per channel, at least 1.
    """

    def __init__(self, channels: int, total: int) -> None:
        if channels < 1 or total < 1:
            raise ValueError(f"nothing to draw in {channels} channels of {total} samples")
        self.channels = channels
        self.total = total
        self.filled = 0
        padded = -(-total // _BLOCKS[-1]) * _BLOCKS[-1]
        self._audio = np.zeros((channels, padded), np.float32)
        self._levels = [
            (
                block,
                np.zeros((channels, padded // block), np.float32),
                np.zeros((channels, padded // block), np.float32),
            )
            for block in _BLOCKS
        ]

    @classmethod
    def of(cls, audio: Samples) -> Peaks:
        """The peaks of a whole sound, [channels, samples]."""
        peaks = cls(*audio.shape)
        peaks.write(0, audio)
        return peaks

    def write(self, start: int, audio: Samples) -> None:
        """Put ``audio`` [channels, samples] at sample ``start``.

        Raises:
            ValueError: other channels, or samples outside the sound.
        """
        stop = start + audio.shape[-1]
        if audio.ndim != 2 or audio.shape[0] != self.channels:
            raise ValueError(f"audio of shape {audio.shape} has not {self.channels} channels")
        if start < 0 or stop > self.total:
            raise ValueError(f"samples {start} to {stop} do not fit into {self.total}")
        self._audio[:, start:stop] = audio
        lowest = highest = self._audio
        finer = 1
        for block, low, high in self._levels:
            first, last = start // block, -(-stop // block)
            inside = slice(first * block // finer, last * block // finer)
            shape = (self.channels, last - first, block // finer)
            low[:, first:last] = lowest[:, inside].reshape(shape).min(axis=-1)
            high[:, first:last] = highest[:, inside].reshape(shape).max(axis=-1)
            lowest, highest, finer = low, high, block
        self.filled = max(self.filled, stop)

    def columns(self, start: float, stop: float, count: int) -> tuple[Samples, Samples]:
        """Lows and highs [channels, count] of ``count`` equal columns from ``start`` to ``stop``.

        Positions are in samples. Neighbouring columns touch, so that no gaps appear where the
        sound rises or falls by more than a column.
        """
        block, lowest, highest = 1, self._audio, self._audio
        for coarser, low, high in self._levels:
            if (stop - start) / count >= coarser:
                block, lowest, highest = coarser, low, high
        edges = np.floor(np.linspace(start, stop, count + 1) / block).astype(np.int64)
        edges = edges.clip(0, lowest.shape[1] - 1)
        inside = slice(edges[0], max(edges[-1], edges[-2] + 1))
        starts = edges[:-1] - edges[0]
        lows = np.minimum.reduceat(lowest[:, inside], starts, axis=1)
        highs = np.maximum.reduceat(highest[:, inside], starts, axis=1)
        joined_lows = lows.copy()
        joined_lows[:, :-1] = np.minimum(lows[:, :-1], highs[:, 1:])
        highs[:, :-1] = np.maximum(highs[:, :-1], lows[:, 1:])
        return joined_lows, highs

    def samples(self, start: int, stop: int) -> Samples:
        """The samples themselves, [channels, stop - start]."""
        return self._audio[:, start:stop]
