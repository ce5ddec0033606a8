"""When one-shots begin, so that the variations of a set answer a key in the same moment."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]

SMOOTHING_SECONDS = 0.002
# the level that the rise refers to: a single peak of a noise says little
LEVEL_SECONDS = 0.010
RISEN = 0.1  # of the power of the loudest 10 ms: where the ear puts the beginning
AUDIBLE = 10**-4.8  # of that power: what is quieter may be cut off in front


@dataclass(frozen=True, slots=True)
class Onset:
    """Seconds from the first sample.

    Attributes:
        seconds: to where the sound has risen.
        lead: how long before that it can be heard.
    """

    seconds: float
    lead: float


def find_onset(audio: Samples, rate: int) -> Onset | None:
    """The beginning of ``audio`` [channels, samples]; ``None`` of silence."""
    power = _envelope(audio, rate)
    peak = float(_smoothed(power, round(LEVEL_SECONDS * rate)).max(initial=0.0))
    if peak <= 0:
        return None
    risen = int(np.argmax(power >= RISEN * peak))
    # the analytic signal of a sharp beginning spreads to before it; the sound itself does not
    heard = int(np.argmax(np.square(audio, dtype=np.float64).sum(axis=0) >= AUDIBLE * peak))
    return Onset(risen / rate, max(risen - heard, 0) / rate)


def moved(audio: Samples, rate: int, onset: float, wanted: float) -> Samples:
    """``audio`` with what is at ``onset`` seconds at ``wanted`` instead: cut or with silence
    in front; a cut fades in over as long as the envelope is smoothed.
    """
    shift = round(wanted * rate) - round(onset * rate)
    if shift >= 0:
        return np.pad(audio, ((0, 0), (shift, 0)))
    cut = audio[:, -shift:].copy()
    fade = min(round(SMOOTHING_SECONDS * rate), round(wanted * rate), cut.shape[1])
    cut[:, :fade] *= np.linspace(0, 1, fade, endpoint=False, dtype=np.float32)
    return cut


def _envelope(audio: Samples, rate: int) -> NDArray[np.float64]:
    """The power of the analytic signal, which is steady where a low tone is: [samples]."""
    count = audio.shape[1]
    size = 1 << max(count - 1, 1).bit_length()
    power = np.zeros(count)
    for channel in audio:
        spectrum = np.fft.fft(channel, size)
        spectrum[size // 2 + 1 :] = 0
        spectrum[1 : size // 2] *= 2
        power += np.abs(np.fft.ifft(spectrum)[:count]) ** 2
    return _smoothed(power, round(SMOOTHING_SECONDS * rate))


def _smoothed(values: NDArray[np.float64], width: int) -> NDArray[np.float64]:
    """The mean over ``width`` values around each; what lies outside is 0."""
    width = max(width, 1)
    total = np.concatenate([[0.0], np.cumsum(values)])
    index = np.arange(values.size)
    first = np.maximum(index - width // 2, 0)
    last = np.minimum(index - width // 2 + width, values.size)
    smoothed: NDArray[np.float64] = np.maximum(total[last] - total[first], 0) / width
    return smoothed
