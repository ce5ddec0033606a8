"""The list of takes: rows are dragged as files, and their stars are pressed."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPaintEvent, QPixmap
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QFrame, QHeaderView, QTableView

from sa_studio.generation import Clip, ClipState
from sa_studio.service import Studio
from sa_studio.ui.clip_delegate import ROW_HEIGHT, ClipDelegate
from sa_studio.ui.clip_model import ClipModel
from sa_studio.ui.field_box import name_widget
from sa_studio.ui.files_out import FilesOut
from sa_studio.ui.list_place import selected_rows

MOST_DRAGGED = 200  # files at once; no DAW takes thousands, and the drag must begin at once


class ClipListView(QTableView):
    """Takes in rows of one height.

    A table of one column: a list view looks at all of its rows whenever one of them changes.

    Attributes:
        out: makes the files that are dragged, from when the pointer presses a row on.
    """

    stars_pressed = Signal(object, int)
    """A take and the number of the star that was pressed on it, 1 … 5."""

    def __init__(self, model: ClipModel, studio: Studio) -> None:
        super().__init__()
        name_widget(
            self,
            "history_list",
            "Library of takes",
            "Up and Down choose a take and play it; drag takes from here into a DAW",
        )
        self._clips = model
        self.out = FilesOut(self, studio, "rows", self._picture)
        self.delegate = ClipDelegate(self)
        self.setItemDelegate(self.delegate)
        self._hide_headers()  # before there are rows: a header resizes them one by one
        self.setModel(model)
        model.rows_read.connect(self.viewport().update)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)

    def _hide_headers(self) -> None:
        """The one column is as wide as the view, and the rows are all of one height."""
        columns, rows = self.horizontalHeader(), self.verticalHeader()
        name_widget(columns, "history_columns", "Columns of the library")
        name_widget(rows, "history_rows", "Rows of the library")
        columns.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        columns.setMinimumSectionSize(1)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setMinimumSectionSize(ROW_HEIGHT)
        rows.setDefaultSectionSize(ROW_HEIGHT)
        columns.hide()
        rows.hide()
        self.setCornerButtonEnabled(False)
        corner = self.findChild(QAbstractButton)
        if corner is not None:
            name_widget(corner, "history_corner", "Select all takes", "Select all (Ctrl+A)")

    def moveCursor(  # noqa: N802 (Qt's name)
        self,
        action: QAbstractItemView.CursorAction,
        modifiers: Qt.KeyboardModifier,
    ) -> QModelIndex:
        """Home and End go to the ends of the list, not of the row."""
        if action is QAbstractItemView.CursorAction.MoveHome:
            return self._clips.index(0)
        if action is QAbstractItemView.CursorAction.MoveEnd:
            return self._clips.index(self._clips.rowCount() - 1)
        return super().moveCursor(action, modifiers)

    def keyboardSearch(self, search: str) -> None:  # noqa: N802 (Qt's name)
        """Letters are shortcuts; Qt would read the whole library for a prompt with this one."""

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Rows that are not read yet are painted as such, and read afterwards."""
        last = self.rowAt(self.viewport().height() - 1)
        self._clips.look_at(self.rowAt(0), self._clips.rowCount() - 1 if last < 0 else last)
        super().paintEvent(event)

    def selected_clips(self, limit: int | None = None) -> list[Clip]:
        """The selected takes from top to bottom, the first ``limit`` of them."""
        rows = selected_rows(self, limit)
        clips = (self._clips.clip(self._clips.index(row)) for row in rows)
        return [clip for clip in clips if clip is not None]

    def startDrag(self, supported: Qt.DropAction) -> None:  # noqa: ARG002, N802 (Qt's name)
        """Drag the files of all selected takes that are finished, once they are there."""
        ids = self._finished_ids()
        if not ids:
            return
        if not self.out.is_prepared(ids):
            self.out.prepare(ids)
        self.out.drag()

    def _finished_ids(self) -> list[str]:
        """The selected takes that have a file."""
        clips = self.selected_clips(MOST_DRAGGED)
        return [clip.id for clip in clips if clip.state is ClipState.FINISHED]

    def _picture(self) -> QPixmap | None:
        rows = selected_rows(self, 1)
        return self.viewport().grab(self.visualRect(self._clips.index(rows[0]))) if rows else None

    # --- stars ------------------------------------------------------------------------------
    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """A press on a star rates, and leaves selection and current take as they are.

        A press on a row may begin a drag: its files are made.
        """
        place = event.position().toPoint()
        stars = self._star_at(place)
        if stars and event.button() is Qt.MouseButton.LeftButton:
            self.stars_pressed.emit(self._clips.clip(self.indexAt(place)), stars)
            event.accept()
            return
        super().mousePressEvent(event)
        if event.button() is Qt.MouseButton.LeftButton and self.indexAt(place).isValid():
            self.out.prepare(self._finished_ids())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """It was a click: no files are wanted."""
        self.out.drop()
        super().mouseReleaseEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """Two quick presses on stars are two presses, and play nothing."""
        if self._star_at(event.position().toPoint()):
            self.mousePressEvent(event)
            return
        super().mouseDoubleClickEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """Show which stars a press would give."""
        place = event.position().toPoint()
        self._hover(self.indexAt(place).row(), self._star_at(place))
        if not self.out.is_awaited:  # or the view would take the way of the drag for a selection
            super().mouseMoveEvent(event)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 (Qt's name)
        """The pointer is over no star any more."""
        self._hover(-1, 0)
        super().leaveEvent(event)

    def scrollContentsBy(self, dx: int, dy: int) -> None:  # noqa: N802 (Qt's name)
        """Another row is under the pointer now."""
        self._hover(-1, 0)
        super().scrollContentsBy(dx, dy)

    def reset(self) -> None:
        """Other rows: none is pointed at until the pointer moves."""
        self.delegate.hover(-1, 0)
        super().reset()

    def _star_at(self, place: QPoint) -> int:
        index = self.indexAt(place)
        if not index.isValid():
            return 0
        return self.delegate.star_at(self.visualRect(index), index, place)

    def _hover(self, row: int, stars: int) -> None:
        if self.delegate.hover(row, stars):
            self.viewport().update()
