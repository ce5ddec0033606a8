"""How long the sound shall be: a slider and a spin box that agree."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QSlider, QWidget

from sa_studio.generation import MIN_SECONDS
from sa_studio.ui.field_box import name_widget
from sa_studio.ui.number_spin import NumberSpin

TENTHS = 10
"""Slider positions a second."""


class _QuietSlider(QSlider):
    """Leaves the wheel to the panel around it, unless it has the focus."""

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 (Qt's name)
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class DurationField(QWidget):
    """Seconds, bounded by what the model can make."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.slider = _QuietSlider(Qt.Orientation.Horizontal)
        name_widget(
            self.slider,
            "duration_slider",
            "Duration",
            "How long the sound is, in seconds; the model sets the longest",
        )
        self.slider.setPageStep(TENTHS)
        self.spin = NumberSpin(MIN_SECONDS, 10.0, decimals=1, step=0.1)
        name_widget(
            self.spin,
            "duration_spin",
            "Duration in seconds",
            "How long the sound is, in seconds; the model sets the longest",
        )
        self.spin.setFixedWidth(82)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(self.slider, 1)
        layout.addWidget(self.spin)
        self.set_maximum(10.0)
        self._tell()
        self.spin.valueChanged.connect(self._spin_changed)
        self.spin.refused_changed.connect(self.edited)
        self.slider.valueChanged.connect(self._slider_changed)

    def seconds(self) -> float:
        """The duration, in tenths of a second."""
        return round(self.spin.value(), 1)

    def set_seconds(self, seconds: float) -> None:
        """Set the duration; one beyond the bounds is shown and marked."""
        self.spin.setValue(seconds)

    def maximum(self) -> float:
        """The longest sound of the model, in seconds."""
        return self.spin.maximum()

    def set_maximum(self, seconds: float) -> None:
        """Bound both by ``seconds``, in whole tenths so that the bound itself can be asked for."""
        tenths = max(1, int(seconds * TENTHS + 1e-6))
        with QSignalBlocker(self.slider):
            self.slider.setRange(round(MIN_SECONDS * TENTHS), tenths)
        self.spin.set_bounds(MIN_SECONDS, tenths / TENTHS)

    def _tell(self) -> None:
        """Say the seconds aloud: the slider counts in tenths."""
        self.slider.setAccessibleDescription(f"{self.seconds():.1f} seconds")

    @Slot()
    def _spin_changed(self) -> None:
        self._tell()
        with QSignalBlocker(self.slider):
            self.slider.setValue(round(self.spin.value() * TENTHS))
        self.edited.emit()

    @Slot(int)
    def _slider_changed(self, tenths: int) -> None:
        self.spin.setValue(tenths / TENTHS)
