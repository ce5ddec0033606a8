"""What an old console and its composers do to a sound."""

from __future__ import annotations

import numpy as np

from sounds.dsp import RATE, Array, lowpass, place


def crushed(x: Array, hold: int, levels: float) -> Array:
    """Every ``hold`` samples one value, in steps of 1 / ``levels``: an old console's converter."""
    kept = np.repeat(x[::hold], hold)[: x.shape[0]]
    return np.round(kept * levels) / levels


def echoes(x: Array, delay: float, gain: float, count: int = 4) -> Array:
    """Mono as stereo with repeats that go from side to side and grow duller."""
    out = np.stack([x, x])
    for index in range(1, count + 1):
        x = lowpass(x, 6000, 1)
        place(out[index % 2], gain**index * x, int(index * delay * RATE))
        place(out[1 - index % 2], 0.4 * gain**index * x, int(index * delay * RATE))
    return out


def held(t: Array, length: float, release: float = 0.02) -> Array:
    """1 up to ``length`` seconds, with a soft end."""
    return np.clip((length - t) / release, 0, 1)


def steps(t: Array, length: float, count: int) -> Array:
    """0, 1, ... ``count`` - 1 in equal times within ``length`` seconds."""
    return np.floor(np.clip(t / length, 0, 0.9999) * count)
