"""Short-time spectra and bands on the mel scale (HTK's formula), equal to librosa's."""

from __future__ import annotations

from functools import cache

import numpy as np
import torch

from sa_studio.evaluation.arrays import RATE, Array


def magnitudes(signal: Array, window: int, hop: int) -> Array:
    """Hann-windowed magnitudes of ``signal`` [samples]: [window/2 + 1, 1 + samples//hop].

    The frames are centred at multiples of ``hop``; beyond the ends lie zeros.
    """
    spectrum = torch.stft(
        torch.from_numpy(np.ascontiguousarray(signal, dtype=np.float32)),
        window,
        hop,
        window=torch.hann_window(window),
        center=True,
        pad_mode="constant",
        return_complex=True,
    )
    found: Array = spectrum.abs().numpy()
    return found


def to_mel(hertz: float) -> float:
    """Mel of a frequency in Hz."""
    return 2595.0 * float(np.log10(1 + hertz / 700))


def from_mel(mel: Array) -> Array:
    """Frequencies in Hz of ``mel``."""
    hertz: Array = 700 * (10 ** (mel / 2595) - 1)
    return hertz


@cache
def mel_bands(bands: int, window: int) -> Array:
    """Triangles evenly spread in mel from 0 Hz to the Nyquist frequency, each with the sum 1.

    Returns:
        Weights [bands, window/2 + 1], float32.
    """
    edges = from_mel(np.linspace(0, to_mel(RATE / 2), bands + 2))
    frequencies = np.fft.rfftfreq(window, 1 / RATE)
    low, centre, high = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    rising = (frequencies - low) / (centre - low)
    falling = (high - frequencies) / (high - centre)
    weights = np.maximum(0, np.minimum(rising, falling))
    scaled: Array = (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)
    return scaled
