"""What is happening now, below Generate: a line, a bar and Cancel."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QProgressBar, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from sa_studio.generation import ClipState
from sa_studio.ui.elided_label import ElidedLabel
from sa_studio.ui.field_box import name_widget, plain_tip, text_label
from sa_studio.ui.job_tracker import JobStatus, JobTracker
from sa_studio.ui.theme import set_property

BAR_STEPS = 1000
QWIDGETSIZE_MAX = 16_777_215  # Qt's own; PySide does not export it
# how long a line can be read before what the jobs do takes its place
READING_MS = {"quiet": 2500, "warning": 8000, "error": 8000}


class RunStatus(QWidget):
    """Shows the current job of a :class:`JobTracker`, and how the last one ended.

    What the window has to say goes before that for as long as it takes to read it: a step of a
    job, thirty a second on a graphics card, would wipe it away unseen.

    Attributes:
        cancel: the button; whoever uses this part puts it where it belongs.
    """

    cancel_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._tracker: JobTracker | None = None
        self._ending: tuple[str, str] | None = None  # how a job ended while a line was read
        self._reading = QTimer(self)
        self._reading.setSingleShot(True)
        self._reading.timeout.connect(self._go_on)
        self.label = text_label("Ready", "quiet-figures", wrap=True)
        name_widget(self.label, "status_label", "Status")
        self.plan = ElidedLabel()
        name_widget(self.plan, "plan_label", "Memory plan")
        self.plan.setProperty("role", "quiet")
        self.plan.hide()
        self.bar = QProgressBar()
        name_widget(self.bar, "progress_bar", "Progress of the current job")
        self.bar.setTextVisible(False)
        self.bar.setRange(0, BAR_STEPS)
        self.cancel = QPushButton("Cancel")
        name_widget(self.cancel, "cancel_button", "Cancel the current job")
        self.cancel.setProperty("role", "danger")
        self.cancel.setToolTip("Cancel the current job (Shift+Esc)")
        self.cancel.setEnabled(False)
        # as high as Generate, beside which it lies
        self.cancel.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        # room for two lines, so that nothing moves when a line becomes longer
        self.label.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._two_lines = 2 * self.label.fontMetrics().lineSpacing() + 2
        self.label.setFixedHeight(self._two_lines)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.bar)
        layout.addWidget(self.label)
        layout.addWidget(self.plan)
        self.cancel.clicked.connect(self.cancel_requested)

    def watch(self, tracker: JobTracker) -> None:
        """Follow the jobs of ``tracker``."""
        self._tracker = tracker
        tracker.added.connect(self._begin)
        tracker.changed.connect(self._update)
        tracker.removed.connect(self._update)
        tracker.reordered.connect(self._update)
        tracker.ended.connect(self._ended)

    def say(self, text: str, role: str = "quiet") -> None:
        """Show a line until it is read, and then until the next thing happens."""
        self._ending = None
        self._show(text, role)
        self._reading.start(READING_MS[role])

    def _show(self, text: str, role: str) -> None:
        # what to do stands at the end of a problem, and is read even if other parts move for it
        self.label.setMaximumHeight(self._two_lines if role == "quiet" else QWIDGETSIZE_MAX)
        self.label.setText(text)
        self.label.setToolTip(plain_tip(text))  # a long quiet line does not fit
        self.label.setAccessibleName(f"Status: {text}")
        set_property(self.label, "role", {"quiet": "quiet-figures"}.get(role, role))

    @Slot()
    def _begin(self) -> None:
        """A job was queued: what was said before has been seen."""
        self._reading.stop()
        self._update()

    @Slot()
    def _go_on(self) -> None:
        """The line was read: back to the jobs, if something has happened with them."""
        if self._ending is not None:
            self._show(*self._ending)
        self._ending = None
        self._update()

    @Slot()
    def _update(self) -> None:
        job = self._tracker.current if self._tracker else None
        self.cancel.setEnabled(job is not None and not job.cancelling)
        self._show_plan(job)
        if job is None:
            self.bar.setRange(0, BAR_STEPS)
            self.bar.setValue(0)
            return
        # a bar without a range moves by itself: loading cannot be measured
        busy = job.state is ClipState.LOADING
        self.bar.setRange(0, 0 if busy else BAR_STEPS)
        self.bar.setValue(round(job.fraction * BAR_STEPS))
        if job.cancelling:  # what was just asked for is answered at once
            self._reading.stop()
        if not self._reading.isActive():
            self._show(job.short_text, "quiet")

    def _show_plan(self, job: JobStatus | None) -> None:
        """How the job is run, for as long as it is; its line stays free for the next one."""
        if job is None or not job.plan:
            self.plan.hide()
            return
        policy = self.plan.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # from the first plan on: nothing moves any more
        self.plan.setSizePolicy(policy)
        self.plan.setText(job.plan_text)
        self.plan.show()
        set_property(self.plan, "role", "warning" if job.plan_reason else "quiet")

    @Slot(str, str)
    def _ended(self, text: str, role: str) -> None:
        if role == "error":
            self.say(text, role)  # the jobs behind it go on at once
        elif self._tracker is not None and self._tracker.current is None:
            if self._reading.isActive():
                self._ending = (text, role)
            else:
                self._show(text, role)
