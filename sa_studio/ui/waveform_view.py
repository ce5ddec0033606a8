"""The waveform: fills while a sound is decoded, shows where it plays, zooms, seeks."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QFrame, QLabel, QStackedLayout, QVBoxLayout, QWidget

from sa_studio.ui.peaks import Peaks, Samples
from sa_studio.ui.theme import DARK, Colors, figure_font
from sa_studio.ui.waveform_item import LANE_HEIGHT, WaveformItem

EMPTY_TEXT = "No sound yet. Describe one on the left and press Generate."

_ZOOM_PER_NOTCH = 1.25
_PAN_PER_NOTCH = 0.1  # of what is visible
_FEWEST_SAMPLES = 64  # in view at the closest zoom
_NUDGE = 0.01  # of what is visible


class TimeAxis(pg.AxisItem):  # type: ignore[misc]  # pyqtgraph has no types
    """Seconds, or minutes and seconds from the first minute on, with as many digits as needed."""

    def tickStrings(self, values: list[float], _scale: float, spacing: float) -> list[str]:  # noqa: N802
        """pyqtgraph's hook: the text of every tick."""
        digits = int(np.clip(np.ceil(-np.log10(spacing) - 1e-9), 1, 6)) if spacing > 0 else 1
        return [time_text(value, digits) for value in values]


def time_text(seconds: float, digits: int = 1) -> str:
    """``4.0 s`` or ``1:04.0``."""
    if seconds < 60:
        return f"{seconds:.{digits}f} s"
    minutes, rest = divmod(seconds, 60)
    return f"{int(minutes)}:{rest:0{digits + 3}.{digits}f}"


class WaveformView(QWidget):
    """Stereo lanes over a time axis, with a playhead.

    Wheel zooms at the pointer, Shift+wheel or a sideways wheel pans, a click or a drag seeks, a
    double click shows everything. With the keyboard: + and − zoom, Shift+Left and Shift+Right
    move the playhead, Home goes to the start. The accessible description always says in words
    what is shown.
    """

    seek_requested = Signal(float)
    """The user wants to hear from here, in seconds."""

    def __init__(self, parent: QWidget | None = None, colors: Colors = DARK) -> None:
        super().__init__(parent)
        self.setObjectName("waveform_view")
        self.setAccessibleName("Waveform")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(240, 120)
        self._peaks: Peaks | None = None
        self._rate = 1
        self._playhead: float | None = None
        self._item = WaveformItem(colors)
        self._plot = self._make_plot(colors)
        self._box = self._plot.getViewBox()
        self._box.addItem(self._item, ignoreBounds=True)
        self._box.sigXRangeChanged.connect(self._reflow)
        self._box.sigResized.connect(self._reflow)
        self._plot.viewport().installEventFilter(self)

        self._message = QLabel(EMPTY_TEXT)
        self._message.setProperty("role", "quiet")
        self._message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._message.setWordWrap(True)
        frame = QVBoxLayout(self)
        frame.setContentsMargins(1, 1, 1, 1)
        self._stack = QStackedLayout()
        self._stack.addWidget(self._message)
        self._stack.addWidget(self._plot)
        frame.addLayout(self._stack)
        self._describe()

    @staticmethod
    def _make_plot(colors: Colors) -> pg.PlotWidget:
        axis = TimeAxis("top", pen=colors.line, textPen=colors.quiet)
        axis.setStyle(tickFont=figure_font(11), tickLength=0, tickTextOffset=4, maxTickLevel=0)
        axis.setGrid(255)
        axis.setHeight(24)
        plot = pg.PlotWidget(axisItems={"top": axis}, background=None)
        plot.setFrameShape(QFrame.Shape.NoFrame)
        plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        plot.setMenuEnabled(False)
        plot.hideButtons()
        plot.showAxis("top")
        plot.hideAxis("left")
        plot.hideAxis("bottom")
        plot.setMouseEnabled(False, False)
        axis.setZValue(-1000)  # its grid belongs behind the sound
        plot.disableAutoRange()
        plot.getPlotItem().setContentsMargins(0, 0, 0, 0)
        plot.getViewBox().setDefaultPadding(0)
        return plot

    # --- what is shown ----------------------------------------------------------------------
    def begin(self, total_samples: int, sample_rate: int, channels: int) -> None:
        """Make room for a sound whose samples will come with :meth:`add_chunk`."""
        self._peaks = Peaks(channels, total_samples)
        self._rate = sample_rate
        self._playhead = None
        self._item.set_sound(self._peaks, sample_rate)
        length = self.duration
        self._box.setLimits(
            xMin=0, xMax=length, minXRange=min(length, _FEWEST_SAMPLES / sample_rate)
        )
        self._box.setYRange(LANE_HEIGHT * (0.5 - channels), LANE_HEIGHT * 0.5, padding=0)
        self._stack.setCurrentWidget(self._plot)
        self.show_all()
        self._describe()

    def add_chunk(self, start: int, audio: Samples) -> None:
        """Fill in ``audio`` [channels, samples] from sample ``start`` on.

        Raises:
            ValueError: it does not fit what :meth:`begin` announced, or nothing was announced.
        """
        if self._peaks is None:
            raise ValueError("a chunk of audio came before its sound was begun")
        self._peaks.write(start, np.asarray(audio, np.float32))
        self._reflow()
        self._describe()

    def set_audio(self, audio: Samples, sample_rate: int) -> None:
        """Show a complete sound, [channels, samples]; the view goes back to all of it."""
        self.begin(audio.shape[-1], sample_rate, audio.shape[0])
        self.add_chunk(0, audio)

    def clear(self, message: str = EMPTY_TEXT) -> None:
        """Show no sound but a line that says why."""
        self._peaks = None
        self._playhead = None
        self._item.set_sound(None, 1)
        self._message.setText(message)
        self._stack.setCurrentWidget(self._message)
        self._describe()

    def set_playhead(self, seconds: float | None) -> None:
        """Put the playhead at ``seconds``; everything left of it counts as played."""
        if self._peaks is None:
            return
        if seconds is not None:
            seconds = min(max(seconds, 0.0), self.duration)
        told = self._playhead
        self._playhead = seconds
        self._item.set_playhead(seconds)
        # sixty descriptions a second would drown a screen reader: one a second is enough
        if told is None or seconds is None or int(told) != int(seconds):
            self._describe()

    # --- what can be asked ------------------------------------------------------------------
    @property
    def duration(self) -> float:
        """Length of the sound in seconds; 0 without one."""
        return self._peaks.total / self._rate if self._peaks else 0.0

    @property
    def playhead(self) -> float | None:
        """Where the playhead is, in seconds."""
        return self._playhead

    @property
    def filled(self) -> float:
        """How much of the sound has arrived, 0 … 1."""
        return self._peaks.filled / self._peaks.total if self._peaks else 0.0

    def visible_range(self) -> tuple[float, float]:
        """First and last second in view."""
        (start, stop), _ = self._box.viewRange()
        return float(start), float(stop)

    def description(self) -> str:
        """What is shown, in words."""
        if self._peaks is None:
            return self._message.text()
        lanes = {1: "mono", 2: "stereo"}.get(self._peaks.channels, f"{self._peaks.channels} lanes")
        parts = [f"{self.duration:.1f} seconds, {lanes}"]
        if self.filled < 1:
            parts.append(f"{self.filled:.0%} decoded")
        if self._playhead is not None:
            parts.append(f"playhead at {self._playhead:.1f} seconds")
        start, stop = self.visible_range()
        if stop - start < self.duration * 0.999:
            parts.append(f"showing {start:.2f} to {stop:.2f} seconds")
        return ", ".join(parts)

    def _describe(self) -> None:
        text = self.description()
        if text != self.accessibleDescription():
            self.setAccessibleDescription(text)
            QAccessible.updateAccessibility(
                QAccessibleEvent(self, QAccessible.Event.DescriptionChanged)
            )

    # --- zoom and pan -----------------------------------------------------------------------
    def show_all(self) -> None:
        """Zoom out to the whole sound."""
        if self._peaks is not None:
            self._box.setXRange(0, self.duration, padding=0)
            self._reflow()

    def zoom(self, factor: float, around: float) -> None:
        """Show ``1 / factor`` of the present range; the second ``around`` keeps its place."""
        start, stop = self.visible_range()
        shortest = min(self.duration, _FEWEST_SAMPLES / self._rate)
        length = float(np.clip((stop - start) / factor, shortest, self.duration))
        share = (around - start) / (stop - start)
        self._look_at(around - share * length, length)

    def pan(self, seconds: float) -> None:
        """Move the view, as far as the sound goes."""
        start, stop = self.visible_range()
        self._look_at(start + seconds, stop - start)

    def _look_at(self, start: float, length: float) -> None:
        start = float(np.clip(start, 0.0, max(0.0, self.duration - length)))
        self._box.setXRange(start, start + length, padding=0)
        self._describe()

    def _reflow(self, *_: object) -> None:
        """Work out the drawing anew after the view, the size or the sound changed."""
        if self._peaks is None:
            return
        start, stop = self.visible_range()
        pixels = round(self._box.width() * self.devicePixelRatioF())
        self._item.set_view(start, stop, pixels)

    # --- pointer and keys -------------------------------------------------------------------
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Take the pointer from the plot, whose own gestures are meant for charts."""
        if watched is self._plot.viewport() and self._peaks is not None:
            if isinstance(event, QWheelEvent):
                self._wheel(event)
                return True
            if isinstance(event, QMouseEvent):
                self._pointer(event)
                return True
        return super().eventFilter(watched, event)

    def _seconds_at(self, position: QPointF) -> float:
        place = self._box.mapSceneToView(self._plot.mapToScene(position.toPoint()))
        return min(max(float(place.x()), 0.0), self.duration)

    def _wheel(self, event: QWheelEvent) -> None:
        turned = event.angleDelta()
        start, stop = self.visible_range()
        shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if shifted or abs(turned.x()) > abs(turned.y()):
            # some systems turn Shift+wheel into a sideways wheel by themselves
            notches = (turned.x() or turned.y()) / 120
            self.pan(-notches * _PAN_PER_NOTCH * (stop - start))
        else:
            notches = turned.y() / 120
            self.zoom(_ZOOM_PER_NOTCH**notches, self._seconds_at(event.position()))

    def _pointer(self, event: QMouseEvent) -> None:
        kind, left = event.type(), Qt.MouseButton.LeftButton
        if kind == QEvent.Type.MouseButtonDblClick and event.button() == left:
            self.show_all()
            self._describe()
        elif kind == QEvent.Type.MouseButtonPress and event.button() == left:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self.seek_requested.emit(self._seconds_at(event.position()))
        elif kind == QEvent.Type.MouseMove and event.buttons() & left:
            self.seek_requested.emit(self._seconds_at(event.position()))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Zoom and seek without a pointer."""
        if self._peaks is None:
            super().keyPressEvent(event)
            return
        start, stop = self.visible_range()
        place = self._playhead if self._playhead is not None else 0.0
        shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        match event.key():
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self.zoom(_ZOOM_PER_NOTCH, place if start <= place <= stop else start)
            case Qt.Key.Key_Minus:
                self.zoom(1 / _ZOOM_PER_NOTCH, place if start <= place <= stop else start)
            case Qt.Key.Key_Home:
                self.seek_requested.emit(0.0)
            case Qt.Key.Key_Left if shifted:
                self.seek_requested.emit(max(0.0, place - _NUDGE * (stop - start)))
            case Qt.Key.Key_Right if shifted:
                self.seek_requested.emit(min(self.duration, place + _NUDGE * (stop - start)))
            case _:
                super().keyPressEvent(event)
