"""What the model knows, beside the prompt: examples, hints and the list of sounds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QTreeWidgetItem

from sa_studio.ui import prompt_sounds
from sa_studio.ui.main_window import MainWindow
from sa_studio.ui.prompt_help import hint_text
from sa_studio.ui.sound_list import SoundList
from sa_studio.vocabulary.hint import PromptHint
from tests.known_sounds import EXAMPLES, KNOWN, STUDIO
from tests.tiny_model import make_tiny_model
from tests.ui.conftest import Wait

CONTROL = Qt.KeyboardModifier.ControlModifier
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A starter that says what it knows, and a model that does not."""
    folder = tmp_path_factory.mktemp("models")
    make_tiny_model(folder / "starter", studio=STUDIO)
    make_tiny_model(folder / "other", studio={"title": "Other", "example_prompts": []})
    return folder


@pytest.fixture
def window(open_window: Callable[[], MainWindow], monkeypatch: pytest.MonkeyPatch) -> MainWindow:
    monkeypatch.setattr(prompt_sounds, "DELAY_MS", 20)
    return open_window()


def text(window: MainWindow) -> str:
    return window.form.prompt.toPlainText()


def chips(window: MainWindow) -> list[str]:
    return [chip.text() for chip in buttons(window)]


def buttons(window: MainWindow) -> list[QPushButton]:
    shown = [chip for chip in window.form.sounds.help.findChildren(QPushButton) if chip.isVisible()]
    return sorted(shown, key=lambda chip: (chip.y(), chip.x()))


# --- examples and hints ---------------------------------------------------------------------
def test_examples_and_the_list_are_at_hand(window: MainWindow) -> None:
    assert chips(window) == [*EXAMPLES, f"All {len(KNOWN.classes)} sounds…"]
    buttons(window)[1].click()
    assert text(window) == "gust of wind"
    window.form.prompt.undo()
    assert text(window) == ""


def test_a_prompt_outside_of_what_it_knows_gets_a_quiet_hint(
    window: MainWindow, wait: Wait
) -> None:
    hint = window.form.sounds.help.hint
    QTest.keyClicks(window.form.prompt, "huge thnder")
    wait(hint.isVisible)
    assert hint.text() == "This model has not learned “thnder”. Nearest:"
    assert hint.property("role") == "quiet"
    assert hint.accessibleName()
    assert hint.text() in window.form.prompt.accessibleDescription()
    assert chips(window) == ["thunder", "See what it knows…"]
    assert window.form.generate.isEnabled()
    assert window.form.prompt.hasFocus()
    buttons(window)[0].click()
    assert text(window) == "huge thunder"
    assert not hint.isVisible()
    assert window.form.prompt.hasFocus()
    assert chips(window)[: len(EXAMPLES)] == list(EXAMPLES)
    assert "learned" not in window.form.prompt.accessibleDescription()
    window.form.prompt.undo()
    assert text(window) == "huge thnder"
    wait(hint.isVisible)
    window.form.prompt.clear()
    wait(lambda: not hint.isVisible())


def test_a_word_that_is_being_typed_is_not_unknown_yet(window: MainWindow, wait: Wait) -> None:
    sounds = window.form.sounds
    said: list[str] = []
    sounds.hint_changed.connect(lambda: said.append(sounds.hint_text))
    QTest.keyClicks(window.form.prompt, "thunder")
    wait(lambda: said)
    assert set(said) == {""}


def test_a_model_that_says_nothing_gets_no_hint_and_all_examples(
    window: MainWindow, wait: Wait
) -> None:
    sounds = window.form.sounds
    window.form.prompt.setPlainText("dolphin")
    wait(sounds.help.hint.isVisible)
    window.top_bar.choose("other")
    assert not sounds.hint_text
    assert chips(window) == ["All examples…"]
    sounds.show_list()
    assert sounds.list is not None
    assert sounds.list.tabs.count() == 1
    assert "Layers" in labels(sounds.list), "such a model may know anything"
    sounds.list.close()
    window.top_bar.choose("starter")
    assert sounds.hint_text == "This model has not learned “dolphin”."


@pytest.mark.parametrize(
    ("unknown", "nearest", "said"),
    [
        (("cat", "dog"), (), "This model has not learned “cat” or “dog”."),
        (tuple("abc"), ("x",), "This model has not learned “a”, “b” or “c”. Nearest:"),
        (tuple("abcd"), (), "This model has not learned “a”, “b”, “c” or more."),
        (("a" * 30,), (), f"This model has not learned “{'a' * 23}…”."),
        ((), ("wind",), "No sound is named here that this model has learned. Nearest:"),
    ],
)
def test_what_the_hint_says(unknown: tuple[str, ...], nearest: tuple[str, ...], said: str) -> None:
    assert hint_text(PromptHint(unknown, nearest, 0, 0)) == said


# --- the list -------------------------------------------------------------------------------
@pytest.fixture
def opened(window: MainWindow, wait: Wait) -> SoundList:
    window.form.prompt.setFocus()
    QTest.keyClick(window.form.prompt, Qt.Key.Key_L, CONTROL)
    wait(lambda: window.form.sounds.list is not None and window.form.sounds.list.isVisible())
    sounds = window.form.sounds.list
    assert sounds is not None
    return sounds


def items(sounds: SoundList) -> dict[str, list[QTreeWidgetItem]]:
    tree = sounds.tree
    groups = [tree.topLevelItem(number) for number in range(tree.topLevelItemCount())]
    return {
        group.text(0): [
            group.child(row) for row in range(group.childCount()) if not group.child(row).isHidden()
        ]
        for group in groups
        if not group.isHidden()
    }


def labels(sounds: SoundList) -> dict[str, list[str]]:
    return {title: [row.text(0) for row in rows] for title, rows in items(sounds).items()}


def click(sounds: SoundList, label: str, modifier: Qt.KeyboardModifier) -> None:
    (item,) = [row for rows in items(sounds).values() for row in rows if row.text(0) == label]
    place = sounds.tree.visualItemRect(item).topLeft() + QPoint(8, 8)
    QTest.mouseClick(sounds.tree.viewport(), LEFT, modifier, place)


def test_the_list_has_everything_by_category(opened: SoundList) -> None:
    listed = labels(opened)
    assert list(listed) == list(KNOWN.by_category())
    assert listed["Drums"] == ["kick drum", "closed hi-hat", "hand clap"]
    assert opened.search.hasFocus()
    assert opened.search.accessibleName() and opened.tree.accessibleName()


def test_its_other_page_has_the_examples_that_the_model_understands(
    opened: SoundList, window: MainWindow
) -> None:
    assert [opened.tabs.tabText(n) for n in range(2)] == ["Sounds", "Examples"]
    QTest.keyClick(opened.search, Qt.Key.Key_Tab, CONTROL)
    assert opened.tabs.currentIndex() == 1
    listed = labels(opened)
    assert listed["Of this model"] == list(EXAMPLES)
    assert "kick drum and heavy rain" in listed["Layers"]
    assert "piano C4" not in [text for texts in listed.values() for text in texts]
    opened.search.setText("rain")
    assert [opened.tabs.tabText(n) for n in range(2)] == ["Sounds (1)", "Examples (2)"]
    click(opened, "kick drum and heavy rain", Qt.KeyboardModifier.NoModifier)
    assert text(window) == "kick drum and heavy rain"
    QTest.keyClick(opened.search, Qt.Key.Key_Tab, CONTROL)
    assert labels(opened) == {"Nature": ["heavy rain"]}
    opened.close()


def test_it_is_searched_by_any_name_while_typing(opened: SoundList) -> None:
    QTest.keyClicks(opened.search, "hihat")
    assert labels(opened) == {"Drums": ["closed hi-hat"]}
    opened.search.setText("downpour")
    assert labels(opened) == {"Nature": ["heavy rain"]}
    opened.search.setText("dolphin")
    assert labels(opened) == {}
    assert opened.nothing.isVisible()
    opened.search.clear()
    assert len(labels(opened)) == len(KNOWN.by_category())
    assert not opened.nothing.isVisible()


def test_a_click_puts_a_sound_in_and_with_control_adds_one(
    opened: SoundList, window: MainWindow
) -> None:
    window.form.prompt.setPlainText("dolphin")
    click(opened, "hand clap", Qt.KeyboardModifier.NoModifier)
    assert text(window) == "hand clap"
    click(opened, "wind", CONTROL)
    assert text(window) == "hand clap, wind"
    assert opened.isVisible()
    assert opened.search.hasFocus()
    tree = opened.tree
    heading = tree.visualItemRect(tree.topLevelItem(1)).topLeft() + QPoint(8, 8)
    QTest.mouseClick(tree.viewport(), LEFT, Qt.KeyboardModifier.NoModifier, heading)
    assert text(window) == "hand clap, wind"
    window.form.prompt.undo()
    window.form.prompt.undo()
    assert text(window) == "dolphin"


def test_the_keyboard_does_it_all(opened: SoundList, window: MainWindow) -> None:
    search = opened.search
    QTest.keyClick(search, Qt.Key.Key_Return)
    assert opened.isVisible(), "nothing was chosen"
    QTest.keyClick(search, Qt.Key.Key_Down)
    assert opened.tree.currentItem().text(0) == "kick drum", "headings are passed over"
    QTest.keyClick(search, Qt.Key.Key_Return, CONTROL)
    QTest.keyClick(search, Qt.Key.Key_PageDown)
    QTest.keyClick(search, Qt.Key.Key_Up)
    assert opened.tree.currentItem().text(0) == "gunshot"
    QTest.keyClick(search, Qt.Key.Key_Return, CONTROL)
    assert text(window) == "kick drum, gunshot"
    opened.tree.setFocus()
    QTest.keyClick(opened.tree, Qt.Key.Key_V)
    assert search.hasFocus()
    QTest.keyClicks(search, "inyl")
    QTest.keyClick(search, Qt.Key.Key_Return)
    assert not opened.isVisible()
    assert text(window) == "vinyl crackle"


def test_escape_closes_it_and_it_opens_again_as_new(opened: SoundList, window: MainWindow) -> None:
    opened.search.setText("wind")
    QTest.keyClick(opened.search, Qt.Key.Key_Escape)
    assert not opened.isVisible()
    window.form.sounds.show_list()
    assert opened.isVisible()
    assert opened.search.text() == ""
    assert opened.tree.currentItem() is None
    opened.close()


def test_it_follows_the_model(opened: SoundList, window: MainWindow) -> None:
    opened.close()
    window.top_bar.choose("other")
    assert "Drums" in labels(opened)
    assert "kick drum" not in [row for rows in labels(opened).values() for row in rows]


def test_a_double_click_closes_it(opened: SoundList, window: MainWindow) -> None:
    click(opened, "hand clap", Qt.KeyboardModifier.NoModifier)
    item = opened.tree.currentItem()
    place = opened.tree.visualItemRect(item).topLeft() + QPoint(8, 8)
    QTest.mouseDClick(opened.tree.viewport(), LEFT, Qt.KeyboardModifier.NoModifier, place)
    assert not opened.isVisible()
    assert text(window) == "hand clap"
