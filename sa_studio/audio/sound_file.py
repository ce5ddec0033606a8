"""Sound files as bytes, with what they say beside their samples."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import soundfile
from numpy.typing import NDArray

from sa_studio.audio import pcm
from sa_studio.audio.sound_facts import NO_FACTS, SoundFacts
from sa_studio.audio.tags.aiff import tagged_aiff
from sa_studio.audio.tags.flac import tagged_flac
from sa_studio.audio.tags.id3 import id3
from sa_studio.audio.tags.ogg import tagged_ogg
from sa_studio.audio.wav.riff import MAX_SIZE
from sa_studio.audio.wav.writer import wav
from sa_studio.errors import AudioFileError
from sa_studio.vocabulary.delivery import Depth, FileFormat

ROOM = 16 << 20  # bytes, for everything but samples
MP3_RATES = (32_000, 44_100, 48_000)
CODINGS = {Depth.INT16: "PCM_16", Depth.INT24: "PCM_24", Depth.FLOAT32: "FLOAT"}
# libsndfile's 0 is the best: MP3 of 320 kbit/s; Vorbis quality 8, about 256 kbit/s
MP3: dict[str, Any] = {
    "subtype": "MPEG_LAYER_III",
    "bitrate_mode": "CONSTANT",
    "compression_level": 0.0,
}
OGG: dict[str, Any] = {"subtype": "VORBIS", "compression_level": 0.2}


def encode(
    audio: NDArray[np.float32],
    rate: int,
    *,
    format: FileFormat,  # noqa: A002 (what it is called)
    depth: Depth,
    facts: SoundFacts = NO_FACTS,
) -> bytes:
    """Make a whole sound file in memory, to be written at once.

    Args:
        audio: float32 [channels, samples], finite, mono or stereo; dithered already if it is to
            be: here it is rounded, and what exceeds full scale is clipped.
        rate: Hz.
        format: of the file.
        depth: of the samples; OGG and MP3 have none.
        facts: what the file says; ``NO_FACTS`` leaves all metadata out.

    Raises:
        AudioFileError: the format cannot hold this sound.
        ValueError: the sound or the facts are impossible: samples that are no numbers, a loop that
            is not within the sound.
    """
    if audio.ndim != 2 or audio.shape[0] not in (1, 2):
        raise ValueError(f"a sound is [1 or 2, samples], not {list(audio.shape)}")
    _check_room(audio.size, audio.shape[1], rate, format, depth)
    if not pcm.is_finite(audio):
        raise ValueError("the sound has samples that are no numbers")
    facts.check(audio.shape[1])
    said = facts.cleaned() if facts != NO_FACTS else NO_FACTS
    if format is FileFormat.WAV:
        return wav(audio, rate, depth, said)
    if format is FileFormat.AIFF:
        plain = _encoded(audio, rate, depth, "AIFF", subtype=CODINGS[depth])
        return plain if said == NO_FACTS else tagged_aiff(plain, said)
    if format is FileFormat.FLAC:
        plain = _encoded(audio, rate, depth, "FLAC", subtype=CODINGS[depth])
        return plain if said == NO_FACTS else tagged_flac(plain, said)
    if format is FileFormat.OGG:
        plain = _encoded(audio, rate, Depth.FLOAT32, "OGG", **OGG)
        return plain if said == NO_FACTS else tagged_ogg(plain, said)
    plain = _encoded(audio, rate, Depth.FLOAT32, "MP3", **MP3)
    return plain if said == NO_FACTS else id3(said) + plain


def _check_room(size: int, samples: int, rate: int, kind: FileFormat, depth: Depth) -> None:
    """Raise ``AudioFileError`` if files of this kind cannot hold the sound."""
    name = kind.value.upper()
    needed = size * pcm.BYTES[depth] + ROOM
    if kind in (FileFormat.WAV, FileFormat.AIFF) and needed > MAX_SIZE:
        raise AudioFileError(
            f"The sound is too long for {name} files: it needs {needed / 2**30:.1f} GiB, and they "
            "hold less than 4",
            "Deliver it as FLAC, or in parts.",
        )
    if kind is FileFormat.FLAC and depth is Depth.FLOAT32:
        raise AudioFileError(
            "FLAC files hold whole numbers only", "Use 16 or 24 bits, or WAV for 32-bit float."
        )
    if kind is FileFormat.MP3 and rate not in MP3_RATES:
        raise AudioFileError(
            f"MP3 files cannot have {rate} samples a second", "Use 44100 or 48000 Hz."
        )
    if kind in (FileFormat.FLAC, FileFormat.MP3) and samples == 0:
        raise AudioFileError(f"A sound without samples cannot be a {name} file", "Use WAV.")


def _encoded(
    audio: NDArray[np.float32], rate: int, depth: Depth, kind: str, **options: str | float
) -> bytes:
    """The file as libsndfile makes it, without metadata."""
    buffer = io.BytesIO()
    with soundfile.SoundFile(
        buffer, "w", samplerate=rate, channels=audio.shape[0], format=kind, **options
    ) as file:
        for part in pcm.blocks(audio, depth):
            if depth is Depth.FLOAT32:
                file.write(part)
            else:
                # it reads the upper bits of 32
                file.write(part << (32 - 8 * pcm.BYTES[depth]))
    return buffer.getvalue()
