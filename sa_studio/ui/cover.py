"""A sheet that lies over the whole of another widget and grows and shrinks with it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from sa_studio.ui.theme import current_colors

OPAQUE = 255


class Cover(QWidget):
    """Covers ``under``; hidden at first.

    Args:
        opacity: 0 … 255, how much of what lies under it is hidden.
    """

    def __init__(self, under: QWidget, opacity: int = OPAQUE) -> None:
        super().__init__(under)
        self._under, self._opacity = under, opacity
        self.hide()
        under.installEventFilter(self)

    def cover(self) -> None:
        """Show it."""
        self.setGeometry(self._under.rect())
        self.show()
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Keep to the size of what lies under it."""
        if event.type() == QEvent.Type.Resize and watched is self._under:
            self.setGeometry(self._under.rect())
        return super().eventFilter(watched, event)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Dim what lies under it."""
        ground = QColor(current_colors().ground)
        ground.setAlpha(self._opacity)
        QPainter(self).fillRect(self.rect(), ground)
