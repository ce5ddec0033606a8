from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from sa_studio.ui.thumbnail import paint_thumbnail, thumbnail_pixmap

RED = QColor("#ff0000")


def inked_rows(data: bytes, width: int = 40, height: int = 41) -> list[int]:
    """How many pixels of every column are inked."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(0)
    painter = QPainter(image)
    paint_thumbnail(painter, QRect(0, 0, width, height), data, RED)
    painter.end()
    return [sum(image.pixelColor(x, y) == RED for y in range(height)) for x in range(width)]


def pairs(values: list[float]) -> bytes:
    peaks = np.array(values)
    return np.stack((-peaks, peaks), axis=1).round().astype(np.int8).tobytes()


@pytest.mark.parametrize("count", [7, 40, 200, 1000])
def test_loud_becomes_tall_and_quiet_short(application: QApplication, count: int) -> None:
    rows = inked_rows(pairs([127.0] * (count // 2) + [0.0] * (count - count // 2)))
    assert min(rows[:15]) >= 39
    assert max(rows[25:]) <= 2


def test_a_single_loud_pair_is_not_lost(application: QApplication) -> None:
    values = [0.0] * 997
    values[500] = 127.0
    assert max(inked_rows(pairs(values))) >= 39


def test_without_peaks_there_is_a_flat_line(application: QApplication) -> None:
    assert set(inked_rows(b"")) == {1}


def test_half_a_pair_is_refused(application: QApplication) -> None:
    with pytest.raises(ValueError, match="reshape"):
        inked_rows(b"\x00\x01\x02")


def test_the_pixmap_is_sharp_on_a_dense_screen(application: QApplication) -> None:
    pixmap = thumbnail_pixmap(pairs([100.0] * 50), QSize(80, 30), ratio=2.0)
    assert pixmap.size() == QSize(160, 60)
    assert pixmap.deviceIndependentSize().toSize() == QSize(80, 30)
