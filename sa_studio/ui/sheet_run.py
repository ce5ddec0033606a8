"""A cue sheet that is made through the window's queue, and goes on where it was stopped."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QThread, Signal

from sa_studio.errors import StudioError, our_mistake
from sa_studio.events import JobEvent
from sa_studio.service import Batch, RowReport, Studio
from sa_studio.ui.engine_thread import EngineThread

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SheetOutcome:
    """What came of a sheet.

    Attributes:
        summary: such as "200 rows: 180 made, 18 unchanged, 2 failed".
        failed: how many rows are not done.
        page: the report; ``None`` if it could not be written.
        problem: why it ended early; empty if it did not.
        was_stopped: whether the user ended it.
    """

    summary: str
    failed: int
    page: Path | None
    problem: str = ""
    was_stopped: bool = False


class SheetRun(QObject):
    """Runs one batch at a time on the thread that runs the queue, where a batch belongs.

    Args:
        studio: has the queue.
        engine: its thread, whose events the batch follows.
    """

    row_done = Signal(object)
    """The :class:`~sa_studio.delivery.report.RowReport` of a row that is done or has failed."""
    ended = Signal(object)
    """:class:`SheetOutcome`."""

    def __init__(self, studio: Studio, engine: EngineThread) -> None:
        super().__init__(engine)
        self._studio, self._engine = studio, engine
        self._batch: Batch | None = None
        self._left = 0
        self._stopped = False
        # on the thread that emits: between this event and the next job
        engine.job_event.connect(self._follow, Qt.ConnectionType.DirectConnection)

    @property
    def is_running(self) -> bool:
        """Whether a batch is being made."""
        return self._batch is not None

    def show_row(self, row: RowReport) -> None:
        """What a batch is to call with every row; on the thread of the queue."""
        self._left -= 1
        self.row_done.emit(row)

    def start(self, batch: Batch) -> None:
        """Make the rows; those that are made already are passed over."""
        self._batch, self._left, self._stopped = batch, len(batch.rows), False
        self._studio.call_between_jobs(partial(self._do, batch.begin))

    def stop(self, running_job: str | None) -> None:
        """End after the step that is being done; what is made stays made.

        Args:
            running_job: the job that runs now; cancelled if it is the batch's.
        """
        batch = self._batch
        if batch is None:
            return
        self._stopped = True
        self._studio.call_between_jobs(self._end)
        if running_job is not None and batch.row_of(running_job) is not None:
            self._studio.cancel(running_job)

    def leave(self) -> None:
        """The queue is about to end: what it interrupts is not followed by other rows."""
        self._stopped = True

    def close(self) -> None:
        """The queue has ended for good: leave the batch so that it can go on another time."""
        self.leave()
        self._end()

    # --- on the thread of the queue ---------------------------------------------------------
    def _follow(self, event: JobEvent) -> None:
        """Any thread: what happens to waiting jobs is told of by whoever makes it happen."""
        batch = self._batch
        if batch is None or self._stopped or batch.row_of(event.job_id) is None:
            return
        if QThread.currentThread() is self._engine:
            self._do(partial(batch.handle, event))
        else:
            self._studio.call_between_jobs(partial(self._do, partial(batch.handle, event)))

    def _do(self, work: Callable[[], object]) -> None:
        """A step of the batch; its end, if there is nothing left or nothing can be done."""
        if self._batch is None:
            return
        try:
            work()
        except StudioError as error:
            self._end(error.one_line())
        except Exception as error:  # our bug: logged and shown, and the queue goes on
            log.exception("the batch failed")
            self._end(our_mistake(error).one_line())
        else:
            if self._left <= 0:
                self._end()

    def _end(self, problem: str = "") -> None:
        batch, self._batch = self._batch, None
        if batch is None:
            return
        page = None
        try:
            batch.stop()
            page, _ = batch.write_report()
        except (StudioError, OSError) as error:
            said = error.one_line() if isinstance(error, StudioError) else str(error)
            problem = problem or said
        self.ended.emit(
            SheetOutcome(
                batch.summary(), batch.failed, page, problem, self._stopped and not problem
            )
        )
