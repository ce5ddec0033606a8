"""Alt and a letter for buttons, fields and menu lines: each window gives its letters out once.

A letter that stands in a text (``&Save``) is kept. The others are given out as people expect
them: first letters of words before others, buttons before fields, and none twice among what is
shown together. Captions with a buddy take Alt and their letter to the field.
"""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QTimer, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QCheckBox, QLabel, QPushButton, QRadioButton, QWidget, QWidgetAction

MARK = re.compile(r"&(?!&)(.)")
LETTERS = frozenset(string.ascii_lowercase)
CHIP = "chip"
"""The role of buttons that say what somebody has written: tags, prompts."""


def letter_of(text: str) -> str:
    """The letter that a text has for Alt, in lower case; empty if it has none."""
    found = MARK.search(text.replace("&&", ""))
    return found[1].lower() if found else ""


def plain(text: str) -> str:
    """A text as it is read."""
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&")


def give_letters(actions: Iterable[QAction]) -> None:
    """Give letters to the lines of a menu whose words are ours, not somebody's names."""
    lines = [
        _Text(action.text(), action.setText)
        for action in actions
        if not action.isSeparator() and not isinstance(action, QWidgetAction)
    ]
    _give(lines, set())


def give_captions(window: QWidget) -> None:
    """Give letters to the captions of fields, shown or not, once for as long as they are there."""
    captions = [label for label in window.findChildren(QLabel) if label.buddy() is not None]
    _give([_Text(label.text(), label.setText) for label in captions], set())


class Mnemonics(QObject):
    """Sees to it that what is shown in a window has its letters, whenever that changes.

    Args:
        window: a dialog; where Alt counts.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._soon = QTimer(self)  # what is added is shown a moment later
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self.give)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """A text that has changed, or a part that is shown, asks the window for its layout."""
        if event.type() is QEvent.Type.Show:
            self.give()
        elif event.type() is QEvent.Type.LayoutRequest:
            self._soon.start()
        return super().eventFilter(watched, event)

    @Slot()
    def give(self) -> None:
        """Give letters to what is shown and has none."""
        shown = [
            part
            for part in self._window.findChildren(QWidget)
            if part.isVisibleTo(self._window) and part.window() is self._window
        ]
        buttons = [
            _Text(part.text(), part.setText)
            for part in shown
            if isinstance(part, QPushButton) and part.text() and part.property("role") != CHIP
        ]
        fields = [
            _Text(part.text(), part.setText)
            for part in shown
            if isinstance(part, QCheckBox | QRadioButton)
            or (isinstance(part, QLabel) and part.buddy() is not None)
        ]
        _give(fields, _give(buttons, set()))


@dataclass(frozen=True, slots=True)
class _Text:
    text: str
    change: Callable[[str], None]


def _give(texts: Iterable[_Text], taken: set[str]) -> set[str]:
    """Give letters that are not taken; returns those that are taken then."""
    without: list[_Text] = []
    for part in texts:
        letter = letter_of(part.text)
        if letter and letter not in taken:
            taken.add(letter)
        else:
            without.append(part)
    for part in without:
        words = plain(part.text)
        place = _place(words, taken)
        if place is not None:
            taken.add(words[place].lower())
        marked = _marked(words, place)
        if marked != part.text:
            part.change(marked)
    return taken


def _place(words: str, taken: set[str]) -> int | None:
    """Where a letter stands that is still free."""
    ours = words.partition("\t")[0]  # behind it stands the key of a menu's line
    starts = [match.start() for match in re.finditer(r"\b\w", ours)]
    places: list[int] = [*starts, *range(len(ours))]
    for place in places:
        letter = ours[place].lower()
        if letter in LETTERS and letter not in taken:
            return place
    return None


def _marked(words: str, place: int | None) -> str:
    before, after = (words, "") if place is None else (words[:place], words[place:])
    mark = "" if place is None else "&"
    return before.replace("&", "&&") + mark + after.replace("&", "&&")
