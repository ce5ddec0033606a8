"""Sounds from the model, made as the application makes them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import torch

from sa_studio.audio.files import write_audio
from sa_studio.engine.pipeline import AudioPipeline
from sa_studio.errors import NotFinite
from sa_studio.evaluation.arrays import Array
from sa_studio.evaluation.faults import NOT_FINITE, fault
from sa_studio.generation import GeneratedAudio, GenerationRequest


class Maker:
    """Makes sounds, and counts what is wrong with them.

    Args:
        pipeline: the model.
        keep: the folder where every sound is kept as a file, if wanted.

    Attributes:
        made: how many sounds.
        faults: how many of them had which fault.
    """

    def __init__(self, pipeline: AudioPipeline, keep: Path | None = None) -> None:
        self.pipeline = pipeline
        self.made = 0
        self.faults: Counter[str] = Counter()
        self._keep = keep
        pipeline.autoencoder.work_on(pipeline.device.type)

    def make(self, request: GenerationRequest, name: str) -> Array:
        """The sound of ``request``, [2, samples]; silence if its samples are no numbers.

        Args:
            request: for one take, with a seed.
            name: of the file, if sounds are kept.
        """
        audio = self._generate(request)
        self.made += 1
        found = NOT_FINITE if audio is None else fault(audio)
        if found is not None:
            self.faults[found] += 1
        if audio is None:
            assert request.seconds is not None
            return np.zeros((2, round(request.seconds * self.pipeline.info.sample_rate)))
        if self._keep is not None:
            write_audio(self._keep / f"{name}.wav", audio, self.pipeline.info.sample_rate)
        return audio

    def _generate(self, request: GenerationRequest) -> Array | None:
        try:
            *_, last = self.pipeline.generate(request)
        except NotFinite:
            return None
        assert isinstance(last, GeneratedAudio)
        return last.audio if np.isfinite(last.audio).all() else None

    def round_trip(self, audio: Array) -> Array:
        """``audio`` [2, samples] through the autoencoder and back, as long as it was."""
        autoencoder = self.pipeline.autoencoder
        count = audio.shape[1]
        canvas = np.pad(audio, ((0, 0), (0, -count % autoencoder.downsampling_ratio)))
        with torch.inference_mode():
            latents = autoencoder.encode(torch.from_numpy(canvas.astype(np.float32))[None])
            found: Array = autoencoder.decode(latents)[0, :, :count].numpy()
        return found
