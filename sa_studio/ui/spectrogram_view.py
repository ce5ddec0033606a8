"""The spectrogram: frequency upwards, time as in the waveform, level as colour."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt, QTimer, Slot
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from sa_studio.service import FREQUENCY_TICKS, spectrogram
from sa_studio.ui.focus_ring import FocusRing
from sa_studio.ui.question import Question
from sa_studio.ui.theme import current_colors, figure_font
from sa_studio.ui.time_axis import GUTTER, RULER, TimeAxis, time_text
from sa_studio.ui.timeline import Range, Timeline
from sa_studio.ui.timeline_gestures import HELP, TimelineGestures

LOW_HZ, HIGH_HZ = 30.0, 20_000.0
# what the ends of the colour map stand for, in dB
FLOOR_DB, TOP_DB = -100.0, -10.0
COLOR_MAP = "inferno"
SETTLE_MS = 90
"""A picture of the new range is worked out once zooming has stopped for this long."""

_DIM = QColor(0, 0, 0, 120)
# the picture is dark in every theme, and so are these bright
_PLAYHEAD = QColor(255, 255, 255)
_EDGE = QColor(88, 199, 169)
_FEWEST_PIXELS_BETWEEN_LABELS = 13


@dataclass(frozen=True, slots=True)
class Picture:
    """Colour numbers [rows, columns] of a range of seconds; row 0 is the highest frequency."""

    levels: NDArray[np.uint8]
    seconds: Range
    pixmap: QPixmap | None = None


def hertz_text(hertz: float) -> str:
    """``50``, ``200``, ``1k``, ``2.5k``."""
    return f"{hertz / 1000:g}k" if hertz >= 1000 else f"{hertz:g}"


def color_numbers(decibels: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Levels in dB as numbers into the colour map, the highest frequency first."""
    share = (decibels[::-1] - FLOOR_DB) / (TOP_DB - FLOOR_DB)
    numbers: NDArray[np.uint8] = (share.clip(0, 1) * 255).astype(np.uint8)
    return np.ascontiguousarray(numbers)


class SpectrogramView(QWidget):
    """Draws the take that the timeline belongs to, and its selection and playhead.

    The picture of what is in view is worked out on a thread; until it is there, the nearest
    picture that exists is stretched.
    """

    def __init__(self, timeline: Timeline, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("spectrogram_view")
        self.setAccessibleName("Spectrogram")
        self.setToolTip(HELP)
        self.setWhatsThis(HELP)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(240, 100)
        self.timeline = timeline
        self._focus_ring = FocusRing(self)
        self._audio: np.ndarray | None = None
        self._rate = 1
        self._whole: Picture | None = None
        self._detail: Picture | None = None
        self._ruler = 0
        self._time_axis = TimeAxis("top")
        self._head_x: float | None = None
        table = pg.colormap.get(COLOR_MAP).getLookupTable(nPts=256, alpha=False)
        self._color_table = [QColor(*map(int, color)).rgb() for color in table]
        self._gestures = TimelineGestures(self, self, timeline, self._seconds_at)
        self._work = Question("spectrogram", self)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self._compute)
        self._work.answered.connect(self._show_picture)
        timeline.view_changed.connect(self._view_changed)
        timeline.selection_changed.connect(self.update)
        timeline.playhead_changed.connect(self._move_playhead)
        self._describe()

    # --- what is shown ----------------------------------------------------------------------
    def set_audio(self, audio: np.ndarray, sample_rate: int) -> None:
        """Show a sound, [channels, samples]; nothing is worked out while this is hidden."""
        self._forget()
        self._audio, self._rate = audio, sample_rate
        self._compute()

    def clear(self) -> None:
        """There is no sound."""
        self._forget()

    def show_ruler(self, on: bool) -> None:
        """Draw the seconds on top, where no other pane does."""
        self._ruler = RULER if on else 0
        self._view_changed()

    def close_threads(self) -> None:
        """Wait for the picture that is being worked out."""
        self._settle.stop()
        self._work.close()

    @property
    def is_up_to_date(self) -> bool:
        """Whether the picture of exactly what is in view is drawn."""
        shown = self._detail or self._whole
        return shown is not None and shown.seconds == self.timeline.view

    def plot_rect(self) -> QRect:
        """Where the picture lies, right of the labels and below the seconds."""
        return self.rect().adjusted(GUTTER + 1, self._ruler + 1, -1, -1)

    def _forget(self) -> None:
        self._work.drop()
        self._settle.stop()
        self._audio = self._whole = self._detail = None
        self._describe()
        self.update()

    # --- working it out ---------------------------------------------------------------------
    @Slot()
    def _view_changed(self) -> None:
        self.update()
        if self._audio is not None:
            self._settle.start()

    @Slot()
    def _compute(self) -> None:
        start, stop = self.timeline.view
        rect = self.plot_rect()
        if self._audio is None or not self.isVisible() or stop <= start or rect.width() < 2:
            return
        audio, rate = self._audio, self._rate
        ratio = self.devicePixelRatioF()
        width, height = round(rect.width() * ratio), max(2, round(rect.height() * ratio))

        def picture() -> Picture:
            levels = spectrogram(
                audio, rate, width, height, start=start, stop=stop, low=LOW_HZ, high=HIGH_HZ
            )
            return Picture(color_numbers(levels), (start, stop))

        self._work.ask(picture)
        self._describe()

    @Slot(object)
    def _show_picture(self, made: Picture) -> None:
        rows, columns = made.levels.shape
        image = QImage(made.levels.data, columns, rows, columns, QImage.Format.Format_Indexed8)
        image.setColorTable(self._color_table)
        picture = Picture(made.levels, made.seconds, QPixmap.fromImage(image))
        if made.seconds == (0.0, self.timeline.duration):
            self._whole, self._detail = picture, None
        else:
            self._detail = picture
        self._describe()
        self.update()

    # --- places -----------------------------------------------------------------------------
    def _x(self, seconds: float) -> float:
        start, stop = self.timeline.view
        rect = self.plot_rect()
        return rect.left() + (seconds - start) / (stop - start) * rect.width()

    def _seconds_at(self, position: QPointF) -> float:
        start, stop = self.timeline.view
        rect = self.plot_rect()
        return start + (position.x() - rect.left()) / max(rect.width(), 1) * (stop - start)

    def _y(self, hertz: float) -> float:
        rect = self.plot_rect()
        share = math.log(hertz / LOW_HZ) / math.log(HIGH_HZ / LOW_HZ)
        return rect.top() + (1 - share) * rect.height()

    def _hertz_at(self, y: float) -> float:
        rect = self.plot_rect()
        share = 1 - (y - rect.top()) / max(rect.height(), 1)
        return float(LOW_HZ * (HIGH_HZ / LOW_HZ) ** min(max(share, 0.0), 1.0))

    @Slot()
    def _move_playhead(self) -> None:
        """Repaint the strips where it was and where it is, and nothing else."""
        place = self.timeline.playhead
        before = self._head_x
        after = None if place is None or self._audio is None else self._x(place)
        self._head_x = after
        top = self.plot_rect().top()
        for x in (before, after):
            if x is not None:
                self.update(QRect(int(x) - 2, top, 5, self.height() - top))

    # --- painting ---------------------------------------------------------------------------
    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """The picture, what is not selected dimmed, the playhead, the labels."""
        rect = self.plot_rect()
        painter = QPainter(self)
        self._focus_ring.paint(painter)
        if event.rect().left() < rect.left():
            self._paint_hertz(painter)
        if event.rect().top() < self._ruler:
            self._paint_seconds(painter)
        painter.setClipRect(rect, Qt.ClipOperation.IntersectClip)
        painter.fillRect(rect, QColor.fromRgb(self._color_table[0]))
        if self._audio is None:
            return
        for picture in (self._whole, self._detail):
            if picture is not None and picture.pixmap is not None:
                self._paint_picture(painter, picture)
        self._paint_selection(painter, rect)
        place = self.timeline.playhead
        self._head_x = None if place is None else self._x(place)
        if self._head_x is not None:
            painter.setPen(_PLAYHEAD)
            x = int(self._head_x)
            painter.drawLine(x, rect.top(), x, rect.bottom())

    def _paint_picture(self, painter: QPainter, picture: Picture) -> None:
        assert picture.pixmap is not None
        rect = self.plot_rect()
        first, last = (self._x(second) for second in picture.seconds)
        if picture.seconds == self.timeline.view:
            target = QRectF(rect)
        else:
            target = QRectF(first, rect.top(), last - first, rect.height())
        painter.drawPixmap(target, picture.pixmap, QRectF(picture.pixmap.rect()))

    def _paint_selection(self, painter: QPainter, rect: QRect) -> None:
        if self.timeline.selection is None:
            return
        first, last = (self._x(second) for second in self.timeline.selection)
        left = QRectF(rect.left(), rect.top(), first - rect.left(), rect.height())
        right = QRectF(last, rect.top(), rect.right() + 1 - last, rect.height())
        for outside in (left, right):
            if outside.width() > 0:
                painter.fillRect(outside, _DIM)
        painter.setPen(_EDGE)
        for x in (int(first), int(last)):
            painter.drawLine(x, rect.top(), x, rect.bottom())

    def _paint_hertz(self, painter: QPainter) -> None:
        rect = self.plot_rect()
        painter.setFont(figure_font(10))
        painter.setPen(QColor(current_colors().quiet))
        height = painter.fontMetrics().height()
        lowest = math.inf
        for hertz in sorted(FREQUENCY_TICKS):
            y = self._y(hertz)
            top = min(max(y - height / 2, rect.top()), rect.bottom() - height)
            if top + _FEWEST_PIXELS_BETWEEN_LABELS > lowest or not LOW_HZ <= hertz <= HIGH_HZ:
                continue
            lowest = top
            painter.drawText(
                QRectF(0, top, GUTTER - 6, height), Qt.AlignmentFlag.AlignRight, hertz_text(hertz)
            )
            painter.drawLine(rect.left() - 4, round(y), rect.left() - 2, round(y))
        if rect.top() + height < lowest:
            painter.drawText(
                QRectF(0, rect.top(), GUTTER - 6, height), Qt.AlignmentFlag.AlignRight, "Hz"
            )

    def _paint_seconds(self, painter: QPainter) -> None:
        rect = self.plot_rect()
        painter.setFont(figure_font(11))
        painter.setPen(QColor(current_colors().quiet))
        for seconds, text in self._time_axis.labels(*self.timeline.view, rect.width()):
            width = painter.fontMetrics().horizontalAdvance(text)
            x = min(max(self._x(seconds) - width / 2, rect.left()), rect.right() - width)
            painter.drawText(
                QRectF(x, 0, width + 1, self._ruler - 4), Qt.AlignmentFlag.AlignBottom, text
            )

    # --- words and events -------------------------------------------------------------------
    def description(self) -> str:
        """What is shown, in words."""
        if self._audio is None:
            return "No sound"
        start, stop = self.timeline.view
        parts = [
            f"{start:.2f} to {stop:.2f} seconds",
            f"{hertz_text(LOW_HZ)} Hz to {HIGH_HZ / 1000:g} kHz",
        ]
        if not self.is_up_to_date:
            parts.append("being worked out")
        if self.timeline.selection is not None:
            first, last = self.timeline.selection
            parts.append(f"selected {first:.2f} to {last:.2f} seconds")
        return ", ".join(parts)

    def _describe(self) -> None:
        self.setAccessibleDescription(self.description())

    def value_text(self, position: QPointF) -> str:
        """Time, frequency and level under a place; empty outside the picture."""
        shown = self._detail or self._whole
        rect = self.plot_rect()
        if shown is None or not rect.contains(position.toPoint()):
            return ""
        seconds, hertz = self._seconds_at(position), self._hertz_at(position.y())
        start, stop = shown.seconds
        rows, columns = shown.levels.shape
        column = int((seconds - start) / (stop - start) * columns)
        row = int((position.y() - rect.top()) / rect.height() * rows)
        if not (0 <= column < columns and 0 <= row < rows):
            return ""
        number = int(shown.levels[row, column])
        level = f"{FLOOR_DB + number / 255 * (TOP_DB - FLOOR_DB):.0f}".replace("-", "−")
        frequency = f"{hertz / 1000:.2f} kHz" if hertz >= 1000 else f"{hertz:.0f} Hz"
        beyond = {0: "≤ ", 255: "≥ "}.get(number, "")
        return f"{time_text(seconds, 3)} · {frequency} · {beyond}{level} dB"

    def event(self, event: QEvent) -> bool:
        """The tool tip says what lies under the pointer."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            text = self.value_text(QPointF(event.pos()))
            if text:
                QToolTip.showText(event.globalPos(), text, self)
                return True
        return bool(super().event(event))

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

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Another size needs another picture."""
        super().resizeEvent(event)
        self._view_changed()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Nothing was worked out while it was hidden."""
        super().showEvent(event)
        if not self.is_up_to_date:
            self._settle.start()
