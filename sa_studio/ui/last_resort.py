"""What nobody has caught: told in the window and kept in the log, instead of lost on a console.

Qt goes on after an exception in a slot, and so does the window. But whoever started it from a
menu has no console, and would only see that nothing happens.
"""

from __future__ import annotations

import logging
import sys
import time
import traceback
from types import TracebackType

from PySide6.QtCore import QObject, Signal

from sa_studio.errors import StudioError, our_mistake

log = logging.getLogger(__name__)

REPEAT_SECONDS = 5.0  # what fails whenever it is painted would fill the log


class LastResort(QObject):
    """Hears of exceptions that left a slot or an event handler, on whichever thread."""

    problem = Signal(object)
    """A :class:`StudioError`; one of our mistakes is in the log, too."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._before = sys.excepthook
        self._hook = self._caught  # the same object every time
        self._last: tuple[str, float] = ("", 0.0)

    def begin(self) -> None:
        """Hear of them from now on."""
        self._before, sys.excepthook = sys.excepthook, self._hook

    def end(self) -> None:
        """Leave them to whoever heard of them before."""
        if sys.excepthook is self._hook:
            sys.excepthook = self._before

    def _caught(
        self,
        kind: type[BaseException],
        error: BaseException,
        trace: TracebackType | None,
    ) -> None:
        if not isinstance(error, Exception):  # somebody wants the process to end
            self._before(kind, error, trace)
            return
        text = "".join(traceback.format_exception(kind, error, trace))
        now = time.monotonic()
        (last, when), self._last = self._last, (text, now)
        if text == last and now < when + REPEAT_SECONDS:
            return
        if isinstance(error, StudioError):
            log.warning("told in the window: %s", error.one_line(), exc_info=error)
            self.problem.emit(error)
        else:
            log.error("nobody has caught this", exc_info=error)
            self.problem.emit(our_mistake(error))
