"""The UCS category of the selected takes: a field that completes, and what the prompt suggests."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QLineEdit, QPushButton, QVBoxLayout, QWidget

from sa_studio.generation import Clip
from sa_studio.service import Studio
from sa_studio.ui.category_completer import CategoryCompleter
from sa_studio.ui.elided_label import ElidedLabel
from sa_studio.ui.field_box import name_widget
from sa_studio.ui.flow_layout import FlowLayout
from sa_studio.ui.question import Question
from sa_studio.ui.theme import set_property
from sa_studio.vocabulary.ucs import Suggestion, UcsCategory, UcsList

SEVERAL = "several categories"


class CategoryField(QWidget):
    """A line for the CatID, what it stands for, and below it the three best suggestions.

    The list of categories is read beside the GUI thread when takes are first shown here.
    """

    chosen = Signal(str)
    """A CatID for all takes that are shown; empty takes theirs away."""

    def __init__(self, studio: Studio) -> None:
        super().__init__()
        self._studio = studio
        self._clips: tuple[Clip, ...] = ()
        self._prompt: str | None = None
        self.edit = QLineEdit()
        name_widget(
            self.edit,
            "category_edit",
            "UCS category",
            "The Universal Category System's kind of sound, such as DOORWood: type any word of it."
            "\nIt is in file names, in metadata and in the search. Empty: none",
        )
        self.edit.setPlaceholderText("Category (CatID)")
        self.edit.setClearButtonEnabled(True)
        self.completer = CategoryCompleter(self.edit)
        self.edit.setCompleter(self.completer)
        self.words = ElidedLabel()
        self.words.setObjectName("category_words")
        self.words.setProperty("role", "quiet")
        # the field must not move under its list, nor from take to take
        room = self.words.sizePolicy()
        room.setRetainSizeWhenHidden(True)
        self.words.setSizePolicy(room)
        self._chips = FlowLayout(spacing=4)
        self.buttons: list[QPushButton] = []
        self._work = Question("categories", self)
        self._work.answered.connect(self._suggested)
        self._lay_out()
        self.edit.textEdited.connect(self._typed)
        self.edit.returnPressed.connect(self._entered)
        self.completer.activated[str].connect(self._choose)  # type: ignore[index]  # Qt overloads it

    def show_clips(self, clips: Sequence[Clip]) -> None:
        """Show the category of these takes, and what their prompts suggest."""
        before = self._clips
        self._clips = tuple(clips)
        if [(clip.id, clip.cat_id) for clip in before] != [
            (clip.id, clip.cat_id) for clip in clips
        ]:
            self._show_category()
        if self.isVisible():
            self.look_up()

    def close_threads(self) -> None:
        """Wait until what is looked up is found."""
        self._work.close()

    # --- the category -----------------------------------------------------------------------
    def _show_category(self) -> None:
        cat_ids = {clip.cat_id for clip in self._clips}
        cat_id = cat_ids.pop() if len(cat_ids) == 1 else ""
        several = bool(cat_ids)
        self.edit.setText(cat_id)
        self.edit.setPlaceholderText(SEVERAL if several else "Category (CatID)")
        self._mark("")
        self._show_words(cat_id)

    def _show_words(self, cat_id: str) -> None:
        ucs = self.completer.ucs
        category = ucs.find(cat_id) if ucs is not None and cat_id else None
        self.words.setText(category.title if category else "")
        self.words.setToolTip(category.explanation if category else "")
        self.words.setVisible(category is not None)
        self.edit.setAccessibleDescription(category.title if category else "")

    @Slot(str)
    def _typed(self, text: str) -> None:
        self._mark("")
        self._show_words(text)
        self.completer.offer(text)

    @Slot()
    def _entered(self) -> None:
        popup = self.completer.popup()
        if popup is not None and popup.isVisible() and popup.currentIndex().isValid():
            return  # it is being completed
        typed = self.edit.text().strip()
        cat_id = self.completer.only(typed) if typed else ""
        if typed and not cat_id:
            self._mark(f"“{typed}” is no category")
            return
        self._choose(cat_id)

    @Slot(str)
    def _choose(self, cat_id: str) -> None:
        self.edit.setText(cat_id)
        self._mark("")
        self._show_words(cat_id)
        if self._clips and {clip.cat_id for clip in self._clips} != {cat_id}:
            self.chosen.emit(cat_id)

    def _mark(self, problem: str) -> None:
        set_property(self.edit, "invalid", bool(problem))
        if problem:
            self.words.setText(problem)
            self.words.show()
            self.edit.setAccessibleDescription(problem)
        set_property(self.words, "role", "error" if problem else "quiet")

    # --- suggestions ------------------------------------------------------------------------
    def look_up(self) -> None:
        """Ask what the prompt suggests, if all takes have the same."""
        prompts = {clip.request.prompt for clip in self._clips}
        prompt = prompts.pop() if len(prompts) == 1 else ""
        if prompt == self._prompt:
            self._show_chosen()
            return
        self._prompt = prompt
        studio = self._studio

        def suggest() -> tuple[UcsList, list[Suggestion]]:
            ucs = studio.ucs
            return ucs, studio.suggest_categories(prompt) if prompt else []

        self._work.ask(suggest)

    @Slot(object)
    def _suggested(self, found: tuple[UcsList, list[Suggestion]]) -> None:
        first_time = self.completer.ucs is None
        self.completer.ucs, suggestions = found
        if first_time:
            self._show_words(self.edit.text())
        for button in self.buttons:
            self._chips.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.buttons = [self._button(suggestion) for suggestion in suggestions]
        for button in self.buttons:
            self._chips.addWidget(button)
            button.show()
        self._show_chosen()
        self._chips.update()

    def _button(self, suggestion: Suggestion) -> QPushButton:
        category: UcsCategory = suggestion.category
        percent = round(100 * suggestion.confidence)
        button = QPushButton(f"{category.cat_id} {percent} %", self)
        button.setProperty("role", "chip")
        name_widget(
            button,
            f"category_suggestion_{category.cat_id}",
            f"Category {category.cat_id}, {category.title}, {percent} percent sure",
            f"{category.title}: {category.explanation}\n"
            f"{percent} of 100 such suggestions are right. Click to choose it, once more to undo",
        )
        button.setCheckable(True)
        button.setProperty("cat_id", category.cat_id)
        button.clicked.connect(lambda on: self._choose(category.cat_id if on else ""))
        return button

    def _show_chosen(self) -> None:
        """The suggestion that is the takes' category already is pressed in."""
        cat_ids = {clip.cat_id for clip in self._clips}
        for button in self.buttons:
            button.setChecked(cat_ids == {button.property("cat_id")})

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.edit)
        layout.addWidget(self.words)
        layout.addLayout(self._chips)
        self.words.hide()
