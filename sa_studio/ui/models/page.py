"""A page of the models window that is gone through and left again."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from sa_studio.ui.field_box import name_widget, text_label
from sa_studio.ui.form_scroll import FormScroll

MARGIN = 20


class StepPage(QWidget):
    """A title, something to read or fill in, Back, and the button that goes on.

    Args:
        name: what the page's widgets are called by.
        proceed: what the button says that goes on.
    """

    left = Signal()

    def __init__(self, name: str, proceed: str) -> None:
        super().__init__()
        self.title = text_label("", "title", wrap=True)
        name_widget(self.title, f"{name}_title", "Title")
        self.back = QPushButton("Back")
        name_widget(
            self.back, f"{name}_back_button", "Back to the model", "Back, without doing it (Esc)"
        )
        self.proceed = QPushButton(proceed)
        name_widget(
            self.proceed, f"{name}_confirm_button", proceed, f"{proceed}, as it is set here"
        )
        self.proceed.setProperty("role", "primary")
        self.column = QVBoxLayout()
        self.column.setContentsMargins(MARGIN, 18, MARGIN, 12)
        self.column.setSpacing(12)
        self.column.addWidget(self.title)
        foot = QHBoxLayout()
        foot.setContentsMargins(MARGIN, 8, MARGIN, 14)
        foot.setSpacing(8)
        foot.addWidget(self.back)
        foot.addStretch(1)
        foot.addWidget(self.proceed)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(FormScroll(self.column, MARGIN), 1)
        layout.addLayout(foot)
        self.back.clicked.connect(self.left)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """Esc leaves the page, not the window."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
