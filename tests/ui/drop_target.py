"""A foreign program that takes whatever is dropped on it and says what that was.

Run on a screen as a process of its own. Writes one JSON object a line to stdout:
``{"event": "ready", "rect": [x, y, width, height]}``, then ``over`` while an acceptable drag
is above it, and ``drop`` with the URLs, formats, actions and what could be read through the URLs.

What was dropped on it can be dragged out again, as out of a DAW's pool: ``wanted`` says that what
is under the pointer takes it, ``given`` with which action it was let go.
"""

from __future__ import annotations

import hashlib
import json
import sys
from typing import Any

from PySide6.QtCore import QMimeData, Qt, QTimer, QUrl
from PySide6.QtGui import QDrag, QDragEnterEvent, QDragMoveEvent, QDropEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QLabel


def report(event: str, **facts: Any) -> None:
    """Tell the test; flushed, for it is waiting."""
    sys.stdout.write(json.dumps({"event": event, **facts}) + "\n")
    sys.stdout.flush()


def actions(offered: Qt.DropAction) -> list[str]:
    """The names of the actions in a set of flags."""
    every = (Qt.DropAction.CopyAction, Qt.DropAction.MoveAction, Qt.DropAction.LinkAction)
    return [action.name for action in every if offered & action]


class DropTarget(QLabel):
    """Accepts files like a DAW's track, with the action that the source proposes."""

    def __init__(self) -> None:
        super().__init__("Drop here")
        self.setWindowTitle("Drop target")
        self.setWindowFlag(Qt.WindowType.WindowStaysOnTopHint)
        self.setAcceptDrops(True)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setFixedSize(260, 260)
        self._told: list[int] = []
        self._urls: list[QUrl] = []
        self._watch = QTimer(self, interval=100, timeout=self._tell_place)
        self._watch.start()

    def _tell_place(self) -> None:
        """Report the place on the screen once it has stayed the same for two ticks."""
        corner = self.mapToGlobal(self.rect().topLeft())
        rect = [corner.x(), corner.y(), self.width(), self.height()]
        if self.windowHandle().isExposed() and rect == self._told:
            self._watch.stop()
            report("ready", rect=rect)
        self._told = rect

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:  # noqa: N802
        event.acceptProposedAction()
        report("over")

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        data = event.mimeData()
        self._urls = data.urls()
        files = [url.toLocalFile() for url in data.urls()]
        hashes = []
        for name in files:
            with open(name, "rb") as file:  # noqa: PTH123  # as a foreign program would
                hashes.append(hashlib.file_digest(file, "sha256").hexdigest())
        event.acceptProposedAction()
        report(
            "drop",
            urls=[url.toString() for url in data.urls()],
            files=files,
            sha256=hashes,
            formats=data.formats(),
            offered=actions(event.possibleActions()),
            action=event.dropAction().name,
        )

    def mouseMoveEvent(self, _event: QMouseEvent) -> None:  # noqa: N802
        if not self._urls:
            return
        data = QMimeData()
        data.setUrls(self._urls)
        drag = QDrag(self)
        drag.setMimeData(data)
        drag.actionChanged.connect(lambda action: report("wanted", action=action.name))
        report("given", action=drag.exec(Qt.DropAction.CopyAction).name)


if __name__ == "__main__":
    application = QApplication(sys.argv)
    target = DropTarget()
    target.move(1600, 60)
    target.show()
    sys.exit(application.exec())
