"""Captions and values in two columns."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from sa_studio.ui.field_box import name_widget, text_label

CAPTION_WIDTH = 96


class FactsGrid(QWidget):
    """Shows facts; those without a value are left out."""

    def __init__(self, captions: Sequence[str]) -> None:
        super().__init__()
        self._rows: dict[str, tuple[QLabel, QLabel]] = {}
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(12)
        layout.setVerticalSpacing(7)
        layout.setColumnMinimumWidth(0, CAPTION_WIDTH)
        layout.setColumnStretch(1, 1)
        for row, text in enumerate(captions):
            caption, value = text_label(text, "quiet"), text_label("", wrap=True)
            name_widget(value, f"model_{text.lower().replace(' ', '_')}", text)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            layout.addWidget(caption, row, 0, Qt.AlignmentFlag.AlignTop)
            layout.addWidget(value, row, 1)
            self._rows[text] = (caption, value)

    def show_fact(self, caption: str, value: str) -> None:
        """Show a value, or leave its row out if it is empty."""
        caption_label, label = self._rows[caption]
        # long paths and hashes have no spaces to break at
        label.setText(value.replace("/", "/\u200b").replace("\\", "\\\u200b"))
        label.setToolTip(value)
        for part in (caption_label, label):
            part.setVisible(bool(value))

    def value(self, caption: str) -> str:
        """What is shown of a fact."""
        return self._rows[caption][1].toolTip()
