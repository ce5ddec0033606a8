"""Colours of items that follow the theme: an item holds the colour's name, not the colour."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from sa_studio.ui.theme import current_colors

INK = Qt.ItemDataRole.UserRole + 77
"""The role under which a cell says which of the theme's :class:`Colors` its text has."""


class InkDelegate(QStyledItemDelegate):
    """Draws each cell as usual, its text in the colour that its ``INK`` names."""

    def initStyleOption(  # noqa: D102, N802
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().initStyleOption(option, index)
        if ink := index.data(INK):
            color = QColor(getattr(current_colors(), ink))
            option.palette.setColor(QPalette.ColorRole.Text, color)
