"""What can be listened to in a test: takes with sounds of our own, and a player without output."""

from __future__ import annotations

import numpy as np

from sa_studio.audio.files import write_audio
from sa_studio.generation import Clip, GenerationRequest
from sa_studio.service import Player
from sa_studio.ui.main_window import MainWindow

RATE = 44_100


class SilentPlayer(Player):
    """Keeps the books of a player without opening an output."""

    def _begin(self) -> None:
        self._playing = self.duration > 0


def tone(seconds: float, level: float) -> np.ndarray:
    """A sine of 997 Hz, float32 [2, samples]."""
    times = np.arange(round(seconds * RATE)) / RATE
    wave = level * np.sin(2 * np.pi * 997 * times)
    return np.stack((wave, wave)).astype(np.float32)


def add_sound(window: MainWindow, prompt: str, audio: np.ndarray) -> Clip:
    """A finished take in the library of a window, with ``audio`` [2, samples] for its sound."""
    history = window.studio._history
    seconds = audio.shape[-1] / RATE
    request = GenerationRequest(
        prompt, seconds=seconds, seed=7, steps=2, sampler="euler", guidance_scale=1.0
    )
    (clip,) = history.add(prompt, [request])
    path = window.studio.data.clips / f"{prompt}.wav"
    write_audio(path, audio, RATE)
    return history.finish(
        clip.id,
        path=path,
        seconds=seconds,
        sample_rate=RATE,
        channels=2,
        elapsed_seconds=1.0,
        thumbnail=bytes(range(100)),
    )
