"""Bringing in a model or a LoRA that is on this computer already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QWidget,
)

from sa_studio.errors import StudioError
from sa_studio.ui.field_box import FieldBox, name_widget, text_label
from sa_studio.ui.models.entry import ModelEntry
from sa_studio.ui.models.page import StepPage
from sa_studio.ui.models.problem_box import ProblemBox

MODEL_FILES = "Models (*.safetensors *.ckpt *.pt *.bin);;All files (*)"
LORA_FILES = "LoRAs (*.safetensors *.ckpt *.pt *.bin);;All files (*)"
CONFIG_FILES = "Configurations (*.json);;All files (*)"
OWN_AUTOENCODER = "its own"
WHAT_MODELS = (
    "A folder of stable-audio-tools or diffusers, or a single .safetensors or .ckpt file with "
    "its configuration. It can also be dropped onto this window."
)
WHAT_LORAS = (
    "A file, or a folder that PEFT or diffusers made. It is attached to a model in the form, "
    "under Advanced."
)


@dataclass(frozen=True, slots=True)
class ImportOrder:
    """What is to be imported, and how; the fields are those of ``ModelShelf.import_model``."""

    source: Path
    is_lora: bool = False
    name: str | None = None
    config: Path | None = None
    autoencoder_from: str | None = None
    in_place: bool = False


class ImportPage(StepPage):
    """Source, name and options of an import."""

    def __init__(self) -> None:
        super().__init__("import", "Import")
        self._make_fields()
        self._lay_out()
        self.model.toggled.connect(self._kind_changed)
        self.source.textChanged.connect(self._source_changed)
        self.choose_file.clicked.connect(self._choose_file)
        self.choose_folder.clicked.connect(self._choose_folder)
        self.choose_config.clicked.connect(self._choose_config)
        self._kind_changed()

    def order(self) -> ImportOrder:
        """What the page describes."""
        text = self.source.text().strip()
        config = self.config.text().strip()
        is_lora = self.lora.isChecked()
        return ImportOrder(
            Path(text).expanduser(),
            is_lora,
            self.name.text().strip() or None,
            Path(config).expanduser() if config and not is_lora else None,
            (self.autoencoder.currentData() or None) if not is_lora else None,
            self.in_place.isChecked() and not is_lora,
        )

    def begin(
        self, entries: Sequence[ModelEntry], *, source: Path | None = None, lora: bool = False
    ) -> None:
        """Start anew, with the source if it is known; ``entries`` may lend their autoencoder."""
        (self.lora if lora else self.model).setChecked(True)
        self.problem.show_error(None)
        self.source.setText(str(source) if source is not None else "")
        self.name.clear()
        self.config.clear()
        self.in_place.setChecked(False)
        self.autoencoder.clear()
        self.autoencoder.addItem(OWN_AUTOENCODER, "")
        for entry in entries:
            if entry.info is not None:
                self.autoencoder.addItem(f"that of {entry.title}", entry.id)
        first = self.choose_folder if source is None else self.proceed
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_error(self, error: StudioError | None) -> None:
        """Say why the import failed; what was filled in stays, to be mended."""
        self.problem.show_error(error, can_retry=False)

    @Slot()
    def _kind_changed(self) -> None:
        is_model = self.model.isChecked()
        self.title.setText("Import a model" if is_model else "Import a LoRA")
        self.what.setText(WHAT_MODELS if is_model else WHAT_LORAS)
        for part in (self.config_box, self.autoencoder_box, self.in_place):
            part.setVisible(is_model)
        self._source_changed()

    @Slot()
    def _source_changed(self) -> None:
        self.proceed.setEnabled(bool(self.source.text().strip()))
        self.show_error(None)

    @Slot()
    def _choose_file(self) -> None:
        kinds = MODEL_FILES if self.model.isChecked() else LORA_FILES
        path, _ = QFileDialog.getOpenFileName(self, "Import a file", self.source.text(), kinds)
        if path:
            self.source.setText(path)

    @Slot()
    def _choose_folder(self) -> None:
        path = QFileDialog.getExistingDirectory(self, "Import a folder", self.source.text())
        if path:
            self.source.setText(path)

    @Slot()
    def _choose_config(self) -> None:
        start = self.config.text() or self.source.text()
        path, _ = QFileDialog.getOpenFileName(self, "Its configuration", start, CONFIG_FILES)
        if path:
            self.config.setText(path)

    def _make_fields(self) -> None:
        self.model = QRadioButton("Model")
        name_widget(
            self.model,
            "import_model_radio",
            "Import a model",
            "A whole model, which makes sounds by itself",
        )
        self.lora = QRadioButton("LoRA")
        name_widget(
            self.lora,
            "import_lora_radio",
            "Import a LoRA",
            "A LoRA: a small file that gives a model another style",
        )
        self._kinds = QButtonGroup(self)
        for radio in (self.model, self.lora):
            self._kinds.addButton(radio)
        self.model.setChecked(True)
        self.what = text_label("", "quiet", wrap=True)
        self.source = QLineEdit()
        name_widget(
            self.source,
            "import_source_edit",
            "File or folder to import",
            "Where the model lies on this computer",
        )
        self.choose_file = _chooser(
            "File…", "import_file_button", "Choose a file", "A single .safetensors or .ckpt file"
        )
        self.choose_folder = _chooser(
            "Folder…",
            "import_folder_button",
            "Choose a folder",
            "A folder that holds a whole model",
        )
        self.name = QLineEdit()
        name_widget(
            self.name,
            "import_name_edit",
            "Name of the imported model",
            "What it is called in the list of models",
        )
        self.name.setPlaceholderText("as the file or folder is called")
        self.config = QLineEdit()
        name_widget(
            self.config,
            "import_config_edit",
            "Configuration of a single file",
            "The model_config.json that belongs to a single file",
        )
        self.config.setPlaceholderText("the .json beside it")
        self.choose_config = _chooser(
            "File…",
            "import_config_button",
            "Choose its configuration",
            "The .json file that came with the model",
        )
        self.autoencoder = QComboBox()
        name_widget(
            self.autoencoder,
            "import_autoencoder_combo",
            "Autoencoder",
            "Where the part comes from that turns the model's numbers into sound",
        )
        self.in_place = QCheckBox("Use it where it lies, without a copy")
        name_widget(
            self.in_place,
            "import_in_place_check",
            "Use it where it lies",
            "Saves the space of a copy; the model is gone when its folder is moved",
        )
        self.problem = ProblemBox("import_problem")

    def _lay_out(self) -> None:
        kinds = QHBoxLayout()
        kinds.setSpacing(16)
        kinds.addWidget(self.model)
        kinds.addWidget(self.lora)
        kinds.addStretch(1)
        self.config_box = FieldBox(
            "Configuration", self.config, _row(self.config, self.choose_config)
        )
        self.autoencoder_box = FieldBox("Autoencoder", self.autoencoder)
        self.column.addLayout(kinds)
        self.column.addWidget(self.what)
        self.column.addWidget(self.problem)
        self.column.addWidget(
            FieldBox(
                "File or folder",
                self.source,
                _row(self.source, self.choose_file, self.choose_folder),
            )
        )
        self.column.addWidget(FieldBox("Name", self.name))
        self.column.addWidget(self.config_box)
        self.column.addWidget(self.autoencoder_box)
        self.column.addWidget(self.in_place)
        self.column.addStretch(1)


def _chooser(text: str, object_name: str, accessible_name: str, tooltip: str) -> QPushButton:
    button = QPushButton(text)
    name_widget(button, object_name, accessible_name, tooltip)
    return button


def _row(field: QWidget, *buttons: QPushButton) -> QWidget:
    row = QWidget()
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(6)
    layout.addWidget(field, 1)
    for button in buttons:
        layout.addWidget(button)
    return row
