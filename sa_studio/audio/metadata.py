"""The recipe of a sound: how it was made."""

from __future__ import annotations

from typing import Any

import soundfile

from sa_studio import __version__
from sa_studio.generation import GenerationRequest

SOFTWARE = "SA Studio"
# what a recipe says of a request, in this order
FIELDS = (
    "prompt",
    "negative_prompt",
    "seconds",
    "seed",
    "steps",
    "guidance_scale",
    "guidance_rescale",
    "guidance_interval",
    "sampler",
    "sigma_min",
    "sigma_max",
    "rho",
    "model",
)


def recipe(request: GenerationRequest, clip_id: str, plan: str = "") -> dict[str, Any]:
    """What makes this take again, as plain values; ``plan`` says where and how it was computed."""
    content: dict[str, Any] = {name: getattr(request, name) for name in FIELDS}
    if request.init_audio is not None:
        content["init_audio"] = str(request.init_audio)
        content["init_noise_level"] = request.init_noise_level
    if request.loras:
        content["loras"] = request.loras
    for name in ("template", "negative_template"):
        if template := getattr(request, name):
            content[name] = template
    if plan:
        content["computed"] = plan
    return {"application": f"{SOFTWARE} {__version__}", "clip_id": clip_id, **content}


def sound_problem(error: Exception) -> str:
    """What libsndfile or the operating system has against a file, without the file's name."""
    if isinstance(error, soundfile.LibsndfileError):
        return str(error.error_string).rstrip(". ")
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
