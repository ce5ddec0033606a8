"""An export on a thread of its own: file by file, so that it can be shown and stopped."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from sa_studio.errors import StudioError, our_mistake
from sa_studio.service import Delivered

log = logging.getLogger(__name__)

Export = Callable[[], Iterator[Delivered]]


@dataclass(frozen=True, slots=True)
class Exported:
    """What came of an export.

    Attributes:
        paths: the files that were written, all of them whole.
        problem: why it ended early; empty if it did not.
        was_cancelled: whether the user ended it.
    """

    paths: tuple[Path, ...]
    problem: str = ""
    was_cancelled: bool = False


class ExportWork(QObject):
    """One thread that exports; one export at a time."""

    delivered = Signal(int)
    """How many files there are now."""
    ended = Signal(object)
    """:class:`Exported`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._cancelled = threading.Event()
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="sa-studio-export")

    def start(self, export: Export) -> None:
        """Begin; ``export`` is called on the thread."""
        self._cancelled.clear()
        self._pool.submit(self._run, export)

    def cancel(self) -> None:
        """End after the file that is being written; what is there stays."""
        self._cancelled.set()

    def close(self) -> None:
        """End, and wait for it."""
        self.cancel()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _run(self, export: Export) -> None:
        """Runs on the thread."""
        paths: list[Path] = []
        problem = ""
        try:
            for delivered in export():
                paths.append(delivered.path)
                self.delivered.emit(len(paths))
                if self._cancelled.is_set():
                    break
        except StudioError as error:
            problem = error.one_line()
        except Exception as error:  # our bug: logged and shown, and the window goes on
            log.exception("the export failed")
            problem = our_mistake(error).one_line()
        self.ended.emit(Exported(tuple(paths), problem, self._cancelled.is_set()))
