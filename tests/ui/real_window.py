"""The real application as a process of its own, saying where on the screen its parts are.

``python real_window.py DATA_DIR`` builds what ``sa-studio`` builds and then writes a line
``{"event": "places", "first_row": [x, y, w, h] | null, "drag_handle": … | null}`` whenever one of
them has moved, appeared or become usable, once it has come to rest. ``null`` is a part that is
not there or is disabled.
"""

from __future__ import annotations

import json
import sys

from PySide6.QtCore import QObject, QPoint, QRect, QTimer
from PySide6.QtWidgets import QAbstractItemView, QMainWindow, QWidget

from sa_studio.app import create

Place = list[int] | None


def place(widget: QWidget, rect: QRect) -> Place:
    """A rectangle of a widget on the screen, if it can be used there."""
    corner = widget.mapToGlobal(rect.topLeft())
    usable = widget.isVisible() and widget.isEnabled() and not rect.isEmpty()
    on_top = widget.window().windowHandle().isExposed()
    return [corner.x(), corner.y(), rect.width(), rect.height()] if usable and on_top else None


class Places(QObject):
    """Looks at the window ten times a second and reports what came to rest."""

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self._list: QAbstractItemView = window.findChild(QAbstractItemView, "history_list")
        self._handle: QWidget = window.findChild(QWidget, "drag_handle")
        self._seen: dict[str, Place] = {}
        self._told: dict[str, Place] = {}
        QTimer(self, interval=100, timeout=self._look).start()

    def _look(self) -> None:
        view = self._list.viewport()
        row = self._list.visualRect(self._list.model().index(0, 0)).intersected(view.rect())
        now = {
            "first_row": place(view, row),
            "drag_handle": place(self._handle, self._handle.rect()),
        }
        if now == self._seen and now != self._told:
            self._told = now
            sys.stdout.write(json.dumps({"event": "places", **now}) + "\n")
            sys.stdout.flush()
        self._seen = now


if __name__ == "__main__":
    application, window = create(["--data-dir", sys.argv[1]])
    window.resize(1280, 760)
    window.move(QPoint(40, 60))
    places = Places(window)
    sys.exit(application.exec())
