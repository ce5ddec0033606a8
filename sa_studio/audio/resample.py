"""Another sample rate for a sound, or for the period of one that repeats."""

from __future__ import annotations

import numpy as np
import soxr
from numpy.typing import NDArray

Samples = NDArray[np.float32]

# Where a period loses its top to a lower rate, it does so gradually: from this part of the band on.
ROLL_OFF = 0.95


def resampled_length(samples: int, from_rate: int, to_rate: int) -> int:
    """How many samples a sound of ``samples`` has at the other rate; one of them is never lost."""
    return max(round(samples * to_rate / from_rate), min(samples, 1))


def resample(audio: Samples, from_rate: int, to_rate: int) -> Samples:
    """Convert with soxr at very high quality; silence lies around the sound.

    The filter has linear phase, and begins to fall off at 14 kHz of 44.1 kHz: by 0.0013 dB at
    18 kHz, 0.006 dB at 20 kHz. What it adds to the sound (images, aliases, noise) is below -120 dB.

    Args:
        audio: float32 [channels, samples]; not changed.
        from_rate, to_rate: Hz.

    Returns:
        float32 [channels, samples], ``audio`` itself if the rates are the same.
    """
    samples = audio.shape[-1]
    length = resampled_length(samples, from_rate, to_rate)
    if from_rate == to_rate or length == 0:
        return audio
    # soxr may round the length down, at worst to nothing: some more of the silence behind it
    more = -(-2 * from_rate // to_rate)
    padded = np.zeros((samples + more, audio.shape[0]), np.float32)
    padded[:samples] = audio.T
    converted = soxr.resample(padded, from_rate, to_rate, quality="VHQ")
    return np.ascontiguousarray(converted[:length].T, dtype=np.float32)


def resample_period(audio: Samples, from_rate: int, to_rate: int) -> Samples:
    """Convert a sound that repeats: its own end lies before it, its beginning behind it.

    A sum of harmonics is the same at every rate, so nothing rings at the ends, and the wrap stays
    as smooth as it was. A period must be a whole number of samples: it becomes longer or shorter by
    at most half a sample, which at half a second is 0.04 cents.

    Args:
        audio: float32 [channels, samples], one period; not changed.
        from_rate, to_rate: Hz.

    Returns:
        float32 [channels, samples], ``audio`` itself if the rates are the same.
    """
    samples = audio.shape[-1]
    length = resampled_length(samples, from_rate, to_rate)
    if from_rate == to_rate or length == 0:
        return audio
    weights = _weights(samples, length)
    converted = np.empty((audio.shape[0], length), np.float32)
    for channel, result in zip(audio, converted, strict=True):
        harmonics = np.fft.rfft(channel.astype(np.float64))[: weights.size]
        result[:] = np.fft.irfft(harmonics * weights, length)
    return converted


def _weights(samples: int, length: int) -> NDArray[np.float64]:
    """Factors of the harmonics that both rates can hold."""
    shorter = min(samples, length)
    # at half the rate a wave has no phase: an even number of samples holds one harmonic less
    count = (shorter - 1) // 2 + 1
    weights = np.full(count, length / samples)
    if length < samples:
        place = np.arange(count) / (shorter / 2)
        beyond = np.clip((place - ROLL_OFF) / (1 - ROLL_OFF), 0, 1)
        weights *= 0.5 + 0.5 * np.cos(np.pi * beyond)
    return weights
