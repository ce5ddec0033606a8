"""A border for painted widgets that got the focus by key: the pointer shows where it is itself."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFocusEvent, QPainter
from PySide6.QtWidgets import QWidget

from sa_studio.ui.theme import current_colors

_BY_KEY = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)


class FocusRing:
    """Knows whether to draw the border of ``widget``, which passes its events on."""

    def __init__(self, widget: QWidget) -> None:
        self._widget = widget
        self._shown = False

    def notice(self, event: QFocusEvent) -> None:
        """The focus came or went."""
        self._shown = event.gotFocus() and event.reason() in _BY_KEY
        self._widget.update()

    def paint(self, painter: QPainter) -> None:
        """Draw the border, one pixel wide, if it is to be seen."""
        if self._shown:
            painter.setPen(QColor(current_colors().accent))
            painter.drawRect(QRectF(self._widget.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
