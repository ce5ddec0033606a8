"""The rows of the queue, which are put in order with the mouse or the keyboard."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QModelIndex, QPoint, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import QApplication, QFrame, QListWidget, QListWidgetItem, QMenu

from sa_studio.generation import Clip, ClipState
from sa_studio.ui.field_box import name_widget
from sa_studio.ui.job_row import JobRow
from sa_studio.ui.job_tracker import JobStatus
from sa_studio.ui.mnemonics import give_letters

ROW_HEIGHT = 30
VISIBLE_ROWS = 2
LIST_PADDING = 4  # of every list in the theme
# keys that mean the row, and nothing else in the window, while the list has the focus
OWN_KEYS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Delete)


class QueueList(QListWidget):
    """Jobs, the running one on top. It only says what the user wants; see :meth:`set_order`.

    Args:
        takes_of: the takes of a job that waits.
    """

    cancel_requested = Signal(str)
    drop_requested = Signal(str, str)
    """A job, and the take that shall not be made."""
    move_requested = Signal(str, int)
    """A job that waits, and which of those that wait it shall be, from 0."""

    def __init__(self, takes_of: Callable[[str], Sequence[Clip]]) -> None:
        super().__init__()
        self._takes_of = takes_of
        self._items: dict[str, QListWidgetItem] = {}
        self._rows: dict[str, JobRow] = {}
        self._waiting: set[str] = set()
        self._order: list[str] = []
        name_widget(self, "queue_list", "Queue of jobs")
        self.setToolTip("Alt+Up and Alt+Down move the chosen job, Delete cancels it")
        self.setSelectionMode(QListWidget.SelectionMode.SingleSelection)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMinimumHeight(VISIBLE_ROWS * ROW_HEIGHT + 2 * LIST_PADDING)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        # also while a button in a row has the focus
        for keys, move in (("Alt+Up", self.move_up), ("Alt+Down", self.move_down)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(move)

    # --- what is shown ----------------------------------------------------------------------
    def row_of(self, job_id: str) -> JobRow | None:
        """The row of a job."""
        return self._rows.get(job_id)

    def add(self, job: JobStatus) -> None:
        """A row for a job, below the others."""
        item = QListWidgetItem(self)
        item.setSizeHint(QSize(0, ROW_HEIGHT))
        item.setData(Qt.ItemDataRole.UserRole, job.id)
        row = JobRow(job.id)
        row.cancel_requested.connect(self.cancel_requested)
        row.dragged.connect(self._drag)
        row.dropped.connect(self._drop)
        self._items[job.id], self._rows[job.id] = item, row
        self._order.append(job.id)
        self.show_job(job)
        self.setItemWidget(item, row)

    def show_job(self, job: JobStatus) -> None:
        """Show how far a job is."""
        if job.state is ClipState.QUEUED:
            self._waiting.add(job.id)
        else:
            self._waiting.discard(job.id)
        row = self._rows[job.id]
        row.show_job(job)
        self._items[job.id].setData(Qt.ItemDataRole.AccessibleTextRole, row.accessibleName())

    def remove(self, job_id: str) -> None:
        """The row of a job goes away."""
        self._waiting.discard(job_id)
        self._order.remove(job_id)
        del self._rows[job_id]
        self.takeItem(self.row(self._items.pop(job_id)))

    def set_order(self, job_ids: Sequence[str]) -> None:
        """Put the rows in the order of the queue."""
        self._order = list(job_ids)
        for place, job_id in enumerate(job_ids):
            self._put(job_id, place)

    def _put(self, job_id: str, place: int) -> None:
        """Move a row as it is: to take an item out would destroy its widgets."""
        now = self.row(self._items[job_id])
        if now != place:
            nowhere = QModelIndex()
            self.model().moveRow(nowhere, now, nowhere, place + 1 if place > now else place)

    # --- what the user wants ----------------------------------------------------------------
    @Slot()
    def move_up(self) -> None:
        """Alt+Up: make the chosen job one place earlier."""
        self._ask_to_move(self.chosen(), -1)

    @Slot()
    def move_down(self) -> None:
        """Alt+Down: make the chosen job one place later."""
        self._ask_to_move(self.chosen(), 1)

    def chosen(self) -> str | None:
        """The job whose row, or a button in it, has the focus; else the current row's."""
        focus = QApplication.focusWidget()
        for job_id, row in self._rows.items():
            if focus is not None and row.isAncestorOf(focus):
                return job_id
        item = self.currentItem()
        return None if item is None else str(item.data(Qt.ItemDataRole.UserRole))

    def menu_for(self, job_id: str) -> QMenu:
        """What can be done with a job."""
        menu = QMenu(self)
        menu.setObjectName("queue_menu")
        menu.setAccessibleName("Job in the queue")
        place, last = self._place(job_id), len(self._waiting) - 1
        waits = job_id in self._waiting

        def add(text: str, ask: Callable[[], object], enabled: bool) -> None:
            action = menu.addAction(text)
            action.triggered.connect(ask)
            action.setEnabled(enabled)

        def move(to: int) -> Callable[[], object]:
            return lambda: self.move_requested.emit(job_id, to)

        add("Move to front", move(0), waits and place > 0)
        add("Move up\tAlt+Up", move(place - 1), waits and place > 0)
        add("Move down\tAlt+Down", move(place + 1), waits and place < last)
        menu.addSeparator()
        takes = self._takes_of(job_id)
        if len(takes) > 1:
            submenu = menu.addMenu("Cancel one take")
            for clip in takes:
                action = submenu.addAction(f"Take {clip.take + 1} · seed {clip.request.seed}")
                action.triggered.connect(
                    lambda _=False, clip_id=clip.id: self.drop_requested.emit(job_id, clip_id)
                )
        cancel = self._rows[job_id].cancel.isEnabled()
        add("Cancel this job\tDel", lambda: self.cancel_requested.emit(job_id), cancel)
        give_letters(menu.actions())
        return menu

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802 (Qt's name)
        """The menu of the row under the mouse, or of the chosen one."""
        by_keys = event.reason() is QContextMenuEvent.Reason.Keyboard
        item = None if by_keys else self.itemAt(self.viewport().mapFromGlobal(event.globalPos()))
        job_id = self.chosen() if by_keys else item and item.data(Qt.ItemDataRole.UserRole)
        if not isinstance(job_id, str):
            return
        self.setCurrentItem(self._items[job_id])
        menu = self.menu_for(job_id)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        row = self.visualItemRect(self._items[job_id])
        menu.popup(self.viewport().mapToGlobal(row.center()) if by_keys else event.globalPos())

    def event(self, event: QEvent) -> bool:
        """Keep the keys of the rows from the window's shortcuts."""
        if (
            event.type() is QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() in OWN_KEYS
            and event.modifiers() == Qt.KeyboardModifier.NoModifier
        ):
            event.accept()
            return True
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Fit the rows: Qt lets them grow with the list, but not shrink."""
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 (Qt's name)
        """Choose a row, which shows that the list has the focus."""
        super().focusInEvent(event)
        if self.currentRow() < 0:
            self.setCurrentRow(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """Delete cancels the chosen job."""
        job_id = self.chosen()
        if event.key() == Qt.Key.Key_Delete and job_id is not None:
            self.cancel_requested.emit(job_id)
        else:
            super().keyPressEvent(event)

    def _place(self, job_id: str) -> int:
        """Which of the waiting jobs it is, as the queue has them."""
        waiting = [other for other in self._order if other in self._waiting]
        return waiting.index(job_id) if job_id in self._waiting else -1

    def _ask_to_move(self, job_id: str | None, by: int) -> None:
        if job_id is None or job_id not in self._waiting:
            return
        place = self._place(job_id) + by
        if 0 <= place < len(self._waiting):
            self.move_requested.emit(job_id, place)
            self.scrollToItem(self._items[job_id])

    # --- dragging ---------------------------------------------------------------------------
    @Slot(str, QPoint)
    def _drag(self, job_id: str, place: QPoint) -> None:
        """The row follows the mouse; the queue is changed when it is let go of."""
        if job_id not in self._waiting:
            return
        item = self._items[job_id]
        self.setCurrentItem(item)
        y = self.viewport().mapFromGlobal(place).y()
        under = self.indexAt(QPoint(self.viewport().width() // 2, y)).row()
        first = self.count() - len(self._waiting)
        last = self.count() - 1
        top = self.visualItemRect(self.item(first)).top()
        target = under if under >= 0 else (first if y < top else last)
        self._put(job_id, min(max(target, first), last))
        self.scrollToItem(item)

    @Slot(str)
    def _drop(self, job_id: str) -> None:
        if job_id not in self._items:
            return
        place = self.row(self._items[job_id]) - (self.count() - len(self._waiting))
        if job_id in self._waiting and place != self._place(job_id):
            self.move_requested.emit(job_id, place)
        self.set_order(self._order)  # whatever became of it
