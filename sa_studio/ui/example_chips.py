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
        """Show a few of ``prompts`` from all over the list instead of what was there."""
        while item := self._layout.takeAt(0):
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        shown = min(SHOWN, len(prompts))
        for prompt in (prompts[number * len(prompts) // shown] for number in range(shown)):
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
