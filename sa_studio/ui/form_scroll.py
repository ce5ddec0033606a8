"""A scroll area whose bar takes its room from the margin, so that no field becomes narrower."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Slot
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget


class FormScroll(QScrollArea):
    """Scrolls a column of fields vertically.

    Args:
        column: the fields; they are laid out with ``margin`` pixels on either side.
    """

    # Qt still asks for sizes when Python has taken the object's own attributes away
    _margin = 0

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

    def minimumSizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """As wide as the fields need: they scroll up and down, never sideways."""
        form = self.widget()
        column = None if form is None else form.layout()
        if column is None:  # a window that is being taken apart
            return super().minimumSizeHint()
        bar = self.verticalScrollBar().sizeHint().width()
        fields = column.minimumSize().width()
        margins = column.contentsMargins()
        inside = fields - margins.left() - margins.right()
        width = inside + self._margin + max(self._margin, bar)
        return QSize(width, super().minimumSizeHint().height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Let whoever lays this out know that the fields need another width."""
        if event.type() == QEvent.Type.LayoutRequest and watched is self.widget():
            self.updateGeometry()
        return super().eventFilter(watched, event)

    @Slot()
    def _make_room(self) -> None:
        bar = self.verticalScrollBar()
        width = bar.sizeHint().width() if bar.maximum() > 0 else 0
        margins = self._column.contentsMargins()
        margins.setLeft(self._margin)
        margins.setRight(max(self._margin - width, 0))
        self._column.setContentsMargins(margins)
