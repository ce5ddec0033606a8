"""Dragging finished files into other programs, and copying them.

Only file URLs are offered, and only to be copied: a target that was offered a move may delete
the original.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QPoint, QRectF, QSize, Qt, QUrl
from PySide6.QtGui import (
    QColor,
    QDrag,
    QEnterEvent,
    QGuiApplication,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QApplication, QWidget

from sa_studio.ui.icons import icon_pixmap
from sa_studio.ui.theme import current_colors
from sa_studio.ui.thumbnail import thumbnail_pixmap

DRAG_SIZE = QSize(160, 44)
_ICON = 16


def clip_mime_data(paths: Sequence[Path]) -> QMimeData:
    """The files as URLs and nothing else: some targets take text for what is meant.

    Raises:
        ValueError: no files.
    """
    if not paths:
        raise ValueError("there are no files to drag or copy")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path.absolute())) for path in paths])
    return data


def copy_to_clipboard(paths: Sequence[Path]) -> None:
    """Put the files on the clipboard, to be pasted in a file manager or a DAW."""
    QGuiApplication.clipboard().setMimeData(clip_mime_data(paths))


def start_drag(
    widget: QWidget, paths: Sequence[Path], pixmap: QPixmap | None = None
) -> Qt.DropAction:
    """Drag the files from ``widget``; returns once they are dropped or let go.

    On Windows this blocks the event loop: nothing slow may happen on the way here.
    """
    drag = QDrag(widget)
    drag.setMimeData(clip_mime_data(paths))
    if pixmap is not None:
        drag.setPixmap(pixmap)
        # beside the pointer, so that the target under it stays in sight
        drag.setHotSpot(QPoint(-12, -8))
    return drag.exec(Qt.DropAction.CopyAction)


def is_drag(start: QPoint, now: QPoint) -> bool:
    """Whether the pointer went far enough from where it was pressed to mean a drag."""
    return (now - start).manhattanLength() >= QApplication.startDragDistance()


class DragHandle(QWidget):
    """A place to grab the sound that is shown: drag it out, or press Enter to copy it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._paths: tuple[Path, ...] = ()
        self._thumbnail = b""
        self._pressed_at: QPoint | None = None
        self.setObjectName("drag_handle")
        self.setAccessibleName("Drag to DAW")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFixedSize(self.sizeHint())
        self.set_files(())

    def set_files(self, paths: Sequence[Path], thumbnail: bytes = b"") -> None:
        """What the handle drags; nothing disables it.

        Args:
            paths: finished files.
            thumbnail: int8 peak pairs, shown under the pointer during the drag.
        """
        self._paths = tuple(paths)
        self._thumbnail = thumbnail
        self._pressed_at = None
        enabled = bool(self._paths)
        self.setEnabled(enabled)
        self.setCursor(Qt.CursorShape.OpenHandCursor if enabled else Qt.CursorShape.ArrowCursor)
        names = ", ".join(path.name for path in self._paths)
        self.setToolTip(
            f"Drag {names} into a DAW, a sampler or a folder.\nEnter copies it to the clipboard."
            if enabled
            else "Once a sound is finished, drag it from here."
        )
        self.setAccessibleDescription(
            f"{names}. Enter copies it to the clipboard." if enabled else "No finished sound"
        )
        self.update()

    @property
    def files(self) -> tuple[Path, ...]:
        """What would be dragged."""
        return self._paths

    def sizeHint(self) -> QSize:  # noqa: N802
        """Room for the grip and the words."""
        words = self.fontMetrics().horizontalAdvance(self.accessibleName() or "Drag to DAW")
        return QSize(words + _ICON + 34, 34)

    # --- pointer and keys -------------------------------------------------------------------
    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Remember where it began."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed_at = event.position().toPoint()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Start the drag once it cannot be a click any more."""
        if (
            self._pressed_at is None
            or not event.buttons() & Qt.MouseButton.LeftButton
            or not is_drag(self._pressed_at, event.position().toPoint())
        ):
            return
        self._let_go()
        self.drag_out()

    def drag_out(self) -> None:
        """Start the drag."""
        start_drag(self, self._paths, self.drag_picture(self._thumbnail))

    def copy_out(self) -> None:
        """Put the files on the clipboard."""
        copy_to_clipboard(self._paths)

    def drag_picture(self, thumbnail: bytes) -> QPixmap:
        """What is shown under the pointer during the drag."""
        return thumbnail_pixmap(
            thumbnail, DRAG_SIZE, colors=current_colors(), ratio=self.devicePixelRatioF()
        )

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:  # noqa: N802
        """It was a click."""
        self._let_go()

    def _let_go(self) -> None:
        self._pressed_at = None
        if self._paths:
            self.setCursor(Qt.CursorShape.OpenHandCursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Enter copies: a drag needs a pointer."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._paths:
            self.copy_out()
        else:
            super().keyPressEvent(event)

    # --- looks ------------------------------------------------------------------------------
    def enterEvent(self, event: QEnterEvent) -> None:  # noqa: N802
        """Light up."""
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        """Calm down."""
        self.update()
        super().leaveEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """A dashed box: something that can be taken away."""
        colors = current_colors()
        enabled = self.isEnabled()
        border = colors.accent if enabled else colors.line_strong
        ink = colors.waveform_played if enabled else colors.disabled
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        focused = self.hasFocus()
        pen = QPen(QColor(border), 2 if focused else 1)
        if not focused:
            pen.setDashPattern([3, 3])
        painter.setPen(pen)
        wash = colors.hover if enabled and self.underMouse() else colors.accent_wash
        painter.setBrush(QColor(wash) if enabled else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
        ratio = self.devicePixelRatioF()
        grip = icon_pixmap("grip", ink, round(_ICON * ratio))
        grip.setDevicePixelRatio(ratio)
        painter.drawPixmap(12, (self.height() - _ICON) // 2, grip)
        painter.setPen(QColor(ink))
        painter.drawText(
            self.rect().adjusted(12 + _ICON + 6, 0, -8, 0),
            Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft,
            self.accessibleName(),
        )
