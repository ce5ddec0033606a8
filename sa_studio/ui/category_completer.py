"""The list of UCS categories that opens under a field as one types."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QCompleter, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from sa_studio.ui.field_box import name_widget, plain_tip
from sa_studio.ui.theme import current_colors, figure_font, ui_font
from sa_studio.vocabulary.ucs import UcsList

MOST_OFFERED = 40
CAT_ID = Qt.ItemDataRole.UserRole + 1
TITLE = Qt.ItemDataRole.UserRole + 2
ROW_HEIGHT, MARGIN, GAP = 26, 8, 10

Index = QModelIndex | QPersistentModelIndex


class CategoryCompleter(QCompleter):
    """Offers the categories that have what is typed: in the CatID, its words or their synonyms."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.ucs: UcsList | None = None
        self._found = QStandardItemModel(self)
        self.setModel(self._found)
        self.setCompletionRole(CAT_ID)
        self.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self.setMaxVisibleItems(12)
        self._rows = CategoryRows(self)
        if (popup := self.popup()) is not None:
            name_widget(popup, "category_completions", "Categories")
            popup.setProperty("role", "completions")
            popup.setItemDelegate(self._rows)

    def offer(self, typed: str) -> None:
        """Find what fits."""
        self._found.clear()
        if self.ucs is None or not typed.strip():
            return
        categories = self.ucs.search(typed)[:MOST_OFFERED]
        self._rows.make_room(category.cat_id for category in categories)
        for category in categories:
            item = QStandardItem(f"{category.cat_id}  {category.title}")
            item.setData(category.cat_id, CAT_ID)
            item.setData(category.title, TITLE)
            item.setToolTip(plain_tip(f"{category.title}: {category.explanation}"))
            self._found.appendRow(item)

    def only(self, typed: str) -> str:
        """The CatID that is meant: typed as it is, or the only one that fits; else empty."""
        if self.ucs is None:
            return ""
        if (category := self.ucs.find(typed)) is not None:
            return category.cat_id
        found = self.ucs.search(typed)
        return found[0].cat_id if len(found) == 1 else ""


class CategoryRows(QStyledItemDelegate):
    """Paints the CatIDs in a column, and quietly beside each what it stands for."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._figures, self._words = figure_font(), ui_font()
        self._column = 0

    def make_room(self, cat_ids: Iterable[str]) -> None:
        """The column is as wide as the widest of these."""
        metrics = QFontMetrics(self._figures)
        self._column = max(map(metrics.horizontalAdvance, cat_ids), default=0)

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:  # noqa: D102, N802
        return QSize(0, ROW_HEIGHT)

    def paint(  # noqa: D102
        self, painter: QPainter, option: QStyleOptionViewItem, index: Index
    ) -> None:
        colors = current_colors()
        self.initStyleOption(option, index)
        option.text = ""
        style = option.widget.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)
        painter.save()
        place = option.rect.adjusted(MARGIN, 0, -MARGIN, 0)
        painter.setFont(self._figures)
        painter.setPen(QColor(colors.text))
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, index.data(CAT_ID))
        words = QRect(place)
        words.setLeft(place.left() + self._column + GAP)
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.setFont(self._words)
        painter.setPen(QColor(colors.text if is_chosen else colors.quiet))
        title = QFontMetrics(self._words).elidedText(
            index.data(TITLE), Qt.TextElideMode.ElideRight, words.width()
        )
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, title)
        painter.restore()
