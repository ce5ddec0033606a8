"""Asks for something that takes a while without stopping the window."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from PySide6.QtCore import QObject, Signal

from sa_studio.errors import StudioError, our_mistake

log = logging.getLogger(__name__)


class Question(QObject):
    """One thread that answers what it is asked, in order; the answers come on the GUI thread."""

    answered = Signal(object)
    failed = Signal(object)
    """A :class:`StudioError`."""

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._open = True
        self._pool = ThreadPoolExecutor(1, thread_name_prefix=f"sa-studio-{name}")

    def ask(self, question: Callable[[], object]) -> None:
        """Call ``question`` on the thread; ignored after :meth:`close`."""
        if self._open:
            self._pool.submit(self._answer, question)

    def close(self) -> None:
        """Wait for the question that is being answered; no signal comes afterwards."""
        self._open = False
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _answer(self, question: Callable[[], object]) -> None:
        """Runs on the thread."""
        try:
            answer = question()
        except StudioError as error:
            self._tell_failed(error)
        except Exception as error:  # our bug: logged and shown, and the window goes on
            log.exception("a question could not be answered")
            self._tell_failed(our_mistake(error))
        else:
            if self._open:
                self.answered.emit(answer)

    def _tell_failed(self, error: StudioError) -> None:
        if self._open:
            self.failed.emit(error)
