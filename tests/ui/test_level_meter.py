from __future__ import annotations

import math

import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication

from sa_studio.ui.level_meter import LevelMeter, decibel_text
from sa_studio.ui.theme import current_colors

QUIET = (-math.inf, -math.inf)


@pytest.fixture
def meter(application: QApplication) -> LevelMeter:
    widget = LevelMeter()
    widget.resize(120, 15)
    return widget


def inked(meter: LevelMeter, color: str) -> int:
    """Pixels of the upper bar in a colour."""
    image: QImage = meter.grab().toImage()
    return sum(image.pixelColor(x, 3) == QColor(color) for x in range(image.width()))


def test_it_rises_at_once_and_falls_by_20_decibels_a_second(meter: LevelMeter) -> None:
    meter.show_levels((-12.0, -30.0), now=10.0)
    assert meter.levels == (-12.0, -30.0)
    meter.show_levels(QUIET, now=10.5)
    assert meter.levels == pytest.approx((-22.0, -40.0))
    meter.show_levels((-3.0, -math.inf), now=10.6)
    assert meter.levels == pytest.approx((-3.0, -42.0))
    for frame in range(1, 300):
        meter.show_levels(QUIET, now=10.6 + frame / 60)
    assert meter.levels == QUIET


def test_the_line_holds_the_highest_for_a_while(meter: LevelMeter) -> None:
    meter.show_levels((-6.0, -6.0), now=0.0)
    meter.show_levels((-20.0, -20.0), now=1.0)
    assert meter.holds == (-6.0, -6.0)
    meter.show_levels((-20.0, -20.0), now=1.6)
    assert meter.holds == pytest.approx((-20.0, -20.0))


def test_loud_and_quiet_have_their_colours(meter: LevelMeter) -> None:
    colors = current_colors()
    assert inked(meter, colors.accent) == 0
    meter.show_levels((-30.0, -30.0), now=0.0)
    assert inked(meter, colors.accent) == pytest.approx(60, abs=2)
    meter.show_levels((0.0, 0.0), now=0.1)
    assert inked(meter, colors.warning) >= 9
    assert inked(meter, colors.error) == 2  # the line: full scale


def test_it_is_read_aloud_once_a_second(meter: LevelMeter) -> None:
    assert meter.accessibleDescription() == "Silent"
    told = []
    for frame in range(120):
        meter.show_levels((-6.0 - frame / 10, -12.0), now=5 + frame / 60)
        told.append(meter.accessibleDescription())
    assert len(set(told)) == 2
    assert told[0] == "Left −6.0 dB, right −12.0 dB"
    meter.reset()
    assert meter.accessibleDescription() == "Silent"
    assert meter.levels == QUIET


def test_silence_has_a_sign_of_its_own() -> None:
    assert decibel_text(-1.25) == "−1.2"
    assert decibel_text(-math.inf) == "−∞"
