"""Sound files, written whole or not at all. Arrays are float32 [channels, samples]."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
import soxr

from sa_studio.audio.metadata import SOFTWARE
from sa_studio.errors import AudioFileError

SUBTYPE = "PCM_24"
# the largest value that 24 bits hold; beyond it integers would wrap around
FULL_SCALE = 1 - 2**-23


def write_audio(
    path: Path, audio: np.ndarray, sample_rate: int, *, recipe: Mapping[str, Any] | None = None
) -> None:
    """Write a 24-bit WAV file beside its destination, make it safe on disk, then rename it.

    Args:
        path: the destination; its folder must exist.
        audio: [channels, samples]; what exceeds full scale is clipped.
        sample_rate: Hz.
        recipe: from :func:`sa_studio.audio.metadata.recipe`, embedded as text.

    Raises:
        AudioFileError: the file cannot be written; nothing is left behind.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with (
            temporary.open("w+b") as raw,
            soundfile.SoundFile(
                raw,
                "w",
                samplerate=sample_rate,
                channels=audio.shape[0],
                subtype=SUBTYPE,
                format="WAV",
            ) as file,
        ):
            if recipe is not None:
                file.software = SOFTWARE
                file.title = str(recipe.get("prompt", ""))[:256]
                file.comment = json.dumps(recipe, ensure_ascii=True)
            file.write(np.clip(audio.T, -1.0, FULL_SCALE))
            file.flush()
            os.fsync(raw.fileno())
        temporary.replace(path)
    except (OSError, soundfile.LibsndfileError) as error:
        temporary.unlink(missing_ok=True)
        reason = getattr(error, "strerror", None) or str(error)
        raise AudioFileError(
            f"The sound cannot be written to {str(path)!r} ({reason})",
            "Check the free space and the permissions of the folder.",
        ) from error


def read_audio(
    path: Path, *, sample_rate: int | None = None, channels: int | None = None
) -> tuple[np.ndarray, int]:
    """Read a sound file.

    Args:
        path: any format that libsndfile reads.
        sample_rate: resample to this rate (soxr, very high quality); ``None`` keeps the file's.
        channels: 1 mixes down, 2 doubles a mono file, further channels are dropped.

    Returns:
        float32 [channels, samples] and the sample rate in Hz.

    Raises:
        AudioFileError: there is no such file, or it is no sound file, or it is empty.
    """
    if not path.is_file():
        raise AudioFileError(f"There is no sound file {str(path)!r}", "Check the path.")
    try:
        samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    except (soundfile.LibsndfileError, OSError) as error:
        raise AudioFileError(
            f"{str(path)!r} cannot be read as sound ({error})", "Use a WAV, FLAC, OGG or MP3 file."
        ) from error
    if samples.shape[0] == 0:
        raise AudioFileError(f"{str(path)!r} holds no samples", "Choose another file.")
    if channels == 1:
        samples = samples.mean(axis=1, keepdims=True)
    elif channels is not None and samples.shape[1] < channels:
        samples = np.repeat(samples[:, :1], channels, axis=1)
    elif channels is not None:
        samples = samples[:, :channels]
    if sample_rate is not None and rate != sample_rate:
        samples = soxr.resample(samples, rate, sample_rate, quality="VHQ")
        rate = sample_rate
    return np.ascontiguousarray(samples.T, dtype=np.float32), rate
