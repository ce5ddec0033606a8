"""Counts bytes and tells how far a transfer is, how fast, and how long it will take."""

from __future__ import annotations

import time
from collections import deque

from sa_studio.model_offers import Report, TransferPhase, TransferProgress

# the rate is that of so many seconds, so that it follows the connection without trembling
WINDOW_SECONDS = 5.0
# below this much time a rate says nothing
SHORTEST_SECONDS = 0.5
REPORT_SECONDS = 0.1


class TransferMeter:
    """Tells ``report`` at every change of phase or file, and ten times a second in between.

    Args:
        model: what is transferred.
        report: told on the thread that calls the methods; may be nobody.
        total: bytes of everything.
        done: those that were there before; they make no rate.
    """

    def __init__(self, model: str, report: Report | None, total: int = 0, done: int = 0) -> None:
        self._model, self._report = model, report
        self._total, self._done = total, done
        self._phase, self._file = TransferPhase.PREPARING, ""
        self._marks: deque[tuple[float, int]] = deque()
        self._came = 0
        self._told = float("-inf")

    def expect(self, total: int, done: int) -> None:
        """So much there is, of which so much is here."""
        self._total, self._done = total, done
        self._tell()

    def begin(self, phase: TransferPhase, file: str = "") -> None:
        """Something else is being done, or to another file."""
        if phase is not self._phase:
            self._marks.clear()
        self._phase, self._file = phase, file
        self._tell()

    def advance(self, count: int) -> None:
        """So many bytes more."""
        now = time.monotonic()
        if not self._marks:
            self._marks.append((now, self._came))
        self._done += count
        self._came += count
        self._marks.append((now, self._came))
        # one mark at least as old as the window stays
        while len(self._marks) > 2 and self._marks[1][0] <= now - WINDOW_SECONDS:
            self._marks.popleft()
        if now - self._told >= REPORT_SECONDS:
            self._tell()

    def lose(self, count: int) -> None:
        """So many bytes were of no use."""
        self._done -= count
        self._tell()

    def finish(self) -> None:
        """There is no more to come."""
        self._tell()

    def _tell(self) -> None:
        if self._report is None:
            return
        self._told = time.monotonic()
        rate = self._rate()
        left = max(self._total - self._done, 0)
        self._report(
            TransferProgress(
                self._model,
                self._phase,
                self._file,
                self._done,
                self._total,
                rate,
                left / rate if rate else None,
            )
        )

    def _rate(self) -> float | None:
        """Bytes per second; ``None`` while there is too little to say."""
        if len(self._marks) < 2:
            return None
        # until now: a connection that stalls slows down, too
        seconds = time.monotonic() - self._marks[0][0]
        came = self._marks[-1][1] - self._marks[0][1]
        return came / seconds if seconds >= SHORTEST_SECONDS and came else None
