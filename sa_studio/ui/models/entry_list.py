"""The list of models on the left of the models window."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QWidget

from sa_studio.model_offers import OfferState
from sa_studio.ui.field_box import name_widget
from sa_studio.ui.models.entry import ModelEntry
from sa_studio.ui.models.entry_delegate import EntryDelegate, EntryRole, Index
from sa_studio.ui.progress_text import percent
from sa_studio.ui.transfers import Transfer, Transfers


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
        if not self._transfers.is_running(transfer):
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


class EntryList(QListView):
    """Chooses one model."""

    entry_chosen = Signal(object)
    """The current :class:`ModelEntry`, or ``None``."""

    def __init__(self, transfers: Transfers, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name_widget(
            self,
            "models_list",
            "Models",
            "Models that are here or can be had; the arrow keys choose",
        )
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
