"""Rows under headings, found by typing and reached with the arrows past the headings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeWidget, QTreeWidgetItem

from sa_studio.ui.field_box import name_widget
from sa_studio.ui.ink_delegate import INK, InkDelegate
from sa_studio.vocabulary.sounds import is_found

VALUE = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class Row:
    """One thing to choose.

    Attributes:
        value: what is chosen.
        label: how it is shown; the value itself if empty.
        also: other names for it, shown quietly behind and found by typing, too.
        editable: whether the label can be changed in place.
    """

    value: str
    label: str = ""
    also: Sequence[str] = ()
    editable: bool = False

    @property
    def shown(self) -> str:
        """The label on one line."""
        return " ".join((self.label or self.value).split())


Groups = Mapping[str, Sequence[Row]]
"""Rows by their headings."""


def is_row_found(typed: str, heading: str, row: Row) -> bool:
    """Whether a search for ``typed`` finds ``row``."""
    return is_found(typed, (heading, row.value, row.label, *row.also))


class GroupedTree(QTreeWidget):
    """A list with headings that cannot be chosen."""

    def __init__(self, object_name: str, accessible_name: str) -> None:
        super().__init__()
        name_widget(self, object_name, accessible_name)
        self.setProperty("role", "rows")
        self._groups: list[tuple[str, QTreeWidgetItem, list[tuple[Row, QTreeWidgetItem]]]] = []
        self.setColumnCount(2)
        self.setItemDelegate(InkDelegate(self))
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setItemsExpandable(False)
        self.setIndentation(0)
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def set_groups(self, groups: Groups) -> None:
        """Show these rows; headings without rows are left out."""
        self.ensurePolished()  # the height of the rows, which is measured once, is the theme's
        self.clear()
        self._groups.clear()
        has_notes = any(row.also for rows in groups.values() for row in rows)
        mode = QHeaderView.ResizeMode
        self.setColumnHidden(1, not has_notes)
        self.header().setStretchLastSection(has_notes)
        self.header().setSectionResizeMode(0, mode.ResizeToContents if has_notes else mode.Stretch)
        for title, rows in groups.items():
            if rows:
                self._add_group(title, rows)
        self.expandAll()

    def filter(self, typed: str) -> int:
        """Show what a search for ``typed`` finds, and mark its first row; returns how many."""
        matching: list[QTreeWidgetItem] = []
        for title, group, rows in self._groups:
            found = [item for row, item in rows if is_row_found(typed, title, row)]
            for _, item in rows:
                item.setHidden(item not in found)
            group.setHidden(not found)
            matching += found
        self.clearSelection()
        self.setCurrentIndex(QModelIndex())
        if matching and typed.strip():
            self.setCurrentItem(matching[0])
        return len(matching)

    def step(self, rows: int) -> None:
        """Move among the rows that are shown, past the headings."""
        shown = [item for _, _, items in self._groups for _, item in items if not item.isHidden()]
        if not shown:
            return
        current = self.currentItem()
        place = shown.index(current) + rows if current in shown else 0
        self.setCurrentItem(shown[max(0, min(place, len(shown) - 1))])

    def value(self, item: QTreeWidgetItem | None) -> str | None:
        """What a row stands for; ``None`` for a heading."""
        return None if item is None or item.parent() is None else str(item.data(0, VALUE))

    def values(self) -> list[str]:
        """What the selected rows stand for, from top to bottom."""
        return [
            row.value
            for _, _, rows in self._groups
            for row, item in rows
            if item.isSelected() and not item.isHidden()
        ]

    def item_of(self, value: str) -> QTreeWidgetItem | None:
        """The row that stands for ``value``."""
        found = (item for _, _, rows in self._groups for row, item in rows if row.value == value)
        return next(found, None)

    def _add_group(self, title: str, rows: Sequence[Row]) -> None:
        group = QTreeWidgetItem([title])
        group.setFlags(Qt.ItemFlag.ItemIsEnabled)
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        group.setFont(0, font)
        group.setData(0, INK, "quiet")
        self.addTopLevelItem(group)
        group.setFirstColumnSpanned(True)
        items: list[tuple[Row, QTreeWidgetItem]] = []
        self._groups.append((title, group, items))
        for row in rows:
            also = ", ".join(row.also)
            item = QTreeWidgetItem(group, [row.shown, also])
            item.setData(0, VALUE, row.value)
            item.setData(1, INK, "quiet")
            item.setToolTip(0, row.value)
            item.setToolTip(1, also)
            spoken = f"{row.shown}, {title}" + (f"; also {also}" if also else "")
            item.setData(0, Qt.ItemDataRole.AccessibleTextRole, spoken)
            item.setFirstColumnSpanned(not also)
            if row.editable:
                item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
            items.append((row, item))
