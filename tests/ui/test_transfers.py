"""Transfers beside the window: order, throttling, cancelling, ending."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QThread
from PySide6.QtWidgets import QApplication

from sa_studio.errors import HubError, TransferCancelled
from sa_studio.model_offers import Report, TransferPhase, TransferProgress
from sa_studio.ui.transfers import Outcome, Throttle, Transfer, TransferKind, Transfers, Work
from tests.ui.conftest import Wait


@pytest.fixture
def transfers(application: QApplication) -> Iterator[Transfers]:
    made = Transfers()
    yield made
    made.finish()


@pytest.fixture
def outcomes(transfers: Transfers) -> list[Outcome]:
    found: list[Outcome] = []
    transfers.ended.connect(found.append)
    return found


def transfer(key: str, work: Work, kind: TransferKind = TransferKind.DOWNLOAD) -> Transfer:
    return Transfer(key, key.title(), kind, work)


def until_cancelled(_report: Report, cancel: threading.Event) -> None:
    cancel.wait()
    raise TransferCancelled("Stopped")


def progress(
    done: int, phase: TransferPhase = TransferPhase.DOWNLOADING, total: int = 100
) -> TransferProgress:
    return TransferProgress("m", phase, "", done, total)


def test_one_after_the_other_and_away_from_the_gui_thread(
    transfers: Transfers, outcomes: list[Outcome], wait: Wait
) -> None:
    threads = []

    def work(_report: Report, _cancel: threading.Event) -> str:
        threads.append(QThread.currentThread())
        return f"result {len(threads)}"

    assert transfers.begin(transfer("a", work))
    assert transfers.begin(transfer("b", work))
    wait(lambda: len(outcomes) == 2)
    assert [outcome.result for outcome in outcomes] == ["result 1", "result 2"]
    assert threads[0] is threads[1]
    assert threads[0] is not QThread.currentThread()
    assert transfers.current is None


def test_a_model_has_one_transfer_at_a_time(transfers: Transfers, wait: Wait) -> None:
    assert transfers.begin(transfer("a", until_cancelled))
    assert not transfers.begin(transfer("a", until_cancelled))
    transfers.cancel("a")
    wait(lambda: transfers.current is None)


def test_a_failure_and_a_bug_of_ours_are_told_and_the_next_goes_on(
    transfers: Transfers, outcomes: list[Outcome], wait: Wait
) -> None:
    error = HubError("The hub is down", "Try later.", "https://hub.invalid")

    def fail(_report: Report, _cancel: threading.Event) -> None:
        raise error

    def break_down(_report: Report, _cancel: threading.Event) -> None:
        raise ZeroDivisionError("a bug")

    transfers.begin(transfer("a", fail))
    transfers.begin(transfer("b", break_down))
    transfers.begin(transfer("c", lambda _report, _cancel: "done"))
    wait(lambda: len(outcomes) == 3)
    assert outcomes[0].error is error
    assert outcomes[1].error is not None
    assert "ZeroDivisionError: a bug" in outcomes[1].error.message
    assert outcomes[2].result == "done"


def test_cancelling_the_running_one_lets_the_next_begin(
    transfers: Transfers, outcomes: list[Outcome], wait: Wait
) -> None:
    transfers.begin(transfer("a", until_cancelled))
    transfers.begin(transfer("b", lambda _report, _cancel: "done"))
    assert transfers.others == 1
    transfers.cancel("a")
    assert transfers.current is not None
    assert transfers.current.text == "A: stopping…"
    wait(lambda: len(outcomes) == 2)
    assert outcomes[0].was_cancelled
    assert outcomes[1].result == "done"


def test_one_that_waits_is_cancelled_at_once_and_never_done(
    transfers: Transfers, outcomes: list[Outcome], wait: Wait
) -> None:
    done = []
    transfers.begin(transfer("a", until_cancelled))
    transfers.begin(transfer("b", lambda _report, _cancel: done.append("b")))
    transfers.cancel("b")
    assert [outcome.was_cancelled for outcome in outcomes] == [True]
    transfers.begin(transfer("c", lambda _report, _cancel: done.append("c")))
    transfers.cancel("a")
    wait(lambda: transfers.current is None)
    assert done == ["c"]


def test_files_of_this_computer_do_not_wait_for_the_network(
    transfers: Transfers, outcomes: list[Outcome], wait: Wait
) -> None:
    download = transfer("a", until_cancelled)
    waiting = transfer("b", until_cancelled)
    removal = transfer("c", lambda _report, _cancel: "removed", TransferKind.REMOVE)
    for each in (download, waiting, removal):
        transfers.begin(each)
    running = [transfers.is_running(each) for each in (download, waiting, removal)]
    assert running == [True, False, True]
    wait(lambda: outcomes)
    assert outcomes[0].result == "removed"
    assert transfers.current is download
    transfers.cancel("b")
    transfers.cancel("a")
    wait(lambda: transfers.current is None)


def test_finishing_cancels_what_runs_and_what_waits(
    transfers: Transfers, outcomes: list[Outcome]
) -> None:
    done = []
    transfers.begin(transfer("a", until_cancelled))
    transfers.begin(transfer("b", lambda _report, _cancel: done.append("b")))
    transfers.finish()  # returns only when the thread has ended
    QApplication.processEvents()
    assert (done, outcomes) == ([], [])


def test_at_most_twenty_reports_a_second_and_every_phase() -> None:
    told: list[TransferProgress] = []
    now = [0.0]
    throttle = Throttle(told.append, clock=lambda: now[0])
    for number in range(1000):  # one second of one report each millisecond
        now[0] = number / 1000
        throttle(progress(number, total=1000))
    assert 19 <= len(told) <= 20
    throttle(progress(1000, TransferPhase.VERIFYING))
    assert told[-1].phase is TransferPhase.VERIFYING


def test_progress_reaches_whoever_looks(transfers: Transfers, wait: Wait) -> None:
    def work(report: Report, cancel: threading.Event) -> None:
        report(progress(37))
        cancel.wait()

    transfers.begin(transfer("a", work))
    wait(lambda: transfers.current and transfers.current.progress)
    assert transfers.current is not None
    assert transfers.current.progress == progress(37)
