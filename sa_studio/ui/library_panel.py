"""The library: every take ever made, found by typing, dragged from here."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QLineEdit,
    QListView,
    QMenu,
    QVBoxLayout,
    QWidget,
)

from sa_studio.generation import Clip, ClipState
from sa_studio.ui.clip_delegate import ClipDelegate
from sa_studio.ui.clip_drag import start_drag
from sa_studio.ui.clip_model import ClipModel
from sa_studio.ui.field_box import name_widget, text_label
from sa_studio.ui.icons import icon

SEARCH_DELAY_MS = 120


class ClipListView(QListView):
    """A list whose rows are dragged as files."""

    def startDrag(self, supported: Qt.DropAction) -> None:  # noqa: ARG002, N802 (Qt's name)
        """Drag the files of all selected takes that are finished."""
        model = self.model()
        if not isinstance(model, ClipModel):
            return
        rows = sorted(self.selectionModel().selectedIndexes(), key=QModelIndex.row)
        clips = [clip for row in rows if (clip := model.clip(row)) is not None]
        paths = [clip.path for clip in clips if clip.path is not None and clip.path.is_file()]
        if paths:
            start_drag(self, paths, self._picture(rows[0]))

    def _picture(self, index: QModelIndex) -> QPixmap:
        return self.viewport().grab(self.visualRect(index))


class LibraryPanel(QWidget):
    """Search field and list.

    Signals carry clips; acting on them belongs to the window.
    """

    clip_selected = Signal(object)
    """The current :class:`Clip`, or ``None``."""
    play_requested = Signal()
    retry_requested = Signal(object)

    def __init__(self, model: ClipModel) -> None:
        super().__init__()
        self.model = model
        self._actions: list[QAction] = []
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.search = QLineEdit()
        name_widget(self.search, "search_edit", "Search takes")
        self.search.setPlaceholderText("Search takes")
        self.search.setClearButtonEnabled(True)
        self.search.addAction(icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self.search.setTextMargins(-6, 0, 0, 0)  # the icon brings its own margin
        self.search.setToolTip("Search the prompts of all takes (F)")
        self._delay = QTimer(self)
        self._delay.setSingleShot(True)
        self._delay.setInterval(SEARCH_DELAY_MS)
        self.list = self._make_list()
        self.empty = text_label("", "quiet", wrap=True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setContentsMargins(24, 24, 24, 24)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        top = QVBoxLayout()
        top.setContentsMargins(14, 12, 14, 10)
        top.addWidget(self.search)
        layout.addLayout(top)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.empty, 1)
        self._connect()
        self._show_empty()

    def current_clip(self) -> Clip | None:
        """The take that is shown in the centre."""
        return self.model.clip(self.list.currentIndex())

    def selected_clips(self) -> list[Clip]:
        """All selected takes, from top to bottom."""
        rows = sorted(self.list.selectionModel().selectedIndexes(), key=QModelIndex.row)
        return [clip for row in rows if (clip := self.model.clip(row)) is not None]

    def selected_files(self) -> list[Path]:
        """The files of the selected takes that are finished and still there."""
        clips = self.selected_clips()
        return [
            clip.path
            for clip in clips
            if clip.state is ClipState.FINISHED and clip.path is not None and clip.path.is_file()
        ]

    def select(self, clip_id: str) -> bool:
        """Make a take the current one; false if it is not in the list."""
        index = self.model.find(clip_id)
        if index.isValid():
            self.list.setCurrentIndex(index)
        return index.isValid()

    def select_job(self, job_id: str) -> bool:
        """Make the first take of a job the current one; false if none is in the list."""
        clip = self.model.first_of_job(job_id)
        return clip is not None and self.select(clip.id)

    def step(self, rows: int) -> bool:
        """Go up (-1) or down (1); false at the end of the list."""
        current = self.list.currentIndex()
        row = current.row() + rows if current.isValid() else 0
        index = self.model.index(row)
        if index.isValid():
            self.list.selectionModel().setCurrentIndex(
                index, QItemSelectionModel.SelectionFlag.ClearAndSelect
            )
            self.list.scrollTo(index)
        return index.isValid()

    def set_actions(self, actions: list[QAction]) -> None:
        """What the context menu offers."""
        self._actions = actions

    def focus_search(self) -> None:
        """Put the cursor into the search field."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def _make_list(self) -> ClipListView:
        view = ClipListView()
        name_widget(view, "history_list", "Library of takes")
        view.setModel(self.model)
        self.delegate = ClipDelegate(view)
        view.setItemDelegate(self.delegate)
        view.setFrameShape(QFrame.Shape.NoFrame)
        view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        view.setUniformItemSizes(True)
        view.setMouseTracking(True)
        view.setDragEnabled(True)
        view.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        return view

    def _connect(self) -> None:
        self.search.textChanged.connect(self._delay.start)
        self._delay.timeout.connect(self._search_now)
        self.search.returnPressed.connect(self._search_and_leave)
        self.list.selectionModel().currentChanged.connect(self._current_changed)
        self.list.doubleClicked.connect(self.play_requested)
        self.list.customContextMenuRequested.connect(self._show_menu)
        self.delegate.retry_requested.connect(self.retry_requested)
        self.model.rowsInserted.connect(self._show_empty)
        self.model.rowsRemoved.connect(self._show_empty)
        self.model.modelReset.connect(self._show_empty)

    @Slot()
    def _search_now(self) -> None:
        """Search, and keep the take that was current if it is still in the list."""
        current = self.current_clip()
        self.model.set_search(self.search.text().strip())
        if current is not None:
            self.select(current.id)

    @Slot()
    def _search_and_leave(self) -> None:
        self._delay.stop()
        self._search_now()
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(QModelIndex, QModelIndex)
    def _current_changed(self, current: QModelIndex, _previous: QModelIndex) -> None:
        self.clip_selected.emit(self.model.clip(current))

    @Slot(QPoint)
    def _show_menu(self, place: QPoint) -> None:
        if not self.list.indexAt(place).isValid():
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addActions(self._actions)
        menu.popup(self.list.viewport().mapToGlobal(place))

    @Slot()
    def _show_empty(self) -> None:
        empty = self.model.rowCount() == 0
        self.list.setVisible(not empty)
        self.empty.setVisible(empty)
        self.empty.setText(
            f"No take matches “{self.search.text().strip()}”"
            if self.search.text().strip()
            else "Every sound you make is kept here"
        )
