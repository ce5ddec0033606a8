"""Compare what a sound server recorded with what was played."""

from pathlib import Path

import numpy as np
from scipy.signal import correlate

# 24 bits in the file, float32 everywhere else
TOLERANCE = 2e-6


def assert_heard(recording: Path, clip: np.ndarray) -> None:
    """``clip`` [2, samples] was played once, sample for sample, between silence."""
    heard = np.fromfile(recording, np.float32)
    heard = heard[: heard.size // 2 * 2].reshape(-1, 2).T
    start = int(correlate(heard[1], clip[1], mode="valid").argmax())
    stretch = heard[:, start : start + clip.shape[1]]
    assert stretch.shape == clip.shape
    assert np.abs(stretch - clip).max() < TOLERANCE
    # nothing is repeated or left over
    assert np.abs(heard[:, :start]).max(initial=0) == 0
    assert np.abs(heard[:, start + clip.shape[1] :]).max(initial=0) == 0
