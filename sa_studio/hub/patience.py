"""Trying again: how often, and how long to wait in between."""

from __future__ import annotations

import logging
import threading

from sa_studio.hub.abandonable import check
from sa_studio.hub.refusals import RetryLater

log = logging.getLogger(__name__)

# seconds before each try after one that brought nothing
WAITS = (1.0, 2.0, 4.0, 8.0, 15.0)
# the longest that the hub is waited for when it asks to
LONGEST_WAIT = 60.0


class Patience:
    """Allows a few failures in a row.

    Args:
        cancel: ends a wait.
    """

    def __init__(self, cancel: threading.Event) -> None:
        self._cancel, self._failures = cancel, 0

    def restore(self) -> None:
        """Something came: what failed before does not count any more."""
        self._failures = 0

    def wait(self, later: RetryLater) -> None:
        """Wait before the next try.

        Raises:
            HubError: it has failed too often, or the hub asks for too long a wait.
            TransferCancelled: meanwhile.
        """
        if self._failures >= len(WAITS) or (later.after or 0) > LONGEST_WAIT:
            raise later.error from later
        seconds = WAITS[self._failures] if later.after is None else later.after
        self._failures += 1
        log.info("trying again in %g s: %s", seconds, later.error.one_line())
        self._cancel.wait(seconds)
        check(self._cancel)
