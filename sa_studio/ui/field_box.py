"""A field of a form with its caption, its figure and the place where its problem is shown."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from sa_studio.ui.theme import set_property


def name_widget(widget: QWidget, object_name: str, accessible_name: str, tooltip: str = "") -> None:
    """Give a widget the name that scripts use, the name that is read aloud, and a tooltip.

    The tooltip tells a sound designer what the control does to the sound; every control has one.
    """
    widget.setObjectName(object_name)
    widget.setAccessibleName(accessible_name)
    if tooltip:
        widget.setToolTip(tooltip)


def text_label(text: str = "", role: str = "", *, wrap: bool = False) -> QLabel:
    """A label in one of the roles of the theme; its text is never taken for markup."""
    label = QLabel(text)
    label.setTextFormat(label.textFormat().PlainText)
    label.setWordWrap(wrap)
    if role:
        label.setProperty("role", role)
    return label


class FieldBox(QWidget):
    """Caption and note above a field, its problem below.

    Args:
        caption: what the field is, in a word or two.
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
