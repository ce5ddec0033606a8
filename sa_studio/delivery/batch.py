"""Makes and delivers the rows of a cue sheet, and goes on where it was stopped."""

from __future__ import annotations

import logging
import random
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from sa_studio.delivery.batch_row import Row
from sa_studio.delivery.batch_state import BatchState, Entry
from sa_studio.delivery.cue_plan import CuePlan
from sa_studio.delivery.desk import DeliveryDesk
from sa_studio.delivery.report import RowReport, RowState, counted, write_report
from sa_studio.delivery.row_delivery import Library, RowDelivery
from sa_studio.delivery.sheet import Sheet
from sa_studio.errors import LibraryError, SheetError, StudioError, our_mistake
from sa_studio.events import ClipFinished, JobCancelled, JobEvent, JobFailed, JobFinished
from sa_studio.generation import MAX_SEED, ClipState, GenerationRequest, new_id

log = logging.getLogger(__name__)

STATE_FILE = "sa-studio-batch.json"
JOBS_AHEAD = 4  # wait in the queue, so that the model never does


class Workshop(Library, Protocol):
    """What makes and keeps takes; a Studio."""

    def submit(self, request: GenerationRequest, clip_ids: Sequence[str] = ()) -> str:
        """Queue a request, its takes under these ids; returns the id of its job."""

    def cancel(self, job_id: str) -> None:
        """Cancel a job."""

    def remove_clips(self, clip_ids: Sequence[str]) -> None:
        """Take takes out of the list."""


class Batch:
    """A sheet that is made: :meth:`begin`, every event of the queue to :meth:`handle`,
    :meth:`stop`.

    A few jobs wait in the queue at any time; each that ends is followed by another. A row is
    delivered when all of its takes are made. A row that fails is noted, and the others go on.
    All methods belong on the thread that runs the queue.

    Args:
        sheet: where the rows come from.
        plans: the rows.
        folder: the destination.
        workshop: makes the takes.
        desk: writes the files.
        show: called with every row that is done or has failed.

    Attributes:
        rows: in the order of the sheet.

    Raises:
        SheetError: what an earlier call has left cannot be read.
    """

    def __init__(
        self,
        sheet: Sheet,
        plans: Sequence[CuePlan],
        folder: Path,
        workshop: Workshop,
        desk: DeliveryDesk,
        show: Callable[[RowReport], object],
    ) -> None:
        self.folder, self.show = folder, show
        self._sheet, self._workshop = sheet, workshop
        self._state = BatchState(folder / STATE_FILE)
        wanted = [(plan.sound, plan.called, plan.cue.row) for plan in plans]
        self.rows = [
            Row(plan, entry or _new_entry(plan))
            for plan, entry in zip(plans, self._state.match(wanted), strict=True)
        ]
        self._delivery = RowDelivery(folder, self._state, self.rows, workshop, desk)
        # one model after the other: only one is kept in memory
        order = list(dict.fromkeys(row.plan.request.model for row in self.rows))
        self._waiting = deque(sorted(self.rows, key=lambda r: order.index(r.plan.request.model)))
        self._jobs: dict[str, Row] = {}
        for row in self.rows:
            if self._delivery.is_done(row):
                row.state = RowState.UNCHANGED
            row.remark = self._delivery.remark(row)

    def begin(self) -> None:
        """Take up what is left of an earlier call, and queue the first jobs.

        Raises:
            SheetError: the folder cannot be written.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._delivery.open()
        except OSError as error:
            raise SheetError(
                f"The folder {str(self.folder)!r} cannot be written ({error.strerror or error})",
                "Choose another with --out, or change its permissions.",
            ) from error
        known = {id(entry) for entry in self._state.entries}
        for row in self.rows:
            row.entry.row, row.entry.name = row.plan.cue.row, row.plan.called
            if id(row.entry) not in known:
                self._state.entries.append(row.entry)
        self._state.save()
        self._fill()

    def handle(self, event: JobEvent) -> None:
        """Follow an event of the queue; those of other jobs are passed over.

        Raises:
            SheetError: what has been made cannot be noted.
        """
        row = self._jobs.get(event.job_id)
        if row is None:
            return
        match event:
            case ClipFinished(clip=clip):
                row.finished(clip)
                return
            case JobFailed():
                row.problem = f"{event.message}. {event.hint}".strip()
            case JobCancelled():
                row.problem = "It was cancelled. Start the batch again to go on."
            case JobFinished():
                pass
            case _:
                return
        del self._jobs[event.job_id]
        row.jobs.discard(event.job_id)
        self._go_on(row)
        self._fill()

    def row_of(self, job_id: str) -> Row | None:
        """The row that a job of the queue is for."""
        return self._jobs.get(job_id)

    def stop(self) -> None:
        """End it; what waits is given up, and its takes leave the library. What is made stays."""
        self._waiting.clear()
        unmade = []
        for job_id, row in self._jobs.items():
            self._workshop.cancel(job_id)
            unmade += [
                clip_id for number, clip_id in row.entry.clips.items() if number not in row.clips
            ]
        self._jobs.clear()
        self._delivery.close()
        self._forget(unmade)

    @property
    def failed(self) -> int:
        """How many rows are not done."""
        return sum(not row.state.is_done for row in self.rows)

    def summary(self) -> str:
        """Such as "200 rows: 180 made, 18 unchanged, 2 failed"."""
        return counted(row.report() for row in self.rows)

    def write_report(self) -> tuple[Path, Path]:
        """Write what has become of every row: a page and a table; raises SheetError."""
        reports = [row.report() for row in self.rows]
        return write_report(self.folder, self._sheet.name, reports, self._sheet.delimiter)

    def _fill(self) -> None:
        while self._waiting and len(self._jobs) < JOBS_AHEAD:
            self._start(self._waiting.popleft())

    def _start(self, row: Row) -> None:
        """Queue what a row lacks, or deliver it."""
        row.state = RowState.UNCHANGED if self._delivery.is_done(row) else RowState.NOT_MADE
        if row.state.is_done:
            self.show(row.report())
            return
        self._find_takes(row)
        requests = list(row.requests())
        for first, request in requests:
            for number in range(first, first + request.count):
                row.entry.clips[number] = new_id()
        if requests:
            # before they are in the library: whatever ends the program, the next call knows them
            self._state.save()
        for first, request in requests:
            ids = [row.entry.clips[number] for number in range(first, first + request.count)]
            try:
                job_id = self._workshop.submit(request, ids)
            except StudioError as error:  # checked before, but a model can be removed since
                row.problem = error.one_line()
                break
            self._jobs[job_id] = row
            row.jobs.add(job_id)
        if not row.jobs:
            self._go_on(row)

    def _find_takes(self, row: Row) -> None:
        """Which takes of the row an earlier call has made."""
        lost = []
        for number, clip_id in list(row.entry.clips.items()):
            try:
                clip = self._workshop.clip(clip_id)
            except LibraryError:  # another library, or deleted for good
                continue
            if clip.state is ClipState.FINISHED and clip.path is not None and clip.path.is_file():
                row.clips[number] = clip
            elif clip.state is not ClipState.FINISHED:
                lost.append(clip_id)
        self._forget(lost)

    def _forget(self, clip_ids: Sequence[str]) -> None:
        if clip_ids:
            self._workshop.remove_clips(clip_ids)

    def _go_on(self, row: Row) -> None:
        """Deliver the row if all of its takes are made, or say why it cannot be."""
        if row.jobs:
            return
        if any(number not in row.clips for number in row.numbers):
            row.problem = row.problem or "Not all of its takes were made. Start the batch again."
        else:
            row.problem = ""
            try:
                self._delivery.make(row)
            except SheetError:  # nothing can be noted any more
                raise
            except StudioError as error:
                row.problem = error.one_line()
            except OSError as error:
                row.problem = f"It cannot be written ({error.strerror or error}). Check the disk."
            except Exception as error:  # our bug: logged and shown, and the others go on
                log.exception("row %s cannot be delivered", row.plan.cue.row)
                row.problem = our_mistake(error).one_line()
        row.state = RowState.FAILED if row.problem else RowState.MADE
        row.remark = self._delivery.remark(row)
        self.show(row.report())


def _new_entry(plan: CuePlan) -> Entry:
    seed = plan.request.seed
    if seed is None:
        seed = random.SystemRandom().randint(0, MAX_SEED)
    return Entry(plan.sound, plan.cue.row, plan.called, seed)
