"""File names that every operating system and every DAW takes."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

from sa_studio.errors import AudioFileError
from sa_studio.generation import GenerationRequest

MAX_CHARACTERS = 80
RESERVED = frozenset(
    {"con", "prn", "aux", "nul", *(f"com{n}" for n in range(10)), *(f"lpt{n}" for n in range(10))}
)


def slug(text: str) -> str:
    """``text`` as lower-case ASCII words joined by hyphens; "sound" if nothing is left."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:MAX_CHARACTERS].strip("-")
    if not words:
        return "sound"
    return f"{words}-sound" if words in RESERVED else words


def clip_file_name(request: GenerationRequest) -> str:
    """The plain name of a take: prompt and seed."""
    return f"{slug(request.prompt)}_{request.seed}.wav"


def claim(path: Path) -> Path:
    """Make an empty file at ``path``, or at the first of "name 2", "name 3" … that is free.

    Making it is what keeps two programs that look at the same time from taking the same name.

    Raises:
        AudioFileError: no file can be made there.
    """
    candidate, number = path, 2
    while True:
        try:
            candidate.touch(exist_ok=False)
        except FileExistsError:
            candidate = path.with_name(f"{path.stem} {number}{path.suffix}")
            number += 1
        except OSError as error:
            raise AudioFileError(
                f"The sound cannot be written to {str(candidate)!r} ({error.strerror or error})",
                "Check the free space and the permissions of the folder.",
            ) from error
        else:
            return candidate
