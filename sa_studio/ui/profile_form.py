"""The fields of a delivery profile, with what is wrong beside each and a name as an example."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QLineEdit, QVBoxLayout, QWidget

from sa_studio.errors import RequestError
from sa_studio.service import example_path
from sa_studio.ui.elided_label import ElidedLabel
from sa_studio.ui.field_box import FieldBox, name_widget, text_label
from sa_studio.ui.format_fit import FormatFit
from sa_studio.ui.number_spin import NumberSpin
from sa_studio.ui.profile_fields import COMBOS, NUMBERS, RATE_NOTES, TEXTS, TICKS
from sa_studio.ui.theme import set_property
from sa_studio.vocabulary.delivery import DeliveryProfile, Depth, FileFormat, LevelPolicy, Naming


class ProfileForm(QWidget):
    """Everything that a profile says.

    Attributes:
        boxes: field of the profile → where it is shown.
    """

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._shown = DeliveryProfile()
        self._filling = False
        self.texts = {name: QLineEdit() for name in TEXTS}
        self.spins: dict[str, NumberSpin] = {}
        self.boxes: dict[str, FieldBox] = {}
        for field, (caption, name, tip) in TEXTS.items():
            name_widget(self.texts[field], name, caption, tip)
            self.boxes[field] = FieldBox(caption, self.texts[field])
        self.texts["folder_template"].setPlaceholderText("none, or such as {category}/{library}")
        for field, (caption, name, tip, low, high, decimals) in NUMBERS.items():
            spin = NumberSpin(low, high, decimals=decimals, step=0.05 if decimals == 2 else 1)
            name_widget(spin, name, caption, tip)
            self.spins[field] = spin
            self.boxes[field] = FieldBox(caption, spin)
        self.combos: dict[str, QComboBox] = {}
        for field, (caption, name, tip, choices) in COMBOS.items():
            combo = self.combos[field] = QComboBox()
            name_widget(combo, name, caption, tip)
            for value, text in choices.items():
                combo.addItem(text, value)
            self.boxes[field] = FieldBox(caption, combo)
        self._fit = FormatFit(self.combos, self.boxes)
        self.ticks = {field: _tick(*words) for field, words in TICKS.items()}
        self.rate_note = text_label("", "quiet", wrap=True)
        self.rate_note.setObjectName("profile_rate_note")
        self.example = ElidedLabel()
        self.example.setObjectName("profile_example")
        self.example.setProperty("role", "quiet-figures")
        self._lay_out()
        self._connect()
        self.show_profile(self._shown)

    def show_profile(self, profile: DeliveryProfile, *, is_editable: bool = True) -> None:
        """Fill the fields; those of a built-in profile can only be looked at."""
        self._filling = True
        self._shown = profile
        for field, edit in self.texts.items():
            edit.setText(getattr(profile, field))
        for field, spin in self.spins.items():
            spin.setValue(getattr(profile, field))
        for field, combo in self.combos.items():
            combo.setCurrentIndex(combo.findData(getattr(profile, field)))
        for field, tick in self.ticks.items():
            tick.setChecked(getattr(profile, field))
        for part in (*self.boxes.values(), *self.ticks.values()):
            part.setEnabled(is_editable)
        self._fit.forget()
        self._is_editable = is_editable
        self._filling = False
        self._show()

    @property
    def is_changed(self) -> bool:
        """Whether the fields say something else than the profile that was shown."""
        try:
            return self.profile() != self._shown
        except RequestError:
            return True

    def profile(self) -> DeliveryProfile:
        """The profile that the fields describe; raises RequestError, naming the field."""
        for problem in self._refused():
            raise problem
        return self._described()

    def _refused(self) -> list[RequestError]:
        """Fields that hold no number within their bounds."""
        return [
            RequestError(field, f"“{spin.refused}” cannot be used", spin.bounds_text())
            for field, spin in self.spins.items()
            if spin.refused
        ]

    def _described(self) -> DeliveryProfile:
        """What the fields say, with the last good number of those that are refused."""
        values = {field: combo.currentData() for field, combo in self.combos.items()}
        typed: dict[str, Any] = {field: edit.text().strip() for field, edit in self.texts.items()}
        typed |= {field: tick.isChecked() for field, tick in self.ticks.items()}
        for field, spin in self.spins.items():
            # a spin box holds no more digits than it shows
            typed[field] = round(spin.value(), spin.decimals())
        return replace(
            self._shown,
            **typed,
            format=FileFormat(values["format"]),
            sample_rate=int(values["sample_rate"]),
            depth=Depth(values["depth"]),
            level=LevelPolicy(values["level"]),
            naming=Naming(values["naming"]),
        )

    def set_problem(self, field: str, text: str) -> None:
        """Mark a field; one that is not here is marked at the name."""
        self.boxes.get(field, self.boxes["name"]).set_problem(text)

    # --- what is shown ----------------------------------------------------------------------
    @Slot()
    def _edited(self) -> None:
        if not self._filling:
            self._show()
            self.edited.emit()

    def _show(self) -> None:
        """What depends on what; what is wrong; the example."""
        gave_way = self._fit.fit()
        file_format = FileFormat(self.combos["format"].currentData())
        level = LevelPolicy(self.combos["level"].currentData())
        self.boxes["depth"].setEnabled(self._is_editable and not file_format.is_lossy)
        self.boxes["target_lufs"].setEnabled(self._is_editable and level is LevelPolicy.LUFS)
        for field in ("trim_db", "tail_seconds"):
            self.boxes[field].setEnabled(
                self._is_editable and self.ticks["trim_silence"].isChecked()
            )
        rate = int(self.combos["sample_rate"].currentData())
        self.rate_note.setText(" ".join(gave_way) or RATE_NOTES[rate])
        set_property(self.rate_note, "role", "warning" if gave_way else "quiet")
        for box in self.boxes.values():
            if box.problem:
                box.set_problem("")
        problems = self._refused()
        try:
            self.example.setText(f"e.g. {example_path(self._described())}")
        except RequestError as error:
            problems.append(error)
            self.example.setText("")
        for problem in problems:
            self.set_problem(problem.field, f"{problem.message}. {problem.hint}")

    # --- building ---------------------------------------------------------------------------
    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(10)
        places: dict[str, tuple[int, int, int]] = {
            "name": (0, 0, 6),
            "format": (1, 0, 2), "sample_rate": (1, 2, 2), "depth": (1, 4, 2),
            "level": (3, 0, 2), "target_lufs": (3, 2, 2), "ceiling_db": (3, 4, 2),
            "trim_db": (4, 2, 2), "tail_seconds": (4, 4, 2),
            "naming": (5, 0, 3), "folder_template": (5, 3, 3),
            "designer": (7, 0, 2), "library": (7, 2, 2), "project": (7, 4, 2),
            "creator_id": (8, 0, 2), "source_id": (8, 2, 2),
            "copyright": (9, 0, 6),
        }  # fmt: skip
        top = Qt.AlignmentFlag.AlignTop
        for field, (row, column, width) in places.items():
            grid.addWidget(self.boxes[field], row, column, 1, width, top)
        grid.addWidget(self.rate_note, 2, 0, 1, 6)
        middle = Qt.AlignmentFlag.AlignVCenter
        grid.addWidget(self.ticks["trim_silence"], 4, 0, 1, 2, middle)
        grid.addWidget(self.example, 6, 0, 1, 4)
        grid.addWidget(self.ticks["ascii_names"], 6, 4, 1, 2, middle)
        grid.addWidget(self.ticks["embeds_recipe"], 8, 4, 1, 2, middle)
        for column in range(6):
            grid.setColumnStretch(column, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(grid)
        layout.addStretch(1)
        # the keyboard goes as the eye does
        QWidget.setTabOrder(self.spins["ceiling_db"], self.ticks["trim_silence"])
        QWidget.setTabOrder(self.texts["folder_template"], self.ticks["ascii_names"])
        QWidget.setTabOrder(self.texts["source_id"], self.ticks["embeds_recipe"])

    def _connect(self) -> None:
        for edit in self.texts.values():
            edit.textChanged.connect(self._edited)
        for spin in self.spins.values():
            spin.valueChanged.connect(self._edited)
            spin.refused_changed.connect(self._edited)
        for combo in self.combos.values():
            combo.currentIndexChanged.connect(self._edited)
        for tick in self.ticks.values():
            tick.toggled.connect(self._edited)


def _tick(name: str, text: str, tip: str) -> QCheckBox:
    tick = QCheckBox(text)
    name_widget(tick, name, text, tip)
    return tick
