"""Shows a download, an import or a check on a terminal, and stops it when asked to end."""

from __future__ import annotations

import signal
import sys
import threading
from typing import Any

from sa_studio.amounts import bytes_text, done_text
from sa_studio.cli.endings import ENDINGS
from sa_studio.model_offers import TransferPhase, TransferProgress

SECONDS_AS_MINUTES = 120


class TransferBar:
    """A context manager whose :attr:`report` and :attr:`cancel` are handed to the shelf.

    Only a terminal's stderr gets a bar. Within it, the first Ctrl+C, or the first signal to end,
    sets ``cancel``, so that what has come is kept in order; the second one interrupts whatever is
    running.

    Attributes:
        cancel: set when the user wants it to stop.
    """

    def __init__(self) -> None:
        self.cancel = threading.Event()
        self._bar: Any = None
        self._handlers: dict[int, Any] = {}

    def __enter__(self) -> TransferBar:
        if sys.stderr and sys.stderr.isatty():
            from tqdm import tqdm

            self._bar = tqdm(bar_format="{desc} {percentage:3.0f}% |{bar}|", leave=False)
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, *ENDINGS):
                if signal.getsignal(number) is not signal.SIG_IGN:  # as in the background
                    self._handlers[number] = signal.signal(number, self._interrupted)
        return self

    def __exit__(self, *exception: object) -> None:
        self._restore_handlers()
        if self._bar is not None:
            self._bar.close()

    def report(self, progress: TransferProgress) -> None:
        """Show how far it is; called on the thread that works."""
        if self._bar is None:
            return
        self._bar.set_description_str(describe(progress), refresh=False)
        self._bar.total = max(progress.total_bytes, 1)
        self._bar.update(progress.done_bytes - self._bar.n)

    def _interrupted(self, _signal: int, _frame: object) -> None:
        self.cancel.set()
        self._restore_handlers()

    def _restore_handlers(self) -> None:
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        self._handlers.clear()


def describe(progress: TransferProgress) -> str:
    """What happens, how fast, and how long it will still take."""
    parts = [progress.phase.value]
    if progress.phase is not TransferPhase.PREPARING:
        parts[0] += f" {progress.file}" if progress.file else ""
        parts.append(done_text(progress.done_bytes, progress.total_bytes))
    if progress.bytes_per_second is not None:
        parts.append(f"{bytes_text(round(progress.bytes_per_second))}/s")
    if progress.eta_seconds is not None:
        parts.append(f"{_duration(progress.eta_seconds)} left")
    return ", ".join(parts)


def _duration(seconds: float) -> str:
    if seconds < SECONDS_AS_MINUTES:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min"
