"""Presets: choose one, save the form as one, delete one of your own."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QToolButton, QWidget

from sa_studio.errors import StudioError
from sa_studio.service import Studio
from sa_studio.ui.field_box import name_widget
from sa_studio.ui.icons import icon
from sa_studio.ui.save_preset_dialog import SavePresetDialog


class PresetBar(QWidget):
    """The combo box with Save and Delete."""

    chosen = Signal(object)
    """The request fields of the preset that was chosen."""
    save_requested = Signal()
    """The user wants the form saved: answer with :meth:`ask_and_save`."""
    problem = Signal(object)
    """A :class:`StudioError` that the user should see."""

    def __init__(self, studio: Studio) -> None:
        super().__init__()
        self._studio = studio
        self.dialog: SavePresetDialog | None = None
        self.combo = QComboBox()
        name_widget(self.combo, "preset_combo", "Preset")
        self.combo.setPlaceholderText("Presets")
        self.combo.setMinimumWidth(190)
        self.combo.setMaxVisibleItems(24)
        self.save = self._button("bookmark", "save_preset_button", "Save as a preset")
        self.delete = self._button("trash", "delete_preset_button", "Delete this preset")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.combo)
        layout.addWidget(self.save)
        layout.addWidget(self.delete)
        self.reload()
        self.combo.activated.connect(self._choose)
        self.save.clicked.connect(self.save_requested)
        self.delete.clicked.connect(self._delete)

    def reload(self, current: str = "") -> None:
        """Read the names anew and show ``current``, or none."""
        with QSignalBlocker(self.combo):
            self.combo.clear()
            self.combo.addItems(self._studio.presets())
            self.combo.setCurrentIndex(self.combo.findText(current) if current else -1)
        self._update()

    def ask_and_save(self, fields: dict[str, Any]) -> None:
        """Ask for a name and for what to keep of ``fields``, and save it."""
        own = [name for name in self._studio.presets() if not self._studio.is_builtin_preset(name)]
        dialog = SavePresetDialog(fields, own, self.window())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        current = self.combo.currentText()
        dialog.name.setText(current if current in own else "")
        dialog.save_requested.connect(self._save)
        dialog.finished.connect(self._dialog_closed)
        self.dialog = dialog
        dialog.open()

    @Slot(str, object, bool)
    def _save(self, name: str, fields: dict[str, Any], replace: bool) -> None:
        try:
            self._studio.save_preset(name, fields, overwrite=replace)
        except StudioError as error:
            if self.dialog is not None:
                self.dialog.show_problem(error.one_line())
            return
        self.reload(name)
        if self.dialog is not None:
            self.dialog.accept()

    @Slot()
    def _dialog_closed(self) -> None:
        self.dialog = None

    @Slot()
    def _choose(self) -> None:
        self._update()
        try:
            self.chosen.emit(self._studio.load_preset(self.combo.currentText()))
        except StudioError as error:
            self.problem.emit(error)

    @Slot()
    def _delete(self) -> None:
        try:
            self._studio.delete_preset(self.combo.currentText())
        except StudioError as error:
            self.problem.emit(error)
        self.reload()

    def _update(self) -> None:
        name = self.combo.currentText()
        own = bool(name) and not self._studio.is_builtin_preset(name)
        self.delete.setEnabled(own)
        self.delete.setToolTip(
            "Delete this preset" if own else "Built-in presets stay" if name else "No preset chosen"
        )

    @staticmethod
    def _button(icon_name: str, object_name: str, text: str) -> QToolButton:
        button = QToolButton()
        name_widget(button, object_name, text)
        button.setIcon(icon(icon_name))
        button.setToolTip(text)
        button.setProperty("role", "flat")
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        return button
