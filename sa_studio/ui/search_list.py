"""A list that opens beside what it fills in, and is searched by typing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QLineEdit,
    QTabBar,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from sa_studio.ui.field_box import name_widget, text_label
from sa_studio.ui.grouped_tree import GroupedTree, Groups, is_row_found
from sa_studio.ui.icons import icon

WIDTH, HEIGHT = 460, 560
GAP = 12
PAGE = 12
STEPS = {
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_PageUp: -PAGE,
    Qt.Key.Key_PageDown: PAGE,
}
OTHER_PAGE = (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)


class SearchList(QFrame):
    """A window that goes when something else is clicked, or with Esc.

    What is typed goes to the search, the arrows move in the list, whichever has the focus.

    Args:
        opener: the widget that opens it: a click there closes it.
        name: begins the object names.
        title: what it lists.
        search: what the search field says.
        nothing: what is said when nothing is found.
        how: what clicks and keys do.
    """

    chosen = Signal(str)
    added = Signal(str)
    """With Ctrl: to be added to what there is."""

    def __init__(
        self, opener: QWidget, name: str, title: str, *, search: str, nothing: str, how: str
    ) -> None:
        super().__init__(opener.window(), Qt.WindowType.Popup)
        self._opener = opener
        self._pages: list[tuple[str, Groups]] = []
        self.setObjectName(f"{name}_list")
        self.setAccessibleName(title)
        self.setProperty("role", "popover")
        self.tabs = QTabBar()
        name_widget(self.tabs, f"{name}_tabs", f"{title}: parts")
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setToolTip("Ctrl+Tab: the other part")
        self.search = QLineEdit()
        name_widget(self.search, f"{name}_search_edit", search)
        self.search.setToolTip("Type words in any order; the arrows move in the list below")
        self.search.setPlaceholderText(search)
        self.search.setClearButtonEnabled(True)
        self.search.addAction(icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self.search.setTextMargins(-6, 0, 0, 0)  # the icon brings its own margin
        self.search.installEventFilter(self)
        self.tree = GroupedTree(f"{name}_tree", title)
        self.tree.setToolTip(how)
        self.tree.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # after a click one types on
        self.tree.viewport().setCursor(Qt.CursorShape.PointingHandCursor)
        self.tree.installEventFilter(self)
        self.nothing = text_label(nothing, "quiet")
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.nothing.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 10)
        layout.setSpacing(8)
        layout.addWidget(self.search)
        layout.addWidget(self.tabs)
        layout.addWidget(self.nothing, 1)
        layout.addWidget(self.tree, 1)
        layout.addWidget(text_label(how, "quiet", wrap=True))
        self.search.textChanged.connect(self._filter)
        self.tabs.currentChanged.connect(self._show_page)
        self.tree.itemClicked.connect(self._clicked)
        self.tree.itemDoubleClicked.connect(self.close)

    def set_pages(self, pages: Mapping[str, Groups]) -> None:
        """List these groups of rows; more than one page gets tabs, empty ones are left out."""
        self._pages = [(title, groups) for title, groups in pages.items() if any(groups.values())]
        self.tabs.blockSignals(True)
        while self.tabs.count():
            self.tabs.removeTab(0)
        for title, _ in self._pages:
            self.tabs.addTab(title)
        self.tabs.blockSignals(False)
        self.tabs.setVisible(len(self._pages) > 1)
        self.search.clear()
        self._show_page()

    def open_beside(self, form: QRect) -> None:
        """Show the list to the right of ``form``, in pixels of the screen."""
        self._open_at(form.topRight() + QPoint(GAP, 0), WIDTH)

    def open_below(self, field: QRect) -> None:
        """Show the list below ``field``, in pixels of the screen."""
        self._open_at(field.bottomLeft() + QPoint(0, 3), max(field.width(), WIDTH * 3 // 4))

    def _open_at(self, corner: QPoint, width: int) -> None:
        room = self.screen().availableGeometry()
        size = QRect(0, 0, min(width, room.width()), min(HEIGHT, room.height()))
        size.moveTopLeft(corner)
        size.moveRight(min(size.right(), room.right()))
        size.moveBottom(min(size.bottom(), room.bottom()))
        self.setGeometry(size)
        self.search.clear()
        self._filter()
        self.tree.scrollToTop()
        self.show()
        self.search.setFocus(Qt.FocusReason.PopupFocusReason)

    # --- what is used -----------------------------------------------------------------------
    @Slot(QTreeWidgetItem)
    def _clicked(self, item: QTreeWidgetItem) -> None:
        with_control = QApplication.keyboardModifiers() & Qt.KeyboardModifier.ControlModifier
        self._use(item, add=bool(with_control))

    def _use(self, item: QTreeWidgetItem | None, *, add: bool) -> None:
        value = self.tree.value(item)
        if value is not None:
            (self.added if add else self.chosen).emit(value)

    # --- keys and clicks --------------------------------------------------------------------
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """The arrows move in the list and Enter uses its row wherever the focus is."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._use(self.tree.currentItem(), add=control)
                if self.tree.currentItem() is not None and not control:
                    self.close()
                return True
            if event.key() in OTHER_PAGE and control and self._pages:
                step = -1 if event.key() == Qt.Key.Key_Backtab else 1
                self.tabs.setCurrentIndex((self.tabs.currentIndex() + step) % len(self._pages))
                return True
            if (rows := STEPS.get(Qt.Key(event.key()))) is not None:
                self.tree.step(rows)
                return True
            if watched is self.tree and event.text().isprintable() and event.text():
                self.search.setFocus(Qt.FocusReason.OtherFocusReason)
                QApplication.sendEvent(self.search, event)
                return True
        return super().eventFilter(watched, event)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """A click on what opened the list closes it, and does not open it again."""
        place = event.globalPosition().toPoint()
        on_opener = self._opener.rect().contains(self._opener.mapFromGlobal(place))
        self.setAttribute(Qt.WidgetAttribute.WA_NoMouseReplay, on_opener)
        super().mousePressEvent(event)

    # --- the list ---------------------------------------------------------------------------
    @Slot()
    def _show_page(self) -> None:
        row = self.tabs.currentIndex()
        self.tree.set_groups(self._pages[row][1] if row >= 0 else {})
        self._filter()

    @Slot()
    def _filter(self) -> None:
        typed = self.search.text()
        found = self.tree.filter(typed)
        self.nothing.setVisible(not found)
        self.tree.setVisible(bool(found))
        for row, (title, groups) in enumerate(self._pages):
            count = _count(groups, typed) if typed.strip() else 0
            self.tabs.setTabText(row, f"{title} ({count})" if typed.strip() else title)


def _count(groups: Groups, typed: str) -> int:
    rows: Sequence[bool] = [
        is_row_found(typed, heading, row) for heading, found in groups.items() for row in found
    ]
    return sum(rows)
