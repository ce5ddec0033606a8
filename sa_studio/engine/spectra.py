"""What a spectral autoencoder knows of a sound, a column for each hop of 512 samples."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor


@dataclass(frozen=True, slots=True)
class Spectra:
    """Sound as bands of sinusoids and noise.

    Attributes:
        power: mean square of mid and side in each band, [bands, frames]; a sine of amplitude 1
            has 0.5.
        tonality: share of it that is sinusoidal, 0 … 1, [bands, frames].
        deviation: semitones from the centre of the band to where its sinusoid lies, which may be
            in a neighbouring band, [bands, frames].
        width: amplitude of the side signal against that of both, 0 (mono) … 1, in wide bands,
            [wide bands, frames].
        pan: correlation of side and mid, -1 (right) … 1 (left), [wide bands, frames].
    """

    power: Tensor
    tonality: Tensor
    deviation: Tensor
    width: Tensor
    pan: Tensor
