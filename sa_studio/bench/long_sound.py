"""How fast sounds are drawn: zooming and panning in a long one, the spectrogram of a usual one."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QGraphicsView, QWidget

from sa_studio.bench.figures import summary
from sa_studio.bench.painting import FrameWatch, wait_until, wait_until_painted
from sa_studio.errors import StudioError
from sa_studio.settings import Settings
from sa_studio.ui.sound_view import SoundView
from sa_studio.ui.view_switch import Views

RATE = 44_100
SIZE = 1000, 560
NOTCH = 120
ZOOMS, PANS = 8, 6
DEPTHS = 5
PICTURES = 7
SHORTEST = 12.0  # seconds; a shorter sound cannot be zoomed so deep

Turn = tuple[int, bool]


def noise(seconds: float) -> np.ndarray:
    """Stereo noise with a beat, float32 [2, samples]."""
    chance = np.random.default_rng(7)
    samples = round(seconds * RATE)
    audio = chance.standard_normal((2, samples), np.float32)
    audio *= 0.2
    beat = RATE // 2
    fall = np.exp(-np.arange(beat, dtype=np.float32) * (6 / beat))
    for start in range(0, samples, beat):
        part = audio[:, start : start + beat]
        part *= fall[: part.shape[-1]]
    return audio


def measure(settings_file: Path, seconds: float, picture_seconds: float) -> dict[str, Any]:
    """Draw both in a window of their own, as the centre of the application draws them.

    Raises:
        StudioError: the sound is too short to be zoomed.
    """
    if seconds < SHORTEST:
        raise StudioError(
            f"A sound of {seconds:g} s is too short to be measured",
            f"Give at least {SHORTEST:g} s with --file-seconds.",
        )
    view = SoundView(Settings.load(settings_file))
    view.resize(*SIZE)
    view.show()
    try:
        wait_until_painted(view)
        view.set_audio(noise(seconds), RATE)
        found: dict[str, Any] = {"seconds": seconds}
        for views in (Views.WAVEFORM, Views.BOTH):
            view.switch.choose(views, decibels=False)
            QApplication.processEvents()
            found[f"{views}_frames_ms"] = summary(_frames(view))
        found["spectrogram_of_seconds"] = picture_seconds
        found["spectrogram_ms"] = summary(_pictures(view, picture_seconds))
        return found
    finally:
        view.close_threads()
        view.close()


def _frames(view: SoundView) -> list[float]:
    """Turn the wheel over the waveform; milliseconds a frame."""
    plot = view.waveform.findChild(QGraphicsView)
    if plot is None:
        raise StudioError("The waveform has no plot")
    surface = plot.viewport()
    watch = FrameWatch(surface)
    found = []
    for share in (0.3, 0.7):
        place = QPointF(surface.width() * share, surface.height() / 2)
        for notches, shifted in _turns():
            found.append(
                watch.milliseconds(lambda: _turn(surface, place, notches, shifted))  # noqa: B023
            )
        view.timeline.show_all()
    return found


def _turns() -> Iterator[Turn]:
    """In, to and fro at every depth, and out again; each turn changes what is in view."""
    for _ in range(DEPTHS):
        yield from [(1, False)] * ZOOMS
        yield from [(-1, True)] * PANS
        yield from [(1, True)] * PANS
    yield from [(-1, False)] * (DEPTHS * ZOOMS - 1)


def _turn(surface: QWidget, place: QPointF, notches: int, shifted: bool) -> None:
    keys = Qt.KeyboardModifier.ShiftModifier if shifted else Qt.KeyboardModifier.NoModifier
    event = QWheelEvent(
        place, QPointF(surface.mapToGlobal(place.toPoint())), QPoint(), QPoint(0, notches * NOTCH),
        Qt.MouseButton.NoButton, keys, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(surface, event)


def _pictures(view: SoundView, seconds: float) -> list[float]:
    """Show a sound, again and again; milliseconds until its spectrogram is there."""
    view.switch.choose(Views.BOTH, decibels=False)
    audio = noise(seconds)
    found = []
    for _ in range(PICTURES):
        view.say("")  # nothing of the one before is kept
        view.waveform.set_audio(audio, RATE)
        QApplication.processEvents()
        began = time.perf_counter()
        view.set_audio(audio, RATE, drawn=True)
        wait_until(lambda: view.spectrogram.is_up_to_date, "The spectrogram was not there")
        found.append((time.perf_counter() - began) * 1000)
    return found
