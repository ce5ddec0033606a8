"""How a take looks in the library: thumbnail, prompt, seconds or state, and what was decided.

Everything that does not change is drawn once and kept: while the list scrolls, a row is a few
pixmaps and two or three lines of text.
"""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFontMetrics, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from sa_studio.generation import Clip, ClipState, Verdict
from sa_studio.ui.clip_model import ClipRole
from sa_studio.ui.edited_thumbnail import heard_thumbnail
from sa_studio.ui.icons import icon_pixmap
from sa_studio.ui.stars import STARS_SIZE, star_at, stars_pixmap
from sa_studio.ui.theme import current_colors, figure_font, ui_font
from sa_studio.ui.thumbnail import thumbnail_strip
from sa_studio.vocabulary.sound_edit import UNTOUCHED

ROW_HEIGHT = 54
THUMBNAIL = QSize(70, 34)
MARGIN = 14
ICON = 16
GAP = 10
CHIP_HEIGHT, CHIP_PADDING, CHIP_GAP = 16, 6, 4
BADGE = 14
REJECTED_OPACITY = 0.45

AnyIndex = QModelIndex | QPersistentModelIndex


class ClipDelegate(QStyledItemDelegate):
    """Paints a row of the library, and knows what of it can be pressed: stars and Retry."""

    retry_requested = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._title_font, self._figure_font = ui_font(), figure_font(11)
        self._small_font, self._chip_font = ui_font(12), ui_font(11)
        self._figures = QFontMetrics(self._figure_font)
        self._hovered: tuple[int, int] | None = None

    def sizeHint(self, _option: QStyleOptionViewItem, _index: AnyIndex) -> QSize:  # noqa: D102, N802
        return QSize(0, ROW_HEIGHT)

    # --- what can be pressed ----------------------------------------------------------------
    def star_at(self, rect: QRect, index: AnyIndex, place: QPoint) -> int:
        """Which star of the row painted in ``rect`` lies at ``place``, 1 … 5; 0 for none."""
        clip: Clip | None = index.data(ClipRole.CLIP)
        if clip is None or clip.state is not ClipState.FINISHED:
            return 0
        area = self._stars_rect(rect, str(index.data(ClipRole.STATE)))
        # not above them: the middle of a row, where it is clicked and dragged, is no star
        if not area.adjusted(0, 0, 0, 3).contains(place):
            return 0
        return star_at(place.x() - area.left())

    def hover(self, row: int, stars: int) -> bool:
        """The pointer is over so many stars of a row (0: over none); true if that is new."""
        hovered = (row, stars) if stars else None
        is_new = hovered != self._hovered
        self._hovered = hovered
        return is_new

    def editorEvent(  # noqa: D102, N802
        self,
        event: QEvent,
        model: QAbstractItemModel,
        option: QStyleOptionViewItem,
        index: AnyIndex,
    ) -> bool:
        if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseButtonRelease:
            clip: Clip | None = index.data(ClipRole.CLIP)
            target = self._icon_rect(option.rect).adjusted(-6, -6, 6, 6)
            failed = clip is not None and clip.state is ClipState.FAILED
            if failed and target.contains(event.position().toPoint()):
                self.retry_requested.emit(clip)
                return True
        return super().editorEvent(event, model, option, index)

    # --- painting ---------------------------------------------------------------------------
    def paint(  # noqa: D102
        self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex
    ) -> None:
        clip: Clip | None = index.data(ClipRole.CLIP)
        rect, state = option.rect, option.state
        selected = bool(state & QStyle.StateFlag.State_Selected)
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        focused = bool(state & QStyle.StateFlag.State_Active) and bool(
            option.widget and option.widget.hasFocus()
        )
        if clip is None:
            self._paint_ground(painter, rect, selected, focused, hovered)
            self._paint_unread(painter, rect)
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, rect, selected, focused, hovered)
        if clip.verdict is Verdict.REJECT:
            painter.setOpacity(REJECTED_OPACITY)
        picture = self._picture_rect(rect)
        self._paint_picture(painter, picture, clip, selected, index.data(ClipRole.FRACTION))
        self._paint_verdict(painter, picture, clip.verdict)
        self._paint_text(painter, rect, index, clip, hovered, selected)
        if clip.state in (ClipState.FINISHED, ClipState.FAILED):
            name = "retry" if clip.state is ClipState.FAILED else "grip"
            self._paint_icon(painter, self._icon_rect(rect), name, current_colors().quiet)
        painter.restore()

    def _paint_ground(
        self, painter: QPainter, rect: QRect, selected: bool, focused: bool, hovered: bool
    ) -> None:
        colors = current_colors()
        if selected:
            painter.fillRect(rect, QColor(colors.hover if focused else colors.raised))
            painter.fillRect(
                QRect(rect.left(), rect.top(), 2, rect.height()), QColor(colors.accent)
            )
        elif hovered:
            hover = QColor(colors.raised)
            hover.setAlpha(140)
            painter.fillRect(rect, hover)

    def _paint_unread(self, painter: QPainter, rect: QRect) -> None:
        """Where thumbnail and text will be once the take is read: as cheap as can be."""
        picture = self._picture_rect(rect)
        ground = QColor(current_colors().field)
        painter.fillRect(picture, ground)
        left, room = picture.right() + 12, rect.right() - MARGIN - picture.right() - 12
        painter.fillRect(left, rect.top() + 14, room * 2 // 3, 8, ground)
        painter.fillRect(left, rect.top() + 33, room // 4, 8, ground)

    def _paint_text(
        self,
        painter: QPainter,
        rect: QRect,
        index: AnyIndex,
        clip: Clip,
        hovered: bool,
        selected: bool,
    ) -> None:
        colors = current_colors()
        line = self._text_rect(rect, clip)
        painter.setFont(self._title_font)
        painter.setPen(QColor(colors.text))
        self._draw(painter, line, str(index.data()))
        line = line.translated(0, 19)
        failed = clip.state is ClipState.FAILED
        painter.setFont(self._small_font if failed else self._figure_font)
        painter.setPen(QColor(colors.error if failed else colors.quiet))
        state_text = str(index.data(ClipRole.STATE))
        self._draw(painter, line, state_text)
        if failed:
            return
        left = line.left() + self._figures.horizontalAdvance(state_text) + GAP
        if clip.state is ClipState.FINISHED:
            stars = self._stars_rect(rect, state_text)
            pointed = self._hovered is not None and self._hovered[0] == index.row()
            if clip.stars or hovered or pointed:
                filled = self._hovered[1] if pointed and self._hovered else clip.stars
                ratio = painter.device().devicePixelRatioF()
                outline = colors.warning if clip.stars else colors.disabled
                painter.drawPixmap(
                    stars.topLeft(), stars_pixmap(filled, colors.warning, outline, ratio)
                )
                left = stars.right() + GAP
        marks = {"edit": clip.edit != UNTOUCHED, "note": bool(clip.notes)}
        for name in (name for name, is_shown in marks.items() if is_shown):
            place = QRect(left, line.center().y() - 6, 13, 13)
            self._paint_icon(painter, place, name, colors.quiet)
            left = place.right() + 6
        room = QRect(QPoint(left, line.top()), line.bottomRight())
        self._paint_tags(painter, room, clip.tags, colors.line_strong if selected else colors.hover)

    def _paint_tags(
        self, painter: QPainter, rect: QRect, tags: tuple[str, ...], ground: str
    ) -> None:
        """As many as there is room for; the rest as their number."""
        colors = current_colors()
        painter.setFont(self._chip_font)
        left = rect.left()
        for number, tag in enumerate(tags):
            rest = len(tags) - number - 1
            reserve = _text_width(f"+{rest}") + CHIP_GAP if rest else 0
            width = _text_width(tag) + 2 * CHIP_PADDING
            if left + width + reserve > rect.right():
                painter.setPen(QColor(colors.quiet))
                if left + _text_width(f"+{rest + 1}") <= rect.right():
                    self._draw(
                        painter, QRect(QPoint(left, rect.top()), rect.bottomRight()), f"+{rest + 1}"
                    )
                return
            chip = QRect(left, rect.center().y() - CHIP_HEIGHT // 2 + 1, width, CHIP_HEIGHT)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(ground))
            painter.drawRoundedRect(QRectF(chip), CHIP_HEIGHT / 2, CHIP_HEIGHT / 2)
            painter.setPen(QColor(colors.quiet))
            painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, tag)
            left = chip.right() + CHIP_GAP

    def _paint_picture(
        self, painter: QPainter, rect: QRect, clip: Clip, selected: bool, fraction: float | None
    ) -> None:
        colors = current_colors()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colors.field))
        painter.drawRoundedRect(QRectF(rect), 3, 3)
        if clip.thumbnail:
            color = colors.waveform_played if selected else colors.waveform
            inner = rect.adjusted(2, 3, -2, -3)
            ratio = painter.device().devicePixelRatioF()
            strip = thumbnail_strip(heard_thumbnail(clip), inner.size(), color, ratio)
            painter.drawPixmap(inner.topLeft(), strip)
        elif clip.state is ClipState.FAILED:
            place = QRect(0, 0, 18, 18)
            place.moveCenter(rect.center())
            self._paint_icon(painter, place, "warning", colors.error)
        elif not clip.state.is_final:
            track = QRectF(rect.left() + 8, rect.center().y() - 1, rect.width() - 16, 3)
            painter.setBrush(QColor(colors.hover))
            painter.drawRoundedRect(track, 1.5, 1.5)
            if fraction:
                painter.setBrush(QColor(colors.accent))
                done = QRectF(track)
                done.setWidth(track.width() * fraction)
                painter.drawRoundedRect(done, 1.5, 1.5)
        else:
            painter.setPen(QColor(colors.line_strong))
            middle = QRectF(rect).center().y()
            painter.drawLine(QPointF(rect.left() + 8, middle), QPointF(rect.right() - 8, middle))

    def _paint_verdict(self, painter: QPainter, picture: QRect, verdict: Verdict) -> None:
        """A small round mark on the corner of the thumbnail."""
        if verdict is Verdict.NONE:
            return
        colors = current_colors()
        kept = verdict is Verdict.KEEP
        place = QRect(0, 0, BADGE, BADGE)
        place.moveCenter(picture.bottomRight() + QPoint(-2, -2))
        painter.setPen(QPen(QColor(colors.panel), 1.5))
        painter.setBrush(QColor(colors.accent if kept else colors.error))
        painter.drawEllipse(QRectF(place).adjusted(0.5, 0.5, -0.5, -0.5))
        mark = place.adjusted(2, 2, -2, -2)
        self._paint_icon(painter, mark, "check" if kept else "close", colors.on_accent)

    @staticmethod
    def _paint_icon(painter: QPainter, place: QRect, name: str, color: str) -> None:
        ratio = painter.device().devicePixelRatioF()
        painter.drawPixmap(place, icon_pixmap(name, color, round(place.width() * ratio)))

    @staticmethod
    def _draw(painter: QPainter, rect: QRect, text: str) -> None:
        metrics = QFontMetrics(painter.font())
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(rect, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)

    # --- where things are -------------------------------------------------------------------
    @staticmethod
    def _picture_rect(rect: QRect) -> QRect:
        top = rect.center().y() - THUMBNAIL.height() // 2
        return QRect(QPoint(rect.left() + MARGIN, top), THUMBNAIL)

    def _text_rect(self, rect: QRect, clip: Clip) -> QRect:
        """The first line of text."""
        has_icon = clip.state in (ClipState.FINISHED, ClipState.FAILED)
        left = self._picture_rect(rect).right() + 12
        right = rect.right() - (MARGIN + ICON + 6 if has_icon else MARGIN)
        return QRect(left, rect.top() + 9, right - left, 18)

    def _stars_rect(self, rect: QRect, state_text: str) -> QRect:
        left = self._picture_rect(rect).right() + 12
        left += self._figures.horizontalAdvance(state_text) + GAP
        middle = rect.top() + 9 + 19 + 9
        return QRect(QPoint(left, middle - STARS_SIZE.height() // 2), STARS_SIZE)

    @staticmethod
    def _icon_rect(rect: QRect) -> QRect:
        return QRect(rect.right() - MARGIN - ICON + 4, rect.center().y() - ICON // 2, ICON, ICON)


@lru_cache(1024)
def _text_width(text: str) -> int:
    """The width of a tag in its small letters, in pixels."""
    return QFontMetrics(ui_font(11)).horizontalAdvance(text)
