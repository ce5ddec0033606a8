"""Sound files, written whole or not at all. Arrays are float32 [channels, samples]."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
import soxr

from sa_studio.atomic_file import write_atomically
from sa_studio.audio.metadata import SOFTWARE, sound_problem
from sa_studio.audio.plain_text import one_line
from sa_studio.audio.sound_facts import NO_FACTS, SoundFacts
from sa_studio.audio.sound_file import encode
from sa_studio.audio.wav.riff import chunks
from sa_studio.errors import AudioFileError
from sa_studio.vocabulary.delivery import Depth, FileFormat

MAX_TITLE_CHARACTERS = 256
# sizes from here on stand for "not known yet": left by programs that write as they record
UNKNOWN_SIZE = 0x7FFF_0000


def write_audio(
    path: Path, audio: np.ndarray, sample_rate: int, *, recipe: Mapping[str, Any] | None = None
) -> None:
    """Write a 24-bit WAV file, whole or not at all.

    Args:
        path: the destination; its folder must exist.
        audio: [channels, samples], finite; what exceeds full scale is clipped.
        sample_rate: Hz.
        recipe: from :func:`sa_studio.audio.metadata.recipe`, embedded with what it says of
            the take.

    Raises:
        AudioFileError: the file cannot be written; nothing is left behind.
    """
    content = encode(
        audio,
        sample_rate,
        format=FileFormat.WAV,
        depth=Depth.INT24,
        facts=_facts(recipe),
    )
    try:
        write_atomically(path, content)
    except OSError as error:
        raise AudioFileError(
            f"The sound cannot be written to {str(path)!r} ({error.strerror or error})",
            "Check the free space and the permissions of the folder.",
        ) from error


def _facts(recipe: Mapping[str, Any] | None) -> SoundFacts:
    """What a take says of itself before anything is known of its delivery."""
    if recipe is None:
        return NO_FACTS
    prompt = str(recipe.get("prompt", ""))
    return SoundFacts(
        title=one_line(prompt)[:MAX_TITLE_CHARACTERS],
        description=prompt,
        clip_id=str(recipe.get("clip_id", "")),
        software=SOFTWARE,
        model=str(recipe.get("model", "")),
        recipe=dict(recipe),
    )


def read_audio(
    path: Path,
    *,
    sample_rate: int | None = None,
    channels: int | None = None,
    seconds: float | None = None,
) -> tuple[np.ndarray, int]:
    """Read a sound file.

    Args:
        path: any format that libsndfile reads.
        sample_rate: resample to this rate (soxr, very high quality); ``None`` keeps the file's.
        channels: 1 mixes down, 2 doubles a mono file, further channels are dropped.
        seconds: read no more than this from the beginning.

    Returns:
        float32 [channels, samples] and the sample rate in Hz.

    Raises:
        AudioFileError: there is no such file, or it is no sound file, or it is cut off before its
            end, or it holds no sound.
    """
    if not os.path.isfile(path):  # noqa: PTH113 (says False to impossible names)
        raise AudioFileError(f"There is no sound file {str(path)!r}", "Check the path.")
    try:
        cut_off = _is_cut_off(path)
        with soundfile.SoundFile(path) as file:
            rate = file.samplerate
            frames = -1 if seconds is None else math.ceil(seconds * rate)
            samples = file.read(frames, dtype="float32", always_2d=True)
    except (soundfile.LibsndfileError, OSError) as error:
        raise AudioFileError(
            f"{str(path)!r} cannot be read as sound ({sound_problem(error)})",
            "Use a WAV, FLAC, OGG or MP3 file.",
        ) from error
    if cut_off:
        raise AudioFileError(
            f"{str(path)!r} is cut off before its end", "Copy or save the file again."
        )
    if samples.shape[0] == 0:
        raise AudioFileError(f"{str(path)!r} holds no samples", "Choose another file.")
    if not np.isfinite(samples).all():
        raise AudioFileError(
            f"{str(path)!r} holds samples that are no numbers", "Choose another file."
        )
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


def _is_cut_off(path: Path) -> bool:
    """Whether a WAV or AIFF file ends before it says: libsndfile reads what there is, silently."""
    with path.open("rb") as file:
        end = file.seek(0, os.SEEK_END)
        file.seek(0)
        head = file.read(12)
        if head[:4] == b"FORM":
            size = int.from_bytes(head[4:8], "big")
            return size < UNKNOWN_SIZE and len(head[:8]) + size > end
        if head[:4] != b"RIFF":
            return False
        for name, size in chunks(file, end):
            if name == b"data":
                return size < UNKNOWN_SIZE and file.tell() + size > end
    return False
