"""The small waveform of a library row."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from PySide6.QtCore import QLineF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap

from sa_studio.ui.theme import Colors, current_colors

_KEPT = 512  # strips, about ten kilobytes each


def paint_thumbnail(painter: QPainter, rect: QRect, data: bytes, color: QColor | str) -> None:
    """Draw int8 peak pairs (min, max, min, max …; ±127 is full scale) into ``rect``.

    Every pixel column shows the extremes of the pairs that fall into it. Without data a thin
    line is drawn where silence would be.

    Raises:
        ValueError: an odd number of bytes.
    """
    pairs = np.frombuffer(data, np.int8).reshape(-1, 2)
    painter.save()
    painter.setPen(QPen(QColor(color), 1))
    middle = rect.center().y()
    if len(pairs) == 0 or rect.width() < 1:
        painter.drawLine(rect.left(), middle, rect.right(), middle)
        painter.restore()
        return
    columns = rect.width()
    starts = np.arange(columns) * len(pairs) // columns
    lows = np.minimum.reduceat(pairs[:, 0], starts) / 127
    highs = np.maximum.reduceat(pairs[:, 1], starts) / 127
    half = (rect.height() - 1) / 2
    painter.drawLines(
        [
            QLineF(x, middle - high * half, x, middle - low * half)
            for x, low, high in zip(
                range(rect.left(), rect.left() + columns),
                lows.tolist(),
                highs.tolist(),
                strict=True,
            )
        ]
    )
    painter.restore()


@lru_cache(_KEPT)
def thumbnail_strip(data: bytes, size: QSize, color: str, ratio: float) -> QPixmap:
    """The thumbnail on nothing, drawn once for every row, colour (``#rrggbb``) and screen.

    Args:
        size: in logical pixels.
        ratio: device pixels per logical pixel.
    """
    pixmap = QPixmap(size * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    paint_thumbnail(painter, QRect(0, 0, size.width(), size.height()), data, color)
    painter.end()
    return pixmap


def thumbnail_pixmap(
    data: bytes, size: QSize, *, colors: Colors | None = None, ratio: float = 1.0
) -> QPixmap:
    """The thumbnail on the field colour, as a drag shows it under the pointer.

    Args:
        size: in logical pixels.
        ratio: device pixels per logical pixel.
    """
    pixmap = QPixmap(size * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    colors = colors or current_colors()
    painter = QPainter(pixmap)
    painter.setPen(QColor(colors.accent))
    painter.setBrush(QColor(colors.field))
    painter.drawRoundedRect(0, 0, size.width() - 1, size.height() - 1, 4, 4)
    paint_thumbnail(
        painter, QRect(6, 4, size.width() - 12, size.height() - 8), data, colors.waveform_played
    )
    painter.end()
    return pixmap
