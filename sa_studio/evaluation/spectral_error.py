"""How far a copy's spectrogram is from the original's."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sa_studio.evaluation.arrays import Array, decibels, mid
from sa_studio.evaluation.spectra import magnitudes, mel_bands

WINDOW, HOP, BANDS = 2048, 512, 128
FLOOR = 60.0


@dataclass(frozen=True, slots=True)
class SpectralError:
    """Log-spectral L1 distances from one original, in dB.

    Attributes:
        copy: of the copy.
        silence: of silence, for scale: how much there is to get wrong.
        shifted: of the original one frame (12 ms) late, for scale: what hardly anybody hears.
    """

    copy: float
    silence: float
    shifted: float


def band_levels(audio: Array) -> Array:
    """Levels in dB [128, frames]: Hann 2048 / hop 512 magnitudes of the mid, averaged by band."""
    bands = mel_bands(BANDS, WINDOW) @ magnitudes(mid(audio), WINDOW, HOP)
    return decibels(bands)


def spectral_error(original: Array, copy: Array) -> SpectralError:
    """The mean absolute difference of the band levels over all bands and frames.

    Levels below a floor 60 dB under the loudest band of the original count as that floor, in the
    original and in the copy.

    Args:
        original, copy: [channels, samples], of the same length.
    """
    levels = band_levels(original)
    floor = levels.max() - FLOOR
    levels = np.maximum(levels, floor)
    late = np.pad(original, ((0, 0), (HOP, 0)))[:, : original.shape[1]]

    def distance(other: Array) -> float:
        return float(np.abs(np.maximum(other, floor) - levels).mean())

    return SpectralError(
        copy=distance(band_levels(copy)),
        silence=float((levels - floor).mean()),
        shifted=distance(band_levels(late)),
    )
