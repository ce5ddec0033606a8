from __future__ import annotations

import threading
import time
from collections.abc import Generator

import pytest

from sa_studio.errors import TransferCancelled
from sa_studio.hub.abandonable import ITEMS_AHEAD, abandonable, answer


def test_items_come_in_their_order_and_errors_after_them() -> None:
    def make() -> Generator[int, None, None]:
        yield from range(100)
        raise LookupError("no more")

    got: list[int] = []
    with pytest.raises(LookupError, match="no more"):
        got.extend(abandonable(make, threading.Event()))
    assert got == list(range(100))
    assert list(abandonable(lambda: (yield from (1, 2)), threading.Event())) == [1, 2]


def test_whoever_waits_goes_on_at_once_when_cancelled() -> None:
    cancel, release, closed = threading.Event(), threading.Event(), threading.Event()

    def make() -> Generator[int, None, None]:
        try:
            yield 1
            release.wait(10)
            yield 2
        finally:
            closed.set()

    items = abandonable(make, cancel)
    assert next(items) == 1
    threading.Timer(0.1, cancel.set).start()
    started = time.monotonic()
    with pytest.raises(TransferCancelled) as caught:
        next(items)
    assert time.monotonic() - started < 0.5
    assert caught.value.hint
    assert not closed.is_set()
    release.set()
    assert closed.wait(5)


def test_the_network_does_not_run_away_from_the_disk() -> None:
    made: list[int] = []

    def make() -> Generator[int, None, None]:
        for number in range(1000):
            made.append(number)
            yield number

    items = abandonable(make, threading.Event())
    assert next(items) == 0
    time.sleep(0.3)
    assert len(made) <= ITEMS_AHEAD + 3
    items.close()
    time.sleep(0.3)
    assert len(made) <= ITEMS_AHEAD + 4


def test_an_answer_is_one_item() -> None:
    assert answer(lambda: 42, threading.Event()) == 42
    cancelled = threading.Event()
    cancelled.set()
    with pytest.raises(TransferCancelled):
        answer(lambda: 42, cancelled)
