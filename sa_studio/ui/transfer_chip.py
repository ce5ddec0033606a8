"""A small sign in the top bar that something is being transferred; a click shows more."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton

from sa_studio.ui.field_box import name_widget
from sa_studio.ui.progress_text import percent, progress_text
from sa_studio.ui.theme import current_colors
from sa_studio.ui.transfers import Transfers

BAR_HEIGHT = 2
BAR_MARGIN = 10


class TransferChip(QPushButton):
    """How much is done, in words and as a bar; hidden when nothing is transferred."""

    def __init__(self, transfers: Transfers) -> None:
        super().__init__()
        name_widget(self, "transfer_chip", "Transfers", "What is being downloaded or imported")
        self.setProperty("role", "chip")
        self._transfers = transfers
        self._fraction = 0.0
        transfers.changed.connect(self._update)
        self._update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Draw the bar along the lower edge."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(current_colors().accent))
        width = (self.width() - 2 * BAR_MARGIN) * self._fraction
        painter.drawRoundedRect(
            QRectF(BAR_MARGIN, self.height() - BAR_HEIGHT - 1, width, BAR_HEIGHT), 1, 1
        )

    @Slot()
    def _update(self) -> None:
        transfer = self._transfers.current
        self.setVisible(transfer is not None)
        if transfer is None:
            return
        progress = transfer.progress
        text = f"{transfer.kind.value}…"
        self._fraction = 0.0
        if progress is not None and progress.total_bytes > 0:
            self._fraction = min(progress.done_bytes / progress.total_bytes, 1.0)
            done = percent(progress.done_bytes, progress.total_bytes)
            text = f"{transfer.kind.value} {done} %"
        self.setText(text)
        details = f"{transfer.text}\n{progress_text(progress)}" if progress else transfer.text
        self.setToolTip(details)
        self.setAccessibleName(f"Transfers: {details}")
        self.update()
