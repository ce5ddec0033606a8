"""Asks for something that takes a while without stopping the window."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Signal, Slot

from sa_studio.errors import StudioError, our_mistake

log = logging.getLogger(__name__)


class Question(QObject):
    """One thread that answers what it is asked; the answers come on the GUI thread, in order.

    Args:
        name: of the thread.
    """

    answered = Signal(object)
    failed = Signal(object)
    """A :class:`StudioError`: the answer of a question that raised one, or had a bug."""
    _ready = Signal(int, object)

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._is_closed = False
        self._asked = 0
        self._settled = 0  # up to here, questions are answered or not wanted any more
        self._pool = ThreadPoolExecutor(1, thread_name_prefix=f"sa-studio-{name}")
        self._ready.connect(self._tell)

    @property
    def is_busy(self) -> bool:
        """Whether an answer is still to come."""
        return self._settled < self._asked

    def ask(self, question: Callable[[], object]) -> None:
        """Call ``question`` on the thread, instead of what was asked before."""
        self.drop()
        self.ask_also(question)

    def ask_also(self, question: Callable[[], object]) -> None:
        """Call ``question`` on the thread, after what was asked before; not once it is closed.

        What is still on its way to the GUI thread while a window closes may ask for more.
        """
        if not self._is_closed:
            self._asked += 1
            self._pool.submit(self._work, self._asked, question)

    def drop(self) -> None:
        """No answer to what was asked is wanted any more; what was not begun is not done."""
        self._settled = self._asked

    def wait(self) -> None:
        """Until everything that was asked is answered; the signals come before it returns."""
        # a process that ends without closing its window takes no more work on
        if self.is_busy and not self._is_closed:
            self._pool.submit(_nothing).result()
            QCoreApplication.sendPostedEvents(self, QEvent.Type.MetaCall)

    def close(self) -> None:
        """Wait for the question that is being answered; no signal comes afterwards."""
        self.drop()
        self._is_closed = True
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _work(self, number: int, question: Callable[[], object]) -> None:
        """Runs on the thread."""
        if number <= self._settled:
            return
        try:
            answer = question()
        except StudioError as error:
            answer = error
        except Exception as error:  # our bug: logged and shown, and the window goes on
            log.exception("a question could not be answered")
            answer = our_mistake(error)
        self._ready.emit(number, answer)

    @Slot(int, object)
    def _tell(self, number: int, answer: object) -> None:
        if number <= self._settled:
            return
        self._settled = number
        if isinstance(answer, StudioError):
            self.failed.emit(answer)
        else:
            self.answered.emit(answer)


def _nothing() -> None:
    """Comes after everything else on the thread."""
