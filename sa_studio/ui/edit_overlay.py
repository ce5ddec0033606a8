"""Fades, loop points and the handles of an edit, painted over the waveform."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from sa_studio.ui.edit_handle import Handle, handles
from sa_studio.ui.theme import current_colors, ui_font
from sa_studio.ui.time_axis import RULER
from sa_studio.vocabulary.sound_edit import UNTOUCHED, SoundEdit

REACH = 9
"""This near, in pixels, the pointer takes hold of a handle."""
_RADIUS = 6
_TAB = (9, 26)
_CURVE_POINTS = 24
_CUT_OPACITY = 0.72
_WASH_OPACITY = 0.2
_LABEL_PADDING = 6


class EditOverlay(QWidget):
    """Lets the pointer through; :class:`EditGestures` looks after it.

    Args:
        surface: what it covers, the place of the ruler included.
        x_at: where a second of the sound is on the surface, in pixels.
    """

    def __init__(self, surface: QWidget, x_at: Callable[[float], float]) -> None:
        super().__init__(surface)
        self._x_at = x_at
        self._edit = self._live = UNTOUCHED
        self._seconds = 0.0
        self._held: Handle | None = None
        self._place = 0.0
        self.pointed: Handle | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setGeometry(surface.rect())
        surface.installEventFilter(self)
        self.hide()

    # --- what is shown ----------------------------------------------------------------------
    def set_edit(self, edit: SoundEdit, seconds: float) -> None:
        """Show the handles of an edit of a take of ``seconds``."""
        self._edit = self._live = edit
        self._seconds = seconds
        self._held = None
        self.update()

    def show_live(self, live: SoundEdit, held: Handle | None = None, place: float = 0.0) -> None:
        """Show what the edit is about to become.

        Args:
            live: that edit.
            held: the handle that is being moved, if it is one.
            place: where to, in seconds of what is heard.
        """
        self._live, self._held, self._place = live, held, place
        self.update()

    def point_at(self, handle: Handle | None) -> None:
        """Light up the handle under the pointer."""
        if handle is not self.pointed:
            self.pointed = handle
            self.update()

    def handle_at(self, place: QPointF) -> Handle | None:
        """The handle within reach of a place, the nearest one."""
        near = {
            handle: (middle - place).manhattanLength()
            for handle, middle in self.middles().items()
            if abs(middle.x() - place.x()) <= REACH
            and abs(middle.y() - place.y()) <= (_TAB[1] / 2 + 2 if _is_end(handle) else REACH)
        }
        return min(near, key=lambda handle: near[handle], default=None)

    def middles(self) -> dict[Handle, QPointF]:
        """The middles of the handles that are in view, on the surface."""
        places = handles(self._live if self._held is None else self._shown(), self._seconds)
        if self._held is not None and _is_end(self._held):
            places[self._held] = self._place
        found = {}
        for handle, second in places.items():
            x = self._x_at(second)
            if -1 <= x <= self.width() + 1:
                y = self.height() - _TAB[1] / 2 - 2 if _is_end(handle) else RULER + _RADIUS + 2
                inside = min(max(x, _RADIUS + 1.0), self.width() - _RADIUS - 1.0)
                found[handle] = QPointF(inside, y)
        return found

    def _shown(self) -> SoundEdit:
        """What is drawn in the seconds of what is heard: trims move no places until they settle."""
        return self._edit if self._held is not None and _is_end(self._held) else self._live

    # --- painting ---------------------------------------------------------------------------
    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """What will be cut, the fades or the crossfade, then the handles."""
        if self._seconds <= 0:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edit = self._shown()
        length = self._edit.duration(self._seconds)
        if edit.is_loop:
            self._paint_loop(painter, edit, length)
        else:
            self._paint_fade(painter, 0.0, min(edit.fade_in, length))
            self._paint_fade(painter, length, length - min(edit.fade_out, length))
        if self._held is Handle.START:
            self._paint_cut(painter, 0.0, self._place)
        elif self._held is Handle.STOP:
            self._paint_cut(painter, self._place, length)
        for handle, middle in self.middles().items():
            self._paint_handle(painter, handle, middle)
        if self._held is not None:
            self._paint_label(painter)

    def _paint_fade(self, painter: QPainter, silent: float, full: float) -> None:
        """The curve from where it is silent to where it is not faded, in seconds."""
        if silent == full:
            return
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(current_colors().accent), 1.5))
        painter.drawPolyline(self._curve(silent, full))

    def _paint_loop(self, painter: QPainter, edit: SoundEdit, length: float) -> None:
        """The crossfade as a wash and two curves, the ends as lines with a hook."""
        color = QColor(current_colors().accent)
        first, last = self._x_at(0.0), self._x_at(length)
        blended = self._x_at(min(edit.loop_crossfade, length))
        wash = QColor(color)
        wash.setAlphaF(_WASH_OPACITY)
        painter.fillRect(QRectF(first, RULER, blended - first, self.height() - RULER), wash)
        painter.setPen(QPen(color, 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        crossfade = min(edit.loop_crossfade, length)
        painter.drawPolyline(self._curve(0.0, crossfade))
        painter.drawPolyline(self._curve(crossfade, 0.0))
        painter.setPen(QPen(color, 2))
        for x, hook in ((first + 1, 8), (last - 1, -8)):
            top, bottom = QPointF(x, RULER + 1), QPointF(x, self.height() - 2)
            painter.drawLine(top, bottom)
            painter.drawLine(top, top + QPointF(hook, 0))
            painter.drawLine(bottom, bottom + QPointF(hook, 0))

    def _paint_cut(self, painter: QPainter, first: float, last: float) -> None:
        left, right = self._x_at(first), self._x_at(last)
        if right > left:
            veil = QColor(current_colors().ground)
            veil.setAlphaF(_CUT_OPACITY)
            painter.fillRect(QRectF(left, RULER, right - left, self.height() - RULER), veil)
        painter.setPen(QPen(QColor(current_colors().warning), 1.5))
        x = self._x_at(self._place)
        painter.drawLine(QPointF(x, RULER), QPointF(x, self.height()))

    def _paint_handle(self, painter: QPainter, handle: Handle, middle: QPointF) -> None:
        colors = current_colors()
        lit = handle in (self.pointed, self._held)
        painter.setPen(QPen(QColor(colors.panel), 1.5))
        painter.setBrush(QColor(colors.playhead if lit else colors.accent))
        if not _is_end(handle):
            painter.drawEllipse(middle, _RADIUS, _RADIUS)
            return
        width, height = _TAB
        tab = QRectF(0, 0, width, height)
        tab.moveCenter(middle)
        painter.drawRoundedRect(tab, 3, 3)
        painter.setPen(QPen(QColor(colors.panel), 1))
        painter.drawLine(middle - QPointF(0, 6), middle + QPointF(0, 6))

    def _paint_label(self, painter: QPainter) -> None:
        """What is moved and its value, beside the pointer."""
        assert self._held is not None
        text = value_text(self._held, self._live, self._seconds)
        painter.setFont(ui_font(12))
        metrics = painter.fontMetrics()
        box = QRectF(
            0, 0, metrics.horizontalAdvance(text) + 2 * _LABEL_PADDING, metrics.height() + 6
        )
        x = self._x_at(self._place) + 12
        if x + box.width() > self.width():
            x -= 24 + box.width()
        box.moveTopLeft(QPointF(max(x, 0.0), RULER + 18))
        colors = current_colors()
        painter.setPen(QColor(colors.line_strong))
        painter.setBrush(QColor(colors.raised))
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(QColor(colors.text))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def _curve(self, silent: float, full: float) -> QPolygonF:
        """A half cosine, as fades are, from the bottom to the top."""
        share = np.linspace(0, 1, _CURVE_POINTS)
        x = self._x_at(silent) + share * (self._x_at(full) - self._x_at(silent))
        rise = 0.5 - 0.5 * np.cos(np.pi * share)
        bottom, top = self.height() - 2, RULER + _RADIUS + 2
        y = bottom - rise * (bottom - top)
        return QPolygonF([QPointF(a, b) for a, b in zip(x, y, strict=True)])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Stay as large as the surface."""
        if event.type() == QEvent.Type.Resize and isinstance(watched, QWidget):
            self.setGeometry(watched.rect())
        return False


def value_text(handle: Handle, edit: SoundEdit, seconds: float) -> str:
    """``fade in 0.25 s``, ``start 1.20 s``."""
    start, stop = edit.kept(seconds)
    if edit.reverse:
        start, stop = seconds - stop, seconds - start
    value = {
        Handle.FADE_IN: edit.fade_in,
        Handle.FADE_OUT: edit.fade_out,
        Handle.CROSSFADE: edit.loop_crossfade,
        Handle.START: start,
        Handle.STOP: stop,
    }[handle]
    return f"{handle.value} {value:.3f} s"


def _is_end(handle: Handle) -> bool:
    return handle in (Handle.START, Handle.STOP)
