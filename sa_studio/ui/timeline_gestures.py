"""Pointer and keys over a pane that draws a timeline: seek, select, zoom, pan."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from sa_studio.ui.timeline import Timeline

HELP = (
    "Click to play from a place, drag to select, Shift+click to extend; drag an edge to move it. "
    "Wheel zooms, Shift+wheel pans, a double click shows everything. "
    "Keys: + and − zoom, Shift+Left and Shift+Right move the playhead, Home goes to the start; "
    "Shift+Home and Shift+End select from the playhead to the start or the end, "
    "Ctrl+Shift+Left and Right move the end of the selection, Ctrl+Left and Right its start, "
    "Esc clears it."
)

_ZOOM_PER_NOTCH = 1.25
_PAN_PER_NOTCH = 0.1  # of what is in view
_NUDGE = 0.01  # of what is in view
_EDGE_PIXELS = 5  # this near the pointer takes hold of an edge


class TimelineGestures(QObject):
    """Takes the pointer from ``surface`` and does to the timeline what is meant.

    Args:
        surface: where the pointer is looked for.
        owner: the widget that gets the focus, and its keys through :meth:`key`.
        timeline: what is changed.
        seconds_at: the time under a place of ``surface``.
    """

    def __init__(
        self,
        surface: QWidget,
        owner: QWidget,
        timeline: Timeline,
        seconds_at: Callable[[QPointF], float],
    ) -> None:
        super().__init__(owner)
        self._surface, self._owner = surface, owner
        self._timeline, self._seconds_at = timeline, seconds_at
        self._pressed_at: QPointF | None = None
        self._anchor = 0.0
        self._selecting = False
        surface.setMouseTracking(True)
        surface.installEventFilter(self)

    # --- pointer ----------------------------------------------------------------------------
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Take all of the pointer while there is a sound."""
        # the kind first: others still come while both are being destroyed
        if not isinstance(event, QWheelEvent | QMouseEvent):
            return False
        if watched is not self._surface or self._timeline.duration <= 0:
            return False
        if isinstance(event, QWheelEvent):
            self._wheel(event)
        else:
            self._pointer(event)
        return True

    def _wheel(self, event: QWheelEvent) -> None:
        turned = event.angleDelta()
        start, stop = self._timeline.view
        shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if shifted or abs(turned.x()) > abs(turned.y()):
            # some systems turn Shift+wheel into a sideways wheel by themselves
            notches = (turned.x() or turned.y()) / 120
            self._timeline.pan(-notches * _PAN_PER_NOTCH * (stop - start))
        else:
            notches = turned.y() / 120
            self._timeline.zoom(_ZOOM_PER_NOTCH**notches, self._at(event.position()))

    def _pointer(self, event: QMouseEvent) -> None:
        kind, left = event.type(), Qt.MouseButton.LeftButton
        place = event.position()
        if kind == QEvent.Type.MouseMove:
            if not event.buttons() & left:
                self._show_cursor(place)
            elif self._pressed_at is not None:
                self._drag(place)
        elif event.button() != left:
            return
        elif kind == QEvent.Type.MouseButtonPress:
            self._press(place, bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        elif kind == QEvent.Type.MouseButtonRelease and self._pressed_at is not None:
            self._release()
        elif kind == QEvent.Type.MouseButtonDblClick:
            self._timeline.show_all()

    def _press(self, place: QPointF, extend: bool) -> None:
        self._owner.setFocus(Qt.FocusReason.MouseFocusReason)
        self._pressed_at = place
        here = self._at(place)
        held = self._edge_at(place)
        self._selecting = extend or held is not None
        if extend:
            self._anchor = self._timeline.anchor_for(here)
            self._timeline.select(self._anchor, here, settled=False)
        elif held is not None:
            self._anchor = self._timeline.anchor_for(held)
        else:
            self._anchor = here

    def _drag(self, place: QPointF) -> None:
        assert self._pressed_at is not None
        far = abs(place.x() - self._pressed_at.x()) >= QApplication.startDragDistance() / 2
        self._selecting = self._selecting or far
        if self._selecting:
            self._timeline.select(self._anchor, self._at(place), settled=False)

    def _release(self) -> None:
        assert self._pressed_at is not None
        place, self._pressed_at = self._pressed_at, None
        if self._selecting:
            self._timeline.settle()
        else:
            self._timeline.clear_selection()
            self._timeline.seek_requested.emit(self._at(place))

    def _show_cursor(self, place: QPointF) -> None:
        held = self._edge_at(place) is not None
        self._surface.setCursor(Qt.CursorShape.SplitHCursor if held else Qt.CursorShape.ArrowCursor)

    def _edge_at(self, place: QPointF) -> float | None:
        """The edge of the selection that the pointer is on."""
        if self._timeline.selection is None:
            return None
        reach = QPointF(_EDGE_PIXELS, 0)
        low, high = self._seconds_at(place - reach), self._seconds_at(place + reach)
        here = self._seconds_at(place)
        near = [edge for edge in self._timeline.selection if low <= edge <= high]
        return min(near, key=lambda edge: abs(edge - here), default=None)

    def _at(self, place: QPointF) -> float:
        return self._timeline.clip(self._seconds_at(place))

    # --- keys -------------------------------------------------------------------------------
    def key(self, event: QKeyEvent) -> bool:
        """Do what a key asks for; false if it means nothing here."""
        timeline = self._timeline
        if timeline.duration <= 0:
            return False
        start, stop = timeline.view
        place = timeline.playhead or 0.0
        nudge = _NUDGE * (stop - start)
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        match event.key():
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                timeline.zoom(_ZOOM_PER_NOTCH, place if start <= place <= stop else start)
            case Qt.Key.Key_Minus:
                timeline.zoom(1 / _ZOOM_PER_NOTCH, place if start <= place <= stop else start)
            case Qt.Key.Key_Home if shift:
                timeline.select(0.0, place)
            case Qt.Key.Key_End if shift:
                timeline.select(place, timeline.duration)
            case Qt.Key.Key_Home:
                timeline.seek_requested.emit(0.0)
            case Qt.Key.Key_Left | Qt.Key.Key_Right if control:
                self._move_edge(event.key() == Qt.Key.Key_Right, last=shift, by=nudge)
            case Qt.Key.Key_Left if shift:
                timeline.seek_requested.emit(timeline.clip(place - nudge))
            case Qt.Key.Key_Right if shift:
                timeline.seek_requested.emit(timeline.clip(place + nudge))
            case Qt.Key.Key_Escape if timeline.selection is not None and not shift:
                timeline.clear_selection()
            case _:
                return False
        return True

    def _move_edge(self, right: bool, *, last: bool, by: float) -> None:
        place = self._timeline.playhead or 0.0
        start, stop = self._timeline.selection or (place, place)
        step = by if right else -by
        if last:
            self._timeline.select(start, max(stop + step, start))
        else:
            self._timeline.select(min(start + step, stop), stop)
