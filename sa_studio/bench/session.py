"""One measured session with the real window, driven through its public widget names."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import cycle
from typing import TypeVar

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QDoubleSpinBox,
    QPlainTextEdit,
    QPushButton,
    QWidget,
)

from sa_studio.bench.figures import Figures
from sa_studio.bench.lag import LagMeter
from sa_studio.bench.painting import RowWatch, wait_until_painted
from sa_studio.bench.phases import DECODING, LOADING, SAMPLING, PhaseLog
from sa_studio.errors import StudioError
from sa_studio.events import ClipFinished, JobCancelled, JobEvent, JobFailed, JobFinished
from sa_studio.ui.main_window import MainWindow
from sa_studio.ui.waveform_view import WaveformView

IDLE = "idle (baseline)"
PROMPT = "heavy wooden door slam"
TYPED = " in a large stone hall"
KEY_MILLISECONDS = 90  # a fast typist
FRAME_MILLISECONDS = 16

W = TypeVar("W", bound=QWidget)


class Session(QObject):
    """Idle for a while, then one job after the other, with somebody at the keyboard.

    Args:
        window: as ``sa_studio.app.create`` makes it, before the event loop runs.
        model: id of the model to choose in the window.
        idle_seconds: length of the baseline.
        work_seconds: new jobs are started until so much time was spent on them.
        clip_seconds, steps: settings for the form; ``None`` leaves what the window chose.
    """

    def __init__(
        self,
        window: MainWindow,
        *,
        model: str,
        idle_seconds: float,
        work_seconds: float,
        clip_seconds: float | None = None,
        steps: int | None = None,
    ) -> None:
        super().__init__(window)
        self.problem = ""
        self.clips = 0
        self.work_seconds = 0.0
        self.click_to_row: list[float] = []
        self._window = window
        self._idle, self._wanted = idle_seconds, work_seconds
        self._clip_seconds, self._steps, self._model = clip_seconds, steps, model
        self._meter = LagMeter(self)
        self._phases = PhaseLog()
        self._prompt = self._part(QPlainTextEdit, "prompt_edit")
        self._button = self._part(QPushButton, "generate_button")
        self._waveform = self._part(WaveformView, "waveform_view")
        self._rows = RowWatch(self._part(QAbstractItemView, "history_list"))
        self._keys = self._typing()
        # once on the engine's thread, for true times, and once here, to go on
        window.engine.job_event.connect(self._phases.notice, Qt.ConnectionType.DirectConnection)
        window.engine.job_event.connect(self._on_event, Qt.ConnectionType.QueuedConnection)

    def _part(self, kind: type[W], name: str) -> W:
        part = self._window.findChild(kind, name)
        if part is None:
            raise StudioError(f"The window has no {name}")
        return part

    # --- the session ------------------------------------------------------------------------
    def show(self) -> float:
        """Show the window; returns the moment (monotonic clock) at which it was painted."""
        self._window.show()
        return wait_until_painted(self._window)

    def run(self, application: QApplication) -> None:
        """Run the whole session in the application's event loop."""
        self._fill_form()
        self._meter.start()
        for interval, slot in (
            (KEY_MILLISECONDS, self._press_key),
            (FRAME_MILLISECONDS, self._move),
        ):
            timer = QTimer(self, interval=interval)
            timer.timeout.connect(slot)
            timer.start()
        # the window may still be settling: that is no baseline
        QTimer.singleShot(500, self, self._begin_baseline)
        application.exec()
        self._meter.stop()

    def _fill_form(self) -> None:
        if not self._window.top_bar.choose(self._model):
            raise StudioError(f"The window does not offer the model {self._model!r}")
        self._prompt.setPlainText(PROMPT)
        if self._clip_seconds is not None:
            self._part(QDoubleSpinBox, "duration_spin").setValue(self._clip_seconds)
        if self._steps is not None:
            self._part(QDoubleSpinBox, "steps_spin").setValue(self._steps)

    def _begin_baseline(self) -> None:
        self._phases.enter(IDLE)
        QTimer.singleShot(round(self._idle * 1000), self, self._begin_work)

    def _begin_work(self) -> None:
        self._phases.enter(None)
        self._work_began = time.monotonic()
        self._generate()

    def _generate(self) -> None:
        if not self._button.isEnabled():
            self._finish("Generate cannot be pressed in the window")
            return
        self._rows.expect()
        self._button.click()

    def _on_event(self, event: JobEvent) -> None:
        """Runs on the GUI thread."""
        match event:
            case ClipFinished():
                self.clips += 1
            case JobFailed(message=message):
                self._finish(message)
            case JobCancelled():
                self._finish("The job was cancelled")
            case JobFinished():
                if self._rows.latency is not None:
                    self.click_to_row.append(self._rows.latency)
                self.work_seconds = time.monotonic() - self._work_began
                if self.work_seconds < self._wanted:
                    QTimer.singleShot(0, self, self._generate)
                else:
                    # half a second more, so that what the end of the job set off is counted too
                    QTimer.singleShot(500, self, self._finish)

    def _finish(self, problem: str = "") -> None:
        self.problem = problem
        QApplication.exit()

    # --- somebody at the keyboard -----------------------------------------------------------
    def _typing(self) -> Iterator[tuple[int, str]]:
        keys = [(0, letter) for letter in TYPED]
        return cycle([*keys, *((int(Qt.Key.Key_Backspace), "") for _ in TYPED)])

    def _press_key(self) -> None:
        key, text = next(self._keys)
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, text)
            QApplication.sendEvent(self._prompt, event)

    def _move(self) -> None:
        length = self._waveform.duration
        if length > 0:
            self._waveform.set_playhead(time.monotonic() % length)

    # --- what came out ----------------------------------------------------------------------
    def figures(self) -> dict[str, Figures | None]:
        """The lag by phase."""
        phases = {
            IDLE: (IDLE,),
            LOADING: (LOADING,),
            SAMPLING: (SAMPLING,),
            DECODING: (DECODING,),
            "loading and generating": (LOADING, SAMPLING, DECODING),
        }
        return {
            name: Figures.of(
                [
                    lag
                    for start, stop in self._phases.stretches(wanted)
                    for lag in self._meter.between(start, stop)
                ]
            )
            for name, wanted in phases.items()
        }
