"""The bar on top: the name, the model, the presets, and what the sound is made and heard on."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QToolButton, QWidget

from sa_studio.events import JobEvent, ModelReady, PlanChanged
from sa_studio.generation import ModelInfo
from sa_studio.ui.device_button import DeviceButton
from sa_studio.ui.field_box import name_widget, text_label
from sa_studio.ui.icons import icon
from sa_studio.ui.preset_bar import PresetBar
from sa_studio.ui.transfer_chip import TransferChip
from sa_studio.ui.transfers import Transfers
from sa_studio.ui.window_menu import WindowMenu


class TopBar(QWidget):
    """Models and presets; on the right what is transferred, the device, the doctor, the menu."""

    model_chosen = Signal(object)
    """The :class:`ModelInfo` that was chosen."""
    models_requested = Signal()
    doctor_requested = Signal()

    def __init__(
        self, presets: PresetBar, transfers: Transfers, device: DeviceButton, menu: WindowMenu
    ) -> None:
        super().__init__()
        self._models: list[ModelInfo] = []
        self.setProperty("role", "bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.model_combo = QComboBox()
        name_widget(self.model_combo, "model_combo", "Model")
        self.model_combo.setMinimumWidth(170)
        self.model_combo.setPlaceholderText("No model installed")
        self.model_combo.setToolTip("The model that makes the sound: each knows other sounds")
        self.models = QPushButton("Models…")
        name_widget(self.models, "models_button", "Models")
        self.models.setToolTip("Get, import, check and remove models (Ctrl+M)")
        self.transfer = TransferChip(transfers)
        self.doctor = QToolButton()
        name_widget(self.doctor, "doctor_button", "Doctor")
        self.doctor.setIcon(icon("doctor"))
        self.doctor.setProperty("role", "flat")
        self.doctor.setToolTip("Doctor: what this computer has, and what it lacks")
        self.doctor.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.device = device
        self.menu = menu
        self._device_name = ""
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 7, 16, 7)
        layout.setSpacing(10)
        layout.addWidget(text_label("SA Studio", "title"))
        layout.addSpacing(4)
        layout.addWidget(self.model_combo)
        layout.addWidget(self.models)
        layout.addWidget(presets)
        layout.addStretch(1)
        layout.addWidget(self.transfer)
        layout.addWidget(self.device)
        layout.addWidget(self.doctor)
        layout.addWidget(self.menu)
        self.model_combo.currentIndexChanged.connect(self._chosen)
        self.models.clicked.connect(self.models_requested)
        self.transfer.clicked.connect(self.models_requested)
        self.doctor.clicked.connect(self.doctor_requested)

    def set_models(self, models: Sequence[ModelInfo]) -> None:
        """Offer these models; the one that is chosen stays so, unless it is gone or another."""
        row = self.model_combo.currentIndex()
        chosen = self._models[row] if 0 <= row < len(self._models) else None
        self._models = list(models)
        with QSignalBlocker(self.model_combo):
            self.model_combo.clear()
            for model in models:
                self.model_combo.addItem(model.title)
                self.model_combo.setItemData(
                    self.model_combo.count() - 1, str(model.path), Qt.ItemDataRole.ToolTipRole
                )
            # unnoticed: whoever follows the choice need not do so again
            same = chosen is not None and chosen in self._models
            self.model_combo.setCurrentIndex(self._models.index(chosen) if same and chosen else -1)
        self.model_combo.setEnabled(bool(models))
        if chosen is not None and not same and not self.choose(chosen.id) and models:
            self.choose(models[0].id)

    def choose(self, model_id: str) -> bool:
        """Choose a model by its id; false if it is not installed."""
        for row, model in enumerate(self._models):
            if model.id == model_id:
                self.model_combo.setCurrentIndex(row)
                return True
        return False

    @Slot(object)
    def on_event(self, event: JobEvent) -> None:
        """Show where the model computes, once it is loaded, and by which plan."""
        if isinstance(event, ModelReady):
            self._device_name = event.device.upper()
            self.device.show_computing(f"{self._device_name} · {event.dtype}", event.plan)
        elif isinstance(event, PlanChanged):
            self.device.show_computing(f"{self._device_name} · plan changed", event.plan)

    @Slot(int)
    def _chosen(self, row: int) -> None:
        if 0 <= row < len(self._models):
            self.model_chosen.emit(self._models[row])
