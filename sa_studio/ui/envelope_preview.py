"""What a sound is going to be, while it is sampled: the envelope of the present estimate."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from sa_studio.ui.theme import current_colors
from sa_studio.ui.waveform_item import LANE_HEIGHT

OPACITY = 0.45


class EnvelopePreview(QWidget):
    """The envelope dimmed, and a line of text below it."""

    def __init__(self) -> None:
        super().__init__()
        self._envelope = np.zeros((1, 2, 0), np.float32)
        self.text = QLabel()
        self.text.setProperty("role", "quiet")
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout = QVBoxLayout(self)
        layout.addStretch(1)
        layout.addWidget(self.text)

    def show_envelope(self, envelope: np.ndarray, text: str) -> None:
        """Draw ``envelope`` [channels, 2, columns] over the whole width.

        The pairs are the lowest and highest sample of a column, or twice its level, 0 … 1.
        """
        self._envelope = np.nan_to_num(np.asarray(envelope, np.float32)).clip(-1, 1)
        self.text.setText(text)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """One filled shape a lane."""
        channels, _, columns = self._envelope.shape
        if columns < 1:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(current_colors().waveform))
        painter.setOpacity(OPACITY)
        lane_height = self.height() / channels
        unit = lane_height / LANE_HEIGHT
        x = (np.arange(columns) + 0.5) * (self.width() / columns)
        for lane in range(channels):
            middle = (lane + 0.5) * lane_height
            low, high = self._envelope[lane]
            if (low >= 0).all():  # levels: as far down as up
                low = -high
            top = [QPointF(a, middle - b * unit) for a, b in zip(x, high, strict=True)]
            bottom = [QPointF(a, middle - b * unit) for a, b in zip(x, low, strict=True)]
            painter.drawPolygon(QPolygonF([*top, *reversed(bottom)]))
