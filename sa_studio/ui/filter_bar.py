"""What narrows and orders the library: a row of small menus, and how many takes they leave."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import PurePath
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from sa_studio.errors import StudioError
from sa_studio.generation import MAX_STARS, ClipFilter, ClipSort, Verdict
from sa_studio.service import Studio
from sa_studio.ui.choice_button import Choice, ChoiceButton, Value
from sa_studio.ui.field_box import name_widget, text_label
from sa_studio.ui.filter_row import FilterRow
from sa_studio.ui.icons import icon

LONGEST_NAME = 18  # letters of a tag, model or collection on its button

VERDICTS: tuple[Choice[tuple[Verdict | None, bool]], ...] = (
    Choice("All but rejected", (None, False), "Verdict"),
    Choice("Kept", (Verdict.KEEP, False), "Kept"),
    Choice("Undecided", (Verdict.NONE, False), "Undecided"),
    Choice("Rejected", (Verdict.REJECT, False), "Rejected"),
    Choice("All takes", (None, True), "With rejected"),
)
SORTS = (
    Choice("Newest first", ClipSort.NEWEST, "Newest"),
    Choice("Oldest first", ClipSort.OLDEST, "Oldest"),
    Choice("Most stars first", ClipSort.STARS, "Stars"),
    Choice("Longest first", ClipSort.LONGEST, "Longest"),
    Choice("Shortest first", ClipSort.SHORTEST, "Shortest"),
    Choice("By prompt, A to Z", ClipSort.PROMPT, "A to Z"),
)


class FilterBar(QWidget):
    """Menus for stars, tag, model and more in a line; below them the count and the order."""

    changed = Signal()

    def __init__(self, studio: Studio) -> None:
        super().__init__()
        self._studio = studio
        self.stars: ChoiceButton[int] = ChoiceButton("Stars", 0, _star_choices)
        self.stars.describe("stars_filter", "Filter by stars", "Only takes with so many stars")
        self.verdict: ChoiceButton[tuple[Verdict | None, bool]] = ChoiceButton(
            "Verdict", VERDICTS[0].value, lambda: VERDICTS
        )
        self.verdict.describe(
            "verdict_filter", "Filter by verdict", "Kept, undecided or rejected takes"
        )
        self.tag = self._name_button("Tag", "Any tag", studio.tags)
        self.tag.describe("tag_filter", "Filter by tag", "Only takes that have this tag")
        self.category: ChoiceButton[str] = ChoiceButton("Category", "", self._category_choices)
        self.category.describe(
            "category_filter", "Filter by category", "Only takes in this UCS category"
        )
        self.model = self._name_button("Model", "Any model", studio.clip_models)
        self.model.describe("model_filter", "Filter by model", "Only takes that this model made")
        self.collection = self._name_button("Collection", "Any collection", studio.collections)
        self.collection.describe(
            "collection_filter", "Filter by collection", "Only takes in this collection"
        )
        self.sort: ChoiceButton[ClipSort] = ChoiceButton("Newest", ClipSort.NEWEST, lambda: SORTS)
        self.sort.describe("sort_button", "Order of the takes", "Which takes come first")
        self.sort.setProperty("role", "link")
        self.sort.setIcon(icon("sort", color="quiet"))
        self.sort.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.count = text_label("", "quiet")
        name_widget(self.count, "take_count_label", "Number of takes in the list")
        self.clear_button = QToolButton()
        self.clear_button.setText("Clear filters")
        self.clear_button.setProperty("role", "link")
        self.clear_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        name_widget(self.clear_button, "clear_filters_button", "Clear filters")
        self.clear_button.setToolTip("Show all takes again, but the rejected ones")
        self.clear_button.hide()
        self._narrowing: tuple[ChoiceButton[Any], ...] = (
            self.stars, self.tag, self.model, self.verdict, self.category, self.collection,
        )  # fmt: skip
        self.row = FilterRow(self._narrowing)
        self._lay_out()
        for button in (*self._narrowing, self.sort):
            button.chosen.connect(self._chosen)
        self.clear_button.clicked.connect(self.clear)

    @property
    def is_narrowing(self) -> bool:
        """Whether a menu leaves takes out, or shows the rejected ones."""
        return any(button.is_active for button in self._narrowing)

    def filter(self, search: str) -> ClipFilter:
        """What is chosen, together with the words of the search."""
        verdict, with_rejected = self.verdict.value
        return ClipFilter(
            search=search,
            min_stars=self.stars.value,
            verdict=verdict,
            cat_id=self.category.value,
            tag=self.tag.value,
            model=self.model.value,
            collection=self.collection.value,
            sort=self.sort.value,
            with_rejected=with_rejected,
        )

    def kept(self) -> dict[str, Any]:
        """What is chosen, as JSON values for the settings."""
        verdict, with_rejected = self.verdict.value
        return {
            "stars": self.stars.value,
            "verdict": verdict,
            "with_rejected": with_rejected,
            "category": self.category.value,
            "tag": self.tag.value,
            "model": self.model.value,
            "collection": self.collection.value,
            "sort": self.sort.value,
        }

    def restore(self, kept: Mapping[str, Any]) -> None:
        """Choose what :meth:`kept` gave; what cannot be understood stays as it is."""
        with QSignalBlocker(self):
            _restore(self.stars, kept.get("stars"), _star_choices())
            verdict = (kept.get("verdict"), kept.get("with_rejected"))
            _restore(self.verdict, verdict, VERDICTS)
            _restore(self.sort, kept.get("sort"), SORTS)
            names = {
                "category": self.category,
                "tag": self.tag,
                "model": self.model,
                "collection": self.collection,
            }
            for name, button in names.items():
                value = kept.get(name)
                if isinstance(value, str) and value:
                    button.choose(Choice(value, value, _shortened(_shown(value))))
        if self.is_narrowing or self.sort.is_active:
            self._chosen()

    @Slot()
    def clear(self) -> None:
        """Leave nothing out but the rejected takes; the order stays."""
        for button in self._narrowing:
            button.reset()
        self._chosen()

    def show_count(self, takes: int, *, more: bool = False) -> None:
        """Say how many takes there are in the list; ``more`` if they are still being counted."""
        text = "1 take" if takes == 1 else f"{takes:,}{'+' * more} takes"
        self.count.setText(text)
        self.count.setAccessibleDescription(text)

    @Slot()
    def _chosen(self) -> None:
        self.row.arrange()
        self.clear_button.setVisible(self.is_narrowing)
        self.changed.emit()

    def _name_button(
        self, caption: str, all_text: str, names: Callable[[], Sequence[str]]
    ) -> ChoiceButton[str]:
        def choices() -> list[Choice[str]]:
            try:
                known = list(names())
            except StudioError as error:
                self.count.setText(error.message)
                known = []
            # what is chosen can be taken back even if its last take is gone
            if button.value and button.value not in known:
                known.insert(0, button.value)
            return [
                Choice(all_text, "", caption),
                *(Choice(_shown(name), name, _shortened(_shown(name))) for name in known),
            ]

        button: ChoiceButton[str] = ChoiceButton(caption, "", choices)
        return button

    def _category_choices(self) -> list[Choice[str]]:
        """The CatIDs that takes have; of several that begin alike, all of them together, too."""
        try:
            known = set(self._studio.clip_categories())
        except StudioError as error:
            self.count.setText(error.message)
            known = set()
        groups = Counter(_beginning(cat_id) for cat_id in known)
        known |= {group for group, times in groups.items() if times > 1}
        known |= {self.category.value} - {""}
        return [
            Choice("Any category", "", "Category"),
            *(
                Choice(f"{name}…: all of them" if name in groups else name, name, _shortened(name))
                for name in sorted(known)
            ),
        ]

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.count)
        foot.addWidget(self.clear_button)
        foot.addStretch(1)
        foot.addWidget(self.sort)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(5)
        layout.addWidget(self.row)
        layout.addLayout(foot)


def _restore(button: ChoiceButton[Value], value: object, choices: Iterable[Choice[Value]]) -> None:
    for choice in choices:
        if choice.value == value:
            button.choose(choice)


def _star_choices() -> list[Choice[int]]:
    several = [
        Choice("★" * stars + (" and more" if stars < MAX_STARS else ""), stars, f"★ {stars}+")
        for stars in range(1, MAX_STARS)
    ]
    most = Choice("★" * MAX_STARS, MAX_STARS, f"★ {MAX_STARS}")
    return [Choice("Any stars", 0, "Stars"), *several, most]


def _beginning(cat_id: str) -> str:
    """What the CatIDs of a category begin with: "DOOR" of "DOORWood"."""
    found = re.match(r"[A-Z0-9]+(?=[A-Z][a-z])", cat_id)
    return found[0] if found else cat_id


def _shown(name: str) -> str:
    """A model that was given by its path goes by the name of its folder."""
    path = PurePath(name)
    return path.name if path.is_absolute() else name


def _shortened(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…"
