"""The real huggingface_hub client against a server that speaks the hub's protocol."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from sa_studio.errors import (
    HubError,
    LicenceNotAccepted,
    ModelError,
    NotLoggedIn,
    StudioError,
    TransferCancelled,
)
from sa_studio.hub import patience
from sa_studio.hub.part_file import PartFile
from sa_studio.model_offers import OfferState, TransferPhase
from sa_studio.model_shelf import ModelShelf
from tests.hub.conftest import TOKEN, Download
from tests.hub_server import Fault, HubServer, Repository, sha256

SMALL = "stable-audio-open-small"
SMALL_REPOSITORY = "stabilityai/stable-audio-open-small"


def weights_of(hub: HubServer, repository: str = SMALL_REPOSITORY) -> bytes:
    return hub.repositories[repository].files["model.safetensors"]


def nothing_looks_installed(shelf: ModelShelf) -> bool:
    return (
        list(shelf.store.installed()) == []
        and shelf.installed() == []
        and shelf.offer(SMALL).state is not OfferState.INSTALLED
    )


# --- it works -------------------------------------------------------------------------------
def test_a_model_is_fetched_with_the_piece_it_needs_and_nothing_else(
    hub: HubServer, shelf: ModelShelf, download: Download
) -> None:
    folder = download(SMALL)
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*")}
    assert names == {"model_config.json", "model.safetensors", ".sa_studio.json"}
    assert (folder / "model.safetensors").read_bytes() == weights_of(hub)
    t5 = shelf.store.shared_text_encoder()
    assert t5 is not None
    assert {path.name for path in t5.iterdir()} == {
        "config.json", "model.safetensors", "spiece.model", "tokenizer.json",
        "tokenizer_config.json", ".sa_studio.json",
    }  # fmt: skip
    assert [model.id for model in shelf.installed()] == [SMALL]
    assert shelf.offer(SMALL).state is shelf.offer("t5-base").state is OfferState.INSTALLED
    fetched = " ".join(request.path for request in hub.requests)
    assert not any(name in fetched for name in (".ckpt", ".bin", "README", "msgpack"))


def test_the_layout_of_diffusers_comes_whole_with_its_own_text_encoder(
    hub: HubServer, shelf: ModelShelf, download: Download
) -> None:
    folder = download("stable-audio-open-1.0-diffusers")
    files = hub.repositories["stabilityai/stable-audio-open-1.0"].files
    wanted = {name for name in files if "/" in name or name == "model_index.json"}
    assert set(json.loads((folder / ".sa_studio.json").read_text())["files"]) == wanted
    for name in wanted:
        assert (folder / name).read_bytes() == files[name]
    assert shelf.store.shared_text_encoder() is None


def test_the_record_says_where_it_came_from_and_what_it_is(
    hub: HubServer, shelf: ModelShelf, download: Download
) -> None:
    download(SMALL)
    repository = hub.repositories[SMALL_REPOSITORY]
    model = shelf.describe(SMALL)
    assert model.source == f"{SMALL_REPOSITORY}@{repository.revision}"
    assert model.licence == "Stability AI Community License"
    assert not (model.is_bundled or model.is_linked)
    assert {item.file: (item.bytes, item.sha256) for item in model.files} == {
        name: (len(repository.files[name]), sha256(repository.files[name]))
        for name in ("model_config.json", "model.safetensors")
    }
    assert shelf.describe("t5-base").licence == "Apache License 2.0"
    assert [check.problem for check in shelf.verify(SMALL)] == ["", ""]


def test_progress_counts_everything_and_tells_rate_and_time_left(
    hub: HubServer, download: Download
) -> None:
    hub.fault(Fault(sha256(weights_of(hub)), bytes_per_second=300_000))
    download(SMALL)
    total = 400_000 + 150_000
    reports = [report for report in download.reports if report.total_bytes]
    assert reports[0].phase is TransferPhase.PREPARING
    assert {report.model for report in reports} == {SMALL}
    done = [report.done_bytes for report in reports]
    assert done == sorted(done)
    assert done[0] == 0
    assert total < done[-1] == reports[-1].total_bytes < total + 1000
    rated = [report for report in reports if report.bytes_per_second is not None]
    assert len(rated) > 3
    for report in rated[:-3]:
        assert report.bytes_per_second is not None
        assert report.eta_seconds is not None
        assert 0 < report.bytes_per_second < 450_000
        left = report.total_bytes - report.done_bytes
        assert report.eta_seconds == pytest.approx(left / report.bytes_per_second)


def test_a_shared_piece_is_fetched_once_for_two_models(hub: HubServer, download: Download) -> None:
    download(SMALL)
    download("stable-audio-open-1.0")
    t5 = hub.repositories["google-t5/t5-base"].files["model.safetensors"]
    assert len([request for request in hub.requests if sha256(t5) in request.path]) == 1


def test_what_is_installed_is_not_fetched_again(hub: HubServer, download: Download) -> None:
    folder = download(SMALL)
    hub.requests.clear()
    assert download(SMALL) == folder
    assert hub.requests == []


def test_a_piece_that_an_installed_model_lacks_is_fetched(
    hub: HubServer, shelf: ModelShelf, download: Download
) -> None:
    folder = download(SMALL)
    t5 = shelf.store.shared_text_encoder()
    assert t5 is not None
    shutil.rmtree(t5)
    hub.requests.clear()
    assert download(SMALL) == folder
    assert shelf.store.shared_text_encoder() == t5
    assert hub.reads("model_config.json") == []


def test_the_storage_behind_the_hub_never_sees_the_token(
    hub: HubServer, download: Download
) -> None:
    download(SMALL)
    stored = [request for request in hub.requests if request.storage]
    assert len(stored) == 2
    assert not any("authorization" in request.headers for request in stored)
    asked = [
        request.headers.get("authorization") for request in hub.requests if not request.storage
    ]
    assert set(asked) == {f"Bearer {TOKEN}"}


def test_the_hub_is_not_told_what_else_is_installed(hub: HubServer, download: Download) -> None:
    download(SMALL)
    for request in hub.requests:
        assert request.headers["user-agent"].startswith("sa-studio/")
        assert "torch" not in request.headers["user-agent"]


# --- it goes on -----------------------------------------------------------------------------
def test_a_dropped_connection_is_resumed_where_it_broke(
    hub: HubServer, shelf: ModelShelf, download: Download
) -> None:
    hub.fault(Fault(sha256(weights_of(hub)), drop_at=123_457))
    download(SMALL)
    assert [request.range for request in hub.reads("model.safetensors")][:2] == [
        "",
        "bytes=123457-",
    ]
    assert [check.problem for check in shelf.verify(SMALL)] == ["", ""]


def test_a_connection_that_drops_again_and_again_but_gets_ahead_is_good_enough(
    hub: HubServer, shelf: ModelShelf, download: Download
) -> None:
    drops = [40_000 * number for number in range(1, 10)]
    assert len(drops) > 1 + len(patience.WAITS)
    for drop in drops:
        hub.fault(Fault(sha256(weights_of(hub)), drop_at=drop))
    download(SMALL)
    ranges = [request.range for request in hub.reads("model.safetensors")]
    assert ranges[: len(drops) + 1] == ["", *(f"bytes={drop}-" for drop in drops)]
    assert [check.problem for check in shelf.verify(SMALL)] == ["", ""]


def test_small_files_are_resumed_too(hub: HubServer, shelf: ModelShelf, download: Download) -> None:
    hub.fault(Fault("model_config.json", drop_at=10))
    download(SMALL)
    assert [request.range for request in hub.reads("model_config.json")] == ["", "bytes=10-"]
    assert [check.problem for check in shelf.verify(SMALL)] == ["", ""]


def test_a_connection_that_always_drops_at_the_same_byte_is_given_up(
    hub: HubServer, shelf: ModelShelf, download: Download
) -> None:
    fault = hub.fault(Fault(sha256(weights_of(hub)), times=None, drop_at=200_000))
    with pytest.raises(HubError, match="failed: peer closed connection") as caught:
        download(SMALL)
    assert "kept" in caught.value.hint
    assert len(hub.reads("model.safetensors")) == 1 + len(patience.WAITS)
    assert nothing_looks_installed(shelf)
    offer = shelf.offer(SMALL)
    assert offer.state is OfferState.PARTIAL
    assert 200_000 < offer.present_bytes < 201_000
    fault.times = 0
    hub.requests.clear()
    download(SMALL)
    assert hub.reads("model.safetensors")[0].range == "bytes=200000-"


def test_a_server_that_ignores_ranges_sends_it_all_again(
    hub: HubServer, shelf: ModelShelf, download: Download
) -> None:
    digest = sha256(weights_of(hub))
    hub.fault(Fault(digest, drop_at=100_000))
    hub.fault(Fault(digest, ignore_range=True, times=2))
    download(SMALL)
    assert [check.problem for check in shelf.verify(SMALL)] == ["", ""]
    assert download.reports[-1].done_bytes == download.reports[-1].total_bytes


def test_a_program_that_is_killed_goes_on_at_its_next_start(
    hub: HubServer, shelf: ModelShelf, download: Download, tmp_path: Path
) -> None:
    hub.fault(Fault(sha256(weights_of(hub)), stall_at=250_000))
    code = f"""
import pathlib, threading
from sa_studio.model_shelf import ModelShelf
from sa_studio.paths import DataFolder
ModelShelf(DataFolder(pathlib.Path({str(tmp_path / "data")!r})), pathlib.Path("none")).download(
    {SMALL!r}, licence_accepted=True, token={TOKEN!r}, report=lambda progress: None,
    cancel=threading.Event())
"""
    environment = {name: value for name, value in os.environ.items() if "OFFLINE" not in name}
    environment |= {"HF_HOME": str(tmp_path / "hub"), "HF_HUB_DISABLE_TELEMETRY": "1"}
    with subprocess.Popen([sys.executable, "-c", code], env=environment) as program:
        deadline = time.monotonic() + 60
        while shelf.offer(SMALL).present_bytes < 250_000:
            assert time.monotonic() < deadline
            assert program.poll() is None
            time.sleep(0.02)
        with pytest.raises(HubError, match="being downloaded or imported already") as caught:
            download(SMALL)
        assert caught.value.hint
        assert nothing_looks_installed(shelf)
        program.send_signal(signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)
    assert nothing_looks_installed(shelf)
    hub.requests.clear()
    download(SMALL)
    assert hub.reads("model.safetensors")[0].range == "bytes=250000-"
    # what was complete is not asked for again
    assert hub.reads("model_config.json") == []
    assert [check.problem for check in shelf.verify(SMALL)] == ["", ""]


@pytest.mark.parametrize("stalled", [True, False])
def test_cancel_stops_within_a_second_and_keeps_what_is_here(
    hub: HubServer, shelf: ModelShelf, download: Download, stalled: bool
) -> None:
    slow = Fault(sha256(weights_of(hub)), bytes_per_second=100_000)
    stall = Fault(sha256(weights_of(hub)), stall_at=50_000)
    hub.fault(stall if stalled else slow)
    moments: list[float] = []

    def stop() -> None:
        assert download.fetching.wait(10)
        deadline = time.monotonic() + 10
        while shelf.offer(SMALL).present_bytes < 40_000 and time.monotonic() < deadline:
            time.sleep(0.01)
        moments.append(time.monotonic())
        download.cancel.set()

    stopper = threading.Thread(target=stop)
    stopper.start()
    with pytest.raises(TransferCancelled) as caught:
        download(SMALL)
    moments.append(time.monotonic())
    stopper.join()
    assert caught.value.hint
    assert moments[1] - moments[0] < 1
    assert nothing_looks_installed(shelf)
    here = shelf.offer(SMALL).present_bytes
    assert 40_000 < here < 400_000
    hub.requests.clear()
    Download(shelf)(SMALL)
    (read, *_) = hub.reads("model.safetensors")
    start = int(read.range.removeprefix("bytes=").removesuffix("-"))
    assert 40_000 <= start <= here
    assert [check.problem for check in shelf.verify(SMALL)] == ["", ""]


def test_cancel_ends_a_wait_that_the_hub_asked_for(
    hub: HubServer, shelf: ModelShelf, download: Download
) -> None:
    hub.fault(Fault("/api/models/", status=429, headers={"Retry-After": "30"}))
    timer = threading.Timer(0.3, download.cancel.set)
    timer.start()
    started = time.monotonic()
    with pytest.raises(TransferCancelled):
        download(SMALL)
    timer.join()
    assert time.monotonic() - started < 1.3


def test_a_file_that_changed_on_the_hub_meanwhile_starts_anew(
    hub: HubServer, shelf: ModelShelf, download: Download
) -> None:
    fault = hub.fault(Fault(sha256(weights_of(hub)), times=None, drop_at=100_000))
    with pytest.raises(HubError):
        download(SMALL)
    fault.times = 0
    files = hub.repositories[SMALL_REPOSITORY].files
    files["model.safetensors"] = files["model.safetensors"][::-1]
    # as long as before
    files["model_config.json"] = files["model_config.json"].replace(b"t5", b"5t")
    hub.requests.clear()
    folder = download(SMALL)
    assert hub.reads("model.safetensors")[0].range == ""
    for name in ("model.safetensors", "model_config.json"):
        assert (folder / name).read_bytes() == files[name]
    assert [check.problem for check in shelf.verify(SMALL)] == ["", ""]


def test_what_is_left_can_be_thrown_away(
    hub: HubServer, shelf: ModelShelf, download: Download
) -> None:
    hub.fault(Fault(sha256(weights_of(hub)), times=None, drop_at=100_000))
    with pytest.raises(HubError):
        download(SMALL)
    shelf.discard_partial(SMALL)
    assert shelf.offer(SMALL).state is OfferState.ABSENT
    shelf.discard_partial(SMALL)


# --- it is refused --------------------------------------------------------------------------
def test_not_one_request_is_made_before_the_licence_is_accepted(
    hub: HubServer, shelf: ModelShelf, download: Download
) -> None:
    with pytest.raises(LicenceNotAccepted, match="has not been accepted") as caught:
        download(SMALL, licence_accepted=False)
    assert hub.requests == []
    assert caught.value.page == shelf.offer(SMALL).licence.page
    assert caught.value.page in caught.value.hint
    assert shelf.offer(SMALL).state is OfferState.ABSENT


def refused(download: Download, kind: type[StudioError], **options: str | None) -> StudioError:
    with pytest.raises(kind) as caught:
        download(SMALL, **options)  # type: ignore[arg-type]
    assert type(caught.value) is kind
    assert caught.value.hint
    assert nothing_looks_installed(download.shelf)
    return caught.value


def test_401_without_a_token_says_how_to_log_in(hub: HubServer, download: Download) -> None:
    error = refused(download, NotLoggedIn, token=None)
    assert isinstance(error, NotLoggedIn)
    assert error.page == f"{hub.url}/{SMALL_REPOSITORY}"
    assert error.page in error.hint
    assert f"{hub.url}/settings/tokens" in error.hint
    # the smallest file of the model was asked for before anything large, of T5 above all
    assert not any(request.storage for request in hub.requests)


def test_401_with_a_token_says_that_the_token_is_bad(hub: HubServer, download: Download) -> None:
    error = refused(download, NotLoggedIn, token="hf_expired")  # noqa: S106
    assert "does not accept the access token" in error.message
    assert isinstance(error, NotLoggedIn)
    assert error.page == f"{hub.url}/settings/tokens"


@pytest.mark.parametrize("token", ["hf_ä", "hf_\nx: y"])
def test_a_token_that_no_header_can_carry_is_refused_here(
    hub: HubServer, download: Download, token: str
) -> None:
    assert "characters" in refused(download, NotLoggedIn, token=token).message
    assert hub.requests == []


def test_403_says_where_to_accept_the_licence(hub: HubServer, download: Download) -> None:
    error = refused(download, LicenceNotAccepted, token="hf_of_a_stranger")  # noqa: S106
    assert isinstance(error, LicenceNotAccepted)
    assert error.page == f"{hub.url}/{SMALL_REPOSITORY}"
    assert error.page in error.hint
    assert not any(request.storage for request in hub.requests)


def test_403_of_a_token_with_too_few_rights_says_which_it_lacks(
    hub: HubServer, download: Download
) -> None:
    words = "Please enable access to public gated repositories in your fine-grained token settings"
    hub.fault(Fault("/resolve/", status=403, headers={"X-Error-Message": words}))
    error = refused(download, HubError)
    assert "token" in error.message
    assert f"{hub.url}/settings/tokens" in error.hint


@pytest.mark.parametrize("token", [TOKEN, None])
def test_a_repository_that_is_gone_is_named(
    hub: HubServer, download: Download, token: str | None
) -> None:
    del hub.repositories[SMALL_REPOSITORY]
    # without a token the hub does not tell whether it is there
    error = refused(download, HubError if token else NotLoggedIn, token=token)
    assert SMALL_REPOSITORY in error.message
    assert ("no such repository" in error.message) is (token is not None)


def test_a_hub_that_says_401_and_means_not_found_is_understood(
    hub: HubServer, download: Download
) -> None:
    hub.fault(Fault("/api/models/", status=401, headers={"X-Error-Code": "RepoNotFound"}))
    assert "no such repository" in refused(download, HubError, token=None).message


def test_a_file_that_is_gone_is_named(hub: HubServer, download: Download) -> None:
    hub.fault(Fault("model_config.json", status=404, headers={"X-Error-Code": "EntryNotFound"}))
    assert "model_config.json" in refused(download, HubError).message


def test_a_repository_that_lacks_a_file_is_refused_before_anything_is_fetched(
    hub: HubServer, download: Download
) -> None:
    del hub.repositories[SMALL_REPOSITORY].files["model.safetensors"]
    assert "has no model.safetensors" in refused(download, HubError).message
    assert not any("/resolve/" in request.path for request in hub.requests)


def test_429_is_waited_for_as_long_as_the_hub_asks(
    hub: HubServer, shelf: ModelShelf, download: Download
) -> None:
    hub.fault(Fault("/resolve/", status=429, headers={"Retry-After": "1"}))
    started = time.monotonic()
    download(SMALL)
    assert 1 <= time.monotonic() - started < 10
    assert shelf.offer(SMALL).state is OfferState.INSTALLED


def test_429_that_asks_for_too_long_a_wait_is_told(hub: HubServer, download: Download) -> None:
    hub.fault(Fault("/resolve/", status=429, headers={"Retry-After": "600"}))
    error = refused(download, HubError)
    assert "429" in error.message
    assert "10 minutes" in error.hint


def test_429_without_end_is_told(hub: HubServer, download: Download) -> None:
    hub.fault(Fault("/api/models/", status=429, times=None))
    assert "429" in refused(download, HubError).message
    assert len(hub.requests) == 1 + len(patience.WAITS)


def test_a_short_trouble_of_the_hub_is_sat_out(
    hub: HubServer, shelf: ModelShelf, download: Download
) -> None:
    hub.fault(Fault("/api/models/", status=503, times=2))
    hub.fault(Fault("/resolve/", status=500, times=2))
    hub.fault(Fault(sha256(weights_of(hub)), status=403, times=1))  # a signed address ran out
    download(SMALL)
    assert [check.problem for check in shelf.verify(SMALL)] == ["", ""]


def test_a_long_trouble_of_the_hub_is_told(hub: HubServer, download: Download) -> None:
    hub.fault(Fault("/resolve/", status=500, times=None))
    error = refused(download, HubError)
    assert "500" in error.message
    assert "later" in error.hint


def test_a_hub_that_is_not_there_is_told(
    hub: HubServer, download: Download, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.close()
    error = refused(download, HubError)
    assert "it was refused" in error.message
    assert hub.url in error.message
    assert "HF_ENDPOINT" in error.hint


def test_a_name_that_is_not_found_is_told(
    hub: HubServer, download: Download, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://hub.invalid")
    monkeypatch.setenv("NO_PROXY", "*")
    error = refused(download, HubError)
    assert "this name is not found" in error.message
    assert "internet" in error.hint


def test_the_switch_that_keeps_the_hub_offline_is_named(
    hub: HubServer, download: Download, monkeypatch: pytest.MonkeyPatch
) -> None:
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    error = refused(download, HubError)
    assert "HF_HUB_OFFLINE" in error.message
    assert "Unset" in error.hint
    assert hub.requests == []


@pytest.mark.parametrize(
    "body", [b"<html>Welcome to our hotel</html>", b"[]", b'{"id": "x", "siblings": []}']
)
def test_a_network_that_answers_in_the_hubs_place_is_told(
    hub: HubServer, download: Download, body: bytes
) -> None:
    hub.fault(Fault("/api/models/", body=body, times=None))
    assert "does not tell" in refused(download, HubError).message


@pytest.mark.parametrize("path", ["../../evil.json", "/etc/evil.json", "tokenizer/..\\evil.json"])
def test_a_file_that_would_lie_outside_is_refused(
    hub: HubServer, download: Download, path: str
) -> None:
    hub.repositories[SMALL_REPOSITORY].files[path] = b"{}"
    assert "evil.json" in refused(download, HubError).message


# --- it is not what it should be ------------------------------------------------------------
@pytest.mark.parametrize("file", ["model.safetensors", "model_config.json"])
@pytest.mark.parametrize("flaw", ["another", "longer"])
def test_wrong_content_is_deleted_and_told_and_comes_right_the_next_time(
    hub: HubServer, shelf: ModelShelf, download: Download, file: str, flaw: str
) -> None:
    content = hub.repositories[SMALL_REPOSITORY].files[file]
    wrong = content[:-1] + b"?" if flaw == "another" else content + b"?"
    hub.fault(Fault(file if file.endswith("json") else sha256(content), body=wrong))
    error = refused(download, HubError)
    assert file in error.message
    assert "damaged" in error.message
    assert "try again" in error.hint
    hub.requests.clear()
    download(SMALL)
    assert hub.reads(file)[0].range == ""
    assert [check.problem for check in shelf.verify(SMALL)] == ["", ""]


@pytest.mark.parametrize("ignores_ranges", [True, False])
def test_content_that_always_ends_early_is_told_and_not_fetched_without_end(
    hub: HubServer, download: Download, ignores_ranges: bool
) -> None:
    content = weights_of(hub)
    hub.fault(Fault(sha256(content), body=content[:1000], times=None, ignore_range=ignores_ranges))
    assert "breaks off" in refused(download, HubError).message
    assert len(hub.reads("model.safetensors")) <= 2 * (1 + len(patience.WAITS))


# --- there is no room -----------------------------------------------------------------------
def test_too_little_space_is_told_before_anything_is_fetched(
    hub: HubServer, download: Download, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(".")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage._replace(free=100_300_000))
    error = refused(download, HubError)
    assert "550 kB are needed" in error.message
    assert "Free 250 kB there" in error.hint
    assert "--data-dir" in error.hint
    assert not any("/resolve/" in request.path for request in hub.requests)


def test_what_is_here_already_needs_no_space(
    hub: HubServer, shelf: ModelShelf, download: Download, monkeypatch: pytest.MonkeyPatch
) -> None:
    fault = hub.fault(Fault(sha256(weights_of(hub)), times=None, drop_at=390_000))
    with pytest.raises(HubError):
        download(SMALL)
    fault.times = 0
    usage = shutil.disk_usage(".")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage._replace(free=100_200_000))
    download(SMALL)
    assert shelf.offer(SMALL).state is OfferState.INSTALLED


@pytest.mark.parametrize(
    ("code", "message", "hint"),
    [
        (errno.ENOSPC, "disk is full", "Free some space"),
        (errno.EIO, "cannot be written", "Check the permissions and the disk"),
    ],
)
def test_a_disk_that_fills_up_while_writing_is_told_and_resumed_later(
    hub: HubServer,
    shelf: ModelShelf,
    download: Download,
    monkeypatch: pytest.MonkeyPatch,
    code: int,
    message: str,
    hint: str,
) -> None:
    append = PartFile.append

    def full(part: PartFile, block: bytes) -> None:
        room = 100_000 - part.bytes
        append(part, block[: max(room, 0)])
        if len(block) > room:
            raise OSError(code, os.strerror(code))

    with monkeypatch.context() as small_disk:
        small_disk.setattr(PartFile, "append", full)
        error = refused(download, HubError)
    assert message in error.message
    assert hint in error.hint
    hub.requests.clear()
    download(SMALL)
    assert hub.reads("model.safetensors")[0].range == "bytes=100000-"
    assert [check.problem for check in shelf.verify(SMALL)] == ["", ""]


def test_a_folder_that_cannot_be_written_is_told(
    hub: HubServer, shelf: ModelShelf, download: Download
) -> None:
    (shelf.store.own / ".incoming").write_bytes(b"a file where the folder should be")
    error = refused(download, HubError)
    assert ".incoming' cannot be written" in error.message
    assert "permissions" in error.hint
    assert hub.requests == []


def test_something_else_of_that_name_is_not_written_over(
    hub: HubServer, shelf: ModelShelf, download: Download
) -> None:
    (shelf.store.own / SMALL).mkdir()
    (shelf.store.own / SMALL / "notes.txt").write_text("mine", encoding="utf-8")
    error = refused(download, ModelError)
    assert "in the way" in error.message
    assert hub.requests == []
    assert (shelf.store.own / SMALL / "notes.txt").read_text(encoding="utf-8") == "mine"


def test_a_model_that_is_not_on_offer_is_refused_with_what_is(
    hub: HubServer, shelf: ModelShelf, download: Download
) -> None:
    with pytest.raises(HubError, match="nonesuch") as caught:
        download("nonesuch")
    assert "t5-base" in caught.value.hint
    assert hub.requests == []


def test_two_downloads_in_one_program_do_not_mix(
    hub: HubServer, shelf: ModelShelf, download: Download
) -> None:
    hub.fault(Fault(sha256(weights_of(hub)), stall_at=10_000))
    first = threading.Thread(target=download, args=(SMALL,))
    first.start()
    assert download.fetching.wait(10)
    for model_id in (SMALL, "stable-audio-open-1.0"):  # which needs the same T5
        with pytest.raises(HubError, match="is being downloaded or imported already"):
            Download(shelf)(model_id)
    with pytest.raises(HubError, match="is being downloaded or imported already"):
        shelf.discard_partial(SMALL)
    hub.released.set()
    first.join(20)
    assert shelf.offer(SMALL).state is OfferState.INSTALLED


def test_an_empty_file_is_a_file(hub: HubServer, shelf: ModelShelf, download: Download) -> None:
    hub.repositories["google-t5/t5-base"].files["tokenizer_config.json"] = b""
    download(SMALL)
    t5 = shelf.store.shared_text_encoder()
    assert t5 is not None
    assert (t5 / "tokenizer_config.json").read_bytes() == b""


def test_open_repositories_need_no_token(hub: HubServer, download: Download) -> None:
    repository = hub.repositories[SMALL_REPOSITORY]
    hub.repositories[SMALL_REPOSITORY] = Repository(repository.files)
    download(SMALL, token=None)
    assert not any("authorization" in request.headers for request in hub.requests)
