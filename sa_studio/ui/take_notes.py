"""Category, tags and notes of the takes that are selected, in a box that folds away."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPlainTextEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from sa_studio.generation import Clip
from sa_studio.service import Studio
from sa_studio.ui.category_field import CategoryField
from sa_studio.ui.elided_label import ElidedLabel
from sa_studio.ui.field_box import name_widget
from sa_studio.ui.icons import icon
from sa_studio.ui.tag_editor import TagEditor

REST_MS = 2000  # notes are kept when the field is left, and after a rest: every one can be undone
NOTES_HEIGHT = 58


class NotesField(QPlainTextEdit):
    """Notes on one take; says so when they are to be kept."""

    kept = Signal(str, str)
    """The take's id and its notes."""

    def __init__(self) -> None:
        super().__init__()
        name_widget(self, "notes_edit", "Notes on the take")
        self.setTabChangesFocus(True)
        self.setFixedHeight(NOTES_HEIGHT)
        self._clip_id, self._stored = "", ""
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self.keep)
        self.textChanged.connect(self._rest.start)

    def show_notes(self, clip_id: str, notes: str) -> None:
        """Show the notes of a take; what was written on the one before is kept first."""
        if clip_id == self._clip_id and notes == self._stored:
            return
        if clip_id != self._clip_id:
            self.keep()
        self._clip_id, self._stored = clip_id, notes
        if self.toPlainText() != notes:
            self.setPlainText(notes)
        self._rest.stop()

    @Slot()
    def keep(self) -> None:
        """Say what was written, if it is new."""
        self._rest.stop()
        notes = self.toPlainText()
        if self._clip_id and notes != self._stored:
            self._stored = notes
            self.kept.emit(self._clip_id, notes)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 (Qt's name)
        """Keep what was written."""
        super().focusOutEvent(event)
        self.keep()


class TakeNotes(QWidget):
    """A line that says what is noted, and folded out, the fields that change it."""

    def __init__(self, studio: Studio) -> None:
        super().__init__()
        self.fold = QToolButton()
        name_widget(self.fold, "tags_and_notes_button", "Category, tags and notes")
        self.fold.setText("Category, tags, notes")
        self.fold.setToolTip("What is noted on the selected takes: UCS category, tags, notes")
        self.fold.setCheckable(True)
        self.fold.setProperty("role", "fold")
        self.fold.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.fold.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.summary = ElidedLabel()
        self.summary.setProperty("role", "quiet")
        self.category = CategoryField(studio)
        self.tags = TagEditor(studio.tags)
        self.notes = NotesField()
        self._lay_out()
        self.fold.toggled.connect(self._fold)
        self._fold(False)
        self.show_clips([])

    def show_clips(self, clips: Sequence[Clip]) -> None:
        """Show the tags of these takes, and the notes if it is a single one."""
        self._body.setEnabled(bool(clips))
        self.category.show_clips(clips)
        self.tags.show_tags([clip.tags for clip in clips])
        single = clips[0] if len(clips) == 1 else None
        self.notes.show_notes(single.id if single else "", single.notes if single else "")
        self.notes.setEnabled(single is not None)
        self.notes.setPlaceholderText(
            "Notes on this take" if single else "Select a single take to write notes"
        )
        self.notes.setToolTip("What is worth knowing about this take; the search finds it")
        words = sorted({tag for clip in clips for tag in clip.tags}, key=str.casefold)
        if single and single.notes:
            words.append(single.notes)
        words[:0] = sorted({clip.cat_id for clip in clips if clip.cat_id})
        if len(clips) > 1:
            words.insert(0, f"{len(clips)} takes")
        self.summary.setText(" · ".join(words))

    def open_tags(self) -> None:
        """Fold out, and put the cursor where tags are typed."""
        self.fold.setChecked(True)
        self.tags.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def open_category(self) -> None:
        """Fold out, and put the cursor where the category is typed."""
        self.fold.setChecked(True)
        self.category.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot(bool)
    def _fold(self, shown: bool) -> None:
        self._body.setVisible(shown)
        self.summary.setVisible(not shown)
        if shown:
            self.category.look_up()
        self.fold.setIcon(icon("chevron-down" if shown else "chevron-right", color="quiet"))

    def _lay_out(self) -> None:
        line = QFrame()
        line.setFrameShape(QFrame.Shape.HLine)
        line.setFixedHeight(1)
        head = QHBoxLayout()
        head.setContentsMargins(14, 2, 14, 2)
        head.setSpacing(8)
        head.addWidget(self.fold)
        head.addWidget(self.summary, 1)
        head.addStretch(0)
        self._body = QWidget()
        body = QVBoxLayout(self._body)
        body.setContentsMargins(14, 0, 14, 12)
        body.setSpacing(6)
        body.addWidget(self.category)
        body.addWidget(self.tags)
        body.addWidget(self.notes)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(line)
        layout.addLayout(head)
        layout.addWidget(self._body)
