"""The part of the form that folds out: sampler, steps, guidance and the sound to start from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QToolButton,
    QWidget,
)

from sa_studio.generation import MAX_GUIDANCE_SCALE, MAX_STEPS, ModelInfo
from sa_studio.ui.field_box import FieldBox, name_widget
from sa_studio.ui.icons import icon
from sa_studio.ui.number_spin import FIELD_HEIGHT, NumberSpin

# a variance-exploding schedule has levels up to its σ_max, a flow's levels end at 1
FLOW_OBJECTIVES = ("rectified_flow", "rf_denoiser")
SOUND_FILES = "Sounds (*.wav *.flac *.ogg *.mp3 *.aiff *.aif);;All files (*)"


class AdvancedPanel(QWidget):
    """Steps, guidance, sampler, init audio and its noise.

    Attributes:
        boxes: request field → where it is shown.
    """

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.steps = NumberSpin(1, MAX_STEPS)
        name_widget(self.steps, "steps_spin", "Sampler steps")
        self.guidance = NumberSpin(0, MAX_GUIDANCE_SCALE, decimals=1, step=0.5)
        name_widget(self.guidance, "guidance_spin", "Guidance scale")
        self.guidance.setToolTip("How strictly the prompt is followed; 1 switches guidance off")
        self.sampler = QComboBox()
        name_widget(self.sampler, "sampler_combo", "Sampler")
        self.init_audio = QLineEdit()
        name_widget(self.init_audio, "init_audio_edit", "Sound file to start from")
        self.init_audio.setPlaceholderText("none: start from noise")
        self.init_audio.setClearButtonEnabled(True)
        self.choose = QToolButton()
        name_widget(self.choose, "init_audio_button", "Choose a sound file to start from")
        self.choose.setIcon(icon("folder"))
        self.choose.setFixedSize(FIELD_HEIGHT, FIELD_HEIGHT)
        self.choose.setToolTip("Choose a sound file to start from")
        self.init_noise = NumberSpin(0.01, 1.0, decimals=2, step=0.05)
        name_widget(self.init_noise, "init_noise_spin", "Noise added to the init audio")
        self.init_noise.setToolTip("How much of the sound is replaced: more noise, less of it")
        self.boxes = {
            "steps": FieldBox("Steps", self.steps),
            "guidance_scale": FieldBox("Guidance", self.guidance),
            "sampler": FieldBox("Sampler", self.sampler),
            "init_audio": FieldBox("Init audio", self.init_audio, self._with_button()),
            "init_noise_level": FieldBox("Noise", self.init_noise),
        }
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(12)
        layout.setVerticalSpacing(12)
        layout.addWidget(self.boxes["steps"], 0, 0)
        layout.addWidget(self.boxes["guidance_scale"], 0, 1)
        layout.addWidget(self.boxes["sampler"], 1, 0, 1, 2)
        layout.addWidget(self.boxes["init_audio"], 2, 0, 1, 2)
        layout.addWidget(self.boxes["init_noise_level"], 3, 0)
        layout.setColumnStretch(0, 1)
        layout.setColumnStretch(1, 1)
        for spin in (self.steps, self.guidance, self.init_noise):
            spin.valueChanged.connect(self.edited)
            spin.refused_changed.connect(self.edited)
        self.sampler.currentIndexChanged.connect(self.edited)
        self.init_audio.textChanged.connect(self._init_audio_changed)
        self.choose.clicked.connect(self._choose_file)
        self._init_audio_changed()

    def set_model(self, model: ModelInfo) -> None:
        """Offer what the model offers, at its defaults."""
        self.sampler.clear()
        self.sampler.addItems(list(model.samplers))
        flow = model.objective in FLOW_OBJECTIVES
        self.init_noise.set_bounds(0.01, 1.0 if flow else model.defaults.sigma_max)
        self.set_fields(
            {
                "sampler": model.defaults.sampler,
                "steps": model.defaults.steps,
                "guidance_scale": model.defaults.guidance_scale,
                "init_noise_level": model.defaults.init_noise_level,
            }
        )

    def fields(self) -> dict[str, Any]:
        """The request fields of this part, as JSON values."""
        path = self.init_audio.text().strip()
        return {
            "sampler": self.sampler.currentText() or None,
            "steps": int(self.steps.value()),
            "guidance_scale": round(self.guidance.value(), 2),
            "init_audio": path or None,
            "init_noise_level": round(self.init_noise.value(), 3) if path else None,
        }

    def set_fields(self, fields: Mapping[str, Any]) -> None:
        """Take over the fields that are there; a sampler the model lacks is left as it was."""
        for name, spin in (
            ("steps", self.steps),
            ("guidance_scale", self.guidance),
            ("init_noise_level", self.init_noise),
        ):
            value = fields.get(name)
            if isinstance(value, int | float):
                spin.setValue(value)
        index = self.sampler.findText(str(fields.get("sampler") or ""))
        if index >= 0:
            self.sampler.setCurrentIndex(index)
        if "init_audio" in fields:
            self.init_audio.setText(str(fields["init_audio"] or ""))

    def summary(self) -> str:
        """The settings on one line, for the fold when it is closed."""
        return (
            f"{self.steps.value():.0f} · cfg {self.guidance.value():.1f} · "
            f"{self.sampler.currentText()}"
        )

    @Slot()
    def _init_audio_changed(self) -> None:
        self.boxes["init_noise_level"].setEnabled(bool(self.init_audio.text().strip()))
        self.edited.emit()

    @Slot()
    def _choose_file(self) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self, "Start from a sound", self.init_audio.text(), SOUND_FILES
        )
        if path:
            self.init_audio.setText(path)

    def _with_button(self) -> QWidget:
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.init_audio, 1)
        layout.addWidget(self.choose)
        return row
