"""Chooses how a take is drawn: waveform, spectrogram or both, and the waveform's scale."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QToolButton, QWidget

from sa_studio.ui.field_box import name_widget


class Views(StrEnum):
    """What is drawn."""

    WAVEFORM = "waveform"
    SPECTROGRAM = "spectrogram"
    BOTH = "both"


_BUTTONS = {
    Views.WAVEFORM: ("Waveform", "Show the level over time"),
    Views.SPECTROGRAM: ("Spectrogram", "Show which frequencies sound, over time"),
    Views.BOTH: ("Both", "Show waveform and spectrogram over one time axis"),
}


class ViewSwitch(QWidget):
    """Three buttons of which one is down, and the switch for decibels."""

    views_chosen = Signal(str)
    """One of :class:`Views`."""
    decibels_chosen = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("view_switch")
        self._group = QButtonGroup(self)
        self.buttons: dict[Views, QToolButton] = {}
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        self.decibels = self._button("decibels_button", "dB", "Decibel scale")
        self.decibels.setToolTip("Draw the waveform in decibels, so that quiet tails are seen")
        layout.addWidget(self.decibels)
        layout.addSpacing(8)
        for views, (text, tip) in _BUTTONS.items():
            button = self._button(f"show_{views}_button", text, f"Show {text.lower()}")
            button.setToolTip(tip)
            self._group.addButton(button)
            self.buttons[views] = button
            layout.addWidget(button)
        self._group.buttonToggled.connect(self._toggled)
        self.decibels.toggled.connect(self.decibels_chosen)

    def _button(self, name: str, text: str, accessible_name: str) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        name_widget(button, name, accessible_name)
        button.setProperty("role", "flat")
        button.setCheckable(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    @property
    def views(self) -> Views:
        """What is chosen."""
        return next(views for views, button in self.buttons.items() if button.isChecked())

    def choose(self, views: Views, *, decibels: bool) -> None:
        """Press the buttons that stand for this."""
        self.buttons[views].setChecked(True)
        self.decibels.setChecked(decibels)

    @Slot(QAbstractButton, bool)
    def _toggled(self, _button: QAbstractButton, down: bool) -> None:
        if down:
            self.decibels.setEnabled(self.views is not Views.SPECTROGRAM)
            self.views_chosen.emit(str(self.views))
