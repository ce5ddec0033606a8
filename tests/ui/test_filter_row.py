"""The line of filters: one line at every width, and none of them out of reach."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from sa_studio.ui.choice_button import Choice, ChoiceButton
from sa_studio.ui.filter_row import FilterRow
from sa_studio.ui.theme import apply_theme

NAMES = ("Stars", "Tag", "Model", "Verdict", "Category", "Collection")
COLUMN = 292


def choices(name: str) -> Callable[[], list[Choice[str]]]:
    return lambda: [Choice(f"Any {name}", "", name), Choice(f"A long {name}", "x", f"A {name}")]


@pytest.fixture
def row(application: QApplication) -> Iterator[FilterRow]:
    apply_theme(application)
    column = QWidget()
    made = FilterRow([ChoiceButton(name, "", choices(name)) for name in NAMES])
    made.setParent(column)
    column.show()
    widen(made, COLUMN)
    yield made
    column.close()


def shown(row: FilterRow) -> list[ChoiceButton[str]]:
    return [button for button in row.findChildren(ChoiceButton) if button.isVisible()]


def captions(row: FilterRow) -> list[str]:
    return [button.caption for button in shown(row)]


def widen(row: FilterRow, width: int) -> None:
    row.resize(width, 24)
    QApplication.processEvents()


def offered(row: FilterRow) -> list[str]:
    row.more.menu().aboutToShow.emit()
    return [action.text() for action in row.more.menu().actions()]


def test_all_are_there_where_there_is_room(row: FilterRow) -> None:
    widen(row, 900)
    assert captions(row) == list(NAMES)
    assert not row.more.isVisible()


@pytest.mark.parametrize("width", [222, COLUMN, 340])
def test_the_others_are_behind_more_and_nothing_is_cut_off(row: FilterRow, width: int) -> None:
    widen(row, width)
    fitting = captions(row)
    assert fitting == list(NAMES[: len(fitting)])
    assert row.more.isVisible()
    assert offered(row) == list(NAMES[len(fitting) :])
    for part in (*shown(row), row.more):
        assert part.width() >= part.sizeHint().width()
        assert part.geometry().right() < width
        assert part.y() == row.more.y()


def test_what_narrows_the_list_is_seen_first(row: FilterRow) -> None:
    collection = row.findChildren(ChoiceButton)[-1]
    assert not collection.isVisible()
    offered(row)
    menu = next(action for action in row.more.menu().actions() if action.text() == "Collection")
    menu.menu().aboutToShow.emit()
    menu.menu().actions()[1].trigger()
    row.arrange()
    assert collection.isVisible()
    assert collection.text() == "A Collection"
    assert captions(row)[0] == "Stars", "it keeps its place"


def test_more_says_that_something_behind_it_narrows_the_list(row: FilterRow) -> None:
    assert not row.more.property("active")
    for button in row.findChildren(ChoiceButton):
        button.choose(Choice("", "x", f"A {button.caption}"))
    row.arrange()
    assert row.more.property("active")
    assert "A Collection" in offered(row)
