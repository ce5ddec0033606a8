from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication

from sa_studio.settings import Settings
from sa_studio.ui.device_button import DeviceButton
from sa_studio.ui.main_window import MainWindow
from sa_studio.ui.mnemonics import plain
from tests.ui.conftest import Driver


def choose(button: DeviceButton, text: str) -> None:
    (action,) = (action for action in button.menu().actions() if plain(action.text()) == text)
    action.trigger()


def test_auto_is_chosen_at_first(application: QApplication) -> None:
    button = DeviceButton("auto", "auto")
    assert button.text() == "Auto device"
    assert [plain(a.text()) for a in button.menu().actions() if a.isChecked()] == [
        "Best device there is",
        "Precision that suits the device",
    ]


@pytest.mark.parametrize("device", ["cuda:1", "xpu"])
def test_a_device_of_the_settings_is_on_offer(application: QApplication, device: str) -> None:
    button = DeviceButton(device, "bfloat16")
    assert (button.device, button.dtype) == (device, "bfloat16")
    assert button.text() == f"{device} · bfloat16"
    choose(button, "Processor")
    choose(button, device)
    assert button.device == device


def test_a_choice_counts_from_the_next_take_and_is_remembered(
    driver: Driver, open_window: Callable[[], MainWindow]
) -> None:
    window = driver.window
    choose(window.top_bar.device, "Processor")
    choose(window.top_bar.device, "bfloat16: half the memory")
    assert window.top_bar.device.text() == "cpu · bfloat16"
    driver.generate()
    driver.wait_until_idle()
    (clip,) = driver.clips()
    assert (clip.request.device, clip.request.dtype) == ("cpu", "bfloat16")
    assert window.top_bar.device.text() == "CPU · bfloat16"
    saved = Settings.load(window.studio.data.settings)
    assert (saved.device, saved.dtype) == ("cpu", "bfloat16")


def test_a_device_that_is_not_there_fails_the_take_with_what_to_do(driver: Driver) -> None:
    driver.window.studio.settings.device = "cuda:7"
    driver.generate()
    driver.wait_until_idle()
    (clip,) = driver.clips()
    assert clip.error == "There is no device 'cuda:7' on this computer"
    assert "auto" in clip.hint
