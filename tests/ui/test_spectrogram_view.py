from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from sa_studio.settings import Settings
from sa_studio.ui import spectrogram_view
from sa_studio.ui.sound_view import SoundView
from sa_studio.ui.spectrogram_view import SpectrogramView, hertz_text
from sa_studio.ui.time_axis import GUTTER
from sa_studio.ui.view_switch import Views
from tests.ui.conftest import KEPT, Wait

RATE = 44_100
SECONDS = 4


def tone(hertz: float = 1000.0) -> np.ndarray:
    """Silent for two seconds, then a tone; stereo."""
    times = np.arange(SECONDS * RATE) / RATE
    wave = np.where(times >= 2, 0.5 * np.sin(2 * np.pi * hertz * times), 0.0)
    return np.stack((wave, wave)).astype(np.float32)


@pytest.fixture
def view(application: QApplication, tmp_path: Path) -> Iterator[SoundView]:
    widget = SoundView(Settings.load(tmp_path / "settings.json"))
    KEPT.append(widget)
    widget.resize(641 + GUTTER, 400)
    widget.show()
    application.processEvents()
    yield widget
    widget.close_threads()
    widget.close()


def show(view: SoundView, wait: Wait, views: Views = Views.BOTH) -> SpectrogramView:
    view.switch.choose(views, decibels=False)
    view.set_audio(tone(), RATE)
    wait(lambda: view.spectrogram.is_up_to_date)
    return view.spectrogram


def brightness(image: QImage, x: int, y: int) -> int:
    color = image.pixelColor(x, y)
    return color.red() + color.green() + color.blue()


def test_a_tone_is_a_bright_line_at_its_frequency_and_time(view: SoundView, wait: Wait) -> None:
    pane = show(view, wait)
    image, rect = pane.grab().toImage(), pane.plot_rect()
    middle, late = rect.left() + rect.width() // 4, rect.left() + 3 * rect.width() // 4
    column = [brightness(image, late, y) for y in range(rect.top(), rect.bottom())]
    brightest = rect.top() + int(np.argmax(column))
    share = np.log(1000 / 30) / np.log(20_000 / 30)
    assert brightest == pytest.approx(rect.top() + (1 - share) * rect.height(), abs=4)
    assert max(column) > 450
    assert brightness(image, middle, brightest) < 30
    assert pane.value_text(QPointF(rect.left() - 10, brightest)) == ""
    seconds, frequency, level = pane.value_text(QPointF(late, brightest)).split(" · ")
    assert float(seconds.removesuffix(" s")) == pytest.approx(3.0, abs=0.01)
    assert float(frequency.removesuffix(" kHz")) == pytest.approx(1.0, rel=0.1)
    assert level == "≥ −10 dB"
    assert pane.value_text(QPointF(middle, brightest)).endswith("≤ −100 dB")


def test_both_panes_begin_and_end_at_the_same_x(view: SoundView, wait: Wait) -> None:
    pane = show(view, wait)
    view.timeline.select(1.0, 3.0)
    QApplication.processEvents()
    image = view.grab().toImage()
    found = []
    for widget in (view.waveform, pane):
        y = widget.mapTo(view, QPoint(0, widget.height() - 20)).y()
        row = [image.pixelColor(x, y).name() for x in range(image.width())]
        found.append([x for x, name in enumerate(row) if name == "#58c7a9"])
    assert len(found[0]) == 2
    assert found[0] == pytest.approx(found[1], abs=1)
    assert pane.plot_rect().width() == pytest.approx(640, abs=2)


def test_zooming_stretches_at_once_and_works_out_anew(view: SoundView, wait: Wait) -> None:
    pane = show(view, wait)
    view.timeline.zoom(4, around=2.0)
    assert not pane.is_up_to_date
    assert "being worked out" in pane.description()
    image, rect = pane.grab().toImage(), pane.plot_rect()
    late = rect.left() + 3 * rect.width() // 4  # 2.25 s, stretched from the whole
    assert max(brightness(image, late, y) for y in range(rect.top(), rect.bottom())) > 400
    wait(lambda: pane.is_up_to_date)
    assert "being worked out" not in pane.accessibleDescription()
    view.timeline.show_all()
    assert pane.grab().toImage().pixelColor(rect.center()).isValid()


def test_only_the_last_range_is_worked_out(
    view: SoundView, wait: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    pane = show(view, wait)
    asked: list[tuple[float, float]] = []
    real = spectrogram_view.spectrogram

    def note(*args: object, start: float, stop: float, **named: object) -> np.ndarray:
        asked.append((start, stop))
        return real(*args, start=start, stop=stop, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(spectrogram_view, "spectrogram", note)
    for _ in range(10):
        view.timeline.zoom(1.2, around=1.0)
    wait(lambda: pane.is_up_to_date)
    assert asked == [view.timeline.view]


def test_hidden_it_works_nothing_out(
    view: SoundView, wait: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object, **__: object) -> np.ndarray:
        raise AssertionError("nobody looks at it")

    monkeypatch.setattr(spectrogram_view, "spectrogram", never)
    view.switch.choose(Views.WAVEFORM, decibels=False)
    view.set_audio(tone(), RATE)
    view.timeline.zoom(2, around=1.0)
    QTest.qWait(2 * spectrogram_view.SETTLE_MS)
    assert not view.spectrogram.isVisible()
    assert not view.spectrogram.is_up_to_date


class Repaints(QWidget):
    """Collects what a widget was asked to paint."""

    def __init__(self) -> None:
        super().__init__()
        self.regions: list[QRect] = []

    def eventFilter(self, _watched: object, event: QEvent) -> bool:  # noqa: N802
        if event.type() == QEvent.Type.Paint:
            self.regions.append(event.region().boundingRect())
        return False


def test_a_moving_playhead_repaints_only_strips(view: SoundView, wait: Wait) -> None:
    pane = show(view, wait)
    view.timeline.set_playhead(1.0)
    QApplication.processEvents()
    repaints = Repaints()
    pane.installEventFilter(repaints)
    for frame in range(1, 31):
        view.timeline.set_playhead(1.0 + frame / 60)
        QApplication.processEvents()
    assert len(repaints.regions) >= 30
    assert max(region.width() for region in repaints.regions) <= 16
    stepped = pane.grab().toImage()
    pane.update()
    assert stepped == pane.grab().toImage()


def test_pointer_and_keys_do_the_same_as_in_the_waveform(view: SoundView, wait: Wait) -> None:
    pane = show(view, wait)
    asked: list[float] = []
    view.timeline.seek_requested.connect(asked.append)
    rect = pane.plot_rect()
    QTest.mouseClick(pane, Qt.MouseButton.LeftButton, pos=rect.center())
    assert asked == [pytest.approx(2.0, abs=0.02)]
    view.timeline.set_playhead(1.0)
    QTest.keyClick(pane, Qt.Key.Key_End, Qt.KeyboardModifier.ShiftModifier)
    assert view.timeline.selection == (1.0, SECONDS)
    assert "selected 1.00 to 4.00 seconds" in view.waveform.accessibleDescription()
    image = pane.grab().toImage()
    outside = brightness(image, rect.left() + 10, rect.center().y())
    assert outside <= brightness(image, rect.right() - 100, rect.center().y())
    QTest.keyClick(pane, Qt.Key.Key_Escape)
    assert view.timeline.selection is None


def test_the_choice_is_remembered_and_waits_for_a_sound(
    view: SoundView, wait: Wait, tmp_path: Path
) -> None:
    view.switch.choose(Views.SPECTROGRAM, decibels=True)
    view.say("Reading the file…")
    assert view.waveform.isVisible()
    assert not view.spectrogram.isVisible()
    view.set_audio(tone(), RATE)
    assert not view.waveform.isVisible()
    wait(lambda: view.spectrogram.is_up_to_date)
    view._settings.save()
    again = SoundView(Settings.load(tmp_path / "settings.json"))
    KEPT.append(again)
    assert again.switch.views is Views.SPECTROGRAM
    assert again.switch.decibels.isChecked()
    again.close_threads()


def test_frequencies_read_like_frequencies() -> None:
    assert [hertz_text(hertz) for hertz in (50, 500, 1000, 2500, 20_000)] == [
        "50", "500", "1k", "2.5k", "20k",
    ]  # fmt: skip
