"""The button that everything is about, with its key printed on it where there is room."""

from __future__ import annotations

import sys

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton

from sa_studio.ui.field_box import name_widget
from sa_studio.ui.theme import set_property

EDGE = 8
GAP = 14


class GenerateButton(QPushButton):
    """Generate, or Generate 3 takes."""

    def __init__(self) -> None:
        super().__init__("Generate")
        name_widget(
            self,
            "generate_button",
            "Generate",
            "Make the takes that the form describes (Ctrl+Enter)",
        )
        self.setProperty("role", "primary")
        self.hint = QLabel("⌘ ↵" if sys.platform == "darwin" else "Ctrl ↵")
        self.hint.setProperty("role", "key")
        self.hint.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, EDGE, 0)
        row.addStretch(1)
        row.addWidget(self.hint, 0, Qt.AlignmentFlag.AlignVCenter)

    def show_count(self, count: int) -> None:
        """Say how many takes it makes."""
        self.setText("Generate" if count == 1 else f"Generate {count} takes")
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """The hint gives way to the words."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        words = self.fontMetrics().horizontalAdvance(self.text())
        room = self.width() - words - 2 * GAP - EDGE
        fits = room >= self.hint.sizeHint().width()
        self.hint.setVisible(fits)
        set_property(self, "hinted", fits)  # the words keep clear of it
