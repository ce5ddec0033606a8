from __future__ import annotations

import time

import pytest
from PySide6.QtCore import QCoreApplication, QTimer

from sa_studio.bench.figures import Figures
from sa_studio.bench.lag import LagMeter


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_every_missed_moment_counts_with_its_own_lateness(application: QCoreApplication) -> None:
    clock = Clock()
    meter = LagMeter(clock=clock)
    meter.start()
    clock.now += 0.0052
    meter.tick()
    clock.now += 0.1  # blocked across twenty moments
    meter.tick()
    meter.stop()
    lags = meter.between(0, 1000)
    assert len(lags) == 21
    assert lags[0] == pytest.approx(0.2, abs=1e-6)
    assert lags[1] == pytest.approx(95.2, abs=1e-6)
    assert lags[-1] == pytest.approx(0.2, abs=1e-6)
    assert meter.between(100.004, 100.006) == pytest.approx([0.2], abs=1e-6)


def test_a_blocked_event_loop_is_seen(application: QCoreApplication) -> None:
    meter = LagMeter()
    meter.start()
    QTimer.singleShot(50, lambda: time.sleep(0.2))
    QTimer.singleShot(400, application.quit)
    application.exec()
    meter.stop()
    lags = meter.between(0, time.monotonic())
    assert 60 <= len(lags) <= 400
    assert max(lags) >= 190
    # 200 ms of about 400 were blocked
    assert sum(lag > 20 for lag in lags) >= 30


def test_figures_are_percentiles() -> None:
    figures = Figures.of([float(number) for number in range(1, 101)])
    assert figures is not None
    assert figures.samples == 100
    assert figures.p50 == pytest.approx(50.5)
    assert figures.p99 == pytest.approx(99.01)
    assert figures.max == 100
    assert Figures.of([]) is None
