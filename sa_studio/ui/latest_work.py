"""Work beside the GUI thread of which only the latest request matters."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from PySide6.QtCore import QObject, Signal, Slot

log = logging.getLogger(__name__)


class LatestWork(QObject):
    """One thread that does the last thing it was asked for; what was asked before is dropped.

    Args:
        name: of the thread.
    """

    _finished = Signal(int, object)
    _failed = Signal(int)
    done = Signal(object)
    """The result, on the GUI thread; never one of a request that was replaced."""

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._number = 0
        self._waiting = 0
        self._is_closed = False
        self._pool = ThreadPoolExecutor(1, thread_name_prefix=name)
        self._finished.connect(self._tell)
        self._failed.connect(self._give_up)

    @property
    def is_busy(self) -> bool:
        """Whether a result is still to come."""
        return self._waiting != 0

    def ask(self, work: Callable[[], object]) -> None:
        """Do ``work`` on the thread, instead of what was asked for before; not once it is closed.

        What is still on its way to the GUI thread while a window closes may ask for more.
        """
        if self._is_closed:
            return
        self._number += 1
        self._waiting = self._number
        self._pool.submit(self._work, self._number, work)

    def drop(self) -> None:
        """No result is wanted any more."""
        self._number += 1
        self._waiting = 0

    def close(self) -> None:
        """Wait for what is being done; no result comes afterwards."""
        self.drop()
        self._is_closed = True
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _work(self, number: int, work: Callable[[], object]) -> None:
        """Runs on the thread."""
        if number != self._number:
            return
        try:
            result = work()
        except Exception:  # our bug: the window goes on without the picture or figure
            log.exception("work beside the window failed")
            self._failed.emit(number)
            return
        self._finished.emit(number, result)

    @Slot(int, object)
    def _tell(self, number: int, result: object) -> None:
        if number == self._number:
            self._waiting = 0
            self.done.emit(result)

    @Slot(int)
    def _give_up(self, number: int) -> None:
        if number == self._number:
            self._waiting = 0
