"""Stars, as they are painted in rows and pressed there."""

from __future__ import annotations

import math
from functools import lru_cache

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap, QPolygonF

from sa_studio.generation import MAX_STARS

STAR = 11
PITCH = 14
STARS_SIZE = QSize(PITCH * MAX_STARS, 16)


@lru_cache(64)
def stars_pixmap(filled: int, color: str, outline: str, ratio: float) -> QPixmap:
    """Five stars, the first ``filled`` of them full, in the colours ``#rrggbb``.

    Args:
        ratio: device pixels per logical pixel.
    """
    pixmap = QPixmap(STARS_SIZE * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for number in range(MAX_STARS):
        middle = QPointF(number * PITCH + PITCH / 2, STARS_SIZE.height() / 2 + 0.5)
        full = number < filled
        painter.setPen(Qt.PenStyle.NoPen if full else QPen(QColor(outline), 1))
        painter.setBrush(QColor(color) if full else Qt.BrushStyle.NoBrush)
        painter.drawPolygon(_star(middle, STAR / 2 if full else STAR / 2 - 0.5))
    painter.end()
    return pixmap


def star_at(x: float) -> int:
    """Which star, from 1, lies ``x`` pixels from the left edge of the five; 0 for none."""
    number = math.floor(x / PITCH) + 1
    return number if 1 <= number <= MAX_STARS else 0


def _star(middle: QPointF, radius: float) -> QPolygonF:
    points = []
    for corner in range(10):
        length = radius if corner % 2 == 0 else radius * 0.45
        angle = math.pi * corner / 5
        points.append(middle + QPointF(length * math.sin(angle), -length * math.cos(angle)))
    return QPolygonF(points)
