"""What stands in the waveform's place when a take failed: cause, hint, Retry."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from sa_studio.ui.field_box import name_widget, text_label
from sa_studio.ui.icons import IconLabel, icon


class FailurePage(QWidget):
    """Says what went wrong and what can be done about it."""

    def __init__(self) -> None:
        super().__init__()
        sign = IconLabel("warning", "error", 32)
        self.cause = text_label("", "section", wrap=True)
        name_widget(self.cause, "failure_cause", "Why it failed")
        self.hint = text_label("", "quiet", wrap=True)
        name_widget(self.hint, "failure_hint", "What can be done")
        self.retry = QPushButton("Retry")
        name_widget(
            self.retry,
            "retry_button",
            "Make this take again",
            "Queue this take again with the same settings and the same seed",
        )
        self.retry.setIcon(icon("retry"))
        self.details = QPushButton("Copy details")
        name_widget(
            self.details,
            "copy_details_button",
            "Copy the details of the failure",
            "Copy what happened, to send it with a report",
        )
        center = Qt.AlignmentFlag.AlignCenter
        for label in (sign, self.cause, self.hint):
            label.setAlignment(center)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        buttons.addWidget(self.retry)
        buttons.addWidget(self.details)
        buttons.addStretch(1)
        column = QVBoxLayout()
        column.setSpacing(10)
        column.addStretch(1)
        for widget in (sign, self.cause, self.hint):
            column.addWidget(widget)
        column.addSpacing(6)
        column.addLayout(buttons)
        column.addStretch(1)
        # the margins center the column; an alignment would cut wrapped lines off
        layout = QHBoxLayout(self)
        layout.addStretch(1)
        layout.addLayout(column, 4)
        layout.addStretch(1)

    def show_failure(self, cause: str, hint: str, has_details: bool) -> None:
        """Show a failure; Details is offered for our own bugs alone."""
        self.cause.setText(cause or "This take failed")
        self.hint.setText(hint)
        self.hint.setVisible(bool(hint))
        self.details.setVisible(has_details)
