"""The models window on a shelf that does what the test tells it."""

from __future__ import annotations

from pathlib import Path

import pytest

from sa_studio.ui.main_window import MainWindow
from sa_studio.ui.models.entry import ModelEntry
from sa_studio.ui.models.models_window import ModelsWindow
from tests.ui.conftest import Wait
from tests.ui.fake_shelf import FakeShelf


@pytest.fixture
def shelf(window: MainWindow, models: Path) -> FakeShelf:
    fake = FakeShelf(models / "starter", window.studio.data.models)
    window.studio.shelf = fake
    return fake


@pytest.fixture
def dialog(window: MainWindow, shelf: FakeShelf) -> ModelsWindow:
    window.top_bar.models.click()
    assert window.models_window is not None
    return window.models_window


class ModelsDriver:
    """Uses the models window as somebody would."""

    def __init__(self, window: MainWindow, dialog: ModelsWindow, wait: Wait) -> None:
        self.window, self.dialog, self.wait = window, dialog, wait

    def choose(self, model_id: str) -> None:
        assert self.dialog.choose(model_id)

    def download(self, model_id: str) -> None:
        """Through the licence page."""
        self.choose(model_id)
        self.dialog.details.download.click()
        self.dialog.licence.accept.click()
        self.dialog.licence.proceed.click()

    def wait_until_idle(self) -> None:
        self.wait(lambda: self.window.transfers.current is None)

    def entry(self) -> ModelEntry:
        entry = self.dialog.list.current()
        assert entry is not None
        return entry

    def listed(self) -> list[str]:
        entries = self.dialog.list.entries
        found = (entries.entry(entries.index(row)) for row in range(entries.rowCount()))
        return [entry.id for entry in found if entry is not None]


@pytest.fixture
def models_driver(window: MainWindow, dialog: ModelsWindow, wait: Wait) -> ModelsDriver:
    return ModelsDriver(window, dialog, wait)
