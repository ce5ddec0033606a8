"""Takes in a library as if they had been made, without making them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import numpy as np

from sa_studio.audio.files import write_audio
from sa_studio.generation import Clip, GenerationRequest
from sa_studio.library.history import History
from sa_studio.service import Studio

RATE = 8000


def add_takes(studio: Studio, prompts: Sequence[str], *, files: bool = False) -> list[Clip]:
    """Finished takes in the order of the list; without ``files`` theirs are missing."""
    history = History(studio.data.library)
    try:
        resolved = {"seconds": 0.1, "steps": 8, "guidance_scale": 1.0, "sampler": "euler"}
        requests = [
            GenerationRequest(prompt, seed=seed, **resolved) for seed, prompt in enumerate(prompts)
        ]
        clips = []
        for clip in history.add(uuid.uuid4().hex, requests):
            path = studio.data.clips / f"{clip.id}.wav"
            if files:
                write_audio(path, np.zeros((2, RATE // 10), np.float32), RATE)
            clips.append(
                history.finish(
                    clip.id,
                    path=path,
                    seconds=0.1,
                    sample_rate=RATE,
                    channels=2,
                    elapsed_seconds=0.1,
                    thumbnail=b"\xd0\x30" * 20,
                )
            )
        return clips
    finally:
        history.close()
