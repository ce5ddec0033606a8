"""The drawing of a sound inside a pyqtgraph view: lanes, selection, played part, playhead."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from sa_studio.ui.peaks import Peaks
from sa_studio.ui.theme import Colors
from sa_studio.ui.timeline import Range

SELECTION_OPACITY = 0.16

LANE_HEIGHT = 2.2
"""Full scale is ±1; the rest keeps the lanes apart."""

_SAMPLES_PER_PIXEL_FOR_LINES = 0.5
"""Zoomed in further than this, samples are joined by lines instead of drawn as columns."""

DECIBEL_FLOOR = -60.0
"""What is drawn at the middle of a lane in decibels; full scale is drawn where it always is."""


def height(samples: NDArray[np.float32], decibels: bool) -> NDArray[np.float32]:
    """How far from the middle of a lane samples are drawn, −1 … 1; the sign is kept."""
    if not decibels:
        return samples.clip(-1, 1)
    size = np.abs(samples).clip(10 ** (DECIBEL_FLOOR / 20), 1)
    share: NDArray[np.float32] = 1 - 20 * np.log10(size) / DECIBEL_FLOOR
    return np.copysign(share, samples, dtype=np.float32)


def _pen(color: str) -> QPen:
    pen = QPen(QColor(color), 1)  # wider pens are several times slower
    pen.setCosmetic(True)
    return pen


class WaveformItem(QGraphicsItem):
    """Lanes one below the other: x in seconds, lane *i* around y = −i · ``LANE_HEIGHT``.

    Only the columns inside the exposed rectangle are drawn, so that a moving playhead costs the
    strip that it crosses and nothing else.
    """

    def __init__(self, colors: Colors) -> None:
        super().__init__()
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)
        self._peaks: Peaks | None = None
        self._rate = 1
        self._decibels = False
        self._playhead: float | None = None
        self._selection: Range | None = None
        self._pixel = 1.0
        self._x: NDArray[np.floating] = np.zeros(0)
        self._lines: list[NDArray[np.float32]] = []
        self._joined = False
        self.set_colors(colors)

    def set_colors(self, colors: Colors) -> None:
        """Draw in the colours of a theme."""
        self._rest = _pen(colors.waveform)
        self._played = _pen(colors.waveform_played)
        self._middle = _pen(colors.line_strong)
        self._playhead_pen = _pen(colors.playhead)
        self._edge = _pen(colors.accent)
        self._wash = QColor(colors.accent)
        self._wash.setAlphaF(SELECTION_OPACITY)
        self.update()

    # --- what is shown ----------------------------------------------------------------------
    def set_sound(self, peaks: Peaks | None, sample_rate: int) -> None:
        """Show another sound, or none; the columns come with :meth:`set_view`."""
        self.prepareGeometryChange()
        self._peaks, self._rate = peaks, sample_rate
        self._playhead = self._selection = None
        self._x = np.zeros(0)
        self._lines = []
        self.update()

    def set_decibels(self, on: bool) -> None:
        """Draw the height in decibels; the columns come with :meth:`set_view`."""
        self._decibels = on

    def set_selection(self, selection: Range | None) -> None:
        """Lay a wash over a range of seconds."""
        if selection != self._selection:
            self._selection = selection
            self.update()

    def set_view(self, start: float, stop: float, pixels: int) -> None:
        """Work out the columns for the seconds ``start`` to ``stop`` on ``pixels`` pixels."""
        if self._peaks is None or pixels < 1 or stop <= start:
            return
        self._pixel = (stop - start) / pixels
        per_pixel = self._pixel * self._rate
        self._joined = per_pixel < _SAMPLES_PER_PIXEL_FOR_LINES
        if self._joined:
            self._join_samples(start, stop)
        else:
            self._stack_columns(start, stop, pixels)
        self.update()

    def set_playhead(self, seconds: float | None) -> None:
        """Move the playhead and repaint the strip between the old place and the new."""
        before, self._playhead = self._playhead, seconds
        if before == seconds:
            return
        places = [place for place in (before, seconds) if place is not None]
        # without a playhead nothing is played: the whole part left of it changes its colour
        left = 0.0 if before is None or seconds is None else min(places)
        margin = 2 * self._pixel
        bounds = self.boundingRect()
        self.update(
            QRectF(left - margin, bounds.top(), max(places) - left + 2 * margin, bounds.height())
        )

    def _stack_columns(self, start: float, stop: float, pixels: int) -> None:
        assert self._peaks is not None
        filled = min(stop, self._peaks.filled / self._rate)
        count = min(pixels, int(np.ceil((filled - start) / self._pixel)))
        if count < 1:
            self._x, self._lines = np.zeros(0), []
            return
        end = start + count * self._pixel
        lows, highs = self._peaks.columns(start * self._rate, end * self._rate, count)
        if self._decibels:  # filled from the middle: a level has no other side
            lows, highs = np.minimum(lows, 0), np.maximum(highs, 0)
        self._x = start + (np.arange(count) + 0.5) * self._pixel
        # low, high, low, high …: the two ends of one upright line for each column
        self._lines = [
            height(np.stack((low, high), axis=1), self._decibels).ravel()
            for low, high in zip(lows, highs, strict=True)
        ]

    def _join_samples(self, start: float, stop: float) -> None:
        assert self._peaks is not None
        first = max(0, int(start * self._rate) - 1)
        last = min(self._peaks.filled, int(stop * self._rate) + 2)
        self._x = np.arange(first, last) / self._rate
        lanes = self._peaks.samples(first, last)
        self._lines = [height(lane, self._decibels) for lane in lanes]

    # --- QGraphicsItem ----------------------------------------------------------------------
    def boundingRect(self) -> QRectF:  # noqa: N802
        """The sound from its first to its last sample, all lanes."""
        if self._peaks is None:
            return QRectF()
        lanes = self._peaks.channels
        return QRectF(
            0.0, LANE_HEIGHT * (0.5 - lanes), self._peaks.total / self._rate, LANE_HEIGHT * lanes
        )

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        """Draw what lies inside the exposed rectangle."""
        if self._peaks is None:
            return
        exposed: QRectF = option.exposedRect
        left, right = exposed.left(), exposed.right()
        head = self._playhead if self._playhead is not None else -1.0
        self._draw_selection(painter, left, right)
        for lane in range(self._peaks.channels):
            middle = -lane * LANE_HEIGHT
            if self._lines:
                if head > left:
                    self._draw(painter, self._played, lane, left, min(head, right))
                if head < right:
                    self._draw(painter, self._rest, lane, max(head, left), right)
            painter.setPen(self._middle)
            painter.drawLine(QPointF(left, middle), QPointF(right, middle))
        if self._playhead is not None and left <= head <= right:
            bounds = self.boundingRect()
            painter.setPen(self._playhead_pen)
            painter.drawLine(QPointF(head, bounds.top()), QPointF(head, bounds.bottom()))

    def _draw_selection(self, painter: QPainter, left: float, right: float) -> None:
        if self._selection is None:
            return
        bounds = self.boundingRect()
        start, stop = self._selection
        first, last = max(start, left), min(stop, right)
        if first < last:
            painter.fillRect(QRectF(first, bounds.top(), last - first, bounds.height()), self._wash)
        painter.setPen(self._edge)
        for edge in (start, stop):
            if left <= edge <= right:
                painter.drawLine(QPointF(edge, bounds.top()), QPointF(edge, bounds.bottom()))

    def _draw(self, painter: QPainter, pen: QPen, lane: int, left: float, right: float) -> None:
        """Draw the columns of one lane between two times in seconds."""
        # a column belongs to the side of the playhead on which its middle lies; joined samples
        # need one neighbour on either side, and the clip cuts what sticks out
        spread = 1 if self._joined else 0
        first = max(0, int(np.searchsorted(self._x, left)) - spread)
        last = int(np.searchsorted(self._x, right)) + spread
        if first >= last:
            return
        painter.setPen(pen)
        middle = -lane * LANE_HEIGHT
        if self._joined:
            painter.save()
            bounds = self.boundingRect()
            painter.setClipRect(
                QRectF(left, bounds.top(), right - left, bounds.height()),
                Qt.ClipOperation.IntersectClip,
            )
            painter.drawPath(_path(self._x[first:last], self._lines[lane][first:last] + middle))
            painter.restore()
            return
        x = np.repeat(self._x[first:last], 2)
        y = self._lines[lane][2 * first : 2 * last] + middle
        painter.drawPath(_path(x, y, connect="pairs"))


def _path(x: NDArray[np.floating], y: NDArray[np.float32], connect: str = "all") -> QPainterPath:
    path: QPainterPath = pg.arrayToQPath(x, y, connect=connect)
    return path
