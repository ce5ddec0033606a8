"""The recipe of a sound: how it was made, as text inside its file."""

from __future__ import annotations

import json
import os
import struct
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

import soundfile

from sa_studio import __version__
from sa_studio.errors import AudioFileError
from sa_studio.generation import GenerationRequest

SOFTWARE = "SA Studio"
MAX_TITLE_CHARACTERS = 256
CHUNK_HEADER = struct.Struct("<4sI")  # name and size
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


def append_recipe(wav: BinaryIO, content: Mapping[str, Any]) -> None:
    """Put a recipe at the end of a WAV file, as the comment of its RIFF INFO list.

    libsndfile writes such texts itself, but reads none that is longer than some 2,000 bytes.
    """
    texts = {
        b"ISFT": SOFTWARE,
        b"INAM": str(content.get("prompt", ""))[:MAX_TITLE_CHARACTERS],
        b"ICMT": json.dumps(content, ensure_ascii=True),
    }
    info = b"INFO" + b"".join(
        _chunk(name, text.encode(errors="replace") + b"\0") for name, text in texts.items()
    )
    wav.seek(0, os.SEEK_END)
    wav.write(_chunk(b"LIST", info))
    size = wav.tell() - CHUNK_HEADER.size
    wav.seek(0)
    wav.write(CHUNK_HEADER.pack(b"RIFF", size))


def read_recipe(path: Path) -> dict[str, Any] | None:
    """The recipe in a sound file, or ``None`` if it was not made here.

    Raises:
        AudioFileError: the file is no sound file.
    """
    try:
        soundfile.info(path)
        with path.open("rb") as file:
            comment = _info_text(file, b"ICMT")
    except (soundfile.LibsndfileError, OSError) as error:
        raise AudioFileError(
            f"{str(path)!r} cannot be read as sound ({sound_problem(error)})",
            "Use a WAV, FLAC, OGG or MP3 file.",
        ) from error
    try:
        content = json.loads(comment)
    except ValueError:
        return None
    made_here = isinstance(content, dict) and str(content.get("application")).startswith(SOFTWARE)
    return content if made_here else None


def _chunk(name: bytes, content: bytes) -> bytes:
    """A RIFF chunk: name, size, content, and a byte more if the size is odd."""
    return CHUNK_HEADER.pack(name, len(content)) + content + b"\0" * (len(content) % 2)


def chunks(file: BinaryIO, end: int) -> Iterator[tuple[bytes, int]]:
    """Name and size of every RIFF chunk up to ``end``; the file stands at its content."""
    while file.tell() + CHUNK_HEADER.size <= end:
        name, size = CHUNK_HEADER.unpack(file.read(CHUNK_HEADER.size))
        following = file.tell() + size + size % 2
        yield name, size
        file.seek(following)


def _info_text(file: BinaryIO, wanted: bytes) -> bytes:
    """A text of the INFO list of a WAV file; empty if there is none."""
    end = file.seek(0, os.SEEK_END)
    file.seek(0)
    if file.read(12)[:4] != b"RIFF":
        return b""
    for name, size in chunks(file, end):
        if name == b"LIST" and file.read(4) == b"INFO":
            for part, length in chunks(file, min(file.tell() + size - 4, end)):
                if part == wanted:
                    return file.read(length).rstrip(b"\0")
    return b""


def sound_problem(error: Exception) -> str:
    """What libsndfile or the operating system has against a file, without the file's name."""
    if isinstance(error, soundfile.LibsndfileError):
        return str(error.error_string).rstrip(". ")
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
