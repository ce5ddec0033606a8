"""Where and how precisely sounds are computed: shows it, and lets the user choose."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QPushButton

from sa_studio.ui.field_box import name_widget
from sa_studio.ui.menu_heading import add_heading
from sa_studio.ui.mnemonics import give_letters

AUTO = "auto"
HINT = "Where and how precisely sounds are computed; click to choose"
GPU = ("mps", "Apple GPU") if sys.platform == "darwin" else ("cuda", "Graphics card")
DEVICES = ((AUTO, "Best device there is"), GPU, ("cpu", "Processor"))
DTYPES = (
    (AUTO, "Precision that suits the device"),
    ("float32", "float32: exact"),
    ("bfloat16", "bfloat16: half the memory"),
    ("float16", "float16: half the memory, for older graphics cards"),
)


class DeviceButton(QPushButton):
    """A chip with a menu of devices and precisions.

    Args:
        device, dtype: what is chosen, as in a request.
    """

    chosen = Signal(str, str)
    """Device and precision, as in a request."""

    def __init__(self, device: str, dtype: str) -> None:
        super().__init__()
        name_widget(self, "device_button", "Device")
        self.setProperty("role", "chip")
        menu = QMenu(self)
        self._devices = self._add(menu, "Device", DEVICES, device)
        self._dtypes = self._add(menu, "Precision", DTYPES, dtype)
        give_letters(menu.actions())
        self.setMenu(menu)
        self.show_computing(self._summary())

    @property
    def device(self) -> str:
        """What is chosen."""
        return _checked(self._devices)

    @property
    def dtype(self) -> str:
        """What is chosen."""
        return _checked(self._dtypes)

    def show_computing(self, text: str, plan: str = "") -> None:
        """Say where the loaded model computes, and by which plan."""
        self.setText(text)
        self.setToolTip("\n".join(filter(None, [HINT, plan])))
        self.setAccessibleName(f"Device: {text}")

    def _add(
        self, menu: QMenu, title: str, choices: Sequence[tuple[str, str]], current: str
    ) -> QActionGroup:
        add_heading(menu, title)
        group = QActionGroup(menu)
        known = {value for value, _ in choices}
        # a device such as cuda:1, from the settings file
        more = () if current in known else ((current, current),)
        for value, text in (*choices, *more):
            action = QAction(text, group)
            action.setData(value)
            action.setCheckable(True)
            action.setChecked(value == current)
            menu.addAction(action)
        group.triggered.connect(self._choose)
        return group

    @Slot(QAction)
    def _choose(self, _action: QAction) -> None:
        self.show_computing(self._summary())
        self.chosen.emit(self.device, self.dtype)

    def _summary(self) -> str:
        """What is chosen, in a few words, while no model is loaded that way."""
        asked = [value for value in (self.device, self.dtype) if value != AUTO]
        return " · ".join(asked) or "Auto device"


def _checked(group: QActionGroup) -> str:
    action = group.checkedAction()
    assert action is not None, "one of them always is"
    return str(action.data())
