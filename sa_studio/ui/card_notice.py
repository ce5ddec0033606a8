"""A line that says that the graphics card lies idle, until it is put away."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton

from sa_studio.ui.field_box import name_widget, text_label
from sa_studio.ui.icons import IconLabel, icon
from sa_studio.ui.question import Question

SIGN = 14


class CardNotice(QFrame):
    """Hidden unless there is something to say that was not put away before.

    Args:
        dismissed: the line that was put away last.
    """

    dismissed = Signal(str)
    """The line that was put away."""

    def __init__(self, dismissed: str) -> None:
        super().__init__()
        self._dismissed = dismissed
        self._question = Question("card", self)
        name_widget(self, "card_notice", "Graphics card")
        self.setProperty("role", "problem")
        self.text = text_label("", wrap=True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.close_button = QToolButton()
        name_widget(self.close_button, "card_notice_close_button", "Put this line away")
        self.close_button.setIcon(icon("close"))
        self.close_button.setIconSize(QSize(12, 12))
        self.close_button.setProperty("role", "flat")
        self.close_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.close_button.setToolTip("Do not say this again; the doctor goes on saying it")
        self.close_button.clicked.connect(self._put_away)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 6, 8, 6)
        layout.setSpacing(8)
        layout.addWidget(IconLabel("warning", "warning", SIGN))
        layout.addWidget(self.text, 1)
        layout.addWidget(self.close_button)
        self._question.answered.connect(self._tell)
        self.hide()

    def look(self) -> None:
        """Find out beside the GUI thread whether there is something to say."""
        self._question.ask(_describe)

    def close_threads(self) -> None:
        """Wait for the answer that is under way."""
        self._question.close()

    @Slot(object)
    def _tell(self, line: str) -> None:
        self.text.setText(line)
        self.setAccessibleDescription(line)
        self.setVisible(bool(line) and line != self._dismissed)

    @Slot()
    def _put_away(self) -> None:
        self._dismissed = self.text.text()
        self.hide()
        self.dismissed.emit(self._dismissed)


def _describe() -> str:
    """Runs on the thread."""
    # here, for what the doctor looks at is not needed to open a window
    from sa_studio.doctor.unused_card import describe_unused_card

    return describe_unused_card()
