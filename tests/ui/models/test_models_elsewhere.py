"""Models that come and go by other means than this window."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

from tests.tiny_model import make_tiny_model
from tests.ui.conftest import Driver


def import_linked(driver: Driver, folder: Path) -> str:
    """As another program does: the window is not told."""
    return driver.window.studio.shelf.import_model(
        folder, in_place=True, report=lambda _: None, cancel=threading.Event()
    )


def test_a_model_that_came_by_other_means_can_be_used(driver: Driver, tmp_path: Path) -> None:
    model_id = import_linked(driver, make_tiny_model(tmp_path / "elsewhere"))
    driver.window.show_models()
    driver.window.models_window.use_requested.emit(model_id)
    assert driver.window.form.request().model == model_id


def test_a_chosen_model_that_is_gone_says_so_and_what_to_do(driver: Driver, tmp_path: Path) -> None:
    folder = make_tiny_model(tmp_path / "elsewhere")
    driver.window.show_models()
    driver.window.models_window.use_requested.emit(import_linked(driver, folder))
    shutil.rmtree(folder)
    driver.generate()
    assert driver.clips() == []
    text = driver.window.form._why_not.text()
    assert text.startswith("Nothing was queued: the model folder")
    assert "Choose a folder" in text
    assert driver.window.form._why_not.isVisible()
