"""How much memory the application uses, at the foot of the window."""

from __future__ import annotations

import psutil
from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QLabel

from sa_studio.amounts import bytes_text
from sa_studio.ui.field_box import name_widget

INTERVAL_MS = 1000


class MemoryLabel(QLabel):
    """The resident memory of this process, looked at once a second while it can be seen."""

    def __init__(self) -> None:
        super().__init__()
        name_widget(self, "memory_label", "Memory in use")
        self.setProperty("role", "quiet-figures")
        self.setToolTip("Main memory that SA Studio uses")
        self._timer = QTimer(self)
        self._timer.setInterval(INTERVAL_MS)
        self._timer.timeout.connect(self._update)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 (Qt's name)
        """Begin to look."""
        super().showEvent(event)
        self._update()
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 (Qt's name)
        """Stop looking: nobody sees it."""
        super().hideEvent(event)
        self._timer.stop()

    @Slot()
    def _update(self) -> None:
        text = f"memory {bytes_text(psutil.Process().memory_info().rss)}"
        if text != self.text():
            self.setText(text)
            self.setAccessibleName(f"Memory in use: {text.removeprefix('memory ')}")
