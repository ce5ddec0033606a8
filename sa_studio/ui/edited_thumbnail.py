"""The small waveform of a take as it is heard: its edit done to the peaks, not to the samples."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from sa_studio.generation import Clip
from sa_studio.vocabulary.sound_edit import UNTOUCHED, SoundEdit

FULL_SCALE = 127
_KEPT = 512


def heard_thumbnail(clip: Clip) -> bytes:
    """The peaks of a take with its edit: int8 min, max, min, max …; none until it is finished."""
    if clip.edit == UNTOUCHED:
        return clip.thumbnail
    return edited_thumbnail(clip.thumbnail, clip.seconds or 0.0, clip.edit)


@lru_cache(_KEPT)
def edited_thumbnail(data: bytes, seconds: float, edit: SoundEdit) -> bytes:
    """Peaks of what an edit makes of a sound, as exactly as its own peaks tell it.

    No file is read, so a list may ask for every row that it paints.

    Args:
        data: int8 min, max, min, max … of the sound as it was generated.
        seconds: how long that is.
        edit: done to it.
    """
    start, stop = edit.kept(seconds)
    pairs = np.frombuffer(data, np.int8).reshape(-1, 2) / np.float64(FULL_SCALE)
    if not len(pairs) or not start < stop:
        return b""
    columns = len(pairs) / seconds
    first = min(int(start * columns), len(pairs) - 1)
    part = pairs[first : max(math.ceil(stop * columns), first + 1)]
    part = part[:: -1 if edit.reverse else 1] * 10 ** (edit.gain_db / 20)
    length = stop - start
    if edit.is_loop:
        part = _looped(part, min(edit.loop_crossfade / length, 0.5))
    else:
        place = (np.arange(len(part)) + 0.5) / len(part) * length
        part = part * (_rise(place, edit.fade_in) * _rise(length - place, edit.fade_out))[:, None]
    levels = (part.clip(-1, 1) * FULL_SCALE).round()
    return levels.astype(np.int8).tobytes()


def _rise(place: np.ndarray, fade: float) -> np.ndarray:
    """The half cosine of a fade at places behind its beginning, in seconds."""
    if not fade:
        return np.ones_like(place)
    return np.asarray(0.5 - 0.5 * np.cos(np.pi * (place / fade).clip(0, 1)))


def _looped(part: np.ndarray, blended: float) -> np.ndarray:
    """One period: the share ``blended`` at the end is laid over the beginning, at equal power."""
    count = round(blended * len(part))
    if not count:
        return part
    rise = ((np.arange(count) + 0.5) / count)[:, None]
    seam = np.hypot(part[:count] * np.sqrt(rise), part[-count:] * np.sqrt(1 - rise))
    seam *= (-1, 1)  # below and above
    return np.concatenate((seam, part[count:-count]))
