"""Choosing LoRAs in the form."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from sa_studio.ui.lora_field import LoraField
from sa_studio.ui.main_window import MainWindow
from tests.ui.conftest import Driver
from tests.ui.fake_shelf import FakeShelf


@pytest.fixture
def field(application: QApplication) -> LoraField:
    made = LoraField()
    made.set_available(["rain", "wood"])
    return made


def test_without_any_the_button_says_where_to_get_one(application: QApplication) -> None:
    field = LoraField()
    assert not field.add.isEnabled()
    assert "Models…" in field.add.toolTip()


def test_each_press_adds_one_that_is_not_there_yet(field: LoraField) -> None:
    field.add.click()
    field.add.click()
    assert field.loras() == [("rain", 1.0), ("wood", 1.0)]


def test_a_row_is_taken_off(field: LoraField) -> None:
    field.set_loras([("rain", 0.5), ("wood", -2.0)])
    field.rows[0].remove.click()
    assert field.loras() == [("wood", -2.0)]


def test_one_that_is_not_here_is_kept_and_marked(field: LoraField) -> None:
    field.set_loras([("gone", 0.5)])
    combo = field.rows[0].combo
    assert field.loras() == [("gone", 0.5)]
    assert combo.property("invalid")
    assert combo.toolTip() == "gone is not installed"
    field.set_available(["gone"])
    assert not combo.property("invalid")
    field.set_available(["rain"])  # it was removed meanwhile
    assert field.loras() == [("gone", 0.5)]
    assert combo.property("invalid")


def test_an_unusable_strength_is_marked_in_the_form(window: MainWindow) -> None:
    advanced = window.form.advanced
    loras = window.studio.data.loras
    loras.mkdir()
    (loras / "rain.safetensors").write_bytes(b"never read here")
    advanced.loras.set_available(["rain"])
    advanced.loras.set_loras([("rain", 1.0)])
    advanced.loras.rows[0].strength.lineEdit().setText("strong")
    window.form.prompt.setPlainText("rain")
    window.form.generate.click()
    assert "“strong”" in window.form.boxes["loras"].problem
    assert window.clips.rowCount() == 0


def test_names_and_strengths_reach_the_request_and_survive_a_restart(
    window: MainWindow, open_window
) -> None:
    window.form.advanced.loras.set_available(["rain", "wood"])
    window.form.set_fields({"loras": [["wood", 0.7], ["rain", -1.5]]})
    assert window.form.request().loras == (("wood", 0.7), ("rain", -1.5))
    assert window.form.advanced.summary().endswith(" · 2 LoRAs")
    window.close()
    assert open_window().form.request().loras == (("wood", 0.7), ("rain", -1.5))


def test_an_imported_lora_can_be_chosen_at_once(
    driver: Driver, models: Path, tmp_path: Path
) -> None:
    window = driver.window
    window.studio.shelf = FakeShelf(models / "starter", window.studio.data.models)
    window.show_models()
    window.models_window.import_from(tmp_path / "rain.safetensors", lora=True)
    window.models_window.importing.proceed.click()
    driver.wait(lambda: window.transfers.current is None)
    window.form.advanced.loras.add.click()
    assert window.form.request().loras == (("rain", 1.0),)
