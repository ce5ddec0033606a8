"""A take as scripts see it; the keys are part of the public surface."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sa_studio.generation import Clip


def clip_facts(clip: Clip, path: Path | None) -> dict[str, Any]:
    """The facts of ``clip``, whose file lies at ``path``."""
    request = clip.request
    return {
        "clip_id": clip.id,
        "path": None if path is None else str(path.absolute()),
        "prompt": request.prompt,
        "seed": request.seed,
        "seconds": clip.seconds,
        "sample_rate": clip.sample_rate,
        "channels": clip.channels,
        "model": request.model,
        "sampler": request.sampler,
        "steps": request.steps,
        "guidance": request.guidance_scale,
        "elapsed_seconds": clip.elapsed_seconds,
    }
