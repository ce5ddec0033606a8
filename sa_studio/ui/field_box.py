"""A field of a form with its caption, its figure and the place where its problem is shown."""

from __future__ import annotations

import html
import re

from PySide6.QtGui import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from sa_studio.ui.theme import set_property

LONG_WORD = re.compile(r"\S{33,}")
PIECE = re.compile(r"[^/\\]{1,32}[/\\]?|[/\\]")


def name_widget(widget: QWidget, object_name: str, accessible_name: str, tooltip: str = "") -> None:
    """Give a widget the name that scripts use, the name that is read aloud, and a tooltip.

    The tooltip tells a sound designer what the control does to the sound; every control has one.
    """
    widget.setObjectName(object_name)
    widget.setAccessibleName(accessible_name)
    if tooltip:
        widget.setToolTip(tooltip)


def plain_tip(text: str) -> str:
    """A tooltip that shows a text as it is, whoever wrote it: Qt takes what looks so for markup."""
    return f"<p>{html.escape(text)}</p>" if Qt.mightBeRichText(text) else text


class WrappedLabel(QLabel):
    """Breaks its lines within long words, too: a path must not make a window wider."""

    # Qt still asks for text when Python has taken the object's own attributes away
    _whole = ""

    def __init__(self, text: str = "") -> None:
        super().__init__()
        self.setWordWrap(True)
        self.setText(text)

    def text(self) -> str:
        """As it was set."""
        return self._whole

    def setText(self, text: str) -> None:  # noqa: N802 (Qt's name)
        """Set the text."""
        self._whole = text
        super().setText(LONG_WORD.sub(_breakable, text))


def _breakable(word: re.Match[str]) -> str:
    """A word with places to break it: behind the folders of a path, and wherever it is long."""
    return "\u200b".join(PIECE.findall(word[0]))


def text_label(text: str = "", role: str = "", *, wrap: bool = False) -> QLabel:
    """A label in one of the roles of the theme; its text is never taken for markup."""
    label = WrappedLabel(text) if wrap else QLabel(text)
    label.setTextFormat(label.textFormat().PlainText)
    if role:
        label.setProperty("role", role)
    return label


class FieldBox(QWidget):
    """Caption and note above a field, its problem below.

    Args:
        caption: what the field is, in a word or two, which may have "&" before its letter for Alt.
        field: the widget that is edited and gets the red border.
        content: what to lay out, if the field is only a part of it.
    """

    def __init__(self, caption: str, field: QWidget, content: QWidget | None = None) -> None:
        super().__init__()
        self.field = field
        self.caption = text_label(caption, "quiet")
        self.caption.setBuddy(field)
        self.note = text_label("", "quiet-figures")
        self._problem = text_label("", "error", wrap=True)
        self._problem.setObjectName("problem")
        self._problem.hide()
        header = QHBoxLayout()
        header.setSpacing(8)
        header.addWidget(self.caption)
        header.addStretch(1)
        header.addWidget(self.note)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(header)
        self._header = header
        layout.addWidget(content or field)
        layout.addWidget(self._problem)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def add_button(self, button: QWidget) -> None:
        """Put a small button behind the note."""
        self._header.addWidget(button)

    @property
    def problem(self) -> str:
        """What is shown as wrong with the field; empty if nothing is."""
        return self._problem.text()

    def set_problem(self, text: str) -> None:
        """Mark the field and say what is wrong, or with an empty text unmark it."""
        self._problem.setText(text)
        self._problem.setVisible(bool(text))
        self.field.setAccessibleDescription(text)
        set_property(self.field, "invalid", bool(text))
