"""The drag handle of the take that is shown: the whole sound, or what is selected of it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QEnterEvent, QMouseEvent, QPixmap

from sa_studio.generation import Clip
from sa_studio.service import Studio
from sa_studio.ui.clip_drag import DragHandle
from sa_studio.ui.edited_thumbnail import heard_thumbnail
from sa_studio.ui.files_out import FilesOut
from sa_studio.ui.timeline import Range

REST_MS = 300  # a take that is only passed on the way to another one is not made into a file


class TakeHandle(DragHandle):
    """Drags the take in the delivery profile; with a selection, a file of the selection alone.

    The file of a take is made when it is shown, that of a selection when the pointer comes near.

    Attributes:
        out: makes the files, and drags and copies them.
    """

    def __init__(self, studio: Studio) -> None:
        self._selection: Range | None = None
        self._duration = 0.0
        self._clip: Clip | None = None
        super().__init__()
        self.out = FilesOut(self, studio, "handle", self._pixmap)
        self.out.changed.connect(self._describe)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self.prepare)

    @property
    def files(self) -> tuple[Path, ...]:
        """What would be dragged; empty as long as it is not there."""
        return self.out.files

    def set_take(self, clip: Clip | None) -> None:
        """The take that is shown, if it is finished; ``None`` if there is nothing to drag."""
        if clip is not None and clip.path is None:
            clip = None
        same = clip is not None and self._clip is not None and clip.id == self._clip.id
        self._clip = clip
        if not same:
            self._selection = None
        self.set_files(
            [clip.path] if clip and clip.path else [], heard_thumbnail(clip) if clip else b""
        )
        self.out.drop()
        self._rest.stop()
        if clip is not None and self._selection is None:
            self._rest.start()
        self._describe()

    def set_selection(self, selection: Range | None, duration: float) -> None:
        """What is selected of a take of ``duration`` seconds."""
        self._duration = duration
        if selection == self._selection:
            return
        self._selection = selection
        self.out.drop()
        if selection is None and self._clip is not None:
            self._rest.start()
        self._describe()

    @Slot()
    def prepare(self) -> None:
        """Make the file of what is shown now."""
        self._rest.stop()
        if self._clip is not None:
            self.out.prepare([self._clip.id], self._selection)

    def drag_out(self) -> None:
        """Start the drag once the file is there."""
        self.out.drag()

    def copy_out(self) -> None:
        """Copy the file once it is there."""
        self.prepare()
        self.out.copy()

    def _pixmap(self) -> QPixmap:
        """The part of the take's thumbnail that is selected."""
        picture = heard_thumbnail(self._clip) if self._clip else b""
        if self._selection is not None and self._duration > 0:
            columns = len(picture) // 2
            first = int(self._selection[0] / self._duration * columns)
            last = max(first + 1, round(self._selection[1] / self._duration * columns))
            picture = picture[2 * first : 2 * last]
        return self.drag_picture(picture)

    @Slot()
    def _describe(self) -> None:
        """Say what is dragged, or why it cannot be."""
        if self._clip is None:
            return
        what = self.out.files[0].name if self.out.files else "the take"
        if self._selection is not None:
            start, stop = self._selection
            what = f"the selection ({stop - start:.2f} s)"
            said = f"The selection, {start:.2f} to {stop:.2f} seconds."
        else:
            said = f"{what}."
        problem = f"\n{self.out.problem}" if self.out.problem else ""
        self.setToolTip(
            f"Drag {what} into a DAW, a sampler or a folder, as a file in the delivery profile."
            f"\nEnter copies it to the clipboard.{problem}"
        )
        self.setAccessibleDescription(f"{said} Enter copies it to the clipboard.{problem}")

    # --- pointer ----------------------------------------------------------------------------
    def enterEvent(self, event: QEnterEvent) -> None:  # noqa: N802
        """Somebody means to drag: the file had better be there."""
        self.prepare()
        super().enterEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Look whether the file is still what the take and the profile ask for."""
        super().mousePressEvent(event)
        self.prepare()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Too early, or it was a click."""
        self.out.let_go()
        super().mouseReleaseEvent(event)
