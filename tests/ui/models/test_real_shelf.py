"""The models window on the real shelf: the real hub client, a loopback hub, real files."""

from __future__ import annotations

import itertools
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from PySide6.QtCore import QTimer

from sa_studio.generation import ClipState
from sa_studio.model_offers import OfferState
from sa_studio.ui.main_window import MainWindow
from sa_studio.ui.models.models_window import ModelsWindow
from tests.hub_server import (
    Fault,
    HubServer,
    MemoryKeyring,
    hub_server,
    sha256,
    stable_audio_repositories,
)
from tests.tiny_model import make_tiny_model
from tests.ui.conftest import Driver
from tests.ui.models.conftest import ModelsDriver

SMALL = "stable-audio-open-small"
SMALL_REPOSITORY = "stabilityai/stable-audio-open-small"
MEMBER, STRANGER = "hf_of_a_designer", "hf_of_a_stranger"


@pytest.fixture(scope="session")
def official(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny model of the same make as the official small one."""
    return make_tiny_model(
        tmp_path_factory.mktemp("official") / "small", objective="rf_denoiser", seconds=1.0,
        studio={"title": "Small"},
    )  # fmt: skip


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, official: Path) -> Iterator[HubServer]:
    """The hub, whose small model and text encoder are tiny ones that really run."""
    with hub_server(monkeypatch, tmp_path) as server:
        server.repositories = stable_audio_repositories()
        server.accounts = {MEMBER: "designer", STRANGER: "stranger"}
        server.repositories[SMALL_REPOSITORY].files |= {
            name: (official / name).read_bytes()
            for name in ("model_config.json", "model.safetensors")
        }
        server.repositories["google-t5/t5-base"].files |= {
            path.name: path.read_bytes() for path in (official / "t5").iterdir()
        }
        yield server


@pytest.fixture
def dialog(window: MainWindow, hub: HubServer) -> ModelsWindow:
    window.show_models()
    assert window.models_window is not None
    return window.models_window


def test_from_the_licence_to_the_first_sound(
    models_driver: ModelsDriver, driver: Driver, hub: HubServer
) -> None:
    keyring.set_keyring(MemoryKeyring())
    window, details = models_driver.window, models_driver.dialog.details
    models_driver.choose(SMALL)
    details.download.click()
    assert "Stability AI" in models_driver.dialog.licence.name.text()
    assert hub.requests == []
    models_driver.download(SMALL)
    models_driver.wait_until_idle()
    # not logged in
    assert details.token.isVisible()
    assert details.problem.page.page
    details.token.edit.setText(STRANGER)
    details.token.proceed.click()
    models_driver.wait_until_idle()
    # logged in, but the licence is not accepted there
    assert not details.token.isVisible()
    assert details.problem.page.page.endswith(SMALL_REPOSITORY)
    hub.repositories[SMALL_REPOSITORY].members.add("stranger")
    details.problem.retry.click()
    models_driver.wait_until_idle()
    assert not details.problem.isVisible()
    assert models_driver.entry().state is OfferState.INSTALLED
    models_driver.wait(
        lambda: models_driver.dialog.account.label.whole_text() == "Hub: token from the keyring"
    )
    details.use.click()
    assert window.form.request().model == SMALL
    driver.generate(seconds=0.5, steps=2)
    driver.wait_until_idle()
    assert [clip.state for clip in driver.clips()] == [ClipState.FINISHED]
    details.verify.click()
    models_driver.wait_until_idle()
    assert details.verdict.text() == "All 2 files are as they were."


def test_cancelled_then_resumed_where_it_stopped(
    models_driver: ModelsDriver, hub: HubServer
) -> None:
    dialog = models_driver.dialog
    begin_slow_download(models_driver, hub)
    dialog.strip.cancel.click()
    models_driver.wait_until_idle()
    assert models_driver.entry().state is OfferState.PARTIAL
    assert dialog.details.state.text().startswith("partly downloaded · ")
    assert SMALL not in [info.id for info in models_driver.window.studio.models()]
    dialog.details.resume.click()
    models_driver.wait_until_idle()
    assert models_driver.entry().state is OfferState.INSTALLED
    ranges = [request.range for request in hub.reads("model.safetensors")]
    assert any(asked not in ("", "bytes=0-") for asked in ranges)  # not from the start


def begin_slow_download(models_driver: ModelsDriver, hub: HubServer) -> None:
    """Download, slowly, until some of the weights is here."""
    repository = hub.repositories[SMALL_REPOSITORY]
    repository.gated = False
    weights = repository.files["model.safetensors"]
    hub.fault(Fault(sha256(weights), bytes_per_second=len(weights) / 10))
    models_driver.download(SMALL)

    def has_some() -> bool:
        transfer = models_driver.window.transfers.current
        progress = transfer.progress if transfer else None
        return (
            progress is not None
            and progress.file.endswith("model.safetensors")
            and models_driver.window.studio.shelf.offer(SMALL).present_bytes > len(weights) / 10
        )

    models_driver.wait(has_some)


def test_closing_the_window_in_a_download_keeps_what_is_here(
    models_driver: ModelsDriver, hub: HubServer
) -> None:
    begin_slow_download(models_driver, hub)
    studio = models_driver.window.studio
    began = time.monotonic()
    assert models_driver.window.close()
    assert time.monotonic() - began < 5
    assert studio.shelf.offer(SMALL).state is OfferState.PARTIAL


def test_a_folder_is_imported_used_and_removed(
    models_driver: ModelsDriver, driver: Driver, official: Path, tmp_path: Path
) -> None:
    source = tmp_path / "My tune"
    shutil.copytree(official, source)
    window, dialog = models_driver.window, models_driver.dialog
    dialog.import_from(source)
    dialog.importing.proceed.click()
    models_driver.wait_until_idle()
    assert dialog.details.isVisible(), dialog.importing.problem.cause.text()
    entry = models_driver.entry()
    assert entry.source == str(source)
    dialog.details.use.click()
    driver.generate(seconds=0.5, steps=2)
    driver.wait_until_idle()
    assert [clip.state for clip in driver.clips()] == [ClipState.FINISHED]
    dialog.details.remove.click()
    dialog.details.confirm.click()
    models_driver.wait_until_idle()
    assert entry.id not in models_driver.listed()
    assert window.form.request().model == "starter"
    assert source.is_dir()


def test_what_is_no_model_is_refused_with_a_reason(
    models_driver: ModelsDriver, tmp_path: Path
) -> None:
    page = models_driver.dialog.importing
    models_driver.dialog.import_from(tmp_path / "nothing")
    page.proceed.click()
    models_driver.wait_until_idle()
    assert page.problem.isVisible()
    assert page.problem.cause.text()
    assert page.problem.hint.text()


def test_the_window_stays_fluid_in_a_download(models_driver: ModelsDriver, hub: HubServer) -> None:
    """Reports are throttled, hashing and writing happen elsewhere: the event loop hardly waits."""
    hub.repositories[SMALL_REPOSITORY].gated = False
    hub.repositories[SMALL_REPOSITORY].files["model.safetensors"] += bytes(30_000_000)
    ticks: list[float] = []
    timer = QTimer(interval=5)
    timer.timeout.connect(lambda: ticks.append(time.perf_counter()))
    timer.start()
    models_driver.download(SMALL)
    models_driver.wait_until_idle()
    timer.stop()
    lags = sorted(after - before for before, after in itertools.pairwise(ticks))
    assert len(lags) > 10
    assert lags[int(len(lags) * 0.99) - 1] < 0.150


def test_a_model_without_its_text_encoder_says_where_to_get_it(
    models_driver: ModelsDriver, hub: HubServer
) -> None:
    hub.repositories[SMALL_REPOSITORY].gated = False
    models_driver.download(SMALL)
    models_driver.wait_until_idle()
    models_driver.choose("t5-base")
    shutil.rmtree(models_driver.entry().place)
    models_driver.dialog.reload()
    models_driver.choose(SMALL)
    problem = models_driver.dialog.details.problem
    assert problem.isVisible()
    assert "text encoder" in problem.cause.text()
    assert not problem.retry.isVisible()
    models_driver.download("t5-base")
    models_driver.wait_until_idle()
    models_driver.choose(SMALL)
    assert not problem.isVisible()
