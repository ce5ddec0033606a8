"""The doctor's findings: what this computer has, what it lacks, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QGridLayout,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from sa_studio.errors import StudioError
from sa_studio.ui.field_box import name_widget, text_label
from sa_studio.ui.form_scroll import FormScroll
from sa_studio.ui.icons import IconLabel
from sa_studio.ui.mnemonics import Mnemonics
from sa_studio.ui.question import Question
from sa_studio.ui.theme import set_property

if TYPE_CHECKING:
    from sa_studio.doctor import Finding

MARGIN = 20
NAME_WIDTH = 150
SIGN = 16
# a finding's state → its icon, the icon's colour, the role of its hint and how it is read aloud;
# the order is that of the list
LOOKS = {
    "problem": ("warning", "error", "error", "problem"),
    "warning": ("warning", "warning", "warning", "warning"),
    "note": ("check", "quiet", "quiet", "note"),
    "ok": ("check", "accent", "quiet", "fine"),
}


class DoctorDialog(QWidget):
    """Examines when it is opened and when it is asked to, beside the GUI thread.

    Args:
        examine: looks at everything; called on a thread that may wait.
        parent: the main window, above which it stays.
    """

    def __init__(self, examine: Callable[[], Sequence[Finding]], parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Dialog)
        name_widget(self, "doctor_dialog", "Doctor")
        self.setWindowTitle("Doctor")
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.resize(760, 600)
        self.setMinimumSize(520, 360)
        self._examine = examine
        self._question = Question("doctor", self)
        self.findings: list[Finding] = []
        self._make_parts()
        self._lay_out()
        self.refresh.clicked.connect(self.examine)
        self.copy.clicked.connect(self._copy)
        self.done.clicked.connect(self.close)
        self._question.answered.connect(self._show)
        self._question.failed.connect(self._show_problem)
        Mnemonics(self)

    def open(self) -> None:
        """Show the window, or bring it to the front."""
        self.show()
        self.raise_()
        self.activateWindow()

    @Slot()
    def examine(self) -> None:
        """Look at everything anew."""
        self.refresh.setEnabled(False)
        self.bar.setVisible(True)
        self._say("Looking…", "quiet")
        self._question.ask(self._examine)

    def text(self) -> str:
        """The findings as text, for a report."""
        lines = []
        for finding in self.findings:
            lines.append(f"[{finding.state}] {finding.name}: {finding.text}")
            if finding.hint:
                lines.append(f"    {finding.hint}")
        return "\n".join(lines)

    def close_threads(self) -> None:
        """Wait for the examination that runs."""
        self._question.close()

    @Slot(object)
    def _show(self, findings: Sequence[Finding]) -> None:
        order = list(LOOKS)
        self.findings = sorted(findings, key=lambda finding: order.index(finding.state))
        while item := self._grid.takeAt(0):
            if (widget := item.widget()) is not None:
                widget.hide()  # it would lie over the new rows until it is gone
                widget.deleteLater()
        for row, finding in enumerate(self.findings):
            self._add_row(row, finding)
        self._end_examination()
        bad = sum(finding.state in ("problem", "warning") for finding in findings)
        problems = sum(finding.state == "problem" for finding in findings)
        things = "1 thing" if bad == 1 else f"{bad} things"
        if problems:
            self._say(f"{things} to see to", "error")
        elif bad:
            self._say(f"Everything works; {things} could be better", "warning")
        else:
            self._say("Everything is as it should be", "quiet")

    @Slot(object)
    def _show_problem(self, error: StudioError) -> None:
        self._end_examination()
        self._say(error.one_line(), "error")

    def _end_examination(self) -> None:
        self.refresh.setEnabled(True)
        self.bar.setVisible(False)
        self.copy.setEnabled(bool(self.findings))

    def _say(self, text: str, role: str) -> None:
        self.summary.setText(text)
        set_property(self.summary, "role", role)

    def _add_row(self, row: int, finding: Finding) -> None:
        sign_name, color, hint_role, spoken = LOOKS[finding.state]
        sign = IconLabel(sign_name, color, SIGN)
        sign.setAccessibleName(spoken)
        name = text_label(finding.name, "quiet")
        name.setFixedWidth(NAME_WIDTH)
        found = QWidget()
        found.setAccessibleName(f"{finding.name}: {spoken}, {finding.text} {finding.hint}".strip())
        lines = QVBoxLayout(found)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(2)
        for text, role in ((finding.text, ""), (finding.hint, hint_role)):
            if text:
                label = text_label(text, role, wrap=True)
                label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
                lines.addWidget(label)
        top = Qt.AlignmentFlag.AlignTop
        self._grid.addWidget(sign, row, 0, top)
        self._grid.addWidget(name, row, 1, top)
        self._grid.addWidget(found, row, 2, top)

    def _copy(self) -> None:
        QApplication.clipboard().setText(self.text())
        self._say("Copied", "quiet")

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 (Qt's name)
        """Look anew whenever the window is opened."""
        super().showEvent(event)
        if not event.spontaneous() and self.refresh.isEnabled():
            self.examine()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """Esc closes the window."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def _make_parts(self) -> None:
        self.summary = text_label("", "quiet", wrap=True)
        name_widget(self.summary, "doctor_summary", "Result of the examination")
        self.bar = QProgressBar()
        name_widget(self.bar, "doctor_bar", "The examination runs")
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 0)
        self.copy = QPushButton("Copy as text")
        name_widget(
            self.copy,
            "doctor_copy_button",
            "Copy the findings as text",
            "Put the findings on the clipboard, to send them with a report",
        )
        self.copy.setEnabled(False)
        self.refresh = QPushButton("Refresh")
        name_widget(
            self.refresh,
            "doctor_refresh_button",
            "Examine again",
            "Look at this computer again, after something was changed",
        )
        self.done = QPushButton("Close")
        name_widget(self.done, "doctor_close_button", "Close", "Close this window (Esc)")

    def _lay_out(self) -> None:
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(10)
        self._grid.setColumnStretch(2, 1)
        column = QVBoxLayout()
        column.setContentsMargins(MARGIN, 16, MARGIN, 12)
        column.addLayout(self._grid)
        column.addStretch(1)
        self.list = FormScroll(column, MARGIN)
        name_widget(
            self.list, "doctor_findings", "Findings", "What was found; the arrow keys scroll"
        )
        self.list.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # the arrows scroll it
        head = QVBoxLayout()
        head.setContentsMargins(MARGIN, 16, MARGIN, 0)
        head.setSpacing(8)
        head.addWidget(text_label("What this computer has, and what it lacks", "title"))
        head.addWidget(self.summary)
        head.addWidget(self.bar)
        foot = QHBoxLayout()
        foot.setContentsMargins(MARGIN, 8, MARGIN, 14)
        foot.setSpacing(8)
        foot.addWidget(self.refresh)
        foot.addWidget(self.copy)
        foot.addStretch(1)
        foot.addWidget(self.done)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self.list, 1)
        layout.addLayout(foot)
