"""The rows of a cue sheet: what each makes and has become, or what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeWidget, QTreeWidgetItem

from sa_studio.service import RowReport
from sa_studio.ui.field_box import name_widget, plain_tip

COLUMNS = ("Row", "Sound", "Delivery", "State")
PROBLEM_COLUMNS = ("Row", "Problem", "", "")


class SheetRows(QTreeWidget):
    """A table of the rows, or of their problems."""

    def __init__(self) -> None:
        super().__init__()
        self._items: dict[int, QTreeWidgetItem] = {}
        name_widget(
            self,
            "sheet_rows",
            "Rows of the sheet",
            "What each row makes and what has become of it, or what is wrong with it",
        )
        self.setProperty("role", "rows")
        self.setHeaderLabels(COLUMNS)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header = self.header()
        name_widget(header, "sheet_columns", "Columns of the sheet")
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        for column in (2, 3):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)

    def show_rows(self, rows: Iterable[RowReport]) -> None:
        """List what the rows make."""
        self._begin(COLUMNS)
        for row in rows:
            item = QTreeWidgetItem()
            self._items[row.row] = item
            self.addTopLevelItem(item)
            _fill(item, row)

    def show_problems(self, lines: Iterable[str]) -> None:
        """List problems, each such as "row 3, seconds: what is wrong"."""
        self._begin(PROBLEM_COLUMNS)
        for line in lines:
            where, _, what = line.partition(": ")
            item = QTreeWidgetItem([where.removeprefix("row "), what])
            item.setToolTip(1, plain_tip(what))
            self.addTopLevelItem(item)

    def show_row(self, row: RowReport) -> None:
        """Something has become of a row."""
        if (item := self._items.get(row.row)) is not None:
            _fill(item, row)
            self.scrollToItem(item)

    def _begin(self, titles: Sequence[str]) -> None:
        self.clear()
        self._items.clear()
        self.setHeaderLabels(list(titles))
        for column, title in enumerate(titles):
            self.setColumnHidden(column, not title)


def _fill(item: QTreeWidgetItem, row: RowReport) -> None:
    """What a row says: its sound, how it is delivered, what has become of it."""
    times = f" × {row.count}" if row.count > 1 else ""
    delivery = ", ".join(filter(None, (row.category, row.profile)))
    for column, text in enumerate((str(row.row), f"{row.name}{times}", delivery, row.state)):
        item.setText(column, text)
    item.setToolTip(1, plain_tip(row.prompt))
    item.setToolTip(2, row.format)
    item.setToolTip(3, plain_tip(" ".join(filter(None, (row.problem, row.remark)))))
