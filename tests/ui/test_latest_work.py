from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from sa_studio.ui.latest_work import LatestWork
from tests.ui.conftest import Wait


@pytest.fixture
def work(application: QApplication) -> Iterator[LatestWork]:
    made = LatestWork("test")
    yield made
    made.close()


def test_only_the_latest_result_comes(work: LatestWork, wait: Wait) -> None:
    results: list[object] = []
    work.done.connect(results.append)
    begun, go_on = threading.Event(), threading.Event()

    def slow() -> str:
        begun.set()
        go_on.wait()
        return "slow"

    work.ask(slow)
    begun.wait()
    work.ask(lambda: "replaced")
    work.ask(lambda: "latest")
    assert work.is_busy
    go_on.set()
    wait(lambda: not work.is_busy)
    assert results == ["latest"]


def test_our_own_mistake_is_logged_and_ends_the_work(
    work: LatestWork, wait: Wait, caplog: pytest.LogCaptureFixture
) -> None:
    work.ask(lambda: 1 // 0)
    wait(lambda: not work.is_busy)
    assert "ZeroDivisionError" in caplog.text
