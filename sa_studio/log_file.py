"""The log file in the data folder: warnings and bugs, with their tracebacks."""

from __future__ import annotations

import contextlib
import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

NAME = "sa-studio.log"
MAX_BYTES = 1_000_000
KEPT = 3


class LogFile:
    """Writes what the application logs into a file, until it is closed.

    Args:
        folder: where the file and its predecessors lie.
    """

    def __init__(self, folder: Path) -> None:
        self._handler = RotatingFileHandler(
            folder / NAME, maxBytes=MAX_BYTES, backupCount=KEPT, encoding="utf-8", delay=True
        )
        self._handler.setFormatter(
            logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s")
        )
        self._handler.setLevel(logging.WARNING)
        logging.getLogger("sa_studio").addHandler(self._handler)

    def close(self) -> None:
        """Stop writing; what a full disk did not take is lost."""
        logging.getLogger("sa_studio").removeHandler(self._handler)
        with contextlib.suppress(OSError):  # there is nowhere left to tell it
            self._handler.close()
