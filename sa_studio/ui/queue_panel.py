"""The jobs that run and wait, each with its progress and its own Cancel."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from sa_studio.generation import ClipState
from sa_studio.ui.elided_label import ElidedLabel
from sa_studio.ui.field_box import name_widget, text_label
from sa_studio.ui.icons import icon
from sa_studio.ui.job_tracker import JobStatus, JobTracker, eta_text
from sa_studio.ui.memory_label import MemoryLabel
from sa_studio.ui.theme import set_property

BAR_STEPS = 1000
ROW_HEIGHT = 30
VISIBLE_ROWS = 2
LIST_PADDING = 4  # of every list in the theme
TITLE_WIDTH = 290
STATE_WIDTH = 280


class JobRow(QWidget):
    """Prompt, bar, figures and Cancel of one job."""

    cancel_requested = Signal(str)

    def __init__(self, job_id: str) -> None:
        super().__init__()
        self.job_id = job_id
        self.title = ElidedLabel()
        self.take = text_label("", "quiet")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setRange(0, BAR_STEPS)
        self.state = text_label("", "figures")
        self.state.setFixedWidth(STATE_WIDTH)
        self.state.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.cancel = QToolButton()
        self.cancel.setProperty("role", "flat")
        self.cancel.setIcon(icon("close"))
        self.cancel.setIconSize(QSize(14, 14))
        self.cancel.setToolTip("Cancel this job")
        self.cancel.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 0, 10, 0)
        layout.setSpacing(16)
        layout.addWidget(self._name())
        layout.addWidget(self.bar, 1)
        layout.addWidget(self.state)
        layout.addWidget(self.cancel)
        self.cancel.clicked.connect(self._cancel)

    def show_job(self, job: JobStatus) -> None:
        """Show how far the job is."""
        self.title.setText(job.title)
        self.take.setText(f"· {job.take_text}" if job.take_text else "")
        self.state.setText(job.text)
        waiting = job.state is ClipState.QUEUED
        set_property(self.state, "role", "quiet-figures" if waiting else "figures")
        self.bar.setRange(0, 0 if job.state is ClipState.LOADING else BAR_STEPS)
        self.bar.setValue(round(job.fraction * BAR_STEPS))
        self.cancel.setEnabled(not job.cancelling)
        self.bar.setAccessibleName(f"Progress of {job.title}")
        self.cancel.setAccessibleName(f"Cancel {job.title}")
        self.setAccessibleName(f"{job.title}: {job.text}")

    def _name(self) -> QWidget:
        name = QWidget()
        name.setFixedWidth(TITLE_WIDTH)
        layout = QHBoxLayout(name)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(5)
        layout.addWidget(self.title)
        layout.addWidget(self.take)
        layout.addStretch(1)
        return name

    @Slot()
    def _cancel(self) -> None:
        self.cancel_requested.emit(self.job_id)


class QueuePanel(QWidget):
    """All jobs of a :class:`JobTracker` that are not over."""

    cancel_requested = Signal(str)

    def __init__(self, tracker: JobTracker) -> None:
        super().__init__()
        self._tracker = tracker
        self._rows: dict[str, tuple[QListWidgetItem, JobRow]] = {}
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.summary = text_label("", "quiet-figures")
        self.memory = MemoryLabel()
        self.list = QListWidget()
        name_widget(self.list, "queue_list", "Queue of jobs")
        self.list.setSelectionMode(QListWidget.SelectionMode.NoSelection)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setMinimumHeight(VISIBLE_ROWS * ROW_HEIGHT + 2 * LIST_PADDING)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.empty = QLabel("Nothing is running or waiting", self.list)
        self.empty.setProperty("role", "quiet")
        self.empty.setContentsMargins(16, 0, 0, 0)
        self.empty.setFixedHeight(ROW_HEIGHT)
        header = QHBoxLayout()
        header.setContentsMargins(16, 0, 16, 0)
        header.addWidget(text_label("Queue", "section"))
        header.addStretch(1)
        header.addWidget(self.summary)
        header.addSpacing(16)
        header.addWidget(self.memory)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 10, 0, 6)
        layout.setSpacing(4)
        layout.addLayout(header)
        layout.addWidget(self.list)
        tracker.added.connect(self._add)
        tracker.changed.connect(self._change)
        tracker.removed.connect(self._remove)

    def row(self, job_id: str) -> JobRow | None:
        """The row of a job that is not over."""
        found = self._rows.get(job_id)
        return found[1] if found else None

    @Slot(str)
    def _add(self, job_id: str) -> None:
        item = QListWidgetItem(self.list)
        item.setSizeHint(QSize(0, ROW_HEIGHT))
        row = JobRow(job_id)
        row.cancel_requested.connect(self.cancel_requested)
        self.list.setItemWidget(item, row)
        self._rows[job_id] = (item, row)
        self._change(job_id)

    @Slot(str)
    def _change(self, job_id: str) -> None:
        job = self._tracker.get(job_id)
        if job is not None and job_id in self._rows:
            item, row = self._rows[job_id]
            row.show_job(job)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, row.accessibleName())
        self._summarise()

    @Slot(str)
    def _remove(self, job_id: str) -> None:
        item, _ = self._rows.pop(job_id)
        self.list.takeItem(self.list.row(item))
        self._summarise()

    def _summarise(self) -> None:
        jobs = self._tracker.jobs()
        waiting = sum(job.state is ClipState.QUEUED for job in jobs)
        running = next((job for job in jobs if job.eta_seconds is not None), None)
        parts = []
        if waiting:
            parts.append(f"{waiting} waiting")
        if running is not None and running.eta_seconds is not None:
            parts.append(f"{eta_text(running.eta_seconds)} left")
        self.summary.setText(" · ".join(parts))
        self.empty.setVisible(not jobs)
