from __future__ import annotations

import os
import signal
import sys
import threading

import pytest

from sa_studio.cli.transfer_bar import TransferBar, describe
from sa_studio.model_offers import TransferPhase, TransferProgress


def progress(phase: TransferPhase, **more: float | None) -> TransferProgress:
    return TransferProgress("m", phase, "model.safetensors", 1_200_000_000, 4_850_000_000, **more)


def test_what_happens_is_told_with_rate_and_time_left() -> None:
    preparing = progress(TransferPhase.PREPARING)
    assert describe(preparing) == "preparing"
    just_begun = progress(TransferPhase.DOWNLOADING)
    assert describe(just_begun) == "downloading model.safetensors, 1.20 of 4.85 GB"
    running = progress(TransferPhase.VERIFYING, bytes_per_second=12_340_000.0, eta_seconds=301.0)
    assert describe(running) == (
        "verifying model.safetensors, 1.20 of 4.85 GB, 12.3 MB/s, 5 min left"
    )
    nearly = progress(TransferPhase.VERIFYING, bytes_per_second=1e6, eta_seconds=9.4)
    assert describe(nearly).endswith(", 9 s left")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT to send")
def test_the_first_ctrl_c_cancels_and_the_second_interrupts() -> None:
    before = signal.getsignal(signal.SIGINT)
    with TransferBar() as bar:
        assert not bar.cancel.is_set()
        os.kill(os.getpid(), signal.SIGINT)
        assert bar.cancel.is_set()
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.skipif(os.name == "nt", reason="Windows has neither of the signals")
def test_being_asked_to_end_cancels_unless_that_is_ignored() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # as nohup does
    try:
        with TransferBar() as bar:
            os.kill(os.getpid(), signal.SIGHUP)
            assert not bar.cancel.is_set()
            os.kill(os.getpid(), signal.SIGTERM)
            assert bar.cancel.is_set()
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


def test_ctrl_c_means_what_it_meant_afterwards() -> None:
    before = signal.getsignal(signal.SIGINT)
    with TransferBar():
        assert signal.getsignal(signal.SIGINT) is not before
    assert signal.getsignal(signal.SIGINT) is before


def test_on_another_thread_signals_are_left_alone() -> None:
    before = signal.getsignal(signal.SIGINT)
    seen = []

    def work() -> None:
        with TransferBar() as bar:
            bar.report(progress(TransferPhase.DOWNLOADING))
            seen.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [before]


def test_without_a_terminal_nothing_is_shown(capfd: pytest.CaptureFixture[str]) -> None:
    with TransferBar() as bar:
        bar.report(progress(TransferPhase.DOWNLOADING))
    assert capfd.readouterr() == ("", "")


def test_without_any_stderr_it_works_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    with TransferBar() as bar:
        bar.report(progress(TransferPhase.DOWNLOADING))
