"""What a sound file says beside its samples, and the recipe of those that were made here."""

from __future__ import annotations

from pathlib import Path
from typing import Any, BinaryIO

import soundfile

from sa_studio.audio.metadata import sound_problem
from sa_studio.audio.tags.aiff import read_aiff
from sa_studio.audio.tags.flac import read_flac
from sa_studio.audio.tags.id3 import read_id3
from sa_studio.audio.tags.ogg import read_ogg
from sa_studio.audio.wav.reader import read_wav
from sa_studio.errors import AudioFileError

MAGIC_SIZE = 4


def read_recipe(path: Path) -> dict[str, Any] | None:
    """The recipe in a WAV, FLAC, OGG, MP3 or AIFF file, or ``None`` if it was not made here.

    Raises:
        AudioFileError: the file is no sound file.
    """
    recipe: dict[str, Any] | None = read_facts(path).get("recipe")
    return recipe


def read_facts(path: Path) -> dict[str, Any]:
    """What a file of ours says, as plain values that go into JSON.

    The names are those of :class:`~sa_studio.audio.sound_facts.SoundFacts`; what a file does not
    say is not there. ``created`` is text, ``loop`` a list of two, ``markers`` one of places and
    labels, ``loudness`` a dict of levels.

    Raises:
        AudioFileError: the file is no sound file.
    """
    try:
        soundfile.info(path)
        with path.open("rb") as file:
            return _said(file)
    except (soundfile.LibsndfileError, OSError) as error:
        raise AudioFileError(
            f"{str(path)!r} cannot be read as sound ({sound_problem(error)})",
            "Use a WAV, FLAC, OGG, MP3 or AIFF file.",
        ) from error


def _said(file: BinaryIO) -> dict[str, Any]:
    magic = file.read(MAGIC_SIZE)
    file.seek(0)
    if magic == b"RIFF":
        return read_wav(file)
    if magic == b"FORM":
        return read_aiff(file)
    if magic == b"fLaC":
        return read_flac(file)
    if magic == b"OggS":
        return read_ogg(file)
    return read_id3(file)
