"""The waveform: fills while a sound is decoded, shows where it plays, zooms, selects, seeks."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt, Signal, Slot
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QFocusEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QFrame, QLabel, QStackedLayout, QVBoxLayout, QWidget

from sa_studio.ui.edit_gestures import EditGestures
from sa_studio.ui.envelope_preview import EnvelopePreview
from sa_studio.ui.focus_ring import FocusRing
from sa_studio.ui.peaks import Peaks, Samples
from sa_studio.ui.theme import Colors, current_colors, figure_font
from sa_studio.ui.time_axis import RULER, LaneAxis, TimeAxis, time_text
from sa_studio.ui.timeline import Range, Timeline
from sa_studio.ui.timeline_gestures import HELP, TimelineGestures
from sa_studio.ui.waveform_item import LANE_HEIGHT, WaveformItem

__all__ = ["EMPTY_TEXT", "TimeAxis", "WaveformView", "time_text"]

EMPTY_TEXT = "No sound yet. Describe one on the left and press Generate."


class WaveformView(QWidget):
    """Stereo lanes over a time axis, with a selection and a playhead.

    What the pointer and the keys do is written in :data:`timeline_gestures.HELP`. The accessible
    description always says in words what is shown.

    Args:
        timeline: what is in view, selected and played; shared with other panes, or its own.
    """

    seek_requested = Signal(float)
    """The user wants to hear from here, in seconds."""

    def __init__(
        self,
        parent: QWidget | None = None,
        colors: Colors | None = None,
        timeline: Timeline | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("waveform_view")
        self.setAccessibleName("Waveform")
        self.setToolTip(HELP)
        self.setWhatsThis(HELP)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(240, 120)
        self.timeline = timeline or Timeline(self)
        self._focus_ring = FocusRing(self)
        self._peaks: Peaks | None = None
        self._rate = 1
        self._decibels = False
        self._told_second: int | None = None
        colors = colors or current_colors()
        self._item = WaveformItem(colors)
        self._time_axis = TimeAxis("top")
        self._lane_axis = LaneAxis(colors)
        self._plot = self._make_plot()
        self._box = self._plot.getViewBox()
        self._box.addItem(self._item, ignoreBounds=True)
        self._box.sigResized.connect(self._reflow)
        self._gestures = TimelineGestures(
            self._plot.viewport(), self, self.timeline, self._seconds_at
        )
        self.editing = EditGestures(self._plot.viewport(), self._seconds_at, self._x_at, self)
        self._preview = EnvelopePreview()
        self._message = QLabel(EMPTY_TEXT)
        self._message.setProperty("role", "quiet")
        self._message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._message.setWordWrap(True)
        frame = QVBoxLayout(self)
        frame.setContentsMargins(1, 1, 1, 1)
        self._stack = QStackedLayout()
        for page in (self._message, self._plot, self._preview):
            self._stack.addWidget(page)
        frame.addLayout(self._stack)
        self._set_colors(colors)
        self.timeline.view_changed.connect(self._show_range)
        self.timeline.selection_changed.connect(self._show_selection)
        self.timeline.selection_settled.connect(self._describe)
        self.timeline.playhead_changed.connect(self._show_playhead)
        self.timeline.seek_requested.connect(self.seek_requested)
        self._describe()

    def _make_plot(self) -> pg.PlotWidget:
        axis = self._time_axis
        axis.setStyle(tickFont=figure_font(11), tickLength=0, tickTextOffset=4, maxTickLevel=0)
        axis.setGrid(255)
        axis.setHeight(RULER)
        plot = pg.PlotWidget(axisItems={"top": axis, "left": self._lane_axis}, background=None)
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
        self.show_peaks(Peaks(channels, total_samples), sample_rate)

    def show_peaks(self, peaks: Peaks, sample_rate: int) -> None:
        """Show a sound whose peaks have been worked out; the view goes back to all of it."""
        self._take_peaks(peaks, sample_rate)
        self.timeline.begin(peaks.total, sample_rate)
        self._describe()

    def change_peaks(self, peaks: Peaks, sample_rate: int) -> None:
        """Show the sound anew after an edit; if it is as long as before, the view stays.

        So do the selection and the playhead.
        """
        shown = self._peaks
        if shown is None or (shown.total, self._rate) != (peaks.total, sample_rate):
            self.show_peaks(peaks, sample_rate)
            return
        self._take_peaks(peaks, sample_rate)
        self._show_selection()
        self._show_playhead()
        self._show_range()

    def _take_peaks(self, peaks: Peaks, sample_rate: int) -> None:
        channels = peaks.channels
        self._peaks, self._rate = peaks, sample_rate
        self._item.set_sound(peaks, sample_rate)
        self._box.setYRange(LANE_HEIGHT * (0.5 - channels), LANE_HEIGHT * 0.5, padding=0)
        self._lane_axis.set_lanes(channels, self._decibels)
        self._stack.setCurrentWidget(self._plot)
        self._told_second = None

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
        self.show_peaks(Peaks.of(np.asarray(audio, np.float32)), sample_rate)

    def clear(self, message: str = EMPTY_TEXT) -> None:
        """Show no sound but a line that says why."""
        self._forget()
        self._message.setText(message)
        self._stack.setCurrentWidget(self._message)
        self._describe()

    def show_preview(self, envelope: np.ndarray, text: str) -> None:
        """Show what a sound is going to be, dimmed, and a line that says how far it is.

        Args:
            envelope: [channels, 2, columns]; see :meth:`EnvelopePreview.show_envelope`.
            text: the line.
        """
        self._forget()
        self._message.setText(text)
        self._preview.show_envelope(envelope, text)
        self._stack.setCurrentWidget(self._preview)
        self._describe()

    def _forget(self) -> None:
        self._peaks = None
        self._item.set_sound(None, 1)
        self.timeline.clear()

    def set_playhead(self, seconds: float | None) -> None:
        """Put the playhead at ``seconds``; everything left of it counts as played."""
        if self._peaks is not None:
            self.timeline.set_playhead(seconds)

    def set_decibels(self, on: bool) -> None:
        """Draw the height in decibels, so that quiet tails are seen, or as it is."""
        self._decibels = on
        self._item.set_decibels(on)
        self._lane_axis.set_lanes(self._peaks.channels if self._peaks else 1, on)
        self._reflow()

    def show_gutter(self, on: bool) -> None:
        """Leave the room on the left that other panes need for their labels, too."""
        self._plot.showAxis("left", on)

    # --- what can be asked ------------------------------------------------------------------
    @property
    def duration(self) -> float:
        """Length of the sound in seconds; 0 without one."""
        return self.timeline.duration

    @property
    def playhead(self) -> float | None:
        """Where the playhead is, in seconds."""
        return self.timeline.playhead

    @property
    def filled(self) -> float:
        """How much of the sound has arrived, 0 … 1."""
        return self._peaks.filled / self._peaks.total if self._peaks else 0.0

    @property
    def has_sound(self) -> bool:
        """Whether samples are drawn, and not a message or a preview."""
        return self._peaks is not None

    def visible_range(self) -> Range:
        """First and last second in view."""
        return self.timeline.view

    def description(self) -> str:
        """What is shown, in words."""
        if self._peaks is None:
            return self._message.text()
        timeline = self.timeline
        lanes = {1: "mono", 2: "stereo"}.get(self._peaks.channels, f"{self._peaks.channels} lanes")
        parts = [f"{self.duration:.1f} seconds, {lanes}"]
        if self.filled < 1:
            parts.append(f"{self.filled:.0%} decoded")
        if timeline.playhead is not None:
            parts.append(f"playhead at {timeline.playhead:.1f} seconds")
        if timeline.selection is not None:
            start, stop = timeline.selection
            parts.append(f"selected {start:.2f} to {stop:.2f} seconds")
        if not timeline.shows_all:
            start, stop = timeline.view
            parts.append(f"showing {start:.2f} to {stop:.2f} seconds")
        return ", ".join(parts)

    @Slot()
    def _describe(self) -> None:
        text = self.description()
        if text != self.accessibleDescription():
            self.setAccessibleDescription(text)
            QAccessible.updateAccessibility(
                QAccessibleEvent(self, QAccessible.Event.DescriptionChanged)
            )

    # --- following the timeline -------------------------------------------------------------
    def show_all(self) -> None:
        """Zoom out to the whole sound."""
        self.timeline.show_all()

    def zoom(self, factor: float, around: float) -> None:
        """Show ``1 / factor`` of the present range; the second ``around`` keeps its place."""
        self.timeline.zoom(factor, around)

    def pan(self, seconds: float) -> None:
        """Move the view, as far as the sound goes."""
        self.timeline.pan(seconds)

    @Slot()
    def _show_range(self) -> None:
        start, stop = self.timeline.view
        if self._peaks is not None and stop > start:
            self._box.setXRange(start, stop, padding=0)
            self._reflow()
            self.editing.overlay.update()
            self._describe()

    @Slot()
    def _show_selection(self) -> None:
        self._item.set_selection(self.timeline.selection)

    @Slot()
    def _show_playhead(self) -> None:
        place = self.timeline.playhead
        self._item.set_playhead(place)
        # sixty descriptions a second would drown a screen reader: one a second is enough
        second = None if place is None else int(place)
        if second is None or second != self._told_second:
            self._told_second = second
            self._describe()

    def _reflow(self, *_: object) -> None:
        """Work out the drawing anew after the view, the size or the sound changed."""
        if self._peaks is None:
            return
        start, stop = self.timeline.view
        pixels = round(self._box.width() * self.devicePixelRatioF())
        self._item.set_view(start, stop, pixels)

    # --- keys and looks ---------------------------------------------------------------------
    def _seconds_at(self, position: QPointF) -> float:
        place = self._box.mapSceneToView(self._plot.mapToScene(position.toPoint()))
        return float(place.x())

    def _x_at(self, seconds: float) -> float:
        place = self._box.mapViewToScene(QPointF(seconds, 0.0))
        return float(self._plot.viewportTransform().map(place).x())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Zoom, seek and select without a pointer."""
        if not self._gestures.key(event):
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Show the border if it came by key."""
        super().focusInEvent(event)
        self._focus_ring.notice(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Take the border away."""
        super().focusOutEvent(event)
        self._focus_ring.notice(event)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Nothing but the border around the plot."""
        self._focus_ring.paint(QPainter(self))

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Another theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_plot"):
            self._set_colors(current_colors())

    def _set_colors(self, colors: Colors) -> None:
        self._item.set_colors(colors)
        for axis in (self._time_axis, self._lane_axis):
            axis.setPen(colors.line)
            axis.setTextPen(colors.quiet)
        self._plot.resetCachedContent()  # its ground is kept as a picture
