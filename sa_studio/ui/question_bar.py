"""A question inside a window, with an answer on each button; nothing else is held up."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout

from sa_studio.ui.field_box import name_widget, plain_tip, text_label

Answer = tuple[str, str, Callable[[], object]]
"""What the button says, its role in the theme, and what it does."""


class QuestionBar(QFrame):
    """Hidden until something is asked, and again once it is answered."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        name_widget(self, f"{name}_question", "Question")
        self.setProperty("role", "problem")
        self.text = text_label("", wrap=True)
        self.buttons: list[QPushButton] = []
        self._actions: list[Callable[[], object]] = []
        self._row = QHBoxLayout()
        self._row.setSpacing(8)
        self._row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 10)
        layout.setSpacing(8)
        layout.addWidget(self.text)
        layout.addLayout(self._row)
        self.hide()

    def ask(self, text: str, answers: Sequence[Answer]) -> None:
        """Ask; the last answer is the one that changes nothing, and has the focus."""
        self._clear()
        self.text.setText(text)
        self.setAccessibleDescription(text)
        for number, (label, role, action) in enumerate(answers):
            button = QPushButton(label)
            name_widget(button, f"{self._name}_answer_{number}", label)
            button.setToolTip(plain_tip(f"{label}: {text}"))
            button.setAutoDefault(True)  # Enter presses the one that has the focus, no other
            if role:
                button.setProperty("role", role)
            button.clicked.connect(self._answer)
            self._row.addWidget(button)
            self.buttons.append(button)
            self._actions.append(action)
        self.show()
        if self.buttons:
            self.buttons[-1].setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _answer(self) -> None:
        button = self.sender()
        if isinstance(button, QPushButton) and button in self.buttons:
            action = self._actions[self.buttons.index(button)]
            self._clear()
            self.hide()
            action()

    def _clear(self) -> None:
        for button in self.buttons:
            self._row.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.buttons.clear()
        self._actions.clear()
