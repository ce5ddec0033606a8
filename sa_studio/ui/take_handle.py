"""The drag handle of the take that is shown: the whole file, or what is selected of it."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum, auto
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication

from sa_studio.ui.clip_drag import DRAG_SIZE, DragHandle, copy_to_clipboard, is_drag, start_drag
from sa_studio.ui.theme import current_colors
from sa_studio.ui.thumbnail import thumbnail_pixmap
from sa_studio.ui.timeline import Range


class _Wish(Enum):
    """What the file of the selection is wanted for."""

    NOTHING = auto()
    DRAG = auto()
    COPY = auto()


class TakeHandle(DragHandle):
    """Drags the take; with a selection, a file of the selection alone.

    That file is made when it is first dragged or copied: :attr:`excerpt_requested` is emitted,
    and the drag begins once :meth:`set_excerpt` has brought the file.
    """

    excerpt_requested = Signal()

    def __init__(self) -> None:
        self._selection: Range | None = None
        self._duration = 0.0
        self._take: tuple[tuple[Path, ...], bytes] = ((), b"")
        self._wish = _Wish.NOTHING
        super().__init__()

    def set_take(self, paths: Sequence[Path], thumbnail: bytes = b"") -> None:
        """The files of the take that is shown; none if there is nothing to drag."""
        self._take = (tuple(paths), thumbnail)
        self._selection = None
        self._wish = _Wish.NOTHING
        self.set_files(*self._take)

    def set_selection(self, selection: Range | None, duration: float) -> None:
        """What is selected of a take of ``duration`` seconds."""
        self._selection, self._duration = selection, duration
        self._wish = _Wish.NOTHING
        self.set_files(*self._take)
        if selection is not None and self.files:
            start, stop = selection
            self.setToolTip(
                f"Drag the selection ({stop - start:.2f} s) into a DAW, a sampler or a folder.\n"
                "It becomes a file of its own; Enter copies it to the clipboard."
            )
            self.setAccessibleDescription(
                f"The selection, {start:.2f} to {stop:.2f} seconds. "
                "Enter copies it to the clipboard as a file of its own."
            )

    def set_excerpt(self, path: Path) -> None:
        """The file of the selection is there: go on with what it was wanted for."""
        wish, picture = self._wish, self._picture()
        self._wish = _Wish.NOTHING
        self._selection = None
        self.set_files([path], picture)
        if wish is _Wish.COPY:
            copy_to_clipboard([path])
        elif wish is _Wish.DRAG and QApplication.mouseButtons() & Qt.MouseButton.LeftButton:
            pixmap = thumbnail_pixmap(
                picture, DRAG_SIZE, colors=current_colors(), ratio=self.devicePixelRatioF()
            )
            start_drag(self, [path], pixmap)

    def _picture(self) -> bytes:
        """The part of the take's thumbnail that is selected."""
        picture = self._take[1]
        if self._selection is None or self._duration <= 0:
            return picture
        columns = len(picture) // 2
        first = int(self._selection[0] / self._duration * columns)
        last = max(first + 1, round(self._selection[1] / self._duration * columns))
        return picture[2 * first : 2 * last]

    # --- pointer and keys -------------------------------------------------------------------
    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Have the selection made into a file before it is dragged."""
        if self._selection is None:
            super().mouseMoveEvent(event)
        elif (
            self._pressed_at is not None
            and self._wish is _Wish.NOTHING
            and event.buttons() & Qt.MouseButton.LeftButton
            and is_drag(self._pressed_at, event.position().toPoint())
        ):
            self._wish = _Wish.DRAG
            self.excerpt_requested.emit()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Too early, or it was a click."""
        self._wish = _Wish.NOTHING
        super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Enter copies the selection, too."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and self._selection is not None and self.files:
            self._wish = _Wish.COPY
            self.excerpt_requested.emit()
        else:
            super().keyPressEvent(event)
