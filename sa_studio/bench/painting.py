"""When things were painted, and how long it took until they were."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QEventLoop, QObject, QTimer
from PySide6.QtWidgets import QAbstractItemView, QApplication, QWidget

from sa_studio.errors import StudioError

VISIBLE_TIMEOUT = 60.0
WAKE_MILLISECONDS = 50


def wait_until_painted(widget: QWidget) -> float:
    """Run the event loop until a widget is painted; returns that moment (monotonic clock)."""
    painted = PaintWatch(widget)
    widget.update()  # in case it was painted before there was a watch
    wait_until(lambda: painted.moment is not None, "The window was not painted")
    assert painted.moment is not None
    return painted.moment


def wait_until(condition: Callable[[], object], problem: str) -> None:
    """Run the event loop until something is so, at most a minute.

    Raises:
        StudioError: with ``problem``; it did not come to that.
    """
    deadline = time.monotonic() + VISIBLE_TIMEOUT
    alarm = QTimer(interval=WAKE_MILLISECONDS)  # else nothing may wake the loop
    alarm.start()
    try:
        while not condition():
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
            if time.monotonic() > deadline:
                raise StudioError(f"{problem} within a minute")
    finally:
        alarm.stop()


class FrameWatch(QObject):
    """Times frames: from what somebody does until a widget has painted what comes of it."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._painted = False
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """The painting itself follows, before the event loop comes back."""
        self._painted = self._painted or event.type() == QEvent.Type.Paint
        return super().eventFilter(watched, event)

    def milliseconds(self, act: Callable[[], object]) -> float:
        """Do it, and wait for the frame; an act that changes nothing has none.

        Raises:
            StudioError: nothing was painted within a minute.
        """
        QApplication.processEvents()  # what is left of the frame before
        self._painted = False
        began = time.perf_counter()
        act()
        QApplication.processEvents()
        if not self._painted:
            wait_until(lambda: self._painted, "No frame was painted")
        return (time.perf_counter() - began) * 1000


class PaintWatch(QObject):
    """Notes when a widget was first painted."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.moment: float | None = None
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Runs before the event: what follows it in the queue runs after the painting."""
        if event.type() == QEvent.Type.Paint and self.moment is None:
            QTimer.singleShot(0, self, self._painted)
        return super().eventFilter(watched, event)

    def _painted(self) -> None:
        if self.moment is None:
            self.moment = time.monotonic()


class RowWatch(QObject):
    """Measures from a click until the list has painted a new row."""

    def __init__(self, view: QAbstractItemView) -> None:
        super().__init__(view)
        self.latency: float | None = None
        self._clicked: float | None = None
        self._changed = False
        view.viewport().installEventFilter(self)
        model = view.model()
        model.rowsInserted.connect(self._on_change)
        model.modelReset.connect(self._on_change)

    def expect(self) -> None:
        """The click comes now."""
        self.latency, self._changed = None, False
        self._clicked = time.monotonic()

    def _on_change(self, *_: object) -> None:
        self._changed = self._clicked is not None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """The first painting after the row came ends the measurement."""
        if event.type() == QEvent.Type.Paint and self._changed and self._clicked is not None:
            clicked, self._clicked, self._changed = self._clicked, None, False
            QTimer.singleShot(0, self, lambda: self._painted(clicked))
        return super().eventFilter(watched, event)

    def _painted(self, clicked: float) -> None:
        self.latency = (time.monotonic() - clicked) * 1000
