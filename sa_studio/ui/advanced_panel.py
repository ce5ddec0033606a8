"""The part of the form that folds out: sampler, schedule, guidance, LoRAs, init audio."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
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
from sa_studio.ui.lora_field import LoraField
from sa_studio.ui.number_spin import FIELD_HEIGHT, NumberSpin

# a variance-exploding schedule has levels up to its σ_max, a flow's levels end at 1
FLOW_OBJECTIVES = ("rectified_flow", "rf_denoiser")
# only a schedule over noise levels σ has bounds to set; those of flows are fixed
SIGMA_OBJECTIVE = "v"
SCHEDULE_FIELDS = ("sigma_min", "sigma_max", "rho")
MAX_SIGMA = 10_000.0
SOUND_FILES = "Sounds (*.wav *.flac *.ogg *.mp3 *.aiff *.aif);;All files (*)"


class AdvancedPanel(QWidget):
    """Steps, guidance, sampler, noise schedule, init audio and its noise, LoRAs.

    Attributes:
        boxes: request field → where it is shown.
    """

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.steps = NumberSpin(1, MAX_STEPS)
        name_widget(
            self.steps,
            "steps_spin",
            "Sampler steps",
            "How often the sound is refined out of noise: more is cleaner and takes longer",
        )
        self.guidance = NumberSpin(0, MAX_GUIDANCE_SCALE, decimals=1, step=0.5)
        name_widget(
            self.guidance,
            "guidance_spin",
            "Guidance scale",
            "How literally the prompt is followed: low is loose and natural, high is exact "
            "and soon harsh; 1 switches guidance off",
        )
        self.sampler = QComboBox()
        name_widget(
            self.sampler,
            "sampler_combo",
            "Sampler",
            "The way from noise to sound: each lends the same seed another grain",
        )
        self.rescale = NumberSpin(0, 1, decimals=2, step=0.1)
        name_widget(
            self.rescale,
            "guidance_rescale_spin",
            "Guidance rescale",
            "Tames what strong guidance makes too loud and harsh; 0 leaves it as it is",
        )
        self.sigma_min = NumberSpin(0.001, MAX_SIGMA, decimals=3, step=0.1)
        name_widget(
            self.sigma_min,
            "sigma_min_spin",
            "Smallest noise level",
            "The noise level at which refining stops: higher leaves a little hiss",
        )
        self.sigma_max = NumberSpin(0.01, MAX_SIGMA, decimals=2, step=10)
        name_widget(
            self.sigma_max,
            "sigma_max_spin",
            "Largest noise level",
            "The noise level that it starts from; the model's own suits nearly every sound",
        )
        self.rho = NumberSpin(0.01, 100, decimals=2, step=0.5)
        name_widget(
            self.rho,
            "rho_spin",
            "Curve of the noise schedule",
            "Where the steps are spent: higher on fine detail; 1 spaces them evenly from "
            "rough to fine",
        )
        self.loras = LoraField()
        self.init_audio = QLineEdit()
        name_widget(
            self.init_audio,
            "init_audio_edit",
            "Sound file to start from",
            "A recording that the sound grows out of; it keeps its timing and outline",
        )
        self.init_audio.setPlaceholderText("none: start from noise")
        self.init_audio.setClearButtonEnabled(True)
        self.choose = QToolButton()
        name_widget(
            self.choose,
            "init_audio_button",
            "Choose a sound file to start from",
            "Choose a recording to start from",
        )
        self.choose.setIcon(icon("folder"))
        self.choose.setFixedSize(FIELD_HEIGHT, FIELD_HEIGHT)
        self.init_noise = NumberSpin(0.01, 1.0, decimals=2, step=0.05)
        name_widget(
            self.init_noise,
            "init_noise_spin",
            "Noise added to the init audio",
            "How far the sound may leave the init audio: little keeps it, much keeps only "
            "its outline",
        )
        self.boxes = {
            "steps": FieldBox("Steps", self.steps),
            "guidance_scale": FieldBox("Guidance", self.guidance),
            "sampler": FieldBox("Sampler", self.sampler),
            "guidance_rescale": FieldBox("Guidance rescale", self.rescale),
            "rho": FieldBox("Rho", self.rho),
            "sigma_min": FieldBox("Sigma min", self.sigma_min),
            "sigma_max": FieldBox("Sigma max", self.sigma_max),
            "init_audio": FieldBox("Init audio", self.init_audio, self._with_button()),
            "init_noise_level": FieldBox("Noise", self.init_noise),
            "loras": FieldBox("LoRAs", self.loras),
        }
        self._model: ModelInfo | None = None
        self._spins = {
            "steps": self.steps,
            "guidance_scale": self.guidance,
            "guidance_rescale": self.rescale,
            "sigma_min": self.sigma_min,
            "sigma_max": self.sigma_max,
            "rho": self.rho,
            "init_noise_level": self.init_noise,
        }
        self._lay_out()
        for spin in self._spins.values():
            spin.valueChanged.connect(self.edited)
            spin.refused_changed.connect(self.edited)
        self.sampler.currentIndexChanged.connect(self.edited)
        self.loras.edited.connect(self.edited)
        self.init_audio.textChanged.connect(self._init_audio_changed)
        self.choose.clicked.connect(self._choose_file)
        self._init_audio_changed()

    @property
    def spins(self) -> dict[str, NumberSpin]:
        """Request field → the spin box that holds it, of those that are in use."""
        return {name: spin for name, spin in self._spins.items() if not self.boxes[name].isHidden()}

    def set_model(self, model: ModelInfo) -> None:
        """Offer what the model offers, at its defaults where the user has chosen no other value."""
        own = self._own_values()
        self._model = model
        self.sampler.clear()
        self.sampler.addItems(list(model.samplers))
        flow = model.objective in FLOW_OBJECTIVES
        self.init_noise.set_bounds(0.01, 1.0 if flow else model.defaults.sigma_max)
        for name in SCHEDULE_FIELDS:
            self.boxes[name].setVisible(model.objective == SIGMA_OBJECTIVE)
        values = {**_defaults(model), **own}
        self.set_fields(
            {
                name: value if self._can_hold(name, value) else _defaults(model)[name]
                for name, value in values.items()
            }
        )

    def _own_values(self) -> dict[str, Any]:
        """What the user has set to something else than the model's default."""
        if self._model is None:
            return {}
        defaults = _defaults(self._model)
        values: dict[str, Any] = {name: spin.value() for name, spin in self.spins.items()}
        values["sampler"] = self.sampler.currentText()
        return {
            name: values[name]
            for name, default in defaults.items()
            if name in values and not _same(values[name], default)
        }

    def _can_hold(self, name: str, value: Any) -> bool:
        if name == "sampler":
            return self.sampler.findText(str(value)) >= 0
        spin = self._spins[name]
        return bool(spin.minimum() <= value <= spin.maximum())

    def fields(self) -> dict[str, Any]:
        """The request fields of this part, as JSON values."""
        path = self.init_audio.text().strip()
        scheduled = self._model is not None and self._model.objective == SIGMA_OBJECTIVE
        return {
            "sampler": self.sampler.currentText() or None,
            "steps": int(self.steps.value()),
            "guidance_scale": round(self.guidance.value(), 2),
            "guidance_rescale": round(self.rescale.value(), 2),
            **{
                name: round(self._spins[name].value(), 3) if scheduled else None
                for name in SCHEDULE_FIELDS
            },
            "init_audio": path or None,
            "init_noise_level": round(self.init_noise.value(), 3) if path else None,
            "loras": [list(lora) for lora in self.loras.loras()],
        }

    def set_fields(self, fields: Mapping[str, Any]) -> None:
        """Take over the fields that are there; a sampler the model lacks is left as it was."""
        for name, spin in self._spins.items():
            value = fields.get(name)
            if isinstance(value, int | float):
                spin.setValue(value)
        index = self.sampler.findText(str(fields.get("sampler") or ""))
        if index >= 0:
            self.sampler.setCurrentIndex(index)
        if "init_audio" in fields:
            self.init_audio.setText(str(fields["init_audio"] or ""))
        if isinstance(loras := fields.get("loras"), list | tuple):
            self.loras.set_loras((str(name), float(strength)) for name, strength in loras)

    def summary(self) -> str:
        """The settings on one line, for the fold when it is closed."""
        count = len(self.loras.rows)
        loras = f" · {count} LoRA{'s' if count > 1 else ''}" if count else ""
        return (
            f"{self.steps.value():.0f} · cfg {self.guidance.value():.1f} · "
            f"{self.sampler.currentText()}{loras}"
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

    def _lay_out(self) -> None:
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(12)
        layout.setVerticalSpacing(12)
        places = {
            "steps": (0, 0, 1),
            "guidance_scale": (0, 1, 1),
            "sampler": (1, 0, 2),
            "guidance_rescale": (2, 0, 1),
            "rho": (2, 1, 1),
            "sigma_min": (3, 0, 1),
            "sigma_max": (3, 1, 1),
            "loras": (4, 0, 2),
            "init_audio": (5, 0, 2),
            "init_noise_level": (6, 0, 1),
        }
        top = Qt.AlignmentFlag.AlignTop
        for name, (row, column, width) in places.items():
            layout.addWidget(self.boxes[name], row, column, 1, width, top)
        layout.setColumnStretch(0, 1)
        layout.setColumnStretch(1, 1)

    def _with_button(self) -> QWidget:
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.init_audio, 1)
        layout.addWidget(self.choose)
        return row


def _defaults(model: ModelInfo) -> dict[str, Any]:
    """The request fields of this part that a model has a default for."""
    defaults = model.defaults
    values = {
        "sampler": defaults.sampler,
        "steps": defaults.steps,
        "guidance_scale": defaults.guidance_scale,
        "init_noise_level": defaults.init_noise_level,
    }
    if model.objective == SIGMA_OBJECTIVE:
        values |= {name: getattr(defaults, name) for name in SCHEDULE_FIELDS}
    return values


def _same(value: Any, default: Any) -> bool:
    """Whether a field shows the default, as far as its decimals go."""
    if isinstance(default, str):
        return bool(value == default)
    return math.isclose(value, default, rel_tol=1e-3, abs_tol=5e-4)
