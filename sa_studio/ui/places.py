"""Where windows and the lines between panels are left, remembered until the next start."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QObject, QSettings
from PySide6.QtWidgets import QSplitter, QWidget


class Places(QObject):
    """Keeps the size and place of windows, and of every splitter in them that has a name.

    A splitter takes part by having an ``objectName`` and being there when its window is restored.

    Args:
        file: an INI file that is this object's own; what is broken in it counts as not there.
    """

    def __init__(self, file: Path, parent: QObject) -> None:
        super().__init__(parent)
        self._settings = QSettings(str(file), QSettings.Format.IniFormat, self)

    def restore(self, window: QWidget) -> None:
        """Put a window and its splitters where they were left, as far as that is known."""
        geometry = self._settings.value(_key(window))
        if isinstance(geometry, QByteArray):
            window.restoreGeometry(geometry)
        for splitter in _splitters(window):
            state = self._settings.value(_key(window, splitter))
            if isinstance(state, QByteArray):
                splitter.restoreState(state)

    def keep(self, window: QWidget) -> None:
        """Note where a window and its splitters are now, and write it to the file."""
        self._settings.setValue(_key(window), window.saveGeometry())
        for splitter in _splitters(window):
            self._settings.setValue(_key(window, splitter), splitter.saveState())
        self._settings.sync()


def _splitters(window: QWidget) -> list[QSplitter]:
    """Those of the window itself; a dialog of the window keeps its own."""
    return [
        splitter
        for splitter in window.findChildren(QSplitter)
        if splitter.objectName() and splitter.window() is window
    ]


def _key(window: QWidget, splitter: QSplitter | None = None) -> str:
    name = window.objectName()
    assert name, "what is remembered needs a name"
    return f"{name}/{splitter.objectName() if splitter else 'geometry'}"
