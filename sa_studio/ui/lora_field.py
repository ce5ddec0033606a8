"""Which LoRAs are attached to the model, and how strongly."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from sa_studio.generation import MAX_LORA_STRENGTH
from sa_studio.ui.field_box import name_widget
from sa_studio.ui.icons import icon
from sa_studio.ui.number_spin import FIELD_HEIGHT, NumberSpin
from sa_studio.ui.theme import set_property

AS_TRAINED = 1.0
STRENGTH_WIDTH = 82
ADD = "Lay a style over the model; several can be mixed, each at its own strength"
STYLE = "A style that is laid over the model"
NONE_HERE = "No LoRA is installed: bring one in by Models…, Import LoRA…"


class LoraRow(QWidget):
    """One LoRA: its name, its strength, and a button that takes it off."""

    edited = Signal()
    removed = Signal(object)
    """The row itself."""

    def __init__(self, number: int, available: Sequence[str]) -> None:
        super().__init__()
        self.combo = QComboBox()
        name_widget(
            self.combo,
            f"lora_combo_{number}",
            f"LoRA {number}",
            STYLE,
        )
        # long names must not widen the form
        self.combo.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.strength = NumberSpin(-MAX_LORA_STRENGTH, MAX_LORA_STRENGTH, decimals=2, step=0.1)
        name_widget(self.strength, f"lora_strength_spin_{number}", f"Strength of LoRA {number}")
        self.strength.setFixedWidth(STRENGTH_WIDTH)
        self.strength.setToolTip("1 is as it was trained, 0 switches it off")
        self.strength.setValue(AS_TRAINED)
        self.remove = QToolButton()
        name_widget(self.remove, f"lora_remove_button_{number}", f"Take LoRA {number} off")
        self.remove.setIcon(icon("close"))
        self.remove.setIconSize(QSize(14, 14))
        self.remove.setProperty("role", "flat")
        self.remove.setFixedSize(FIELD_HEIGHT, FIELD_HEIGHT)
        self.remove.setToolTip("Take this LoRA off")
        self.remove.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.combo, 1)
        layout.addWidget(self.strength)
        layout.addWidget(self.remove)
        self.offer(available)
        self.combo.currentIndexChanged.connect(self._chosen)
        self.strength.valueChanged.connect(self.edited)
        self.strength.refused_changed.connect(self.edited)
        self.remove.clicked.connect(self._remove)

    def value(self) -> tuple[str, float]:
        """Name and strength."""
        return self.combo.currentText(), round(self.strength.value(), 2)

    def set_value(self, name: str, strength: float) -> None:
        """Show a LoRA; one that is not here is shown, and marked."""
        if self.combo.findText(name) < 0:
            self.combo.addItem(name)
        self.combo.setCurrentIndex(self.combo.findText(name))
        self.strength.setValue(strength)

    def offer(self, available: Sequence[str]) -> None:
        """Offer these; the one that is chosen stays."""
        self._available = list(available)
        chosen = self.combo.currentText()
        with QSignalBlocker(self.combo):
            self.combo.clear()
            self.combo.addItems(self._available)
            if chosen and chosen not in self._available:
                self.combo.addItem(chosen)
            if chosen:
                self.combo.setCurrentIndex(self.combo.findText(chosen))
        self._mark()

    def _mark(self) -> None:
        name = self.combo.currentText()
        gone = bool(name) and name not in self._available
        set_property(self.combo, "invalid", gone)
        self.combo.setToolTip(f"{name} is not installed" if gone else name or STYLE)

    @Slot()
    def _chosen(self) -> None:
        self._mark()
        self.edited.emit()

    @Slot()
    def _remove(self) -> None:
        self.removed.emit(self)


class LoraField(QWidget):
    """Any number of LoRAs, in the order in which they are attached."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._available: list[str] = []
        self._made = 0
        self.rows: list[LoraRow] = []
        self.add = QPushButton("Add LoRA")
        name_widget(self.add, "add_lora_button", "Add a LoRA")
        self.setFocusProxy(self.add)  # where the caption's letter leads
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self._column.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)
        self.add.clicked.connect(self._add_first)
        self.set_available([])

    def set_available(self, names: Sequence[str]) -> None:
        """What is installed."""
        self._available = list(names)
        self.add.setEnabled(bool(names))
        self.add.setToolTip(ADD if names else NONE_HERE)
        for row in self.rows:
            row.offer(names)

    def loras(self) -> list[tuple[str, float]]:
        """Names and strengths."""
        return [row.value() for row in self.rows]

    def set_loras(self, loras: Iterable[tuple[str, float]]) -> None:
        """Show these instead of those that were there."""
        for row in list(self.rows):
            self._remove(row)
        for name, strength in loras:
            self._add_row().set_value(name, strength)
        self.edited.emit()

    def refused(self) -> list[NumberSpin]:
        """The strengths that hold something that is no number within the bounds."""
        return [row.strength for row in self.rows if row.strength.refused]

    @Slot()
    def _add_first(self) -> None:
        """Add the first that is not there yet."""
        present = {name for name, _ in self.loras()}
        free = next((name for name in self._available if name not in present), None)
        row = self._add_row()
        row.set_value(free or self._available[0], AS_TRAINED)
        row.combo.setFocus(Qt.FocusReason.OtherFocusReason)
        self.edited.emit()

    def _add_row(self) -> LoraRow:
        self._made += 1
        row = LoraRow(self._made, self._available)
        row.edited.connect(self.edited)
        row.removed.connect(self._taken_off)
        self._column.insertWidget(len(self.rows), row)
        self.rows.append(row)
        return row

    @Slot(object)
    def _taken_off(self, row: LoraRow) -> None:
        self._remove(row)
        self.add.setFocus(Qt.FocusReason.OtherFocusReason)
        self.edited.emit()

    def _remove(self, row: LoraRow) -> None:
        self.rows.remove(row)
        self._column.removeWidget(row)
        row.hide()
        row.deleteLater()
