"""Waiting for the network in a way that can be given up at once."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Generator
from contextlib import closing
from typing import TypeVar

from sa_studio.errors import TransferCancelled

T = TypeVar("T")

# how long after its event is set a cancellation may go unnoticed
NOTICE_SECONDS = 0.1
# how far the network may run ahead of the disk
ITEMS_AHEAD = 16


class _Exhausted:
    """There are no more items."""


class _Failed:
    """Getting the next item failed."""

    def __init__(self, error: BaseException) -> None:
        self.error = error


def check(cancel: threading.Event) -> None:
    """Raise TransferCancelled if ``cancel`` is set."""
    if cancel.is_set():
        raise TransferCancelled("The transfer was stopped", "Start it again to go on.")


def abandonable(
    make: Callable[[], Generator[T, None, None]], cancel: threading.Event
) -> Generator[T, None, None]:
    """The items of ``make()``, which is run on a thread of its own.

    A read that waits for a stalled server cannot be interrupted. So it is left behind: whoever
    iterates here goes on at once, and the thread ends when its read does, at the latest by its
    timeout. It must do nothing but read.

    Raises:
        TransferCancelled: ``cancel`` was set.
    """
    items: queue.Queue[T | _Exhausted | _Failed] = queue.Queue(ITEMS_AHEAD)
    abandoned = threading.Event()

    def put(item: T | _Exhausted | _Failed) -> bool:
        """Whether anybody still wants it."""
        while not abandoned.is_set():
            try:
                items.put(item, timeout=NOTICE_SECONDS)
            except queue.Full:
                continue
            return True
        return False

    def read() -> None:
        try:
            with closing(make()) as made:
                for item in made:
                    if not put(item):
                        return
        except BaseException as error:  # noqa: BLE001 (raised again by whoever iterates)
            put(_Failed(error))
        else:
            put(_Exhausted())

    threading.Thread(target=read, name="sa-studio-hub", daemon=True).start()
    try:
        while True:
            check(cancel)
            try:
                item = items.get(timeout=NOTICE_SECONDS)
            except queue.Empty:
                continue
            if isinstance(item, _Exhausted):
                return
            if isinstance(item, _Failed):
                raise item.error
            yield item
    finally:
        abandoned.set()


def answer(ask: Callable[[], T], cancel: threading.Event) -> T:
    """What ``ask`` returns, unless ``cancel`` is set first, which raises TransferCancelled."""

    def once() -> Generator[T, None, None]:
        yield ask()

    with closing(abandonable(once, cancel)) as made:
        return next(made)
