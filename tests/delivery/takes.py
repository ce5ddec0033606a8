"""Finished takes with sounds of our own, made without a model."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from sa_studio.audio.files import write_audio
from sa_studio.audio.metadata import recipe
from sa_studio.generation import Clip, GenerationRequest
from sa_studio.library.history import History
from sa_studio.service import Studio

RATE = 44_100
PLAN = "float32 on the CPU"
SETTINGS: dict[str, Any] = {
    "negative_prompt": "low quality",
    "seconds": 1.0,
    "steps": 16,
    "guidance_scale": 4.5,
    "guidance_rescale": 0.25,
    "guidance_interval": (0.1, 0.9),
    "sampler": "euler",
    "sigma_min": 0.03,
    "sigma_max": 1.0,
    "rho": 1.0,
    "loras": (("warm", 0.5),),
    "init_noise_level": None,
}


def hit(start: float = 0.05, *, level: float = 0.3, seed: int = 0, seconds: float = 1.0) -> Any:
    """A struck noise that begins at ``start`` seconds, float32 [2, samples]."""
    count = round(seconds * RATE)
    time = np.arange(count) / RATE - start
    shape = np.clip(time / 0.002, 0, 1) * np.exp(-np.maximum(time, 0) / 0.08)
    noise = np.random.default_rng(seed).standard_normal((2, count)) / 4
    return (level * shape * noise).astype(np.float32)


def add_takes(
    studio: Studio,
    sounds: Sequence[np.ndarray],
    prompt: str = "wooden door slam",
    **settings: Any,
) -> list[Clip]:
    """Takes of one click on Generate, finished, in their order."""
    history = History(studio.data.library)
    try:
        values = {**SETTINGS, "seed": 7, **settings}
        request = GenerationRequest(prompt, count=len(sounds), **values)
        clips = history.add(uuid.uuid4().hex, list(request.takes()))
        return [
            _finished(history, studio.data.clips, clip, sound)
            for clip, sound in zip(clips, sounds, strict=True)
        ]
    finally:
        history.close()


def add_take(studio: Studio, prompt: str = "wooden door slam", **settings: Any) -> Clip:
    """One of them."""
    (clip,) = add_takes(studio, [hit()], prompt, **settings)
    return clip


def _finished(history: History, folder: Path, clip: Clip, sound: np.ndarray) -> Clip:
    path = folder / f"{clip.id}.wav"
    write_audio(path, sound, RATE, recipe=recipe(clip.request, clip.id, PLAN))
    return history.finish(
        clip.id,
        path=path,
        seconds=sound.shape[1] / RATE,
        sample_rate=RATE,
        channels=sound.shape[0],
        elapsed_seconds=1.0,
        thumbnail=b"",
    )
