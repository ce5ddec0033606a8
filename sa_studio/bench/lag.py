"""How late an event loop is, as someone who clicks at a random moment would feel it."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer

PERIOD = 0.005  # seconds


class LagMeter(QObject):
    """Expects to be called every ``PERIOD`` and notes how late that was.

    Moments lie on a fixed grid. When the loop was blocked across several of them, each one counts
    with its own lateness: counting only the call that came in the end would hide a long block
    behind one sample.

    Belongs to the thread whose loop it measures. A timer has whole milliseconds, so up to one
    millisecond of every figure is the timer's own.
    """

    def __init__(
        self, parent: QObject | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(parent)
        self._clock = clock
        self._due = 0.0
        self._samples: list[tuple[float, float]] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.tick)

    def start(self) -> None:
        """Begin to expect calls."""
        self._due = self._clock() + PERIOD
        self._arm()

    def stop(self) -> None:
        """Expect nothing any more."""
        self._timer.stop()

    def tick(self) -> None:
        """Note every moment that has passed, and wait for the next."""
        now = self._clock()
        while self._due <= now:
            self._samples.append((self._due, (now - self._due) * 1000))
            self._due += PERIOD
        self._arm()

    def _arm(self) -> None:
        self._timer.start(max(0, math.ceil((self._due - self._clock()) * 1000)))

    def between(self, start: float, stop: float) -> list[float]:
        """The lags in milliseconds of the moments from ``start`` to ``stop`` on the clock."""
        return [lag for due, lag in self._samples if start <= due < stop]
