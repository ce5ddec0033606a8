"""Asks for a preset's name and for what it shall hold."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from sa_studio.ui.field_box import FieldBox, name_widget, text_label
from sa_studio.ui.mnemonics import Mnemonics

# what can be ticked → the request fields behind it, and whether it is ticked at first
CHOICES: tuple[tuple[str, tuple[str, ...], bool], ...] = (
    ("Prompt", ("prompt",), True),
    ("Negative prompt", ("negative_prompt",), True),
    ("Duration", ("seconds",), True),
    ("Takes", ("count",), False),
    (
        "Steps, guidance and sampler",
        (
            "steps", "guidance_scale", "guidance_rescale", "sampler",
            "sigma_min", "sigma_max", "rho",
        ),
        False,
    ),
    ("LoRAs", ("loras",), False),
    ("Model", ("model",), False),
    ("Seed", ("seed",), False),
)  # fmt: skip


class SavePresetDialog(QDialog):
    """Name and ticks; replacing a preset of the same name is said before it is done."""

    save_requested = Signal(str, object, bool)
    """Name, fields, and whether an existing preset is to be replaced."""

    def __init__(
        self, fields: dict[str, Any], own_names: Collection[str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._fields, self._names = fields, set(own_names)
        self.setWindowTitle("Save preset")
        self.setObjectName("save_preset_dialog")
        self.setMinimumWidth(360)
        self.name = QLineEdit()
        name_widget(self.name, "preset_name_edit", "Name of the preset")
        self.name.setToolTip("“Category - Name” is how the built-in ones are called")
        self.name_box = FieldBox("Name", self.name)
        self.ticks: list[QCheckBox] = []
        for text, names, ticked in CHOICES:
            tick = QCheckBox(text)
            tick.setChecked(ticked)
            tick.setObjectName(f"preset_{names[0]}_tick")
            tick.setAccessibleName(f"Save: {text}")
            tick.setToolTip(f"The preset sets this: {text.lower()}")
            if not any(name in fields for name in names):
                tick.hide()
            self.ticks.append(tick)
        self._note = text_label("", "warning", wrap=True)
        buttons = QDialogButtonBox()
        # a plain button: standard ones wear the style's own icons
        cancel = QPushButton("Cancel")
        name_widget(cancel, "preset_save_cancel_button", "Cancel")
        cancel.setToolTip("Save nothing (Esc)")
        buttons.addButton(cancel, QDialogButtonBox.ButtonRole.RejectRole)
        self.save = QPushButton("Save")
        name_widget(self.save, "preset_save_confirm_button", "Save the preset")
        self.save.setToolTip("Keep what is ticked under this name")
        self.save.setDefault(True)
        self.save.setProperty("role", "primary")
        buttons.addButton(self.save, QDialogButtonBox.ButtonRole.AcceptRole)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(8)
        layout.addWidget(self.name_box)
        layout.addSpacing(4)
        layout.addWidget(text_label("What it holds", "quiet"))
        for tick in self.ticks:
            layout.addWidget(tick)
        layout.addWidget(self._note)
        layout.addSpacing(6)
        layout.addWidget(buttons)
        self.name.textChanged.connect(self._name_changed)
        buttons.accepted.connect(self._save)
        buttons.rejected.connect(self.reject)
        self._name_changed()
        Mnemonics(self)

    def chosen_fields(self) -> dict[str, Any]:
        """The request fields that are ticked."""
        return {
            name: self._fields[name]
            for tick, (_, names, _) in zip(self.ticks, CHOICES, strict=True)
            if tick.isChecked()
            for name in names
            if name in self._fields
        }

    def show_problem(self, text: str) -> None:
        """Say why the preset could not be saved; the dialog stays."""
        self.name_box.set_problem(text)

    @Slot()
    def _name_changed(self) -> None:
        name = self.name.text().strip()
        exists = name in self._names
        self.name_box.set_problem("")
        self.save.setEnabled(bool(name))
        self.save.setText("Replace" if exists else "Save")
        self._note.setText(
            f"There is a preset “{name}” already; it goes to the bin." if exists else ""
        )

    @Slot()
    def _save(self) -> None:
        name = self.name.text().strip()
        self.save_requested.emit(name, self.chosen_fields(), name in self._names)
