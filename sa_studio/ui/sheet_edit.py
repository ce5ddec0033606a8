"""The text of a cue sheet; a file that is dropped or pasted there is opened, not spelled out."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, Signal
from PySide6.QtWidgets import QPlainTextEdit


def local_file(data: QMimeData) -> Path | None:
    """The first file of what is dropped or pasted; ``None`` if there is none."""
    for url in data.urls():
        if url.isLocalFile():
            return Path(url.toLocalFile())
    return None


class SheetEdit(QPlainTextEdit):
    """Cells are pasted as they are."""

    file_given = Signal(object)
    """The :class:`Path` of a file that is to be opened in the place of the text."""

    def canInsertFromMimeData(self, source: QMimeData) -> bool:  # noqa: N802 (Qt's name)
        """Files, and what every text field takes."""
        return local_file(source) is not None or super().canInsertFromMimeData(source)

    def insertFromMimeData(self, source: QMimeData) -> None:  # noqa: N802 (Qt's name)
        """Open a file, or insert cells."""
        path = local_file(source)
        if path is not None:
            self.file_given.emit(path)
        else:
            super().insertFromMimeData(source)
