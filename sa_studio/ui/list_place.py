"""Where somebody is in the library's list: it survives that the list is read anew."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, islice

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint
from PySide6.QtWidgets import QAbstractItemView

from sa_studio.generation import Clip
from sa_studio.ui.clip_delegate import ROW_HEIGHT
from sa_studio.ui.clip_model import ClipModel

MOST_SELECTED = 500  # rows to select again; a longer selection gives way to its current take


def selected_rows(view: QAbstractItemView, limit: int | None = None) -> list[int]:
    """The selected rows from top to bottom, the first ``limit`` of them."""
    selection = view.selectionModel().selection()
    parts = [selection.at(number) for number in range(selection.count())]
    ranges = sorted((part.top(), part.bottom() + 1) for part in parts)
    return list(islice(chain.from_iterable(range(*part) for part in ranges), limit))


@dataclass(frozen=True, slots=True)
class _Row:
    clip_id: str
    row: int


@dataclass(frozen=True, slots=True)
class ListPlace:
    """The current row, the selected ones, and the one on top with the pixels above the edge."""

    current: _Row | None
    selected: tuple[_Row, ...]
    top: _Row | None
    pixels: int

    @classmethod
    def of(cls, view: QAbstractItemView, model: ClipModel, shown: Clip | None) -> ListPlace:
        """Where ``view`` is now; ``shown`` is its current take, which may not be held any more."""

        def known(index: QModelIndex) -> _Row | None:
            clip = model.clip(index)
            return None if clip is None else _Row(clip.id, index.row())

        current = view.currentIndex()

        rows = selected_rows(view, MOST_SELECTED + 1)
        selected = [known(model.index(row)) for row in rows] if len(rows) <= MOST_SELECTED else []
        top = view.indexAt(QPoint(1, 1))
        return cls(
            _Row(shown.id, current.row()) if shown is not None and current.isValid() else None,
            tuple(row for row in selected if row is not None),
            known(top) or (_Row("", top.row()) if top.isValid() else None),
            view.visualRect(top).top(),
        )

    def restore(self, view: QAbstractItemView, model: ClipModel, *, same_list: bool) -> None:
        """Go back there; takes that are gone give way to those that followed them.

        Args:
            same_list: it is the same list, read anew, and not another choice of takes: a current
                take that is gone is replaced, and the list stays as far down as it was.
        """
        flag = QItemSelectionModel.SelectionFlag
        selection = view.selectionModel()
        view.doItemsLayout()
        for row in self.selected:
            index = model.find_near(row.clip_id, row.row) if same_list else model.find(row.clip_id)
            if index.isValid():
                selection.select(index, flag.Select)
        if self.current is not None:
            self._restore_current(view, model, self.current, same_list)
        if not same_list:
            if view.currentIndex().isValid():
                view.scrollTo(view.currentIndex())
            else:
                view.scrollToTop()
        elif self.top is not None:
            top = self.top.row
            if self.top.clip_id:  # else it was not read yet
                index = model.find_near(self.top.clip_id, top)
                top = index.row() if index.isValid() else top
            view.verticalScrollBar().setValue(top * ROW_HEIGHT - self.pixels)

    def _restore_current(
        self, view: QAbstractItemView, model: ClipModel, current: _Row, same_list: bool
    ) -> None:
        flag = QItemSelectionModel.SelectionFlag
        if same_list:
            index = model.find_near(current.clip_id, current.row)
            if not index.isValid():
                index = model.index(min(current.row, model.rowCount() - 1))
        else:
            index = model.find(current.clip_id)
        if index.isValid():
            selection = view.selectionModel()
            keep = selection.isSelected(index) or len(self.selected) > 1
            selection.setCurrentIndex(index, flag.NoUpdate if keep else flag.ClearAndSelect)
