"""Dragging the handles of an edit in the waveform."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QHelpEvent, QMouseEvent
from PySide6.QtWidgets import QToolTip, QWidget

from sa_studio.ui.edit_handle import Handle, handles, moved
from sa_studio.ui.edit_overlay import EditOverlay
from sa_studio.vocabulary.sound_edit import UNTOUCHED, SoundEdit


class EditGestures(QObject):
    """Takes the pointer while it is on a handle, and leaves it alone elsewhere.

    Make it after whatever else looks for the pointer on the surface: the last one comes first.

    Args:
        surface: where the pointer is looked for.
        seconds_at: the time under a place of the surface.
        x_at: the place of a time, in pixels.
    """

    moving = Signal(object)
    """The :class:`SoundEdit` that a drag would come to, on every move."""
    settled = Signal(object)
    """The edit that it came to."""

    def __init__(
        self,
        surface: QWidget,
        seconds_at: Callable[[QPointF], float],
        x_at: Callable[[float], float],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._surface, self._seconds_at = surface, seconds_at
        self.overlay = EditOverlay(surface, x_at)
        self._edit, self._live, self._seconds = UNTOUCHED, UNTOUCHED, 0.0
        self._held: Handle | None = None
        self._offset = 0.0  # of the handle from the pointer, seconds
        surface.installEventFilter(self)

    def set_edit(self, edit: SoundEdit | None, seconds: float = 0.0) -> None:
        """Show the handles of an edit, or none; a drag that is under way ends as if never begun.

        Args:
            edit: of the sound that is shown; ``None``: no handles.
            seconds: how long the take is as it was generated.
        """
        self._held = None
        self._edit = self._live = edit or UNTOUCHED
        self._seconds = seconds if edit is not None else 0.0
        self.overlay.set_edit(self._edit, self._seconds)
        self.overlay.point_at(None)
        self.overlay.setVisible(edit is not None)

    # --- pointer ----------------------------------------------------------------------------
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Take what is meant for a handle."""
        if not isinstance(event, QMouseEvent | QHelpEvent) or watched is not self._surface:
            return False
        if self._seconds <= 0:
            return False
        if isinstance(event, QHelpEvent):
            return self._help(event)
        return self._pointer(event)

    def _help(self, event: QHelpEvent) -> bool:
        handle = self.overlay.handle_at(QPointF(event.pos()))
        if event.type() != QEvent.Type.ToolTip or handle is None:
            return False
        QToolTip.showText(event.globalPos(), handle.help, self._surface)
        return True

    def _pointer(self, event: QMouseEvent) -> bool:
        kind, place = event.type(), event.position()
        left = Qt.MouseButton.LeftButton
        if kind == QEvent.Type.MouseMove:
            if self._held is not None:
                self._drag(place)
            elif not event.buttons() & left:
                self.overlay.point_at(self.overlay.handle_at(place))
                if self.overlay.pointed is not None:
                    self._surface.setCursor(Qt.CursorShape.SizeHorCursor)
            return self._held is not None or self.overlay.pointed is not None
        if event.button() != left:
            return False
        if kind == QEvent.Type.MouseButtonPress:
            self._press(place)
            return self._held is not None
        if kind == QEvent.Type.MouseButtonRelease and self._held is not None:
            self._release()
            return True
        on_handle = self.overlay.handle_at(place) is not None
        return kind == QEvent.Type.MouseButtonDblClick and on_handle

    def _press(self, place: QPointF) -> None:
        self._held = self.overlay.handle_at(place)
        if self._held is not None:
            where = handles(self._edit, self._seconds)[self._held]
            self._offset = where - self._seconds_at(place)

    def _drag(self, place: QPointF) -> None:
        assert self._held is not None
        where = self._seconds_at(place) + self._offset
        self._live = moved(self._edit, self._seconds, self._held, where)
        self.overlay.show_live(self._live, self._held, where)
        self.moving.emit(self._live)

    def _release(self) -> None:
        held, live = self._held, self._live
        self._held = None
        # a trim is shown once the sound is as it says: then its seconds are others
        trimmed = held in (Handle.START, Handle.STOP)
        self.overlay.show_live(self._edit if trimmed else live)
        if live != self._edit:
            self.settled.emit(live)
