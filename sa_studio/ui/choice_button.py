"""A small button with a menu, of which one line holds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QToolButton

from sa_studio.ui.field_box import name_widget
from sa_studio.ui.theme import set_property

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Choice(Generic[Value]):
    """One line of a menu; ``short`` is what the button says once it is chosen."""

    text: str
    value: Value
    short: str


class ChoiceButton(QToolButton, Generic[Value]):
    """A button with a menu of which one line holds.

    Args:
        caption: what the button says while the first line holds.
        start: the value at the start.
        choices: asked for each time the menu opens; the first one has the value at the start.
    """

    chosen = Signal()

    def __init__(
        self, caption: str, start: Value, choices: Callable[[], Sequence[Choice[Value]]]
    ) -> None:
        super().__init__()
        self.caption, self._start, self._choices = caption, start, choices
        self._offered: Sequence[Choice[Value]] = ()
        self.value = start
        self.setText(caption)
        self.setProperty("role", "filter")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu = QMenu(self)
        self.setMenu(self._menu)
        self._menu.aboutToShow.connect(self._offer)
        self._menu.triggered.connect(self._choose)

    def describe(self, object_name: str, accessible_name: str, tip: str) -> None:
        """Give the button and its menu the names that scripts use and that are read aloud."""
        name_widget(self, object_name, accessible_name)
        name_widget(self._menu, f"{object_name}_menu", accessible_name)
        self.setToolTip(tip)
        self._say(self.caption)

    @property
    def is_active(self) -> bool:
        """Whether something else is chosen than at the start."""
        return self.value != self._start

    def choose(self, choice: Choice[Value]) -> None:
        """Choose a line; says so if it is another one."""
        if choice.value == self.value:
            return
        self.value = choice.value
        self._say(choice.short if self.is_active else self.caption)
        set_property(self, "active", self.is_active)
        self.chosen.emit()

    def reset(self) -> None:
        """Go back to the start, without a word."""
        with QSignalBlocker(self):
            self.choose(Choice("", self._start, self.caption))

    def _say(self, text: str) -> None:
        self.setText(text.replace("&", "&&"))
        self.setAccessibleDescription(text)

    @Slot()
    def _offer(self) -> None:
        self._menu.clear()
        self._offered = self._choices()
        group = QActionGroup(self._menu)
        for choice in self._offered:
            action = self._menu.addAction(choice.text.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(choice.value == self.value)
            group.addAction(action)

    @Slot(QAction)
    def _choose(self, action: QAction) -> None:
        self.choose(self._offered[self._menu.actions().index(action)])
