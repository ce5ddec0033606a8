"""The real application as a process of its own, telling what a screen reader could tell.

``python -m tests.ui.story_window DATA_DIR`` builds what ``sa-studio`` builds and writes a line a
tenth of a second: every named widget that can be seen, its place on the screen and what it says,
the rows of the library that are in view, and the lines of open menus. It does nothing else.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

from PySide6.QtCore import QPoint, QRect, Qt, QTimer
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QMainWindow,
    QMenu,
    QPlainTextEdit,
    QWidget,
)

from sa_studio.app import create
from sa_studio.ui.mnemonics import plain

INTERVAL_MS = 100

Place = list[int]


def place(widget: QWidget, rect: QRect) -> Place:
    """A rectangle of a widget on the screen."""
    corner = widget.mapToGlobal(rect.topLeft())
    return [corner.x(), corner.y(), rect.width(), rect.height()]


def text_of(widget: QWidget) -> str:
    """What stands in it."""
    match widget:
        case QAbstractButton():
            return plain(widget.text())
        case QAbstractSpinBox() | QLineEdit() | QLabel():
            return widget.text()
        case QPlainTextEdit():
            return widget.toPlainText()
        case QComboBox():
            return widget.currentText()
    return ""


def describe(widget: QWidget) -> dict[str, Any]:
    """One widget."""
    return {
        "at": place(widget, widget.visibleRegion().boundingRect()),
        "enabled": widget.isEnabled(),
        "name": widget.accessibleName(),
        "says": widget.accessibleDescription(),
        "text": text_of(widget),
        "checked": isinstance(widget, QAbstractButton) and widget.isChecked(),
    }


def rows(view: QAbstractItemView) -> list[dict[str, Any]]:
    """The rows of a list that are in view."""
    model, found = view.model(), []
    shown = view.viewport().rect()
    for row in range(model.rowCount() if view.isVisible() else 0):
        index = model.index(row, 0)
        rect = view.visualRect(index)
        if not rect.intersects(shown):
            break
        found.append(
            {
                "at": place(view.viewport(), rect.intersected(shown)),
                "says": index.data(Qt.ItemDataRole.AccessibleTextRole),
                "current": index == view.currentIndex(),
            }
        )
    return found


def menus() -> dict[str, dict[str, Any]]:
    """The lines of the menus that are open."""
    found = {}
    for menu in QApplication.topLevelWidgets():
        if isinstance(menu, QMenu) and menu.isVisible():
            for action in menu.actions():
                text = action.text().split("\t")[0].replace("&", "")
                at = place(menu, menu.actionGeometry(action))
                found[text] = {"at": at, "checked": action.isChecked()}
    return found


def look(window: QMainWindow, view: QAbstractItemView) -> dict[str, Any]:
    """Everything that can be told now."""
    widgets = {}
    for top in QApplication.topLevelWidgets():
        if top.isVisible():
            for widget in (top, *top.findChildren(QWidget)):
                name = widget.objectName()
                if widget.isVisible() and name and not name.startswith("qt_"):
                    widgets[name] = describe(widget)
    focus = QApplication.focusWidget()
    return {
        "event": "look",
        "moment": time.monotonic(),
        "active": window.isActiveWindow(),
        "window": place(window, window.rect()),
        "widgets": widgets,
        "rows": rows(view),
        "menus": menus(),
        "focus": focus.objectName() if focus is not None else "",
    }


if __name__ == "__main__":
    application, main_window = create(["--data-dir", sys.argv[1]])
    if not main_window.studio.settings.welcomed:  # later starts find the place they were left in
        main_window.resize(1440, 860)
        main_window.move(QPoint(40, 40))
    history = main_window.findChild(QAbstractItemView, "history_list")

    def tell() -> None:
        sys.stdout.write(json.dumps(look(main_window, history)) + "\n")
        sys.stdout.flush()

    timer = QTimer(interval=INTERVAL_MS, timeout=tell)
    timer.start()
    sys.exit(application.exec())
