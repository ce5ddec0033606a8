"""What somebody sees who has never made a sound, and how it goes away."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from sa_studio.generation import ClipState
from sa_studio.ui.main_window import MainWindow
from tests.ui.conftest import Driver, Wait

Open = Callable[[], MainWindow]


def test_one_click_on_an_example_makes_its_sound(driver: Driver) -> None:
    window = driver.window
    assert window.welcome.isVisible()
    assert window.welcome.geometry() == window.take.rect()
    examples = window.studio.models()[0].example_prompts
    assert examples
    assert [button.text() for button in window.welcome.examples] == list(examples[:3])
    driver.fill("something else entirely")
    window.welcome.examples[0].click()
    assert window.form.prompt.toPlainText() == examples[0]
    assert not window.welcome.isVisible()
    driver.wait_until_idle()
    [clip] = driver.clips()
    assert (clip.state, clip.request.prompt) == (ClipState.FINISHED, examples[0])


def test_skipped_once_it_does_not_come_back_but_from_the_menu(open_window: Open) -> None:
    window = open_window()
    window.welcome.skip.click()
    assert not window.welcome.isVisible()
    window.close()
    again = open_window()
    assert not again.welcome.isVisible()
    again.top_bar.menu.welcome.trigger()
    assert again.welcome.isVisible()
    QTest.keyClick(again.welcome, Qt.Key.Key_Escape)
    assert not again.welcome.isVisible()


def test_closing_the_window_is_no_answer(open_window: Open) -> None:
    open_window().close()
    assert open_window().welcome.isVisible()


def test_a_sound_made_without_it_ends_it_too(driver: Driver, open_window: Open) -> None:
    driver.generate()
    assert not driver.window.welcome.isVisible()
    driver.wait_until_idle()
    driver.window.close()
    assert not open_window().welcome.isVisible()


def test_it_neither_takes_the_focus_nor_the_keys_of_the_prompt(window: MainWindow) -> None:
    assert window.welcome.isVisible()
    assert window.form.prompt.hasFocus()


def test_without_a_model_it_says_where_to_get_one(
    open_window: Open, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    nothing = tmp_path_factory.mktemp("no-models")
    monkeypatch.setattr("sa_studio.service.bundled_models", lambda: nothing)
    window = open_window()
    assert window.welcome.examples == []
    window.welcome.models.click()
    assert window.models_window is not None
    assert window.models_window.isVisible()


def test_it_follows_the_size_of_the_centre(window: MainWindow, wait: Wait) -> None:
    window.resize(1000, 640)
    wait(lambda: window.welcome.geometry() == window.take.rect())
    for button in (*window.welcome.examples, window.welcome.skip, window.welcome.models):
        assert window.welcome.rect().contains(button.geometry())
        assert button.width() >= button.minimumSizeHint().width()
