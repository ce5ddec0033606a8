"""Names for new files that no other program takes meanwhile."""

from __future__ import annotations

from pathlib import Path

from sa_studio.errors import AudioFileError


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
