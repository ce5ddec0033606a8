from __future__ import annotations

import numpy as np
import pytest

from sa_studio.ui.peaks import Peaks

RATE = 44_100


def noise(samples: int, channels: int = 2) -> np.ndarray:
    return np.random.default_rng(5).uniform(-1, 1, (channels, samples)).astype(np.float32)


@pytest.mark.parametrize("chunk", [1, 255, 256, 4097, 100_000])
@pytest.mark.parametrize("columns", [3, 97, 800])
def test_columns_hold_the_extremes_however_the_audio_came(chunk: int, columns: int) -> None:
    if chunk == 1:
        chunk, audio = 331, noise(9_999)
    else:
        audio = noise(100_000)
    total = audio.shape[1]
    peaks = Peaks(2, total)
    for start in range(0, total, chunk):
        peaks.write(start, audio[:, start : start + chunk])
    lows, highs = peaks.columns(0, total, columns)
    # nothing is lost, and nothing is further out than what lies within a block's reach
    assert lows.min() == audio.min()
    assert highs.max() == audio.max()
    width = total / columns
    block = max((b for b in (1, 256, 4096) if b <= width), default=1)
    for column in range(columns):
        first = int(column * width) // block * block
        own = audio[:, first : max(int((column + 1) * width) // block * block, first + 1)]
        reach = audio[:, max(0, int((column - 1) * width) - block) :][
            :, : int(3 * width) + 3 * block + 2
        ]
        if own.size:
            assert (lows[:, column] <= own.min(axis=1)).all()
            assert (highs[:, column] >= own.max(axis=1)).all()
        assert (lows[:, column] >= reach.min(axis=1)).all()
        assert (highs[:, column] <= reach.max(axis=1)).all()


def test_a_click_of_one_sample_is_seen_at_every_zoom() -> None:
    audio = np.zeros((1, 10 * RATE), np.float32)
    audio[0, 123_457] = 0.9
    peaks = Peaks(1, audio.shape[1])
    peaks.write(0, audio)
    for length in (900, 5_000, 60_000, 300_000):
        _, highs = peaks.columns(123_457 - length / 2, 123_457 + length / 2, 500)
        assert highs.max() == np.float32(0.9), length


def test_neighbouring_columns_touch() -> None:
    peaks = Peaks(1, 8)
    peaks.write(0, np.array([[0, 0, 0, 0, 1, 1, 1, 1]], np.float32))
    lows, highs = peaks.columns(0, 8, 8)
    for column in range(7):
        assert lows[0, column] <= highs[0, column + 1]
        assert highs[0, column] >= lows[0, column + 1]


def test_filled_follows_the_chunks() -> None:
    peaks = Peaks(2, 1000)
    assert peaks.filled == 0
    peaks.write(0, noise(400))
    assert peaks.filled == 400
    lows, highs = peaks.columns(400, 1000, 10)
    assert not lows.any()
    assert not highs.any()


@pytest.mark.parametrize(
    ("start", "shape"), [(0, (1, 10)), (0, (2, 1001)), (991, (2, 10)), (-1, (2, 10)), (0, (10,))]
)
def test_audio_that_does_not_fit_is_refused(start: int, shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"fit|channels"):
        Peaks(2, 1000).write(start, np.zeros(shape, np.float32))


def test_an_empty_sound_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing to draw"):
        Peaks(2, 0)
