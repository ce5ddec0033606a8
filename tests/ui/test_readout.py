from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from sa_studio.service import measure
from sa_studio.ui.readout import Readout, figures_text
from tests.ui.conftest import Wait

RATE = 44_100


def two_levels() -> np.ndarray:
    """Two seconds of a tone at -6 dBFS, then two at -26."""
    times = np.arange(4 * RATE) / RATE
    wave = np.sin(2 * np.pi * 997 * times) * np.where(times < 2, 0.5, 0.05)
    return np.stack((wave, wave)).astype(np.float32)


@pytest.fixture
def readout(application: QApplication) -> Iterator[Readout]:
    widget = Readout()
    widget.resize(800, 30)
    widget.show()
    yield widget
    widget.close_threads()
    widget.close()


def test_dashes_until_it_is_measured_then_the_figures(readout: Readout, wait: Wait) -> None:
    told: list[object] = []
    readout.measured.connect(told.append)
    readout.set_audio(two_levels(), RATE)
    assert readout.take_label.text() == "peak — · TP — · — LUFS"
    wait(lambda: readout.take is not None)
    assert readout.take == measure(two_levels(), RATE)
    assert told == [readout.take]
    assert readout.take_label.text().startswith("peak −6.0 · TP −6.0 · −")
    assert "dBTP" in readout.take_label.toolTip()
    assert "LUFS" in readout.accessibleDescription()


def test_the_selection_is_measured_alone(readout: Readout, wait: Wait) -> None:
    readout.set_audio(two_levels(), RATE)
    for stop in (2.6, 2.8, 3.5):  # a drag
        readout.set_selection((2.5, stop))
    wait(lambda: readout.selection is not None)
    assert readout.selection == measure(two_levels()[:, int(2.5 * RATE) : int(3.5 * RATE)], RATE)
    text = readout.selection_label.whole_text()
    assert text == f"{figures_text(readout.selection)} in 1.00 s"
    assert text.startswith("peak −26.0")
    readout.set_selection(None)
    assert not readout.selection_label.isVisible()
    assert readout.selection is None


def test_figures_of_another_take_never_appear(readout: Readout, wait: Wait) -> None:
    readout.set_audio(two_levels(), RATE)
    readout.set_audio(two_levels()[:, 2 * RATE :], RATE)
    wait(lambda: readout.take is not None)
    assert readout.take_label.text().startswith("peak −26.0")
    readout.clear()
    assert not readout.take_label.isVisible()
    assert readout.accessibleDescription() == "No sound"


def test_without_room_for_both_the_selection_goes_first(readout: Readout, wait: Wait) -> None:
    readout.set_audio(two_levels(), RATE)
    readout.set_selection((1.0, 2.0))
    assert readout.take_label.isVisible()
    readout.resize(300, 30)
    QApplication.processEvents()
    assert not readout.take_label.isVisible()
    assert readout.selection_label.isVisible()


def test_silence_is_measured_too(readout: Readout, wait: Wait) -> None:
    readout.set_audio(np.zeros((2, RATE), np.float32), RATE)
    wait(lambda: readout.take is not None)
    assert readout.take_label.text() == "peak −∞ · TP −∞ · −∞ LUFS"
