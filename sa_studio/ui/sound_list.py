"""Everything that a model knows, by category, found by typing."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, QRect, Qt, Signal, Slot
from PySide6.QtGui import QFont, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QFrame,
    QHeaderView,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from sa_studio.ui.field_box import name_widget, text_label
from sa_studio.ui.icons import icon
from sa_studio.ui.ink_delegate import INK, InkDelegate
from sa_studio.vocabulary.sounds import Vocabulary, is_found

WIDTH, HEIGHT = 460, 560
GAP = 12
EXAMPLES = "Examples"
PAGE = 12
STEPS = {
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_PageUp: -PAGE,
    Qt.Key.Key_PageDown: PAGE,
}
HOW = "Click or Enter: use it · with Ctrl: add it · double click: use it and close"


class SoundList(QFrame):
    """A window beside the prompt that goes when something else is clicked, or with Esc.

    What is typed goes to the search, the arrows move in the list, whichever has the focus.
    """

    chosen = Signal(str)
    """A prompt, to take the place of the one that is there."""
    added = Signal(str)
    """A sound, to be added to the prompt."""

    def __init__(self, opener: QWidget) -> None:
        super().__init__(opener.window(), Qt.WindowType.Popup)
        self._opener = opener
        self._groups: list[tuple[QTreeWidgetItem, list[QTreeWidgetItem]]] = []
        self.setObjectName("sound_list")
        self.setAccessibleName("What this model knows")
        self.setProperty("role", "popover")
        self.search = QLineEdit()
        name_widget(self.search, "sound_search_edit", "Search sounds")
        self.search.setPlaceholderText("Search sounds")
        self.search.setClearButtonEnabled(True)
        self.search.addAction(icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self.search.setTextMargins(-6, 0, 0, 0)  # the icon brings its own margin
        self.search.installEventFilter(self)
        self.tree = self._make_tree()
        self.nothing = text_label("No sound is called that.", "quiet")
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.nothing.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 10)
        layout.setSpacing(8)
        layout.addWidget(self.search)
        layout.addWidget(self.nothing, 1)
        layout.addWidget(self.tree, 1)
        layout.addWidget(text_label(HOW, "quiet"))
        self.search.textChanged.connect(self._filter)
        self.tree.itemClicked.connect(self._clicked)
        self.tree.itemDoubleClicked.connect(self.close)

    def set_known(self, prompts: Sequence[str], vocabulary: Vocabulary) -> None:
        """List example prompts and then the sounds; a sound is not listed twice."""
        self.tree.clear()
        self._groups.clear()
        labels = {sound.label for sound in vocabulary.classes}
        examples = [(prompt, ()) for prompt in prompts if prompt not in labels]
        if examples:
            self._add_group(EXAMPLES, examples)
        for category, sounds in vocabulary.by_category().items():
            self._add_group(category, [(sound.label, sound.synonyms) for sound in sounds])
        self.tree.expandAll()
        self.search.clear()

    def open_beside(self, form: QRect) -> None:
        """Show the list to the right of ``form``, in pixels of the screen."""
        room = self.screen().availableGeometry()
        size = QRect(0, 0, min(WIDTH, room.width()), min(HEIGHT, room.height()))
        size.moveTopLeft(form.topRight() + QPoint(GAP, 0))
        size.moveRight(min(size.right(), room.right()))
        size.moveBottom(min(size.bottom(), room.bottom()))
        self.setGeometry(size)
        self.search.clear()
        self._filter("")
        self.tree.scrollToTop()
        self.show()
        self.search.setFocus(Qt.FocusReason.PopupFocusReason)

    # --- what is used -----------------------------------------------------------------------
    @Slot(QTreeWidgetItem)
    def _clicked(self, item: QTreeWidgetItem) -> None:
        with_control = QApplication.keyboardModifiers() & Qt.KeyboardModifier.ControlModifier
        self._use(item, add=bool(with_control))

    def _use(self, item: QTreeWidgetItem | None, *, add: bool) -> None:
        if item is not None and item.parent() is not None:
            (self.added if add else self.chosen).emit(item.text(0))

    # --- keys and clicks --------------------------------------------------------------------
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """The arrows move in the list and Enter uses its row wherever the focus is."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                add = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
                self._use(self.tree.currentItem(), add=add)
                if self.tree.currentItem() is not None and not add:
                    self.close()
                return True
            if (rows := STEPS.get(Qt.Key(event.key()))) is not None:
                self._step(rows)
                return True
            if watched is self.tree and event.text().isprintable() and event.text():
                self.search.setFocus(Qt.FocusReason.OtherFocusReason)
                QApplication.sendEvent(self.search, event)
                return True
        return super().eventFilter(watched, event)

    def _step(self, rows: int) -> None:
        """Move among the rows that are shown, past the headings."""
        shown = [item for _, items in self._groups for item in items if not item.isHidden()]
        if not shown:
            return
        current = self.tree.currentItem()
        place = shown.index(current) + rows if current in shown else 0
        self.tree.setCurrentItem(shown[max(0, min(place, len(shown) - 1))])

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """A click on the button that opened the list closes it, and does not open it again."""
        place = event.globalPosition().toPoint()
        on_opener = self._opener.rect().contains(self._opener.mapFromGlobal(place))
        self.setAttribute(Qt.WidgetAttribute.WA_NoMouseReplay, on_opener)
        super().mousePressEvent(event)

    # --- the list ---------------------------------------------------------------------------
    @Slot(str)
    def _filter(self, typed: str) -> None:
        matching: list[QTreeWidgetItem] = []
        for group, items in self._groups:
            found = [
                item
                for item in items
                if is_found(typed, (group.text(0), item.text(0), item.toolTip(1)))
            ]
            for item in items:
                item.setHidden(item not in found)
            group.setHidden(not found)
            matching += found
        self.nothing.setVisible(not matching)
        self.tree.setVisible(bool(matching))
        self.tree.clearSelection()
        self.tree.setCurrentIndex(QModelIndex())
        if matching and typed.strip():
            self.tree.setCurrentItem(matching[0])

    def _add_group(self, title: str, rows: Sequence[tuple[str, Sequence[str]]]) -> None:
        group = QTreeWidgetItem([title])
        group.setFlags(Qt.ItemFlag.ItemIsEnabled)
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        group.setFont(0, font)
        group.setData(0, INK, "quiet")
        self.tree.addTopLevelItem(group)
        group.setFirstColumnSpanned(True)
        items: list[QTreeWidgetItem] = []
        self._groups.append((group, items))
        for label, synonyms in rows:
            also = ", ".join(synonyms)
            item = QTreeWidgetItem(group, [label, also])
            item.setData(1, INK, "quiet")
            item.setToolTip(1, also)
            spoken = f"{label}, {title}" + (f"; also {also}" if also else "")
            item.setData(0, Qt.ItemDataRole.AccessibleTextRole, spoken)
            item.setFirstColumnSpanned(not also)
            items.append(item)

    def _make_tree(self) -> QTreeWidget:
        tree = QTreeWidget()
        name_widget(tree, "sound_tree", "Sounds")
        tree.setColumnCount(2)
        tree.setItemDelegate(InkDelegate(tree))
        tree.setHeaderHidden(True)
        tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        tree.setRootIsDecorated(False)
        tree.setItemsExpandable(False)
        tree.setIndentation(0)
        tree.setUniformRowHeights(True)
        tree.setAllColumnsShowFocus(True)
        tree.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        tree.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        tree.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # after a click one types on
        tree.viewport().setCursor(Qt.CursorShape.PointingHandCursor)
        tree.installEventFilter(self)
        return tree
