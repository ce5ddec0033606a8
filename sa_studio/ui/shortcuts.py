"""The keys. Those without a modifier are asleep while something else has a use for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

from sa_studio.ui.clip_drag import DragHandle

TYPING = (QLineEdit, QPlainTextEdit, QTextEdit, QAbstractSpinBox)
PRESSING = (QAbstractButton, QComboBox, DragHandle)
STEPPING = (QAbstractSlider, QComboBox)


class Asleep(Enum):
    """Where a key belongs to the widget that has the focus."""

    NEVER = auto()
    TYPING = auto()
    """Text fields: letters."""
    PRESSING = auto()
    """Text fields, and buttons and combo boxes, which Space and Enter press."""
    STEPPING = auto()
    """Text fields, and sliders and combo boxes, which the arrows move."""

    def applies(self, focus: QWidget | None) -> bool:
        """Whether the key sleeps while ``focus`` has the focus."""
        if self is Asleep.NEVER or focus is None:
            return False
        if isinstance(focus, TYPING):
            return True
        if self is Asleep.PRESSING:
            return isinstance(focus, PRESSING)
        return self is Asleep.STEPPING and isinstance(focus, STEPPING)


@dataclass(frozen=True, slots=True)
class Key:
    """A key, what it does, and where it does something else.

    Attributes:
        sequence: as Qt writes it in every language, ``Ctrl+Return``; Ctrl is Cmd on macOS.
        text: what it does, in a few words; keys of the same text and group are shown as one row
            of the overlay, those without a text not at all.
        group: the heading that it stands under.
    """

    sequence: str
    action: Callable[[], object]
    asleep: Asleep = Asleep.NEVER
    text: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class Gesture:
    """Something done with the mouse that is listed with the keys: a widget sees to it itself."""

    name: str
    text: str
    group: str


class Shortcuts(QObject):
    """The keys of a window.

    Attributes:
        keys: all that are installed, in the order in which they are shown.
        gestures: what is shown with them.
    """

    def __init__(
        self, window: QWidget, keys: Sequence[Key], gestures: Sequence[Gesture] = ()
    ) -> None:
        super().__init__(window)
        self.keys, self.gestures = tuple(keys), tuple(gestures)
        self._shortcuts: list[tuple[QShortcut, Asleep]] = []
        for key in self.keys:
            shortcut = QShortcut(QKeySequence(key.sequence), window)
            shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
            shortcut.activated.connect(key.action)
            self._shortcuts.append((shortcut, key.asleep))
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._focus_changed)

    def shortcut(self, sequence: str) -> QShortcut:
        """The installed key.

        Raises:
            KeyError: there is none.
        """
        for key, (shortcut, _asleep) in zip(self.keys, self._shortcuts, strict=True):
            if key.sequence == sequence:
                return shortcut
        raise KeyError(sequence)

    @Slot(QWidget, QWidget)
    def _focus_changed(self, _old: QWidget | None, new: QWidget | None) -> None:
        for shortcut, asleep in self._shortcuts:
            shortcut.setEnabled(not asleep.applies(new))
