"""Moves files to the system's bin, from which they can be taken back."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QDir, QFile, QStandardPaths

from sa_studio.errors import StudioError


def move_to_bin(path: Path) -> None:
    """Move a file to the bin.

    Raises:
        StudioError: there is no bin for it; the file stays.
    """
    # Qt makes the bin itself on Linux, but not the folder around it, which a new account lacks
    place = QStandardPaths.StandardLocation.GenericDataLocation
    QDir().mkpath(QStandardPaths.writableLocation(place))
    if not QFile(str(path)).moveToTrash():
        raise StudioError(
            f"{path.name!r} cannot be moved to the bin, and stays",
            f"Delete it yourself in {str(path.parent)!r}.",
        )
