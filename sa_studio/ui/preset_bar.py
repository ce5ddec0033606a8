"""Presets: choose one, save the form as one, and the way to all that can be done with them."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPoint, QRect, QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QToolButton, QWidget

from sa_studio.errors import StudioError
from sa_studio.service import Studio
from sa_studio.ui.bin import move_to_bin
from sa_studio.ui.field_box import name_widget
from sa_studio.ui.icons import icon
from sa_studio.ui.presets_dialog import PresetsDialog, preset_rows
from sa_studio.ui.save_preset_dialog import SavePresetDialog
from sa_studio.ui.search_list import SearchList

WIDTH = 200


class PresetCombo(QComboBox):
    """A combo box that opens a list with categories and a search in place of its own."""

    list_requested = Signal()

    def showPopup(self) -> None:  # noqa: N802 (Qt's name)
        """Ask for the list."""
        self.list_requested.emit()


class PresetBar(QWidget):
    """The combo box with Save and Manage."""

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
        self.manager: PresetsDialog | None = None
        self.list: SearchList | None = None
        self.combo = PresetCombo()
        name_widget(self.combo, "preset_combo", "Preset")
        self.combo.setPlaceholderText("Presets")
        self.combo.setToolTip(
            "Fill the form with a preset: built-in ones by category, and your own"
        )
        self.combo.setFixedWidth(WIDTH)
        self.save = self._button(
            "bookmark", "save_preset_button", "Save as a preset", "Keep what is in the form"
        )
        self.manage = self._button(
            "folder",
            "manage_presets_button",
            "Manage presets",
            "All presets: rename, delete, import, export",
        )
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.combo)
        layout.addWidget(self.save)
        layout.addWidget(self.manage)
        self.reload()
        self.combo.activated.connect(self._choose)
        self.save.clicked.connect(self.save_requested)
        self.combo.list_requested.connect(self.show_list)
        self.manage.clicked.connect(self.show_manager)

    @Slot()
    def reload(self, current: str = "") -> None:
        """Read the names anew and show ``current``, or what was shown if that is still there."""
        current = current or self.combo.currentText()
        with QSignalBlocker(self.combo):
            self.combo.clear()
            self.combo.addItems(self._studio.presets())
            self.combo.setCurrentIndex(self.combo.findText(current) if current else -1)

    @Slot()
    def show_list(self) -> None:
        """Open the presets by category, to be searched by typing."""
        if self.list is None:
            self.list = SearchList(
                self.combo,
                "preset",
                "Presets",
                search="Search presets",
                nothing="No preset is called that.",
                how="Click or Enter: use it · double click: use it and close",
            )
            self.list.chosen.connect(self.use)
            self.list.added.connect(self.use)
        self.list.set_pages({"Presets": preset_rows(self._studio)})
        self.list.open_below(QRect(self.combo.mapToGlobal(QPoint(0, 0)), self.combo.size()))

    @Slot(str)
    def use(self, name: str) -> None:
        """Choose a preset by its name, as if it had been clicked in the combo box."""
        if self.combo.findText(name) < 0:  # another program has saved it
            self.reload()
        self.combo.setCurrentIndex(self.combo.findText(name))
        self._choose()

    @Slot()
    def show_manager(self) -> None:
        """Open the window in which presets are renamed, deleted, imported and exported."""
        dialog = PresetsDialog(self._studio, self.window())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.reload(self.combo.currentText())
        dialog.use_requested.connect(self.use)
        dialog.changed.connect(self.reload)
        dialog.finished.connect(self._manager_closed)
        self.manager = dialog
        dialog.open()

    @Slot()
    def _manager_closed(self) -> None:
        self.manager = None

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
            if replace:  # what it was can be taken back
                move_to_bin(self._studio.preset_file(name))
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
        try:
            self.chosen.emit(self._studio.load_preset(self.combo.currentText()))
        except StudioError as error:
            self.problem.emit(error)

    @staticmethod
    def _button(icon_name: str, object_name: str, spoken: str, tip: str) -> QToolButton:
        button = QToolButton()
        name_widget(button, object_name, spoken)
        button.setIcon(icon(icon_name))
        button.setToolTip(tip)
        button.setProperty("role", "flat")
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        return button
