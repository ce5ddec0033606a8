"""Samples of 16 or 24 bits: the noise that makes rounding harmless.

Rounding alone distorts quiet sounds and modulates their noise. Noise of a triangular density, two
steps wide, makes the error independent of the sound in its mean and its power (Lipshitz, Wannamaker
and Vanderkooy 1992, "Quantization and Dither"). No noise shaping: a delivered file is worked on
further, and shaped noise does not survive that well.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]

# As the auto-blanking of mastering tools: whoever hears a file end, or looks for pauses in it,
# wants digital silence there. It is exact as it is, so there is nothing to make harmless. Only
# runs count: a wave that passes through zero must not lose its noise there.
SILENCE = 2.0**-40
SILENT_RUN = 512  # samples; 11 ms at 48 kHz
BLOCK = 1 << 20  # samples at a time


def tpdf(audio: Samples, bits: int, seed: int = 0) -> Samples:
    """Dither and round to whole steps of ``bits``-bit integers.

    Sounds that lie on these steps already lose nothing in them, and stay as they are to the last
    bit. Digital silence of more than 11 ms stays silent.

    Args:
        audio: float32 [channels, samples]; not changed.
        bits: 16 or 24.
        seed: the same sound and seed give the same samples.

    Returns:
        float32 [channels, samples], multiples of 2^(1 - bits) from -1 up to one step below 1, so
        that a writer has nothing left to round; ``audio`` itself if it was that already.

    Raises:
        ValueError: float32 cannot hold such samples.
    """
    if not 2 <= bits <= 24:
        raise ValueError(f"float32 holds no samples of {bits} bits")
    steps = 2 ** (bits - 1)
    if _is_on_steps(audio, steps):
        return audio
    result = np.empty(audio.shape, np.float32)
    for channel, (sound, rounded) in enumerate(zip(audio, result, strict=True)):
        # channels of their own, for the same noise on both sides would sound from the middle
        noise = np.random.default_rng([seed % 2**64, channel])
        for first in range(0, sound.size, BLOCK):
            part = sound[first : first + BLOCK].astype(np.float64) * steps
            uniform = noise.random((part.size, 2))
            part += uniform[:, 0] - uniform[:, 1]
            rounded[first : first + BLOCK] = np.clip(np.rint(part), -steps, steps - 1) / steps
    for first, last in _silences(audio):
        result[:, first:last] = 0
    return result


def _is_on_steps(audio: Samples, steps: int) -> bool:
    for first in range(0, audio.shape[-1], BLOCK):
        scaled = audio[:, first : first + BLOCK] * steps
        if (np.rint(scaled) != scaled).any() or (scaled < -steps).any() or (scaled >= steps).any():
            return False
    return True


def _silences(audio: Samples) -> list[list[int]]:
    """First samples, and samples behind the last, of the long silences of all channels."""
    is_silent = np.ones(audio.shape[-1], bool)
    for channel in audio:
        is_silent &= np.abs(channel) < SILENCE
    runs = np.flatnonzero(np.diff(is_silent, prepend=False, append=False)).reshape(-1, 2)
    long_ones: list[list[int]] = runs[runs[:, 1] - runs[:, 0] >= SILENT_RUN].tolist()
    return long_ones
