"""Keeps sample rate and depth to what the chosen format can hold, and says what gave way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QComboBox

from sa_studio.ui.field_box import FieldBox
from sa_studio.vocabulary.delivery import DeliveryProfile, FileFormat

FIELDS = ("sample_rate", "depth")


class FormatFit:
    """What a format refuses cannot be chosen; what was chosen before comes back with its format.

    Args:
        combos: field of a profile → its choices, the values as the data of the items.
        boxes: where each is shown.
    """

    def __init__(self, combos: Mapping[str, QComboBox], boxes: Mapping[str, FieldBox]) -> None:
        self._combos, self._boxes = combos, boxes
        self._gave_way: dict[str, tuple[Any, Any]] = {}

    def forget(self) -> None:
        """Another profile is shown: nothing of the last one comes back."""
        self._gave_way.clear()

    def fit(self) -> list[str]:
        """Let the choices follow the format; returns what gave way, a sentence each."""
        kind = FileFormat(self._combos["format"].currentData())
        for field in FIELDS:
            self._fit(field, kind)
        return [
            f"{_reason(kind, field, wanted)}: {self._text(field, given)} "
            f"instead of {self._text(field, wanted)}."
            for field, (wanted, given) in self._gave_way.items()
        ]

    def _fit(self, field: str, kind: FileFormat) -> None:
        combo = self._combos[field]
        wanted = combo.currentData()
        before, given = self._gave_way.pop(field, (wanted, wanted))
        if wanted == given:  # nobody has chosen another one since
            wanted = before
        given = getattr(_profile(kind, field, wanted).fitted(), field)
        if given != wanted:
            self._gave_way[field] = (wanted, given)
        with QSignalBlocker(combo):
            combo.setCurrentIndex(combo.findData(given))
        self._boxes[field].note.setText(self._offer(field, kind))

    def _offer(self, field: str, kind: FileFormat) -> str:
        """Let what cannot be be seen, but not chosen; returns a short word on it."""
        combo = self._combos[field]
        items = combo.model()
        assert isinstance(items, QStandardItemModel)
        refused = []
        for row in range(combo.count()):
            reason = _reason(kind, field, combo.itemData(row))
            items.item(row).setEnabled(not reason)
            combo.setItemData(row, reason or None, Qt.ItemDataRole.ToolTipRole)
            if reason:
                refused.append(combo.itemText(row))
        return f"{kind.upper()}: no {', '.join(refused)}" if refused else ""

    def _text(self, field: str, value: object) -> str:
        combo = self._combos[field]
        return combo.itemText(combo.findData(value))


def _reason(kind: FileFormat, field: str, value: object) -> str:
    """Why files of this format cannot be like that; empty if they can."""
    conflicts = _profile(kind, field, value).conflicts()
    return conflicts[0].message if conflicts else ""


def _profile(kind: FileFormat, field: str, value: Any) -> DeliveryProfile:
    # the default rate and depth are possible in all formats
    return replace(DeliveryProfile(), format=kind, **{field: value})
