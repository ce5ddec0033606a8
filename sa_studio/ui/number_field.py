"""A small number with its caption in front of it, for bars."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from sa_studio.ui.field_box import name_widget, text_label
from sa_studio.ui.number_spin import NumberSpin
from sa_studio.ui.theme import set_property

WIDTH = 76


class NumberField(QWidget):
    """Caption and spin box.

    Args:
        name: object name of the spin box.
        caption: what it is, in a word or two.
        unit: of the number, in a word; it is read aloud.
        tooltip: what it does to the sound.
        spin: bounds, decimals and step are its own.
    """

    entered = Signal(float)
    """The user has changed the number."""

    def __init__(self, name: str, caption: str, unit: str, tooltip: str, spin: NumberSpin) -> None:
        super().__init__()
        self.spin = spin
        tooltip = f"{tooltip} In {unit}."
        name_widget(spin, name, f"{caption}, {unit}", tooltip)
        spin.setKeyboardTracking(False)  # what is typed counts once it is complete
        spin.setFixedWidth(WIDTH)
        self._tooltip = tooltip
        label = text_label(caption, "quiet")
        label.setBuddy(spin)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(label)
        layout.addWidget(spin)
        spin.valueChanged.connect(self.entered)
        spin.refused_changed.connect(self._show_refused)

    def show_value(self, value: float) -> None:
        """Show a number without telling of it; one beyond the bounds is shown as the nearest."""
        before = self.spin.blockSignals(True)
        self.spin.setValue(min(max(value, self.spin.minimum()), self.spin.maximum()))
        self.spin.blockSignals(before)
        self._show_refused()

    def set_bounds(self, minimum: float, maximum: float) -> None:
        """New bounds."""
        before = self.spin.blockSignals(True)
        self.spin.set_bounds(minimum, maximum)
        self.spin.blockSignals(before)

    @Slot()
    def _show_refused(self) -> None:
        problem = self.spin.bounds_text() if self.spin.refused else ""
        set_property(self.spin, "invalid", bool(problem))
        self.spin.setAccessibleDescription(problem)
        self.spin.setToolTip(problem or self._tooltip)
