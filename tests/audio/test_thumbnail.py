from __future__ import annotations

import numpy as np
import pytest

from sa_studio.audio.thumbnail import thumbnail


def pairs(data: bytes) -> np.ndarray:
    return np.frombuffer(data, np.int8).reshape(-1, 2)


def test_columns_hold_the_extremes_of_all_channels() -> None:
    audio = np.zeros((2, 400), np.float32)
    audio[0, 150] = -0.5
    audio[1, 160] = 1.0
    assert pairs(thumbnail(audio, 4)).tolist() == [[0, 0], [-64, 127], [0, 0], [0, 0]]


def test_what_is_too_loud_is_clipped() -> None:
    assert pairs(thumbnail(np.array([[3.0, -3.0]], np.float32), 1)).tolist() == [[-127, 127]]


@pytest.mark.parametrize(
    ("samples", "columns"), [(0, 0), (1, 1), (119, 119), (120, 120), (121, 120)]
)
def test_short_sounds_have_fewer_columns(samples: int, columns: int) -> None:
    audio = np.linspace(-1, 1, samples, dtype=np.float32)[None]
    assert len(pairs(thumbnail(audio))) == columns


def test_every_sample_belongs_to_a_column() -> None:
    for position in range(1000):
        audio = np.zeros((1, 1000), np.float32)
        audio[0, position] = 1.0
        assert pairs(thumbnail(audio, 7)).max() == 127
