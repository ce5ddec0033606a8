"""Questions that are answered beside the GUI thread."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from sa_studio.errors import StudioError
from sa_studio.ui.question import Question
from tests.ui.conftest import Wait


@pytest.fixture
def work(application: QApplication) -> Iterator[Question]:
    made = Question("test")
    yield made
    made.close()


def test_only_the_latest_result_comes(work: Question, wait: Wait) -> None:
    results: list[object] = []
    work.answered.connect(results.append)
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


def test_what_is_asked_also_is_answered_in_order(work: Question, wait: Wait) -> None:
    results: list[object] = []
    work.answered.connect(results.append)
    work.ask(lambda: "dropped")
    work.drop()
    assert not work.is_busy
    for number in range(3):
        work.ask_also(lambda number=number: number)
    wait(lambda: not work.is_busy)
    assert results == [0, 1, 2]


def test_nothing_is_answered_once_it_is_closed(work: Question, application: QApplication) -> None:
    results: list[object] = []
    work.answered.connect(results.append)
    work.ask(lambda: "on its way")
    work.close()
    work.ask(lambda: "too late")
    application.processEvents()
    assert results == []


def test_our_own_mistake_is_logged_and_told(
    work: Question, wait: Wait, caplog: pytest.LogCaptureFixture
) -> None:
    told: list[StudioError] = []
    work.failed.connect(told.append)
    work.ask(lambda: 1 // 0)
    wait(lambda: not work.is_busy)
    assert "ZeroDivisionError" in caplog.text
    (error,) = told
    assert "ZeroDivisionError" in error.message
    assert "report" in error.hint
