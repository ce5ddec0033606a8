"""File names that every operating system and every DAW takes."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

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


def unused(path: Path) -> Path:
    """``path``, or the first of "name 2", "name 3" … that does not exist yet."""
    candidate, number = path, 2
    while candidate.exists():
        candidate = path.with_name(f"{path.stem} {number}{path.suffix}")
        number += 1
    return candidate
