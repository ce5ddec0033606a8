from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from sa_studio.model_offers import TransferPhase, TransferProgress
from sa_studio.model_shelf import ModelShelf
from sa_studio.paths import DataFolder
from tests.hub_server import HubServer, hub_server, stable_audio_repositories

TOKEN = "hf_of_a_designer"  # noqa: S105


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[HubServer]:
    """The hub with the official models; TOKEN is of an account that accepted the licences."""
    with hub_server(monkeypatch, tmp_path) as server:
        server.repositories = stable_audio_repositories()
        server.accounts = {TOKEN: "designer", "hf_of_a_stranger": "stranger"}
        yield server


@pytest.fixture
def shelf(tmp_path: Path) -> ModelShelf:
    data = DataFolder(tmp_path / "data")
    data.create()
    return ModelShelf(data, tmp_path / "bundled")


class Download:
    """One download on the shelf, with all that it reported."""

    def __init__(self, shelf: ModelShelf) -> None:
        self.shelf = shelf
        self.cancel = threading.Event()
        self.reports: list[TransferProgress] = []
        self.fetching = threading.Event()

    def report(self, progress: TransferProgress) -> None:
        self.reports.append(progress)
        if progress.phase is TransferPhase.DOWNLOADING:
            self.fetching.set()

    def __call__(
        self,
        model_id: str = "stable-audio-open-small",
        *,
        token: str | None = TOKEN,
        licence_accepted: bool = True,
    ) -> Path:
        return self.shelf.download(
            model_id,
            licence_accepted=licence_accepted,
            token=token,
            report=self.report,
            cancel=self.cancel,
        )


@pytest.fixture
def download(shelf: ModelShelf) -> Download:
    return Download(shelf)
