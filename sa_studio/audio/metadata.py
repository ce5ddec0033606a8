"""The recipe of a sound: how it was made, as text inside its file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import soundfile

from sa_studio import __version__
from sa_studio.errors import AudioFileError
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


def recipe(request: GenerationRequest, clip_id: str) -> dict[str, Any]:
    """What makes this take again, as plain values."""
    content: dict[str, Any] = {name: getattr(request, name) for name in FIELDS}
    if request.init_audio is not None:
        content["init_audio"] = str(request.init_audio)
        content["init_noise_level"] = request.init_noise_level
    return {"application": f"{SOFTWARE} {__version__}", "clip_id": clip_id, **content}


def read_recipe(path: Path) -> dict[str, Any] | None:
    """The recipe in a sound file, or ``None`` if it was not made here.

    Raises:
        AudioFileError: the file is no sound file.
    """
    try:
        with soundfile.SoundFile(path) as file:
            comment = file.comment
    except (soundfile.LibsndfileError, OSError) as error:
        raise AudioFileError(
            f"{str(path)!r} cannot be read as sound ({sound_problem(error)})",
            "Use a WAV, FLAC, OGG or MP3 file.",
        ) from error
    try:
        content = json.loads(comment)
    except json.JSONDecodeError:
        return None
    made_here = isinstance(content, dict) and str(content.get("application")).startswith(SOFTWARE)
    return content if made_here else None


def sound_problem(error: Exception) -> str:
    """What libsndfile or the operating system has against a file, without the file's name."""
    if isinstance(error, soundfile.LibsndfileError):
        return str(error.error_string).rstrip(". ")
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
