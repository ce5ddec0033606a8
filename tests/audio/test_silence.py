from __future__ import annotations

import numpy as np
import pytest

from sa_studio.audio.silence import sound_end

RATE = 44_100


def hit(level: float = 1.0) -> np.ndarray:
    """Half a second at a level, then 60 dB less, then 80 dB less, then nothing; in one channel."""
    steps = np.repeat([1, 1e-3, 1e-4, 0], RATE // 2) * level
    return np.stack([np.zeros(steps.size), -steps]).astype(np.float32)


@pytest.mark.parametrize("level", [1.0, 0.01])
@pytest.mark.parametrize(("threshold", "halves"), [(-50, 1), (-59.9, 1), (-70, 2), (-90, 3)])
def test_the_threshold_is_relative_to_the_peak(level: float, threshold: float, halves: int) -> None:
    end = sound_end(hit(level), RATE, threshold_db=threshold, tail_seconds=0.0)
    assert end == halves * RATE // 2


def test_a_tail_is_left_as_far_as_there_is_one() -> None:
    audio = hit()
    assert sound_end(audio, RATE, threshold_db=-50, tail_seconds=0.25) == RATE // 2 + 11_025
    assert sound_end(audio, RATE, threshold_db=-50, tail_seconds=10.0) == 2 * RATE
    cut = audio[:, : RATE // 4]
    assert sound_end(cut, RATE, threshold_db=-50, tail_seconds=0.25) == RATE // 4


def test_silence_follows_no_sound() -> None:
    silence = np.zeros((2, 100), np.float32)
    for samples in (100, 1, 0):
        end = sound_end(silence[:, :samples], RATE, threshold_db=-60, tail_seconds=0.0)
        assert end == samples
