"""Where a sound ends: a model fills the time it was given, if need be with silence."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def sound_end(
    audio: NDArray[np.float32], rate: int, *, threshold_db: float, tail_seconds: float
) -> int:
    """How many samples there are until nothing is left but what cannot be heard.

    Args:
        audio: float32 [channels, samples].
        rate: Hz.
        threshold_db: what is this far below the highest sample counts as silence; negative dB.
        tail_seconds: what is left at least behind the last sample above it.

    Returns:
        The number of samples to keep. All of them if there is no sound at all: then there is
        nothing that silence could follow.
    """
    total: int = audio.shape[-1]
    level = np.maximum(audio.max(axis=0), -audio.min(axis=0))
    peak = float(level.max(initial=0))
    if peak == 0:
        return total
    last = int(np.flatnonzero(level >= peak * 10 ** (threshold_db / 20))[-1])
    return min(last + 1 + round(tail_seconds * rate), total)
