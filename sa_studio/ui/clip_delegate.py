"""How a take looks in the library: thumbnail, prompt, seconds or state, Retry when it failed."""

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFontMetrics, QMouseEvent, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from sa_studio.generation import Clip, ClipState
from sa_studio.ui.clip_model import ClipRole
from sa_studio.ui.icons import icon
from sa_studio.ui.theme import DARK, Colors, figure_font, ui_font
from sa_studio.ui.thumbnail import paint_thumbnail

ROW_HEIGHT = 54
THUMBNAIL = QSize(70, 34)
MARGIN = 14
ICON = 16


class ClipDelegate(QStyledItemDelegate):
    """Paints a row of the library and notices a click on its Retry."""

    retry_requested = Signal(object)

    def __init__(self, parent: QObject | None = None, colors: Colors = DARK) -> None:
        super().__init__(parent)
        self._colors = colors
        self._title_font, self._figure_font = ui_font(), figure_font(11)

    def sizeHint(  # noqa: D102, N802
        self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(0, ROW_HEIGHT)

    def paint(  # noqa: D102
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        clip: Clip = index.data(ClipRole.CLIP)
        rect = option.rect
        state = option.state
        selected = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        focused = bool(state & QStyle.StateFlag.State_Active) and bool(
            option.widget and option.widget.hasFocus()
        )
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        self._paint_ground(painter, rect, selected, focused, hovered)
        picture = QRect(
            rect.left() + MARGIN,
            rect.center().y() - THUMBNAIL.height() // 2,
            THUMBNAIL.width(),
            THUMBNAIL.height(),
        )
        self._paint_picture(painter, picture, clip, selected, index.data(ClipRole.FRACTION))
        has_icon = clip.state in (ClipState.FINISHED, ClipState.FAILED)
        left = picture.right() + 12
        right = rect.right() - (MARGIN + ICON + 6 if has_icon else MARGIN)
        text = QRect(left, rect.top() + 9, right - left, 18)
        painter.setFont(self._title_font)
        painter.setPen(QColor(self._colors.text))
        self._draw(painter, text, str(index.data()))
        painter.setFont(self._figure_font)
        failed = clip.state is ClipState.FAILED
        painter.setPen(QColor(self._colors.error if failed else self._colors.quiet))
        if failed:
            painter.setFont(ui_font(12))
        self._draw(painter, text.translated(0, 19), str(index.data(ClipRole.STATE)))
        if has_icon:
            name = "retry" if failed else "grip"
            icon(name, color=self._colors.quiet).paint(painter, self._icon_rect(rect))
        painter.restore()

    def editorEvent(  # noqa: D102, N802
        self,
        event: QEvent,
        model: QAbstractItemModel,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> bool:
        if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseButtonRelease:
            clip: Clip = index.data(ClipRole.CLIP)
            target = self._icon_rect(option.rect).adjusted(-6, -6, 6, 6)
            if clip.state is ClipState.FAILED and target.contains(event.position().toPoint()):
                self.retry_requested.emit(clip)
                return True
        return super().editorEvent(event, model, option, index)

    def _paint_ground(
        self, painter: QPainter, rect: QRect, selected: bool, focused: bool, hovered: bool
    ) -> None:
        if selected:
            painter.fillRect(rect, QColor(self._colors.hover if focused else self._colors.raised))
            painter.fillRect(
                QRect(rect.left(), rect.top(), 2, rect.height()), QColor(self._colors.accent)
            )
        elif hovered:
            hover = QColor(self._colors.raised)
            hover.setAlpha(140)
            painter.fillRect(rect, hover)

    def _paint_picture(
        self, painter: QPainter, rect: QRect, clip: Clip, selected: bool, fraction: float | None
    ) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._colors.field))
        painter.drawRoundedRect(QRectF(rect), 3, 3)
        if clip.thumbnail:
            color = self._colors.waveform_played if selected else self._colors.waveform
            paint_thumbnail(painter, rect.adjusted(2, 3, -2, -3), clip.thumbnail, QColor(color))
        elif clip.state is ClipState.FAILED:
            size = 18
            place = QRect(0, 0, size, size)
            place.moveCenter(rect.center())
            icon("warning", color=self._colors.error).paint(painter, place)
        elif not clip.state.is_final:
            track = QRectF(rect.left() + 8, rect.center().y() - 1, rect.width() - 16, 3)
            painter.setBrush(QColor(self._colors.hover))
            painter.drawRoundedRect(track, 1.5, 1.5)
            if fraction:
                painter.setBrush(QColor(self._colors.accent))
                done = QRectF(track)
                done.setWidth(track.width() * fraction)
                painter.drawRoundedRect(done, 1.5, 1.5)
        else:
            painter.setPen(QColor(self._colors.line_strong))
            middle = QRectF(rect).center().y()
            painter.drawLine(QPointF(rect.left() + 8, middle), QPointF(rect.right() - 8, middle))

    @staticmethod
    def _draw(painter: QPainter, rect: QRect, text: str) -> None:
        metrics = QFontMetrics(painter.font())
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(rect, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)

    @staticmethod
    def _icon_rect(rect: QRect) -> QRect:
        return QRect(rect.right() - MARGIN - ICON + 4, rect.center().y() - ICON // 2, ICON, ICON)
