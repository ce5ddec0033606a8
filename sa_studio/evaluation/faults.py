"""What must not happen to any sound: silence, clipping, samples that are no numbers."""

from __future__ import annotations

import numpy as np

from sa_studio.evaluation.arrays import Array

SILENT, CLIPPED, NOT_FINITE = "silent", "clipped", "not finite"
SILENCE = 10 ** (-50 / 20)
FULL_SCALE = 1 - 2**-15


def fault(audio: Array) -> str | None:
    """What is wrong with ``audio`` [channels, samples].

    Silent: its peak is below -50 dBFS. Clipped: three samples in a row at full scale or above.
    """
    if not np.isfinite(audio).all():
        return NOT_FINITE
    amplitude = np.abs(audio)
    if amplitude.max(initial=0.0) < SILENCE:
        return SILENT
    full = amplitude >= FULL_SCALE
    runs = full[:, 2:] & full[:, 1:-1] & full[:, :-2]
    return CLIPPED if runs.any() else None
