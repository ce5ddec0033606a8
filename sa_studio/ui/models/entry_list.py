"""The list of models on the left of the models window."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from sa_studio.model_offers import OfferState
from sa_studio.ui.amounts import percent
from sa_studio.ui.field_box import name_widget
from sa_studio.ui.icons import icon
from sa_studio.ui.models.entry import ModelEntry
from sa_studio.ui.theme import DARK, Colors, figure_font, ui_font
from sa_studio.ui.transfers import Transfer, Transfers

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


class EntryModel(QAbstractListModel):
    """Models with what is being done to them."""

    def __init__(self, transfers: Transfers, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._transfers = transfers
        self._entries: list[ModelEntry] = []
        transfers.changed.connect(self._transfers_changed)

    def set_entries(self, entries: Sequence[ModelEntry]) -> None:
        """Show these instead of those that were there."""
        self.beginResetModel()
        self._entries = list(entries)
        self.endResetModel()

    def entry(self, index: Index) -> ModelEntry | None:
        """The entry of a row; ``None`` for no row."""
        return self._entries[index.row()] if 0 <= index.row() < len(self._entries) else None

    def find(self, model_id: str) -> QModelIndex:
        """The row of a model; invalid if it is not listed."""
        for row, entry in enumerate(self._entries):
            if entry.id == model_id:
                return self.index(row)
        return QModelIndex()

    def rowCount(self, parent: Index | None = None) -> int:  # noqa: D102, N802
        return 0 if parent is not None and parent.isValid() else len(self._entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: D102
        entry = self.entry(index)
        if entry is None:
            return None
        transfer = self._transfers.get(entry.id)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return entry.title
            case Qt.ItemDataRole.ToolTipRole if entry.problem is not None:
                return entry.problem.one_line()
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{entry.title}: {self._line(entry, transfer)}"
            case EntryRole.ENTRY:
                return entry
            case EntryRole.LINE:
                return self._line(entry, transfer)
            case EntryRole.FRACTION:
                return _fraction(entry, transfer)
        return None

    def _line(self, entry: ModelEntry, transfer: Transfer | None) -> str:
        if transfer is None:
            return entry.summary
        if transfer is not self._transfers.current:
            return "waiting for its turn"
        if transfer.cancel.is_set():
            return "stopping…"
        doing = transfer.kind.value.lower()
        progress = transfer.progress
        if progress is None or not progress.total_bytes:
            return f"{doing}…"
        return f"{doing} · {percent(progress.done_bytes, progress.total_bytes)} %"

    @Slot()
    def _transfers_changed(self) -> None:
        if self._entries:
            self.dataChanged.emit(self.index(0), self.index(len(self._entries) - 1))


def _fraction(entry: ModelEntry, transfer: Transfer | None) -> float | None:
    """How much of it is here, 0 … 1; ``None`` when all or nothing is."""
    if transfer is not None and transfer.progress is not None and transfer.progress.total_bytes:
        return transfer.progress.done_bytes / transfer.progress.total_bytes
    if entry.state is OfferState.PARTIAL and entry.offer is not None:
        return entry.offer.present_bytes / max(entry.offer.download_bytes, 1)
    return None


class EntryDelegate(QStyledItemDelegate):
    """Paints an entry: what its state is, its name, a line, and a bar while part of it is here."""

    def __init__(self, parent: QObject | None = None, colors: Colors = DARK) -> None:
        super().__init__(parent)
        self._colors = colors
        self._title_font, self._figure_font = ui_font(), figure_font(11)

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:  # noqa: D102, N802
        return QSize(0, ROW_HEIGHT)

    def paint(  # noqa: D102
        self, painter: QPainter, option: QStyleOptionViewItem, index: Index
    ) -> None:
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
        painter.setPen(QColor(self._colors.text if here else self._colors.quiet))
        _draw(painter, text, str(index.data()))
        painter.setFont(self._figure_font)
        painter.setPen(QColor(self._colors.warning if entry.problem else self._colors.quiet))
        _draw(painter, text.translated(0, 19), str(index.data(EntryRole.LINE)))
        fraction = index.data(EntryRole.FRACTION)
        if fraction is not None:
            self._paint_bar(painter, QRect(left, rect.bottom() - 6, text.width(), 0), fraction)
        painter.restore()

    def _sign(self, entry: ModelEntry) -> tuple[str, str]:
        if entry.problem is not None:
            return "warning", self._colors.warning
        if entry.state is OfferState.INSTALLED:
            return "check", self._colors.accent
        return "save", self._colors.quiet

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        rect, state = option.rect, option.state
        if state & QStyle.StateFlag.State_Selected:
            focused = option.widget is not None and option.widget.hasFocus()
            painter.fillRect(rect, QColor(self._colors.hover if focused else self._colors.raised))
            painter.fillRect(
                QRect(rect.left(), rect.top(), 2, rect.height()), QColor(self._colors.accent)
            )
        elif state & QStyle.StateFlag.State_MouseOver:
            hover = QColor(self._colors.raised)
            hover.setAlpha(140)
            painter.fillRect(rect, hover)

    def _paint_bar(self, painter: QPainter, place: QRect, fraction: float) -> None:
        track = QRectF(place.left(), place.top(), place.width(), BAR_HEIGHT)
        painter.setPen(Qt.PenStyle.NoPen)
        for color, part in ((self._colors.line_strong, 1.0), (self._colors.accent, fraction)):
            painter.setBrush(QColor(color))
            width = track.width() * min(max(part, 0.0), 1.0)
            painter.drawRoundedRect(QRectF(track.left(), track.top(), width, BAR_HEIGHT), 1.5, 1.5)


class EntryList(QListView):
    """Chooses one model."""

    entry_chosen = Signal(object)
    """The current :class:`ModelEntry`, or ``None``."""

    def __init__(self, transfers: Transfers, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name_widget(self, "models_list", "Models")
        self.entries = EntryModel(transfers, self)
        self.setModel(self.entries)
        self.setItemDelegate(EntryDelegate(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.selectionModel().currentChanged.connect(self._current_changed)

    def current(self) -> ModelEntry | None:
        """The model whose details are shown."""
        return self.entries.entry(self.currentIndex())

    def show_entries(self, entries: Sequence[ModelEntry]) -> None:
        """List these; the model that was chosen stays so if it is still there."""
        current = self.current()
        self.entries.set_entries(entries)
        if current is None or not self.choose(current.id):
            self.setCurrentIndex(self.entries.index(0))

    def choose(self, model_id: str) -> bool:
        """Choose a model; false if it is not listed."""
        index = self.entries.find(model_id)
        if index.isValid():
            self.setCurrentIndex(index)
            self.scrollTo(index)
        return index.isValid()

    @Slot(QModelIndex, QModelIndex)
    def _current_changed(self, current: QModelIndex, _previous: QModelIndex) -> None:
        self.entry_chosen.emit(self.entries.entry(current))


def _draw(painter: QPainter, rect: QRect, text: str) -> None:
    shown = QFontMetrics(painter.font()).elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
    painter.drawText(rect, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
