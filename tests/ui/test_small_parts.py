"""The small widgets that the panels are made of."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from sa_studio.ui.elided_label import ElidedLabel
from sa_studio.ui.flow_layout import FlowLayout
from sa_studio.ui.number_spin import NumberSpin
from sa_studio.ui.player_bar import clock_text


@pytest.fixture
def spin(application: QApplication) -> NumberSpin:
    return NumberSpin(0.1, 9.5, decimals=1, step=0.1)


def test_a_number_beyond_the_bounds_is_refused_and_the_last_good_one_kept(
    spin: NumberSpin,
) -> None:
    spin.setValue(3)
    spin.setValue(9.6)
    assert (spin.text(), spin.refused, spin.value()) == ("9.6", "9.6", 3)
    spin.setValue(9.5)
    assert (spin.text(), spin.refused, spin.value()) == ("9.5", "", 9.5)


def test_refused_text_survives_leaving_the_field_and_a_step_drops_it(spin: NumberSpin) -> None:
    spin.setValue(3)
    spin.show()
    spin.selectAll()
    QTest.keyClicks(spin, "long")
    spin.clearFocus()
    assert (spin.text(), spin.refused) == ("long", "long")
    spin.stepUp()
    assert (spin.text(), spin.refused) == ("3.1", "")


def test_a_decimal_comma_is_a_decimal_point(spin: NumberSpin) -> None:
    spin.lineEdit().setText("2,5")
    assert (spin.value(), spin.refused) == (2.5, "")


def test_an_empty_field_means_its_special_value(application: QApplication) -> None:
    spin = NumberSpin(-1, 100, special="random")
    spin.setValue(5)
    spin.lineEdit().setText("")
    assert spin.value() == -1
    spin.lineEdit().setText("-1")  # the special value has no number
    assert spin.refused == "-1"


def test_chips_flow_into_as_many_lines_as_they_need(application: QApplication) -> None:
    box = QWidget()
    layout = FlowLayout(box, spacing=4)
    for _ in range(3):
        button = QPushButton("x")
        button.setFixedSize(40, 20)
        layout.addWidget(button)
    assert layout.heightForWidth(128) == 20
    assert layout.heightForWidth(127) == 44
    assert layout.heightForWidth(10) == 68
    layout.setGeometry(QRect(0, 0, 90, 100))
    places = [box.children()[number].pos().toTuple() for number in (1, 2, 3)]
    assert places == [(0, 0), (44, 0), (0, 24)]


def test_a_label_too_narrow_ends_in_an_ellipsis_and_tells_the_rest(
    application: QApplication,
) -> None:
    label = ElidedLabel("a heavy\nwooden door")
    label.show()
    label.resize(40, 20)
    assert label.text().endswith("…")
    assert label.whole_text() == label.toolTip() == label.accessibleName() == "a heavy wooden door"
    label.resize(1000, 20)
    assert label.text() == "a heavy wooden door"
    assert not label.toolTip()


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "00:00.000"), (1.2844, "00:01.284"), (59.9996, "01:00.000"), (-1, "00:00.000")],
)
def test_clock(seconds: float, text: str) -> None:
    assert clock_text(seconds) == text
