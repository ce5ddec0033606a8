"""The offer to go on with what was left when the application ended."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QToolButton, QWidget

from sa_studio.ui.field_box import name_widget
from sa_studio.ui.icons import icon


class ResumeOffer(QWidget):
    """Two buttons that are there while there is something to resume.

    Attributes:
        resume: queues the takes again.
        dismiss: never offers them again.
    """

    def __init__(self) -> None:
        super().__init__()
        self.resume = QPushButton()
        name_widget(self.resume, "resume_button", "Resume interrupted takes")
        self.resume.setIcon(icon("retry"))
        self.resume.setIconSize(QSize(14, 14))
        self.resume.setToolTip(
            "Make the sounds that were waiting when SA Studio was closed, in their old order"
        )
        self.dismiss = QToolButton()
        name_widget(self.dismiss, "dismiss_resume_button", "Do not resume")
        self.dismiss.setIcon(icon("close"))
        self.dismiss.setIconSize(QSize(12, 12))
        self.dismiss.setToolTip("Leave them; each can be made again with Retry in the library")
        for button in (self.resume, self.dismiss):
            button.setProperty("role", "flat")
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.resume)
        layout.addWidget(self.dismiss)
        self.offer(0)

    def offer(self, takes: int) -> None:
        """Offer to resume so many takes; nothing is shown for none."""
        what = "1 interrupted take" if takes == 1 else f"{takes} interrupted takes"
        self.resume.setText(f"Resume {what}")
        self.resume.setAccessibleName(f"Resume {what}")
        self.setVisible(takes > 0)
