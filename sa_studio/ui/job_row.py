"""One job in the queue: a handle to drag it by, prompt, bar, figures and Cancel."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QSize, Qt, Signal, Slot
from PySide6.QtGui import QHideEvent, QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QToolButton, QWidget

from sa_studio.generation import ClipState
from sa_studio.ui.elided_label import ElidedLabel
from sa_studio.ui.field_box import name_widget, text_label
from sa_studio.ui.icons import IconLabel, icon
from sa_studio.ui.job_tracker import JobStatus
from sa_studio.ui.theme import set_property

BAR_STEPS = 1000
TITLE_WIDTH = 290
STATE_WIDTH = 380  # step 100/100 · 0.25 steps/s · over 12 min 30 s left


class Grip(IconLabel):
    """A handle that tells how it is dragged."""

    dragged = Signal(QPoint)
    """Where the mouse is, on the screen."""
    dropped = Signal()

    def __init__(self) -> None:
        super().__init__("grip", pixels=14)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.setToolTip("Drag to make this sound earlier or later (Alt+Up, Alt+Down)")
        self._is_dragged = False
        _keep_place(self)  # a running job has none, but its prompt stands as the others do

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """Take hold of it."""
        self._is_dragged = event.button() is Qt.MouseButton.LeftButton
        if self._is_dragged:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """Say where it is held."""
        if self._is_dragged:
            self.dragged.emit(event.globalPosition().toPoint())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """Let go of it."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._let_go()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 (Qt's name)
        """A job that begins to run slips out of the hand."""
        super().hideEvent(event)
        self._let_go()

    def _let_go(self) -> None:
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        if self._is_dragged:
            self._is_dragged = False
            self.dropped.emit()


def _keep_place(widget: QWidget) -> None:
    """Let nothing move when ``widget`` is hidden."""
    policy = widget.sizePolicy()
    policy.setRetainSizeWhenHidden(True)
    widget.setSizePolicy(policy)


class JobRow(QWidget):
    """Shows a job; whoever uses this part moves and cancels it."""

    cancel_requested = Signal(str)
    dragged = Signal(str, QPoint)
    """The job, and where the mouse is on the screen."""
    dropped = Signal(str)

    def __init__(self, job_id: str) -> None:
        super().__init__()
        self.job_id = job_id
        self.grip = Grip()
        self.title = ElidedLabel()
        self.take = text_label("", "quiet")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setRange(0, BAR_STEPS)
        _keep_place(self.bar)
        self.state = text_label("", "figures")
        self.state.setFixedWidth(STATE_WIDTH)
        self.state.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.cancel = QToolButton()
        self.cancel.setProperty("role", "flat")
        self.cancel.setIcon(icon("close"))
        self.cancel.setIconSize(QSize(14, 14))
        self.cancel.setToolTip("Cancel this job; what it has finished is kept")
        self.cancel.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        for part, name in (
            (self.grip, "grip"), (self.bar, "progress"), (self.cancel, "cancel"),
        ):  # fmt: skip
            name_widget(part, f"job_{name}_{job_id}", "")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(6, 0, 10, 0)
        layout.setSpacing(16)
        layout.addWidget(self._name())
        layout.addWidget(self.bar, 1)
        layout.addWidget(self.state)
        layout.addWidget(self.cancel)
        self.cancel.clicked.connect(self._cancel)
        self.grip.dragged.connect(self._drag)
        self.grip.dropped.connect(self._drop)

    def show_job(self, job: JobStatus) -> None:
        """Show how far the job is."""
        self.title.setText(job.title)
        self.take.setText(f"· {job.take_text}" if job.take_text else "")
        self.state.setText(job.text)
        waiting = job.state is ClipState.QUEUED
        set_property(self.state, "role", "quiet-figures" if waiting else "figures")
        self.grip.setVisible(waiting)
        self.bar.setRange(0, 0 if job.state is ClipState.LOADING else BAR_STEPS)
        self.bar.setValue(round(job.fraction * BAR_STEPS))
        self.bar.setVisible(not waiting)
        self.cancel.setEnabled(not job.cancelling)
        self.grip.setAccessibleName(f"Drag {job.title} to another place in the queue")
        self.bar.setAccessibleName(f"Progress of {job.title}")
        self.bar.setAccessibleDescription(job.text)
        self.cancel.setAccessibleName(f"Cancel {job.title}")
        self.setAccessibleName(", ".join(filter(None, (job.title, job.take_text, job.text))))

    def _name(self) -> QWidget:
        name = QWidget()
        name.setFixedWidth(TITLE_WIDTH)
        layout = QHBoxLayout(name)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(5)
        layout.addWidget(self.grip)
        layout.addWidget(self.title)
        layout.addWidget(self.take)
        layout.addStretch(1)
        return name

    @Slot()
    def _cancel(self) -> None:
        self.cancel_requested.emit(self.job_id)

    @Slot(QPoint)
    def _drag(self, place: QPoint) -> None:
        self.dragged.emit(self.job_id, place)

    @Slot()
    def _drop(self) -> None:
        self.dropped.emit(self.job_id)
