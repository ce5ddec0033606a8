from __future__ import annotations

import pytest

from sa_studio.hub import meter as module
from sa_studio.hub.meter import TransferMeter
from sa_studio.model_offers import TransferPhase, TransferProgress


class Clock:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        monkeypatch.setattr(module.time, "monotonic", lambda: self.now)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def test_rate_and_time_left_are_those_of_the_last_seconds(clock: Clock) -> None:
    reports: list[TransferProgress] = []
    meter = TransferMeter("small", reports.append)
    meter.expect(total=10_000, done=4_000)
    meter.begin(TransferPhase.DOWNLOADING, "a")
    for _ in range(30):
        clock.now += 0.1
        meter.advance(100)
    # what was there before makes no rate
    assert (reports[0].done_bytes, reports[0].bytes_per_second) == (4_000, None)
    last = reports[-1]
    assert (last.file, last.done_bytes, last.total_bytes) == ("a", 7_000, 10_000)
    assert last.bytes_per_second == pytest.approx(1000, rel=0.05)
    assert last.eta_seconds == pytest.approx(3, rel=0.05)


def test_a_rate_follows_a_change_within_the_window(clock: Clock) -> None:
    reports: list[TransferProgress] = []
    meter = TransferMeter("small", reports.append, total=100_000)
    for _ in range(100):
        clock.now += 0.1
        meter.advance(500)
    for _ in range(60):
        clock.now += 0.1
        meter.advance(50)
    assert reports[-1].bytes_per_second == pytest.approx(500, rel=0.1)


def test_reports_come_ten_times_a_second_not_for_every_block(clock: Clock) -> None:
    reports: list[TransferProgress] = []
    meter = TransferMeter("small", reports.append, total=10_000)
    for _ in range(1000):
        clock.now += 0.001
        meter.advance(1)
    assert 9 <= len(reports) <= 11
    meter.finish()
    assert reports[-1].done_bytes == 1000


def test_another_phase_starts_a_rate_of_its_own(clock: Clock) -> None:
    reports: list[TransferProgress] = []
    meter = TransferMeter("small", reports.append, total=10_000)
    for _ in range(20):
        clock.now += 0.1
        meter.advance(100)
    assert reports[-1].bytes_per_second is not None
    meter.begin(TransferPhase.VERIFYING, "b")
    assert reports[-1].bytes_per_second is None
    assert reports[-1].eta_seconds is None


def test_what_was_of_no_use_is_taken_back(clock: Clock) -> None:
    reports: list[TransferProgress] = []
    meter = TransferMeter("small", reports.append, total=10)
    meter.advance(8)
    meter.lose(8)
    assert reports[-1].done_bytes == 0
