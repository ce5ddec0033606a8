"""The library: every take ever made, found by typing and filters, dragged from here."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLineEdit, QMenu, QPushButton, QVBoxLayout, QWidget

from sa_studio.generation import Clip, ClipFilter, ClipState, Verdict
from sa_studio.service import Studio
from sa_studio.ui.clip_delegate import ROW_HEIGHT
from sa_studio.ui.clip_list import ClipListView
from sa_studio.ui.clip_model import ClipModel
from sa_studio.ui.field_box import name_widget, text_label
from sa_studio.ui.filter_bar import VERDICTS, FilterBar
from sa_studio.ui.icons import icon
from sa_studio.ui.list_place import ListPlace
from sa_studio.ui.mnemonics import give_letters
from sa_studio.ui.take_notes import TakeNotes

SEARCH_DELAY_MS = 10  # together with the search itself, less than is noticed
MOST_NOTED = 200  # takes whose tags are shown together


class LibraryPanel(QWidget):
    """Search field, filters, list, and below it tags and notes of what is selected.

    Signals carry clips; acting on them belongs to the window.
    """

    clip_selected = Signal(object)
    """The current :class:`Clip`, or ``None``."""
    play_requested = Signal()
    retry_requested = Signal(object)
    selection_changed = Signal()
    """Other takes are selected, or those that are were changed."""

    def __init__(self, studio: Studio, model: ClipModel) -> None:
        super().__init__()
        self.model = model
        self._studio = studio
        self._actions: list[QAction] = []
        self._shown: Clip | None = None
        self._place: ListPlace | None = None
        self._listed = model.filter
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.search = self._make_search()
        self.filters = FilterBar(studio)
        self.list = ClipListView(model, studio)
        self.notes = TakeNotes(studio)
        self._delay = QTimer(self)
        self._delay.setSingleShot(True)
        self._delay.setInterval(SEARCH_DELAY_MS)
        self._look = QTimer(self)  # once, however many rows have changed
        self._look.setSingleShot(True)
        self._look.setInterval(0)
        self._lay_out()
        self._connect()
        self._show_empty()

    # --- what is shown ----------------------------------------------------------------------
    def current_clip(self) -> Clip | None:
        """The take that is shown in the centre."""
        return self.model.clip(self.list.currentIndex())

    def selected_clips(self, limit: int | None = None) -> list[Clip]:
        """The selected takes from top to bottom, the first ``limit`` of them."""
        return self.list.selected_clips(limit)

    def finished_ids(self) -> list[str]:
        """The selected takes that are finished, from top to bottom."""
        clips = self.selected_clips()
        return [clip.id for clip in clips if clip.state is ClipState.FINISHED]

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
        return self._go_to(row)

    def _go_to(self, row: int) -> bool:
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

    @Slot()
    def focus_search(self) -> None:
        """Put the cursor into the search field."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def close_threads(self) -> None:
        """Stop making files and looking for categories; waits."""
        self.list.out.close()
        self.notes.category.close_threads()

    def keep_notes(self) -> None:
        """Keep notes that are being written."""
        self.notes.notes.keep()

    # --- searching --------------------------------------------------------------------------
    @Slot()
    def _search_now(self) -> None:
        """List what is asked for, and keep the take that was current if it is still there."""
        self._delay.stop()
        self.model.set_filter(self.filters.filter(self.search.text().strip()))

    @Slot()
    def _search_and_leave(self) -> None:
        self._search_now()
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _clear(self) -> None:
        """Show everything again, or if everything is rejected, that."""
        if self.model.filter == ClipFilter(sort=self.model.filter.sort):
            self.filters.verdict.choose(VERDICTS[-1])
            return
        self.search.clear()
        self.filters.clear()
        self._search_now()

    @Slot()
    def _show_empty(self) -> None:
        """The list, or why there is none; and how many takes there are."""
        rows = self.model.rowCount()
        self.filters.show_count(rows, more=not self.model.is_counted)
        self.list.setVisible(rows > 0)
        self._empty.setVisible(rows == 0)
        if rows:
            return
        search = self.search.text().strip()
        narrowed = bool(search) or self.filters.is_narrowing
        rejected = 0 if narrowed else self._studio.count_clips(ClipFilter(verdict=Verdict.REJECT))
        if search:
            text = f"No take matches “{search}”" + (" and the filters" * self.filters.is_narrowing)
        elif narrowed:
            text = "No take matches the filters"
        elif rejected:
            text = "The only take is rejected" if rejected == 1 else "All takes are rejected"
        else:
            text = "Every sound you make is kept here"
        self.empty.setText(text)
        clear = "Clear filters" if self.filters.is_narrowing else "Clear the search"
        self.clear_button.setText(clear if narrowed else "Show rejected takes")
        self.clear_button.setAccessibleName(self.clear_button.text())
        self.clear_button.setVisible(narrowed or bool(rejected))

    # --- following the model ----------------------------------------------------------------
    @Slot()
    def _remember_place(self) -> None:
        """The list is about to be read anew."""
        self._place = ListPlace.of(self.list, self.model, self._shown)

    @Slot()
    def _restore_place(self) -> None:
        self._show_empty()
        if self._place is not None:
            same_list = self.model.filter == self._listed
            self._place.restore(self.list, self.model, same_list=same_list)
        self._place, self._listed = None, self.model.filter
        self._look.start()

    @Slot(QModelIndex, int, int)
    def _stay_below(self, _parent: QModelIndex, first: int, last: int) -> None:
        """New rows on top do not push away what is being looked at further down."""
        bar = self.list.verticalScrollBar()
        if first == 0 and bar.value() > 0:
            before = bar.value()
            self.list.doItemsLayout()
            bar.setValue(before + (last - first + 1) * ROW_HEIGHT)

    @Slot(int, int)
    def _move_on(self, first: int, last: int) -> None:
        """The current take leaves the list: the next one becomes current, and does not play."""
        current = self.list.currentIndex().row()
        if not first <= current <= last:
            return
        if last + 1 < self.model.rowCount():
            self._go_to(last + 1)
        elif first > 0:
            self._go_to(first - 1)

    @Slot(QModelIndex, QModelIndex)
    def _current_changed(self, current: QModelIndex, _previous: QModelIndex) -> None:
        clip = self.model.clip(current)
        if clip is None or clip != self._shown:
            self._shown = clip
            self.clip_selected.emit(clip)

    @Slot()
    def _look_at_selection(self) -> None:
        self.notes.show_clips(self.selected_clips(MOST_NOTED))
        self.selection_changed.emit()

    @Slot(QPoint)
    def _show_menu(self, place: QPoint) -> None:
        if not self.list.indexAt(place).isValid():
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        name_widget(menu, "take_menu", "What can be done with the selected takes")
        menu.addActions(self._actions)
        give_letters(self._actions)
        menu.popup(self.list.viewport().mapToGlobal(place))

    # --- building ---------------------------------------------------------------------------
    def _make_search(self) -> QLineEdit:
        search = QLineEdit()
        name_widget(search, "search_edit", "Search takes")
        search.setPlaceholderText("Search takes")
        search.setClearButtonEnabled(True)
        search.addAction(icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        search.setTextMargins(-6, 0, 0, 0)  # the icon brings its own margin
        search.setToolTip("Search the prompts, tags, notes and categories of all takes (F)")
        return search

    def _lay_out(self) -> None:
        self.empty = text_label("", "quiet", wrap=True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.clear_button = QPushButton("Clear filters")
        name_widget(self.clear_button, "show_all_button", "Clear filters")
        self.clear_button.setToolTip("Show takes again")
        self._empty = QWidget()
        empty = QVBoxLayout(self._empty)
        empty.setContentsMargins(24, 24, 24, 24)
        empty.setSpacing(12)
        empty.addStretch(1)
        empty.addWidget(self.empty)
        empty.addWidget(self.clear_button, 0, Qt.AlignmentFlag.AlignHCenter)
        empty.addStretch(1)
        top = QVBoxLayout()
        top.setContentsMargins(14, 12, 14, 6)
        top.setSpacing(8)
        top.addWidget(self.search)
        top.addWidget(self.filters)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addWidget(self.list, 1)
        layout.addWidget(self._empty, 1)
        layout.addWidget(self.notes)

    def _connect(self) -> None:
        self.search.textChanged.connect(self._delay.start)
        self._delay.timeout.connect(self._search_now)
        self.search.returnPressed.connect(self._search_and_leave)
        self.filters.changed.connect(self._search_now)
        self.clear_button.clicked.connect(self._clear)
        self.list.selectionModel().currentChanged.connect(self._current_changed)
        self.list.selectionModel().selectionChanged.connect(self._look.start)
        self._look.timeout.connect(self._look_at_selection)
        self.list.doubleClicked.connect(self.play_requested)
        self.list.customContextMenuRequested.connect(self._show_menu)
        self.list.delegate.retry_requested.connect(self.retry_requested)
        self.model.modelAboutToBeReset.connect(self._remember_place)
        self.model.modelReset.connect(self._restore_place)
        self.model.rows_leaving.connect(self._move_on)
        self.model.dataChanged.connect(self._look.start)
        self.model.rowsInserted.connect(self._stay_below)
        self.model.rowsInserted.connect(self._show_empty)
        self.model.rowsRemoved.connect(self._show_empty)
