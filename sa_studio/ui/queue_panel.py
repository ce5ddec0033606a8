"""The jobs that run and wait: their progress, their order, and how long they will take."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from sa_studio.errors import StudioError
from sa_studio.events import TimeLeft
from sa_studio.generation import ClipState
from sa_studio.service import Studio
from sa_studio.ui.field_box import name_widget, text_label
from sa_studio.ui.job_row import JobRow
from sa_studio.ui.job_tracker import JobStatus, JobTracker, time_text
from sa_studio.ui.memory_label import MemoryLabel
from sa_studio.ui.queue_list import ROW_HEIGHT, QueueList
from sa_studio.ui.resume_offer import ResumeOffer


class QueuePanel(QWidget):
    """All jobs of a :class:`JobTracker` that are not over.

    Args:
        studio: is asked to change what waits.
        tracker: what is shown.
    """

    cancel_requested = Signal(str)
    problem = Signal(object)
    """A :class:`StudioError`: the queue was changed, but not everything can be remembered."""

    def __init__(self, studio: Studio, tracker: JobTracker) -> None:
        super().__init__()
        self._studio, self._tracker = studio, tracker
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.summary = text_label("", "quiet-figures")
        name_widget(self.summary, "queue_summary", "Queue")
        self.clear = QPushButton()
        name_widget(self.clear, "clear_queue_button", "Clear the queue")
        self.clear.setProperty("role", "flat")
        self.memory = MemoryLabel()
        self.offer = ResumeOffer()
        self.list = QueueList(studio.waiting_clips)
        self.empty = QLabel("Nothing is running or waiting", self.list)
        self.empty.setProperty("role", "quiet")
        self.empty.setContentsMargins(16, 0, 0, 0)
        self.empty.setFixedHeight(ROW_HEIGHT)
        self._lay_out()
        tracker.added.connect(self._add)
        tracker.changed.connect(self._change)
        tracker.removed.connect(self._remove)
        tracker.reordered.connect(self._reorder)
        self.list.cancel_requested.connect(self.cancel_requested)
        self.list.move_requested.connect(self._move)
        self.list.drop_requested.connect(self._drop_take)
        self.clear.clicked.connect(self._clear)
        self.offer.resume.clicked.connect(self._resume)
        self.offer.dismiss.clicked.connect(self._give_up)
        self.offer.offer(len(studio.interrupted_clips()))
        self._summarise()

    def row(self, job_id: str) -> JobRow | None:
        """The row of a job that is not over."""
        return self.list.row_of(job_id)

    # --- what happens -----------------------------------------------------------------------
    @Slot(str)
    def _add(self, job_id: str) -> None:
        job = self._tracker.get(job_id)
        if job is not None:
            self.list.add(job)
        if not self.offer.isHidden():  # it may be one of those, tried again by itself
            self.offer.offer(len(self._studio.interrupted_clips()))
        self._summarise()

    @Slot(str)
    def _change(self, job_id: str) -> None:
        job = self._tracker.get(job_id)
        if job is not None and self.list.row_of(job_id) is not None:
            self.list.show_job(job)
        self._summarise()

    @Slot(str)
    def _remove(self, job_id: str) -> None:
        self.list.remove(job_id)
        self._summarise()

    @Slot()
    def _reorder(self) -> None:
        self.list.set_order([job.id for job in self._tracker.jobs()])

    # --- what the user wants ----------------------------------------------------------------
    @Slot(str, int)
    def _move(self, job_id: str, place: int) -> None:
        try:
            self._studio.move_job(job_id, place)
        except StudioError as error:
            self.problem.emit(error)

    @Slot(str, str)
    def _drop_take(self, job_id: str, clip_id: str) -> None:
        self._studio.drop_take(job_id, clip_id)

    @Slot()
    def _clear(self) -> None:
        self._studio.clear_queue()

    @Slot()
    def _resume(self) -> None:
        self.offer.offer(0)
        try:
            self._studio.resume_interrupted()
        except StudioError as error:
            self.offer.offer(len(self._studio.interrupted_clips()))
            self.problem.emit(error)

    @Slot()
    def _give_up(self) -> None:
        self.offer.offer(0)
        try:
            self._studio.give_up_interrupted()
        except StudioError as error:
            self.problem.emit(error)

    # --- looks ------------------------------------------------------------------------------
    def _summarise(self) -> None:
        jobs = self._tracker.jobs()
        waiting = [job for job in jobs if job.state is ClipState.QUEUED]
        running = [job for job in jobs if job.state is not ClipState.QUEUED]
        text = " · ".join(filter(None, self._parts(waiting, running)))
        self.summary.setText(text)
        self.summary.setAccessibleName(f"Queue: {text or 'empty'}")
        self.empty.setVisible(not jobs)
        self.clear.setVisible(bool(waiting))
        takes = sum(job.takes for job in waiting)
        what = "The take that waits stays" if takes == 1 else f"The {takes} takes that wait stay"
        self.clear.setText(f"Clear {len(waiting)} waiting")
        self.clear.setAccessibleName(self.clear.text())
        self.clear.setToolTip(f"{what} in the library as cancelled, with Retry")

    def _parts(self, waiting: list[JobStatus], running: list[JobStatus]) -> list[str]:
        """How many wait, and how long all of it will take as far as that was measured."""
        left = [job.time_left for job in running]
        if not waiting:
            return [f"{time_text(time)} left" for time in left if time is not None]
        left.append(self._studio.waiting_time())
        known = [time for time in left if time is not None]
        parts = [f"{len(waiting)} waiting"]
        if known:
            at_least = len(known) < len(left) or any(time.at_least for time in known)
            total = TimeLeft(sum(time.seconds for time in known), at_least)
            parts.append(f"all done in {time_text(total)}")
        return parts

    def _lay_out(self) -> None:
        header = QHBoxLayout()
        header.setContentsMargins(16, 0, 16, 0)
        header.setSpacing(8)
        header.addWidget(text_label("Queue", "section"))
        header.addSpacing(8)
        header.addWidget(self.offer)
        header.addStretch(1)
        header.addWidget(self.summary)
        header.addWidget(self.clear)
        header.addSpacing(8)
        header.addWidget(self.memory)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 6, 0, 6)
        layout.setSpacing(2)
        layout.addLayout(header)
        layout.addWidget(self.list)
