"""How a model looks in the list of the models window."""

from __future__ import annotations

from enum import IntEnum

from PySide6.QtCore import (
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from sa_studio.model_offers import OfferState
from sa_studio.ui.icons import icon
from sa_studio.ui.models.entry import ModelEntry
from sa_studio.ui.theme import current_colors, figure_font, ui_font

ROW_HEIGHT = 54
MARGIN = 14
ICON = 16
BAR_HEIGHT = 3

Index = QModelIndex | QPersistentModelIndex


class EntryRole(IntEnum):
    """What the list tells of an entry beside its title."""

    ENTRY = Qt.ItemDataRole.UserRole + 1
    LINE = Qt.ItemDataRole.UserRole + 2
    FRACTION = Qt.ItemDataRole.UserRole + 3


class EntryDelegate(QStyledItemDelegate):
    """Paints an entry: what its state is, its name, a line, and a bar while part of it is here."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._title_font, self._figure_font = ui_font(), figure_font(11)

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:  # noqa: D102, N802
        return QSize(0, ROW_HEIGHT)

    def paint(  # noqa: D102
        self, painter: QPainter, option: QStyleOptionViewItem, index: Index
    ) -> None:
        colors = current_colors()
        entry: ModelEntry = index.data(EntryRole.ENTRY)
        rect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, option)
        place = QRect(rect.left() + MARGIN, rect.center().y() - ICON // 2, ICON, ICON)
        name, color = self._sign(entry)
        icon(name, color=color).paint(painter, place)
        left = place.right() + 12
        text = QRect(left, rect.top() + 9, rect.right() - MARGIN - left, 18)
        here = entry.state is OfferState.INSTALLED
        painter.setFont(self._title_font)
        painter.setPen(QColor(colors.text if here else colors.quiet))
        _draw(painter, text, str(index.data()))
        painter.setFont(self._figure_font)
        painter.setPen(QColor(colors.warning if entry.problem else colors.quiet))
        _draw(painter, text.translated(0, 19), str(index.data(EntryRole.LINE)))
        fraction = index.data(EntryRole.FRACTION)
        if fraction is not None:
            self._paint_bar(painter, QRect(left, rect.bottom() - 6, text.width(), 0), fraction)
        painter.restore()

    def _sign(self, entry: ModelEntry) -> tuple[str, str]:
        if entry.problem is not None:
            return "warning", "warning"
        if entry.state is OfferState.INSTALLED:
            return "check", "accent"
        return "save", "quiet"

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        colors, rect, state = current_colors(), option.rect, option.state
        if state & QStyle.StateFlag.State_Selected:
            focused = option.widget is not None and option.widget.hasFocus()
            painter.fillRect(rect, QColor(colors.hover if focused else colors.raised))
            painter.fillRect(
                QRect(rect.left(), rect.top(), 2, rect.height()), QColor(colors.accent)
            )
        elif state & QStyle.StateFlag.State_MouseOver:
            hover = QColor(colors.raised)
            hover.setAlpha(140)
            painter.fillRect(rect, hover)

    def _paint_bar(self, painter: QPainter, place: QRect, fraction: float) -> None:
        colors = current_colors()
        track = QRectF(place.left(), place.top(), place.width(), BAR_HEIGHT)
        painter.setPen(Qt.PenStyle.NoPen)
        for color, part in ((colors.line_strong, 1.0), (colors.accent, fraction)):
            painter.setBrush(QColor(color))
            width = track.width() * min(max(part, 0.0), 1.0)
            painter.drawRoundedRect(QRectF(track.left(), track.top(), width, BAR_HEIGHT), 1.5, 1.5)


def _draw(painter: QPainter, rect: QRect, text: str) -> None:
    shown = QFontMetrics(painter.font()).elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
    painter.drawText(rect, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
