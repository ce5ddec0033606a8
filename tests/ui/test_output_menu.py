from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from sa_studio.service import Player
from sa_studio.settings import Settings
from sa_studio.ui import output_menu
from sa_studio.ui.output_menu import SYSTEM_DEFAULT, OutputButton
from tests.ui.conftest import Wait

OUTPUTS = ["Speakers", "Scarlett 2i2 & more", "Speakers"]  # PortAudio lists some more than once


class Unplugged(Player):
    """A player whose chosen output can be pulled out."""

    gone = False

    @property
    def missing_device(self) -> str:
        return self.device if self.gone else ""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.load(tmp_path / "settings.json")


@pytest.fixture
def player() -> Iterator[Unplugged]:
    player = Unplugged()
    yield player
    player.close()


@pytest.fixture
def button(
    application: QApplication,
    player: Unplugged,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[OutputButton]:
    monkeypatch.setattr(output_menu, "output_devices", lambda: OUTPUTS)
    widget = OutputButton(player, settings)
    yield widget
    widget.close_threads()


def texts(button: OutputButton) -> list[str]:
    return [action.text() for action in button.menu().actions() if not action.isSeparator()]


def checked(button: OutputButton) -> list[str]:
    return [action.text() for action in button.menu().actions() if action.isChecked()]


def test_the_outputs_appear_once_each_behind_the_default(button: OutputButton, wait: Wait) -> None:
    assert texts(button) == [SYSTEM_DEFAULT]
    button.refresh()
    wait(lambda: len(texts(button)) > 1)
    assert texts(button) == [SYSTEM_DEFAULT, "Speakers", "Scarlett 2i2 && more"]
    assert checked(button) == [SYSTEM_DEFAULT]


def test_a_chosen_output_is_used_and_remembered(
    button: OutputButton, player: Unplugged, settings: Settings, wait: Wait
) -> None:
    button.refresh()
    wait(lambda: len(texts(button)) > 1)
    button.menu().actions()[-1].trigger()
    assert player.device == settings.output == "Scarlett 2i2 & more"
    assert button.accessibleDescription() == "Sound output: Scarlett 2i2 & more"
    assert checked(button) == ["Scarlett 2i2 && more"]
    button.menu().actions()[0].trigger()
    assert player.device == settings.output == ""
    assert button.accessibleDescription() == f"Sound output: {SYSTEM_DEFAULT}"


def test_it_says_what_is_used_while_the_chosen_one_is_missing(
    button: OutputButton, player: Unplugged, settings: Settings, wait: Wait
) -> None:
    settings.output = player.device = "Interface"
    button.refresh()
    wait(lambda: len(texts(button)) > 2)
    assert checked(button) == ["Interface (not there)"]
    player.gone = True
    button.describe()
    assert button.toolTip() == f"Sound output: {SYSTEM_DEFAULT}, for Interface is not there"


def test_the_remembered_output_is_used_from_the_start(
    application: QApplication, player: Unplugged, settings: Settings
) -> None:
    settings.output = "Speakers"
    again = OutputButton(player, settings)
    assert player.device == "Speakers"
    assert checked(again) == ["Speakers"]
    again.close_threads()


def test_without_portaudio_only_the_default_is_offered(
    button: OutputButton, wait: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> list[str]:
        raise OSError("PortAudio library not found")

    monkeypatch.setattr(output_menu, "output_devices", broken)
    button.refresh()
    wait(lambda: not button._work.is_busy)
    assert texts(button) == [SYSTEM_DEFAULT]
