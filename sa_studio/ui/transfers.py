"""Downloads, imports, checks and removals, beside the window.

There are two lanes, each with a thread that works through it: downloads wait for the network, and
what is done with files of this computer need not wait for them.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from queue import SimpleQueue

from PySide6.QtCore import QObject, QThread, Signal, Slot

from sa_studio.errors import StudioError, TransferCancelled, our_mistake
from sa_studio.model_offers import Report, TransferPhase, TransferProgress

log = logging.getLogger(__name__)

REPORT_INTERVAL_SECONDS = 0.05
NOT_BEGUN = "Stopped before it began"

Work = Callable[[Report, threading.Event], object]
"""Does it, on the transfer thread: reports how far it is, and stops when the event is set."""


class Lane(StrEnum):
    """What is done one after the other."""

    NETWORK = "downloads"
    FILES = "files"


class TransferKind(StrEnum):
    """What is done; the value is how it is said."""

    DOWNLOAD = "Downloading"
    IMPORT = "Importing"
    IMPORT_LORA = "Importing the LoRA"
    VERIFY = "Checking"
    REMOVE = "Removing"

    @property
    def lane(self) -> Lane:
        """Which others of its kind it waits for."""
        return Lane.NETWORK if self is TransferKind.DOWNLOAD else Lane.FILES


@dataclass(slots=True)
class Transfer:
    """One thing to do to one model.

    Attributes:
        key: the model's id; of an import, the path of its source.
        title: the model's name, for people.
        progress: the latest report; ``None`` while it waits and before the first.
    """

    key: str
    title: str
    kind: TransferKind
    work: Work
    cancel: threading.Event = field(default_factory=threading.Event)
    progress: TransferProgress | None = None

    @property
    def text(self) -> str:
        """What it does, in a line."""
        if self.cancel.is_set():
            return f"{self.title}: stopping…"
        phase = self.progress.phase if self.progress else TransferPhase.PREPARING
        word = {
            TransferPhase.CONVERTING: "Converting",
            TransferPhase.VERIFYING: "Checking",
        }.get(phase, self.kind.value)
        return f"{word} {self.title}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a transfer ended: with what its work returned, or with the error that stopped it."""

    transfer: Transfer
    result: object = None
    error: StudioError | None = None

    @property
    def was_cancelled(self) -> bool:
        """Whether the user stopped it."""
        return isinstance(self.error, TransferCancelled)


class TransferThread(QThread):
    """Does one transfer of its lane after the other, for the life of the window."""

    progressed = Signal(object, object)
    """The :class:`Transfer` and a :class:`TransferProgress`, at most twenty times a second."""
    ended = Signal(object)
    """An :class:`Outcome`."""

    def __init__(self, lane: Lane, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"sa-studio-{lane}")
        self._waiting: SimpleQueue[Transfer | None] = SimpleQueue()

    def add(self, transfer: Transfer) -> None:
        """Do ``transfer`` after those that were added before; one that was cancelled is skipped."""
        self._waiting.put(transfer)
        if not self.isRunning():
            self.start()

    def run(self) -> None:
        """Runs on the new thread until :meth:`finish`."""
        while (transfer := self._waiting.get()) is not None:
            self.ended.emit(self._outcome(transfer))

    def finish(self) -> None:
        """Wait for the transfer that runs, which should be cancelled before; then end."""
        self._waiting.put(None)
        self.wait()

    def _outcome(self, transfer: Transfer) -> Outcome:
        if transfer.cancel.is_set():
            return Outcome(transfer, error=TransferCancelled(NOT_BEGUN))
        report = Throttle(lambda progress: self.progressed.emit(transfer, progress))
        try:
            result = transfer.work(report, transfer.cancel)
        except StudioError as error:
            return Outcome(transfer, error=error)
        except Exception as error:  # our bug: logged and shown, and the thread goes on
            log.exception("%s %s failed", transfer.kind, transfer.key)
            return Outcome(transfer, error=our_mistake(error))
        return Outcome(transfer, result=result)


class Throttle:
    """A report that passes on at most twenty a second, and every change of phase at once."""

    def __init__(self, report: Report, clock: Callable[[], float] = time.monotonic) -> None:
        self._report, self._clock = report, clock
        self._phase: TransferPhase | None = None
        self._due = 0.0

    def __call__(self, progress: TransferProgress) -> None:
        """Pass ``progress`` on, unless the last one has only just been."""
        now = self._clock()
        if progress.phase is not self._phase or now >= self._due:
            self._phase = progress.phase
            self._due = now + REPORT_INTERVAL_SECONDS
            self._report(progress)


class Transfers(QObject):
    """What is being transferred and what waits for its turn; lives as long as the window.

    Nothing here is bound to a dialog, so closing one stops nothing.
    """

    changed = Signal()
    """The first transfer, its progress or the list of those that wait is another."""
    ended = Signal(object)
    """An :class:`Outcome`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._transfers: dict[str, Transfer] = {}
        self._threads = {lane: TransferThread(lane, self) for lane in Lane}
        for thread in self._threads.values():
            thread.progressed.connect(self._progressed)
            thread.ended.connect(self._ended)

    @property
    def current(self) -> Transfer | None:
        """The one that began first of those that run."""
        return next(iter(self._transfers.values()), None)

    @property
    def others(self) -> int:
        """How many run or wait beside it."""
        return max(len(self._transfers) - 1, 0)

    def is_running(self, transfer: Transfer) -> bool:
        """Whether it is its turn: it is the first of its lane."""
        lane = transfer.kind.lane
        same = (other for other in self._transfers.values() if other.kind.lane is lane)
        return next(same, None) is transfer

    def get(self, key: str) -> Transfer | None:
        """The transfer of this model, unless it is over."""
        return self._transfers.get(key)

    def begin(self, transfer: Transfer) -> bool:
        """Do ``transfer`` after those of its lane; false if its model has one already."""
        if transfer.key in self._transfers:
            return False
        self._transfers[transfer.key] = transfer
        self._threads[transfer.kind.lane].add(transfer)
        self.changed.emit()
        return True

    def cancel(self, key: str) -> None:
        """Stop a transfer; what it brought stays for the next try."""
        transfer = self._transfers.get(key)
        if transfer is None:
            return
        running = self.is_running(transfer)
        transfer.cancel.set()
        if not running:
            self._ended(Outcome(transfer, error=TransferCancelled(NOT_BEGUN)))
        else:
            self.changed.emit()

    def finish(self) -> None:
        """Cancel everything and wait for the threads; nothing is told any more."""
        for transfer in self._transfers.values():
            transfer.cancel.set()
        self._transfers.clear()
        for thread in self._threads.values():
            thread.finish()

    @Slot(object, object)
    def _progressed(self, transfer: Transfer, progress: TransferProgress) -> None:
        if self._transfers.get(transfer.key) is transfer:
            transfer.progress = progress
            self.changed.emit()

    @Slot(object)
    def _ended(self, outcome: Outcome) -> None:
        if self._transfers.get(outcome.transfer.key) is outcome.transfer:
            del self._transfers[outcome.transfer.key]
            self.ended.emit(outcome)
            self.changed.emit()
