"""Alt and a letter: none twice in a window, and captions that lead to their fields."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from sa_studio.ui.field_box import FieldBox
from sa_studio.ui.main_window import MainWindow
from sa_studio.ui.mnemonics import Mnemonics, give_letters, letter_of, plain
from tests.ui.conftest import Wait
from tests.ui.finished_takes import add_takes
from tests.ui.test_accessibility import (
    controls,
    described,
    main,
    open_doctor,
    open_export,
    open_models,
    open_profiles,
    open_save_preset,
    open_sheet,
)

Opener = Callable[[MainWindow], QWidget]


def open_presets(window: MainWindow) -> QWidget:
    window.presets.manage.click()
    assert window.presets.manager is not None
    return window.presets.manager


DIALOGS = (
    *(open_models, open_doctor, open_save_preset, open_profiles, open_export, open_sheet),
    open_presets,
)


@pytest.fixture
def shown(window: MainWindow, application: QApplication, request: pytest.FixtureRequest) -> QWidget:
    opener: Opener = request.param
    root = opener(window)
    root.show()
    application.processEvents()
    return root


def lettered(root: QWidget) -> list[QAbstractButton | QLabel]:
    """What is shown and reacts to Alt."""
    return [
        part
        for part in root.findChildren(QWidget)
        if isinstance(part, QAbstractButton | QLabel)
        and part.window() is root
        and part.isVisibleTo(root)
        and (isinstance(part, QAbstractButton) or part.buddy() is not None)
        and letter_of(part.text())
    ]


def twice(letters: Iterator[str]) -> list[str]:
    return [letter for letter, times in Counter(letters).items() if times > 1]


@pytest.mark.parametrize("shown", [main, *DIALOGS], indirect=True)
def test_no_letter_is_given_twice(shown: QWidget) -> None:
    parts = lettered(shown)
    assert len(parts) >= 2
    assert twice(letter_of(part.text()) for part in parts) == []


@pytest.mark.parametrize("shown", DIALOGS, indirect=True)
def test_the_buttons_of_a_dialog_have_letters(shown: QWidget) -> None:
    without = [
        described(button)
        for button in shown.findChildren(QPushButton)
        if button.isVisibleTo(shown) and button.text() and not letter_of(button.text())
    ]
    assert without == []


@pytest.mark.parametrize("shown", [main, *DIALOGS], indirect=True)
def test_every_field_with_a_label_is_its_buddy(shown: QWidget) -> None:
    labels = [label for label in shown.findChildren(QLabel) if label.window() is shown]
    fields = {field.accessibleName().casefold(): field for field in controls(shown)}
    alone = [
        f"{plain(label.text())}: {described(label)}"
        for label in labels
        if plain(label.text()).casefold() in fields
        and not isinstance(fields[plain(label.text()).casefold()], QAbstractButton)
        and label.buddy() is None
    ]
    assert "\n".join(alone) == ""
    for label in labels:
        if (buddy := label.buddy()) is not None:
            field = buddy.focusProxy() or buddy
            assert field.focusPolicy() & Qt.FocusPolicy.TabFocus, described(label)
    for box in shown.findChildren(FieldBox):
        assert box.caption.buddy() is box.field


def test_alt_and_a_letter_go_to_the_field(window: MainWindow, application: QApplication) -> None:
    window.activateWindow()
    window.library.search.setFocus()
    for box in (window.form.boxes["prompt"], window.form.boxes["seconds"]):
        key = Qt.Key(ord(letter_of(box.caption.text()).upper()))
        QTest.keyClick(window, key, Qt.KeyboardModifier.AltModifier)
        application.processEvents()
        assert box.field.hasFocus(), box.caption.text()


def test_no_menu_has_a_letter_twice(window: MainWindow, application: QApplication) -> None:
    add_takes(window.studio, ["one"])
    window.clips.reload()
    window.library.step(0)
    view = window.library.list
    view.customContextMenuRequested.emit(view.visualRect(view.currentIndex()).center())
    take_menu = window.library.findChild(QMenu, "take_menu")
    menus = [
        take_menu,
        window.top_bar.menu.menu(),
        window.top_bar.device.menu(),
        window.take.player.delivery.menu(),
    ]
    for menu in menus:
        letters = [letter for action in menu.actions() if (letter := letter_of(action.text()))]
        assert len(letters) >= 3, menu.objectName()
        assert twice(iter(letters)) == [], menu.objectName()
    take_menu.close()


@pytest.fixture
def dialog(application: QApplication) -> Iterator[QDialog]:
    made = QDialog()
    Mnemonics(made)
    layout = QVBoxLayout(made)
    for text in ("&Save", "Stop", "Sounds && examples", "7 %"):
        layout.addWidget(QPushButton(text.replace("&&", "&&")))
    layout.addWidget(FieldBox("Seconds", QLineEdit()))
    made.show()
    application.processEvents()
    yield made
    made.close()


def texts(dialog: QDialog) -> list[str]:
    captions = [box.caption.text() for box in dialog.findChildren(FieldBox)]
    return [*(button.text() for button in dialog.findChildren(QPushButton)), *captions]


def test_letters_are_first_letters_of_words_where_they_can_be(dialog: QDialog) -> None:
    assert texts(dialog) == ["&Save", "S&top", "Sounds && &examples", "7 %", "Se&conds"]


def test_a_text_that_changes_and_a_button_that_comes_have_letters_again(
    dialog: QDialog, wait: Wait
) -> None:
    save, stop = dialog.findChildren(QPushButton)[:2]
    save.setText("Replace")
    dialog.layout().addWidget(QPushButton("Tag it"))
    wait(lambda: letter_of(texts(dialog)[4]))
    assert texts(dialog)[0] == "&Replace"
    assert stop.text() == "S&top", "what has a letter keeps it"
    assert texts(dialog)[4] == "Tag &it"


def test_the_key_of_a_line_in_a_menu_is_left_alone(application: QApplication) -> None:
    actions = [QAction(text) for text in ("Copy\tCtrl+C", "Cut\tCtrl+X", "C\tCtrl+D")]
    give_letters(actions)
    assert [action.text() for action in actions] == ["&Copy\tCtrl+C", "C&ut\tCtrl+X", "C\tCtrl+D"]
