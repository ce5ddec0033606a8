"""All keys at a glance: a translucent sheet over the window, made from what is installed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from sa_studio.ui.cover import Cover
from sa_studio.ui.field_box import text_label
from sa_studio.ui.shortcuts import Gesture, Key, Shortcuts

SEQUENCE = "Ctrl+/"
OPACITY = 190
COLUMNS = 2
LINE_STEP = 24
EDGE = 24
CAPS_WIDTH = 104
BETWEEN_GROUPS = 20
# as they are printed on the keys
PRINTED = {"Return": "Enter", "Up": "↑", "Down": "↓", "Left": "←", "Right": "→"}

Rows = dict[str, dict[str, list[str]]]
"""Group → text → what is printed on the keys that do it."""


class KeyOverlay(Cover):
    """Lists the keys of a window by group; Esc, its own key or a click closes it.

    While it is open it has the focus and no other key of the window works.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, OPACITY)
        self.setObjectName("key_overlay")
        self.setAccessibleName("All keys")
        self._focus_before: QWidget | None = None
        self._page = QWidget()
        self._page.setProperty("role", "row")
        self._scroll = QScrollArea()
        self._scroll.setObjectName("key_list")
        self._scroll.setAccessibleName("All keys")
        self._scroll.setWidget(self._page)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._sheet = QFrame()
        self._sheet.setProperty("role", "sheet")
        self._inside = inside = QVBoxLayout(self._sheet)
        inside.setContentsMargins(EDGE, 18, 12, 18)
        inside.setSpacing(12)
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 12, 0)
        head.addWidget(text_label("Keys", "headline"))
        head.addStretch(1)
        head.addWidget(
            text_label("Single letters sleep while you type.  Esc closes this.", "quiet")
        )
        inside.addLayout(head)
        inside.addWidget(self._scroll, 1)
        self._outside = QVBoxLayout(self)
        self._outside.addWidget(self._sheet, 0, Qt.AlignmentFlag.AlignCenter)

    def set_shortcuts(self, shortcuts: Shortcuts) -> None:
        """List these; only what has a text is shown."""
        rows = key_rows(shortcuts.keys, shortcuts.gestures)
        columns: list[Rows] = [{} for _ in range(COLUMNS)]
        for group, lines in rows.items():
            min(columns, key=_height)[group] = lines
        across = QHBoxLayout(self._page)
        across.setContentsMargins(0, 0, 12, 0)
        across.setSpacing(40)
        for column in columns:
            across.addLayout(_grid(column), 1)
        self.setAccessibleDescription(
            "; ".join(
                f"{' or '.join(caps)}: {text}"
                for lines in rows.values()
                for text, caps in lines.items()
            )
        )

    @Slot()
    def toggle(self) -> None:
        """Show it, or put it away."""
        if self.isVisible():
            self.close_sheet()
            return
        self._focus_before = QApplication.focusWidget()
        self.cover()
        self.setFocus()

    @Slot()
    def close_sheet(self) -> None:
        """Put it away; the focus goes back to where it was."""
        self.hide()
        if self._focus_before is not None:
            self._focus_before.setFocus()
        self._focus_before = None

    def setGeometry(self, *place: object) -> None:  # noqa: N802 (Qt's name)
        """The sheet is as large as it needs to be and as the window allows."""
        super().setGeometry(*place)  # type: ignore[call-overload]
        margins = self._inside.contentsMargins()
        head = self._sheet.sizeHint().height() - self._scroll.sizeHint().height()
        wanted = self._page.sizeHint()
        self._sheet.setFixedSize(
            min(wanted.width() + margins.left() + margins.right(), self.width() - 2 * EDGE),
            min(wanted.height() + head + 2, self.height() - 2 * EDGE),
        )

    def event(self, event: QEvent) -> bool:
        """Take every key before it becomes a shortcut of the window."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """Esc and the overlay's own key close it, the arrows scroll."""
        own = QKeySequence(event.keyCombination()).matches(QKeySequence(SEQUENCE))
        bar = self._scroll.verticalScrollBar()
        if event.key() == Qt.Key.Key_Escape or own == QKeySequence.SequenceMatch.ExactMatch:
            self.close_sheet()
        elif event.key() == Qt.Key.Key_Down:
            bar.setValue(bar.value() + LINE_STEP)
        elif event.key() == Qt.Key.Key_Up:
            bar.setValue(bar.value() - LINE_STEP)

    def focusNextPrevChild(self, _next: bool) -> bool:  # noqa: N802 (Qt's name)
        """Tab does not leave it."""
        return True

    def mousePressEvent(self, _event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """A click closes it."""
        self.close_sheet()


def key_rows(keys: Iterable[Key], gestures: Iterable[Gesture] = ()) -> Rows:
    """What is shown, in the order given."""
    rows: Rows = {}
    for key in keys:
        if key.text:
            caps = rows.setdefault(key.group, {}).setdefault(key.text, [])
            if (cap := key_cap(key.sequence)) not in caps:
                caps.append(cap)
    for gesture in gestures:
        rows.setdefault(gesture.group, {}).setdefault(gesture.text, []).append(gesture.name)
    return rows


def key_cap(sequence: str) -> str:
    """A key as it is printed on this computer's keyboard, with its modifiers."""
    native = QKeySequence(sequence).toString(QKeySequence.SequenceFormat.NativeText)
    head, plus, last = native.rpartition("+")
    if not last:  # the plus key itself
        return native
    return head + plus + PRINTED.get(last, last)


def _height(groups: Rows) -> int:
    """How many lines a column has, the room between its groups included."""
    return sum(len(lines) + 2 for lines in groups.values())


def _grid(groups: Rows) -> QGridLayout:
    """A column: one grid for all of its groups, so that their texts stand in line."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(6)
    grid.setColumnMinimumWidth(0, CAPS_WIDTH)
    grid.setColumnStretch(1, 1)
    row = 0
    for title, lines in groups.items():
        if row:
            grid.setRowMinimumHeight(row, BETWEEN_GROUPS)
            row += 1
        grid.addWidget(text_label(title, "section"), row, 0, 1, 2)
        row += 1
        for text, caps in lines.items():
            box = QHBoxLayout()
            box.setSpacing(4)
            for cap in _without_runs(caps):
                label = QLabel(cap)
                label.setProperty("role", "quiet" if cap == "–" else "keycap")
                box.addWidget(label)
            box.addStretch(1)
            grid.addLayout(box, row, 0)
            grid.addWidget(text_label(text), row, 1)
            row += 1
    grid.setRowStretch(row, 1)
    return grid


def _without_runs(caps: Sequence[str]) -> list[str]:
    """Three or more digits in a row as their first and last."""
    shown: list[str] = []
    start = 0
    while start < len(caps):
        end = start + 1
        while (
            end < len(caps)
            and caps[end].isdigit()
            and caps[end - 1].isdigit()
            and int(caps[end]) == int(caps[end - 1]) + 1
        ):
            end += 1
        run = caps[start:end]
        shown += [run[0], "–", run[-1]] if len(run) > 2 else run
        start = end
    return shown
