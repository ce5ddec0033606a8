"""Headings in menus: the style draws a section as a mere line."""

from __future__ import annotations

from PySide6.QtWidgets import QMenu, QWidgetAction

from sa_studio.ui.field_box import text_label


def add_heading(menu: QMenu, text: str) -> None:
    """Add a line with ``text``, which cannot be chosen, and a separator if something is above."""
    if not menu.isEmpty():
        menu.addSeparator()
    label = text_label(text, "menu-heading")
    label.ensurePolished()  # or the menu would be made too low for its padding
    action = QWidgetAction(menu)
    action.setDefaultWidget(label)
    action.setText(text)
    action.setEnabled(False)
    menu.addAction(action)
