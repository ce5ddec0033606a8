"""Prompts to try, one click each."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QPushButton, QWidget

from sa_studio.ui.flow_layout import FlowLayout

SHOWN = 6


class ExampleChips(QWidget):
    """The example prompts of the model as small buttons."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("example_prompts")
        self._layout = FlowLayout(self)

    def set_prompts(self, prompts: Sequence[str]) -> None:
        """Show the first few of ``prompts`` instead of what was there."""
        while item := self._layout.takeAt(0):
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        for prompt in prompts[:SHOWN]:
            chip = QPushButton(prompt)
            chip.setProperty("role", "chip")
            chip.setAccessibleName(f"Example prompt: {prompt}")
            chip.setToolTip("Use this prompt")
            chip.setCursor(Qt.CursorShape.PointingHandCursor)
            chip.clicked.connect(self._clicked)
            self._layout.addWidget(chip)
            chip.show()
        self.setVisible(bool(prompts))
        self.updateGeometry()

    @Slot()
    def _clicked(self) -> None:
        chip = self.sender()
        if isinstance(chip, QPushButton):
            self.chosen.emit(chip.text())
