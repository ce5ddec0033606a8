"""How loud it is now: a bar a channel that falls slowly, and a line that stays a while."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from sa_studio.ui.field_box import name_widget
from sa_studio.ui.theme import current_colors

FLOOR_DB = -60.0
FALL_DB_PER_SECOND = 20.0
HOLD_SECONDS = 1.5
LOUD_DB = -6.0
FULL_DB = -0.1
_BAR, _GAP = 4, 3
_SECONDS_BETWEEN_WORDS = 1.0


def decibel_text(decibels: float) -> str:
    """``−12.3``, or ``−∞`` for silence."""
    return f"{decibels:.1f}".replace("-", "−") if math.isfinite(decibels) else "−∞"


class LevelMeter(QWidget):
    """Peaks of left and right in dBFS, from −60 to 0.

    Whoever plays calls :meth:`show_levels` for every frame, and :meth:`reset` when it is over;
    by itself it never repaints.
    """

    def __init__(self) -> None:
        super().__init__()
        name_widget(self, "level_meter", "Level")
        self.setToolTip("Peak level of what is heard, left and right, from −60 to 0 dBFS")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._levels = [-math.inf, -math.inf]
        self._holds = [-math.inf, -math.inf]
        self._held_since = [0.0, 0.0]
        self._seen = 0.0
        self._said = 0.0
        self.reset()

    @property
    def levels(self) -> tuple[float, float]:
        """What the bars show, dBFS."""
        return self._levels[0], self._levels[1]

    @property
    def holds(self) -> tuple[float, float]:
        """What the lines show, dBFS."""
        return self._holds[0], self._holds[1]

    def show_levels(self, levels: Sequence[float], now: float | None = None) -> None:
        """Take in what is heard now; ``now`` in seconds of a clock that never goes back."""
        now = time.monotonic() if now is None else now
        fall = FALL_DB_PER_SECOND * max(now - self._seen, 0.0)
        before = (self.levels, self.holds)
        for channel, level in enumerate(levels):
            self._levels[channel] = max(level, self._levels[channel] - fall)
            if self._levels[channel] < FLOOR_DB:
                self._levels[channel] = -math.inf
            held_long = now - self._held_since[channel] > HOLD_SECONDS
            if level >= self._holds[channel] or held_long:
                self._holds[channel] = self._levels[channel]
                self._held_since[channel] = now
        self._seen = now
        if (self.levels, self.holds) != before:
            self.update()
        if now - self._said >= _SECONDS_BETWEEN_WORDS:
            self._said = now
            left, right = map(decibel_text, self._levels)
            self.setAccessibleDescription(f"Left {left} dB, right {right} dB")

    def reset(self) -> None:
        """Nothing is heard."""
        self._levels = [-math.inf, -math.inf]
        self._holds = [-math.inf, -math.inf]
        self._said = 0.0
        self.setAccessibleDescription("Silent")
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        """Two bars."""
        return QSize(84, 2 * _BAR + _GAP + 4)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Two short bars."""
        return QSize(48, 2 * _BAR + _GAP + 4)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Quiet, loud and too loud in three colours."""
        colors = current_colors()
        painter = QPainter(self)
        top = (self.height() - 2 * _BAR - _GAP) / 2
        for channel, (level, hold) in enumerate(zip(self._levels, self._holds, strict=True)):
            y = top + channel * (_BAR + _GAP)
            painter.fillRect(QRectF(0, y, self.width(), _BAR), QColor(colors.hover))
            self._fill(painter, y, FLOOR_DB, min(level, LOUD_DB), colors.accent)
            self._fill(painter, y, LOUD_DB, level, colors.warning)
            if hold > FLOOR_DB:
                over = hold >= FULL_DB
                ink = colors.error if over else colors.warning if hold > LOUD_DB else colors.text
                x = min(self._x(hold), self.width() - 2)
                painter.fillRect(QRectF(x, y, 2, _BAR), QColor(ink))

    def _fill(self, painter: QPainter, y: float, low: float, high: float, color: str) -> None:
        if high > low:
            left = self._x(low)
            painter.fillRect(QRectF(left, y, self._x(high) - left, _BAR), QColor(color))

    def _x(self, decibels: float) -> float:
        return self.width() * (1 - min(max(decibels, FLOOR_DB), 0.0) / FLOOR_DB)
