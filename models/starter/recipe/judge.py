"""A judge of sound classes: level-free measurements and a linear discriminant.

It is fitted on rendered clips that the model never saw. It says how often a sound is taken for
what was asked for, nothing about how good it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from dsp import RATE, Array
from scipy import signal

WINDOW, HOP = 2048, 512
BANDS = 20
# amplitude against the loudest frame below which a frame says nothing about timbre
QUIET = 10 ** (-50 / 20)
SHARES = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True)
class Measurements:
    """What can be said of a clip in numbers, for tables.

    Attributes:
        centroid: Hz, of the power of the whole clip.
        attack: seconds to the loudest frame.
        length: seconds within which 95 % of the energy has passed.
    """

    centroid: float
    attack: float
    length: float


def spectrogram(audio: Array) -> Array:
    """Mid power [bins, frames] of [2, n]."""
    mid = audio.mean(axis=0)
    mid = np.pad(mid, (0, max(0, 2 * WINDOW - mid.size)))
    return np.abs(signal.stft(mid, RATE, nperseg=WINDOW, noverlap=WINDOW - HOP)[2]) ** 2


def measure(audio: Array) -> Measurements:
    """Centroid, attack and length of [2, n]."""
    power = spectrogram(audio)
    energy = power.sum(axis=0)
    frequencies = np.fft.rfftfreq(WINDOW, 1 / RATE)
    passed = np.cumsum(energy) / (energy.sum() + 1e-20)
    return Measurements(
        centroid=float(frequencies @ power.sum(axis=1) / (energy.sum() + 1e-20)),
        attack=float(energy.argmax() * HOP / RATE),
        length=float(np.searchsorted(passed, 0.95) * HOP / RATE),
    )


def features(audio: Array) -> Array:
    """The numbers that the judge sees of [2, n], one vector; none depends on the level."""
    power = spectrogram(audio)
    edges = np.geomspace(40, 20000, BANDS + 1)
    bins = np.clip(np.round(edges * WINDOW / RATE).astype(int), 1, WINDOW // 2)
    bands = np.stack([power[low : max(high, low + 1)].sum(axis=0) for low, high in pairwise(bins)])
    energy = bands.sum(axis=0) + 1e-20
    level = 10 * np.log10(bands / energy.max() + 1e-7)
    loud = energy > QUIET**2 * energy.max()
    timbre = level[:, loud]
    passed = np.cumsum(energy) / energy.sum()
    spots = np.array([np.searchsorted(passed, share) for share in SHARES]) * HOP / RATE
    # how the spectrum moves over the five parts of the energy
    centres = np.log2(np.sqrt(edges[1:] * edges[:-1]))
    pitch = (centres @ bands) / energy
    parts = np.array_split(pitch[loud], len(SHARES))
    drift = np.array([part.mean() if part.size else pitch[loud].mean() for part in parts])
    flatness = np.exp(np.log(power + 1e-20).mean(axis=0)) / (power.mean(axis=0) + 1e-20)
    mid, side = audio.sum(axis=0), audio[0] - audio[1]
    envelope = 10 * np.log10(energy / energy.max() + 1e-5)
    motion = np.diff(envelope)
    return np.concatenate(
        [
            timbre.mean(axis=1),
            timbre.std(axis=1),
            np.log(spots + 0.01),
            [spots[-1] * RATE / audio.shape[1]],
            drift,
            [pitch[loud].std(), np.log(flatness[loud] + 1e-6).mean()],
            [np.log((side @ side + 1e-9) / (mid @ mid + 1e-9))],
            [np.log(energy.argmax() * HOP / RATE + 0.01), motion.std(), np.abs(motion).mean()],
            [envelope.mean(), loud.mean(), np.percentile(envelope, 10)],
        ]
    )


class Judge:
    """Linear discriminant analysis with a shrunk covariance (Friedman 1989, §3).

    Args:
        rows: features of the clips, [clips, features].
        labels: class number of each.
        shrinkage: share of the identity in the standardised covariance.
    """

    def __init__(self, rows: Array, labels: Array, shrinkage: float = 0.1) -> None:
        self.mean, self.deviation = rows.mean(axis=0), rows.std(axis=0) + 1e-9
        scaled = (rows - self.mean) / self.deviation
        self.centres = np.stack(
            [scaled[labels == label].mean(axis=0) for label in range(int(labels.max()) + 1)]
        )
        residuals = scaled - self.centres[labels]
        covariance = residuals.T @ residuals / len(rows)
        width = covariance.shape[0]
        covariance += shrinkage * (np.trace(covariance) / width * np.eye(width) - covariance)
        self.inverse = np.linalg.inv(covariance)

    def ranking(self, row: Array) -> Array:
        """Class numbers, the likeliest first."""
        away = (row - self.mean) / self.deviation - self.centres
        return np.argsort(np.einsum("ci,ij,cj->c", away, self.inverse, away))
