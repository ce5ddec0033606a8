"""The sound that is being sampled, as an envelope, as often as that costs next to nothing."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

import numpy as np
from torch import Tensor

from sa_studio.engine.autoencoder_base import Autoencoder

# seconds between envelopes: more often than that nobody looks
INTERVAL = 1 / 8
# of the time that sampling takes, what envelopes may take
SHARE = 0.05
# stretches of an envelope: as many as a screen shows
COLUMNS = 1000


class Previewer:
    """Watches a denoiser, and draws what it sees.

    Args:
        autoencoder: knows what latents sound like.
        samples: length of the sound; the canvas behind it is not shown.
        clock: seconds that only grow.
    """

    def __init__(
        self,
        autoencoder: Autoencoder,
        samples: int,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self.is_sketch = autoencoder.envelope_is_sketch
        self._autoencoder, self._clock = autoencoder, clock
        self._frames = math.ceil(samples / autoencoder.downsampling_ratio)
        self._used = samples / (self._frames * autoencoder.downsampling_ratio)
        self._estimate: Tensor | None = None
        self._began = self._drawn = clock()
        self._spent = self._cost = 0.0

    def see(self, denoised: Tensor) -> None:
        """Remember the newest estimate [1, C, T]."""
        self._estimate = denoised

    def envelope(self) -> np.ndarray | None:
        """The newest estimate, if it is worth the time.

        Returns:
            The lowest and the highest sample to be expected in n stretches of equal length that
            cover the sound: [channels, 2, n], float32, -1 … 1. ``None`` if it is too early for
            the next one, or if that would take too much of the run.
        """
        now = self._clock()
        within = self._spent + self._cost <= SHARE * (now - self._began)
        if self._estimate is None or not within or now - self._drawn < INTERVAL:
            return None
        # the copy waits for a device that is still busy with the step: that is no cost of ours
        latents = self._estimate[..., : self._frames].cpu()
        started = self._clock()
        envelope = self._draw(latents)
        self._drawn = self._clock()
        self._cost = self._drawn - started
        self._spent += self._cost
        # numbers that are none are told of by the pipeline, at the end
        return envelope if np.isfinite(envelope).all() else None

    def _draw(self, latents: Tensor) -> np.ndarray:
        peaks = self._autoencoder.envelope(latents).cpu().numpy()
        peaks = peaks[:, : math.ceil(peaks.shape[-1] * self._used)]
        width = math.ceil(peaks.shape[-1] / COLUMNS)
        peaks = np.maximum.reduceat(peaks, np.arange(0, peaks.shape[-1], width), axis=1)
        return np.stack((-peaks, peaks), axis=1).astype(np.float32)
