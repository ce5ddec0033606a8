"""A line for a folder, and a button that chooses it."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QToolButton, QWidget

from sa_studio.ui.field_box import name_widget
from sa_studio.ui.icons import icon
from sa_studio.ui.number_spin import FIELD_HEIGHT

WHOLE_PATH = "Type the whole path of the folder, or choose it"


class FolderField(QWidget):
    """A folder; it need not be there yet.

    Args:
        name: the beginning of the object names.
        text: what the folder is for, in a few words.
    """

    edited = Signal()

    def __init__(self, name: str, text: str) -> None:
        super().__init__()
        self._text = text
        self.edit = QLineEdit()
        name_widget(self.edit, f"{name}_folder_edit", text, "The folder; made if it is not there")
        self.edit.setPlaceholderText("Choose a folder")
        self.choose = QToolButton()
        name_widget(
            self.choose, f"{name}_folder_button", f"Choose: {text}", "Look for the folder on disk"
        )
        self.choose.setIcon(icon("folder"))
        self.choose.setFixedSize(FIELD_HEIGHT, FIELD_HEIGHT)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.edit, 1)
        layout.addWidget(self.choose)
        self.edit.textChanged.connect(self.edited)
        self.choose.clicked.connect(self._choose)

    def folder(self) -> Path | None:
        """The folder; ``None`` if there is none that is meant."""
        # not Path.expanduser, which raises where the home is of nobody
        path = Path(os.path.expanduser(self.edit.text().strip()))  # noqa: PTH111
        return path if path.is_absolute() else None

    def problem(self) -> str:
        """What is wrong with what was typed; empty if nothing is."""
        typed = self.edit.text().strip()
        return WHOLE_PATH if typed and self.folder() is None else ""

    @Slot()
    def _choose(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, self._text, self.edit.text())
        if chosen:
            self.edit.setText(chosen)
