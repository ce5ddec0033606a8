"""The tempo of a loop: how its onsets repeat.

Which of the nested pulses of a loop is the beat is not in the sound alone: hi-hats at twice the
tempo make 60 beats a minute look like 120. So there are two meters: one that chooses the beat by
itself, and one that is told the tempo that was asked for and looks half an octave around it.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from sa_studio.evaluation.arrays import RATE, TINY, Array, mid
from sa_studio.evaluation.spectra import magnitudes, mel_bands

WINDOW, HOP, BANDS = 1024, 441, 40
# where the regions of the spectrum end, in bands
REGIONS = (0, 6, 22, BANDS)
FRAMES_A_MINUTE = 60 * RATE / HOP
SLOWEST, FASTEST = 50.0, 200.0
# what beats are usually like decides between pulses that fit as well (Ellis 2007)
USUAL, SPREAD_OCTAVES = 108.0, 0.9
BEATS = 4
CANDIDATES_AN_OCTAVE = 400
TOLERANCE = 0.04


def onset_strengths(audio: Array) -> list[Array]:
    """How much louder ``audio`` becomes from frame to frame, by region: 100 values a second.

    Regions: below 0.5 kHz, up to 4 kHz, above; a kick marks other beats than a hi-hat. Without
    what changes slowly, and blurred by about 10 ms.
    """
    bands = np.log10(1 + 1000 * mel_bands(BANDS, WINDOW) @ magnitudes(mid(audio), WINDOW, HOP))
    rises = np.maximum(np.diff(bands, axis=1), 0)
    width = round(0.5 * RATE / HOP)
    found = []
    for low, high in pairwise(REGIONS):
        rise = rises[low:high].sum(axis=0)
        slow = np.convolve(rise, np.ones(width) / width)[width // 2 :][: rise.size]
        found.append(np.convolve(np.maximum(rise - slow, 0), (0.25, 0.5, 0.25))[1:-1])
    return found


def autocorrelation(strength: Array) -> Array:
    """Of ``strength`` [n] less its mean, 1 at lag 0; what few pairs there are at long lags count.

    Up to twice their share: else a fast tempo, with its short lags, would always win.
    """
    strength = strength - strength.mean()
    size = 1 << (2 * strength.size).bit_length()
    raw = np.fft.irfft(np.abs(np.fft.rfft(strength, size)) ** 2)[: strength.size]
    if raw[0] < TINY:
        return np.zeros_like(strength)
    pairs = np.maximum(strength.size - np.arange(strength.size), strength.size / 2)
    scaled: Array = raw / raw[0] * (strength.size / pairs)
    return scaled


def repetition(audio: Array, tempi: Array) -> Array:
    """How well the onsets of ``audio`` repeat at one to four beats of each of ``tempi``."""
    total = np.zeros_like(tempi)
    for strength in onset_strengths(audio):
        correlation = autocorrelation(strength)
        lags = np.arange(correlation.size)
        for beats in range(1, BEATS + 1):
            total += np.interp(beats * FRAMES_A_MINUTE / tempi, lags, correlation, right=0.0)
    return total


def tempo(audio: Array, *, asked: float | None = None) -> float | None:
    """Beats a minute of ``audio`` [channels, samples]; ``None`` where nothing repeats.

    Args:
        asked: look within half an octave of this tempo; between 50 and 200 if ``None``.
    """
    low, high = (SLOWEST, FASTEST) if asked is None else (asked / 2**0.5, asked * 2**0.5)
    count = round(CANDIDATES_AN_OCTAVE * np.log2(high / low))
    tempi = np.geomspace(low, high, count)
    scores = repetition(audio, tempi)
    if asked is None:
        scores = scores * np.exp(-0.5 * (np.log2(tempi / USUAL) / SPREAD_OCTAVES) ** 2)
    best = int(np.argmax(scores))
    return float(tempi[best]) if scores[best] > 0 else None


def is_right(found: float | None, wanted: float, *, any_octave: bool = False) -> bool:
    """Whether a tempo is within 4 % of the one wanted, or of half or double of it."""
    factors = (0.5, 1.0, 2.0) if any_octave else (1.0,)
    return found is not None and any(
        abs(found / (wanted * factor) - 1) <= TOLERANCE for factor in factors
    )
