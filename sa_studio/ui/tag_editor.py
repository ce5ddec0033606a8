"""The tags of one take or several, as small buttons, and a field to add more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from PySide6.QtCore import QStringListModel, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QCompleter, QLineEdit, QPushButton, QVBoxLayout, QWidget

from sa_studio.ui.field_box import name_widget
from sa_studio.ui.flow_layout import FlowLayout
from sa_studio.ui.icons import icon


class TagField(QLineEdit):
    """One line for new tags; known ones are offered while typing."""

    def __init__(self, known_tags: Callable[[], Sequence[str]]) -> None:
        super().__init__()
        self._known_tags = known_tags
        name_widget(self, "tag_edit", "Add tags")
        self.setPlaceholderText("Add tags, separated by commas")
        self.setToolTip("Type a tag and press Enter; several at once are separated by commas")
        self._known = QStringListModel(self)
        completer = QCompleter(self._known, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        if (popup := completer.popup()) is not None:
            name_widget(popup, "tag_completions", "Known tags")
        self.setCompleter(completer)

    def tags(self) -> list[str]:
        """What was typed, without what is empty."""
        return [tag for part in self.text().split(",") if (tag := part.strip())]

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 (Qt's name)
        """Offer the tags that there are now."""
        self._known.setStringList(list(self._known_tags()))
        super().focusInEvent(event)


class TagEditor(QWidget):
    """Buttons that take their tag off the takes, and the field that adds some."""

    added = Signal(list)
    """Tags for all takes that are shown."""
    removed = Signal(str)

    def __init__(self, known_tags: Callable[[], Sequence[str]]) -> None:
        super().__init__()
        self._takes = 0
        self._counts: Counter[str] = Counter()
        self.field = TagField(known_tags)
        self._chips = FlowLayout(spacing=4)
        self.buttons: list[QPushButton] = []
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(self._chips)
        layout.addWidget(self.field)
        self.field.returnPressed.connect(self._add)

    def show_tags(self, tags_of_takes: Sequence[Sequence[str]]) -> None:
        """Show the tags of these takes."""
        counts = Counter(tag for tags in tags_of_takes for tag in tags)
        if counts == self._counts and len(tags_of_takes) == self._takes:
            return
        self._counts, self._takes = counts, len(tags_of_takes)
        for button in self.buttons:
            self._chips.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.buttons = [self._button(tag) for tag in sorted(counts, key=str.casefold)]
        for button in self.buttons:
            self._chips.addWidget(button)
            button.show()
        self._chips.update()

    def _button(self, tag: str) -> QPushButton:
        takes = self._counts[tag]
        some = "" if takes == self._takes else f" {takes}/{self._takes}"
        button = QPushButton(tag.replace("&", "&&") + some, self)
        button.setProperty("role", "chip")
        button.setIcon(icon("close", color="quiet"))
        button.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the cross after the word
        name_widget(button, f"tag_button_{tag}", f"Remove the tag {tag}")
        where = "the take" if self._takes == 1 else f"{takes} of {self._takes} takes"
        button.setToolTip(f"Take “{tag}” off {where}")
        button.clicked.connect(lambda: self.removed.emit(tag))
        return button

    @Slot()
    def _add(self) -> None:
        tags = self.field.tags()
        if tags:
            self.field.clear()
            self.added.emit(tags)
