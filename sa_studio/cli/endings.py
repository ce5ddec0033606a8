"""Being asked to end: by Ctrl+C, by the system, by the terminal that goes away."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

# what kill, timeout and a shutdown send; and what a closed terminal sends, where there is that
ENDINGS = tuple(getattr(signal, n) for n in ("SIGTERM", "SIGHUP") if hasattr(signal, n))
BY_SIGNAL = 128  # and the signal's number: the exit status by the custom of shells


class Terminated(KeyboardInterrupt):
    """The system asks the process to end.

    It is a ``KeyboardInterrupt`` because the same has to be put in order.

    Args:
        number: the signal's.

    Attributes:
        status: the exit status.
    """

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.status = BY_SIGNAL + number


@contextmanager
def ends_in_order() -> Iterator[None]:
    """Raise :class:`Terminated` meanwhile, where the process would end on the spot and leave
    halves of files and takes that are never finished; only the main thread can.

    The second time it ends on the spot. What is ignored, as by ``nohup``, stays ignored.
    """
    taken = [number for number in ENDINGS if signal.getsignal(number) is signal.SIG_DFL]

    def end(number: int, _frame: object) -> None:
        give_back()
        raise Terminated(number)

    def give_back() -> None:
        for number in taken:
            signal.signal(number, signal.SIG_DFL)

    for number in taken:
        signal.signal(number, end)
    try:
        yield
    finally:
        give_back()
