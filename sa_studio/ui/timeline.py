"""The one time axis of everything that draws a take: what is in view, selected and playing."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, Signal

FEWEST_SAMPLES = 64
"""In view at the closest zoom."""

Range = tuple[float, float]


class Timeline(QObject):
    """A sound's length and, in seconds, the range in view, the selection and the playhead.

    The panes draw what it says and hand it what the user does, so that they always agree.
    """

    view_changed = Signal()
    selection_changed = Signal()
    """On every move of a drag."""
    selection_settled = Signal()
    """The drag is over, or a key was pressed."""
    playhead_changed = Signal()
    seek_requested = Signal(float)
    """The user wants to hear from here."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._duration = 0.0
        self._sample = 1.0
        self._view: Range = (0.0, 0.0)
        self._selection: Range | None = None
        self._playhead: float | None = None

    # --- the sound --------------------------------------------------------------------------
    def begin(self, samples: int, sample_rate: int) -> None:
        """Another sound: all of it in view, nothing selected, no playhead."""
        self._duration, self._sample = samples / sample_rate, 1 / sample_rate
        self._playhead = None
        self.clear_selection()
        self._view = (0.0, self._duration)
        self.view_changed.emit()

    def clear(self) -> None:
        """There is no sound."""
        self._duration, self._playhead, self._view = 0.0, None, (0.0, 0.0)
        self.clear_selection()

    @property
    def duration(self) -> float:
        """Length of the sound; 0 without one."""
        return self._duration

    def clip(self, seconds: float) -> float:
        """The nearest place inside the sound."""
        return min(max(seconds, 0.0), self._duration)

    # --- playhead ---------------------------------------------------------------------------
    @property
    def playhead(self) -> float | None:
        """Where it plays, or will begin to."""
        return self._playhead

    def set_playhead(self, seconds: float | None) -> None:
        """Move the playhead, or take it away."""
        place = None if seconds is None else self.clip(seconds)
        if place != self._playhead:
            self._playhead = place
            self.playhead_changed.emit()

    # --- the selection ----------------------------------------------------------------------
    @property
    def selection(self) -> Range | None:
        """First and last second of what is selected."""
        return self._selection

    def select(self, one: float, other: float, *, settled: bool = True) -> None:
        """Select from one place to another; too short to hold a sample selects nothing."""
        start, stop = sorted((self.clip(one), self.clip(other)))
        selection = (start, stop) if stop - start >= 2 * self._sample else None
        if selection != self._selection:
            self._selection = selection
            self.selection_changed.emit()
        if settled:
            self.settle()

    def settle(self) -> None:
        """The selection will do as it is."""
        self.selection_settled.emit()

    def clear_selection(self) -> None:
        """Select nothing."""
        if self._selection is not None:
            self._selection = None
            self.selection_changed.emit()
            self.selection_settled.emit()

    def anchor_for(self, seconds: float) -> float:
        """What stays in its place when the selection is extended to ``seconds``."""
        if self._selection is None:
            return self._playhead or 0.0
        start, stop = self._selection
        return start if abs(seconds - start) > abs(seconds - stop) else stop

    # --- what is in view --------------------------------------------------------------------
    @property
    def view(self) -> Range:
        """First and last second in view."""
        return self._view

    @property
    def shows_all(self) -> bool:
        """Whether the whole sound is in view."""
        start, stop = self._view
        return stop - start >= self._duration * 0.999

    def show_all(self) -> None:
        """Zoom out to the whole sound."""
        self._look_at(0.0, self._duration)

    def zoom(self, factor: float, around: float) -> None:
        """Show ``1 / factor`` of the present range; the second ``around`` keeps its place."""
        start, stop = self._view
        if stop <= start:
            return
        shortest = min(self._duration, FEWEST_SAMPLES * self._sample)
        length = float(np.clip((stop - start) / factor, shortest, self._duration))
        share = (around - start) / (stop - start)
        self._look_at(around - share * length, length)

    def pan(self, seconds: float) -> None:
        """Move the view, as far as the sound goes."""
        start, stop = self._view
        self._look_at(start + seconds, stop - start)

    def _look_at(self, start: float, length: float) -> None:
        start = float(np.clip(start, 0.0, max(0.0, self._duration - length)))
        if (view := (start, start + length)) != self._view:
            self._view = view
            self.view_changed.emit()
