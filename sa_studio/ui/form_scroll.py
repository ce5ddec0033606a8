"""A scroll area whose bar takes its room from the margin, so that no field becomes narrower."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget


class FormScroll(QScrollArea):
    """Scrolls a column of fields vertically.

    Args:
        column: the fields; they are laid out with ``margin`` pixels on either side.
    """

    def __init__(self, column: QVBoxLayout, margin: int) -> None:
        super().__init__()
        self._column, self._margin = column, margin
        form = QWidget()
        form.setProperty("role", "row")
        form.setLayout(column)
        self.setWidget(form)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.verticalScrollBar().rangeChanged.connect(self._make_room)
        self._make_room()

    @Slot()
    def _make_room(self) -> None:
        bar = self.verticalScrollBar()
        width = bar.sizeHint().width() if bar.maximum() > 0 else 0
        margins = self._column.contentsMargins()
        margins.setLeft(self._margin)
        margins.setRight(max(self._margin - width, 0))
        self._column.setContentsMargins(margins)
