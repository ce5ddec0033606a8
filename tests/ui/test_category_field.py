"""The UCS category of the selected takes: typed, suggested, filtered and undone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtTest import QSignalSpy, QTest

from sa_studio.generation import Clip
from sa_studio.service import Studio
from sa_studio.ui.category_completer import CAT_ID
from sa_studio.ui.category_field import CategoryField
from sa_studio.ui.clip_decisions import ClipDecisions
from sa_studio.ui.clip_model import ClipModel
from sa_studio.ui.library_panel import LibraryPanel
from tests.delivery.takes import add_take
from tests.ui.conftest import Wait
from tests.ui.deliveries import Keep, keep, studio

__all__ = ["keep", "studio"]


@pytest.fixture
def field(studio: Studio, keep: Keep) -> Iterator[CategoryField]:
    made = keep(CategoryField(studio))
    made.show()
    yield made
    made.close_threads()


@pytest.fixture
def door(studio: Studio, field: CategoryField, wait: Wait) -> Clip:
    clip = add_take(studio, "wooden door slam")
    field.show_clips([clip])
    wait(lambda: field.buttons)
    return clip


def test_the_prompt_suggests_at_most_three_with_their_confidence(
    field: CategoryField, door: Clip
) -> None:
    assert 1 <= len(field.buttons) <= 3
    best = field.buttons[0]
    assert best.text().startswith("DOORWood ")
    assert best.text().endswith(" %")
    assert "percent sure" in best.accessibleName()


def test_a_chip_chooses_and_takes_back(field: CategoryField, door: Clip, studio: Studio) -> None:
    chosen = QSignalSpy(field.chosen)
    field.buttons[0].click()
    assert chosen.at(0) == ["DOORWood"]
    assert field.edit.text() == "DOORWood"
    assert field.words.whole_text() == "Doors, wood"
    studio.categorise_clips([door.id], "DOORWood")
    field.show_clips([studio.clip(door.id)])
    assert field.buttons[0].isChecked()
    field.buttons[0].click()
    assert chosen.at(1) == [""]


def test_a_prompt_that_says_nothing_suggests_nothing(
    field: CategoryField, door: Clip, studio: Studio, wait: Wait
) -> None:
    field.show_clips([add_take(studio, "xq zzv")])
    wait(lambda: not field.buttons)


def test_typing_finds_categories_by_any_word(field: CategoryField, door: Clip) -> None:
    QTest.keyClicks(field.edit, "thunder")
    model = field.completer.completionModel()
    offered = [model.index(row, 0).data(CAT_ID) for row in range(model.rowCount())]
    assert "THUN" in offered
    chosen = QSignalSpy(field.chosen)
    popup = field.completer.popup()
    popup.setCurrentIndex(model.index(offered.index("THUN"), 0))
    QTest.keyClick(popup, Qt.Key.Key_Return)
    assert chosen.at(0) == ["THUN"]
    assert field.words.whole_text() == "Weather, thunder"


def test_the_field_stays_where_it_is_while_its_list_is_open(
    studio: Studio, field: CategoryField, door: Clip
) -> None:
    studio.categorise_clips([door.id], "DOORWood")
    field.show_clips([studio.clip(door.id)])
    assert field.words.isVisible()
    height = field.sizeHint().height()
    field.edit.selectAll()
    QTest.keyClicks(field.edit, "thunder")  # that is no category, and has no words below it
    assert not field.words.isVisible()
    assert field.sizeHint().height() == height
    popup = field.completer.popup()
    assert not popup.frameGeometry().intersects(
        QRect(field.edit.mapToGlobal(QPoint(0, 3)), field.edit.size() - QSize(0, 6))
    )


def test_enter_takes_a_catid_in_any_letters_and_refuses_what_is_none(
    field: CategoryField, door: Clip
) -> None:
    chosen = QSignalSpy(field.chosen)
    field.edit.setText("doorwood")
    QTest.keyClick(field.edit, Qt.Key.Key_Return)
    assert chosen.at(0) == ["DOORWood"]
    field.edit.setText("nonsense")
    QTest.keyClick(field.edit, Qt.Key.Key_Return)
    assert chosen.count() == 1
    assert field.edit.property("invalid")
    assert "nonsense" in field.words.whole_text()
    field.edit.clear()
    field.edit.textEdited.emit("")
    assert not field.edit.property("invalid")


def test_several_takes_show_what_they_share(
    field: CategoryField, door: Clip, studio: Studio
) -> None:
    other = add_take(studio, "distant thunder")
    studio.categorise_clips([door.id], "DOORWood")
    clips = [studio.clip(door.id), other]
    field.show_clips(clips)
    assert field.edit.text() == ""
    assert field.edit.placeholderText() == "several categories"
    studio.categorise_clips([other.id], "DOORWood")
    field.show_clips([studio.clip(clip.id) for clip in clips])
    assert field.edit.text() == "DOORWood"


def test_the_library_categorises_filters_and_undoes(studio: Studio, keep: Keep) -> None:
    door, thunder = add_take(studio, "wooden door slam"), add_take(studio, "distant thunder")
    model = ClipModel(studio)
    library = keep(LibraryPanel(studio, model))
    decisions = ClipDecisions(studio, library, library)
    library.select(door.id)
    library.notes.category.chosen.emit("DOORWood")
    assert studio.clip(door.id).cat_id == "DOORWood"
    choices = library.filters._category_choices()
    assert [choice.value for choice in choices] == ["", "DOORWood"]
    library.filters.category.choose(choices[1])
    assert model.rowCount() == 1
    library.filters.clear()
    studio.categorise_clips([thunder.id], "DOORMetl")
    choices = library.filters._category_choices()
    assert [choice.value for choice in choices] == ["", "DOOR", "DOORMetl", "DOORWood"]
    library.filters.category.choose(choices[1])
    assert model.rowCount() == 2
    decisions.undo()
    decisions.undo()
    decisions.close()
    assert studio.clip(door.id).cat_id == ""
    library.notes.category.close_threads()
    library.list.out.close()
    model.close_threads()
