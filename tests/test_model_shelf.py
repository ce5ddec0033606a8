from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from sa_studio.errors import ModelError, TransferCancelled
from sa_studio.hub.record import RECORD, InstallRecord, RecordedFile
from sa_studio.model_offers import OfferState, TransferPhase, TransferProgress
from sa_studio.model_shelf import ModelShelf
from sa_studio.paths import DataFolder
from sa_studio.service import Studio

CONFIG = json.dumps(
    {"model": {"conditioning": {"configs": [{"id": "prompt", "type": "t5", "config": {}}]}}}
)


def make_model(folder: Path, *, record: bool = True, text_encoder: bool = False) -> Path:
    folder.mkdir(parents=True)
    (folder / "model_config.json").write_text(CONFIG, encoding="utf-8")
    (folder / "model.safetensors").write_bytes(b"weights" * 100)
    if text_encoder:
        (folder / "t5").mkdir()
        (folder / "t5" / "config.json").write_text("{}", encoding="utf-8")
    if record:
        files = {
            name: RecordedFile(
                len((folder / name).read_bytes()),
                hashlib.sha256((folder / name).read_bytes()).hexdigest(),
            )
            for name in ("model_config.json", "model.safetensors")
        }
        InstallRecord("owner/name", "c0ffee", "A licence", files).save(folder)
    return folder


def make_t5(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "config.json").write_text("{}", encoding="utf-8")
    (folder / "model.safetensors").write_bytes(b"t5" * 100)
    return folder


@pytest.fixture
def models(data_dir: Path) -> Path:
    return data_dir / "models"


@pytest.fixture
def shelf(data_dir: Path, tmp_path: Path) -> ModelShelf:
    data = DataFolder(data_dir)
    data.create()
    starter = make_model(tmp_path / "bundled" / "starter", record=False, text_encoder=True)
    content = (starter / "model.safetensors").read_bytes()
    row = {
        "file": "model.safetensors",
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    (starter / "MANIFEST.json").write_text(json.dumps([row]), encoding="utf-8")
    return ModelShelf(data, tmp_path / "bundled")


# --- what is here ---------------------------------------------------------------------------
def test_installed_models_say_where_they_came_from(shelf: ModelShelf, models: Path) -> None:
    make_model(models / "mine")
    make_model(models / "by hand", record=False)
    make_t5(models / "t5-base")
    make_model(models / ".incoming" / "half")
    (models / "notes").mkdir()
    starter, by_hand, mine = shelf.installed()
    assert (starter.id, starter.is_bundled, starter.source) == ("starter", True, "")
    assert [item.file for item in starter.files] == ["model.safetensors"]
    assert (by_hand.id, by_hand.source, by_hand.licence) == ("by hand", "", "")
    assert {(item.file, item.sha256) for item in by_hand.files} == {
        ("model_config.json", ""),
        ("model.safetensors", ""),
    }
    assert (mine.id, mine.source, mine.licence) == ("mine", "owner/name@c0ffee", "A licence")
    assert mine.total_bytes == len(CONFIG) + 700
    assert shelf.describe("mine") == mine
    assert shelf.describe("t5-base").folder == models / "t5-base"
    with pytest.raises(ModelError, match="no model 'half'"):
        shelf.describe("half")


def test_a_model_with_a_damaged_record_is_still_there(shelf: ModelShelf, models: Path) -> None:
    make_model(models / "mine")
    (models / "mine" / RECORD).write_text("{", encoding="utf-8")
    assert [model.id for model in shelf.installed()] == ["starter", "mine"]
    with pytest.raises(ModelError, match="record") as caught:
        shelf.verify("mine")
    assert caught.value.hint
    shelf.remove("mine")
    assert not (models / "mine").exists()


def test_offers_know_what_is_here_and_ask_nobody(shelf: ModelShelf, models: Path) -> None:
    make_model(models / "stable-audio-open-small")
    part = models / ".incoming" / "t5-base" / ".parts" / ("ab" * 32)
    part.parent.mkdir(parents=True)
    part.write_bytes(b"x" * 1234)
    states = {offer.id: (offer.state, offer.present_bytes) for offer in shelf.offers()}
    small = shelf.offer("stable-audio-open-small")
    assert states == {
        "stable-audio-open-1.0": (OfferState.ABSENT, 0),
        "stable-audio-open-1.0-diffusers": (OfferState.ABSENT, 0),
        "stable-audio-open-small": (OfferState.INSTALLED, small.download_bytes),
        "t5-base": (OfferState.PARTIAL, 1234),
    }


def test_offers_and_lists_need_no_client_of_the_hub(data_dir: Path) -> None:
    code = (
        "from sa_studio.service import Studio; import sys\n"
        "with Studio() as studio:\n"
        "    studio.shelf.offers(), studio.shelf.installed(), studio.shelf.describe('starter')\n"
        "print([n for n in ('huggingface_hub', 'keyring', 'torch', 'PySide6') if n in sys.modules])"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ
    )
    assert result.stdout.strip() == "[]"


def test_the_studio_runs_the_models_of_its_shelf() -> None:
    with Studio() as studio:
        assert [model.id for model in studio.shelf.installed()] == [
            model.id for model in studio.models()
        ]


# --- is it still what it was ----------------------------------------------------------------
def test_verify_finds_what_changed_and_names_it(shelf: ModelShelf, models: Path) -> None:
    folder = make_model(models / "mine")
    assert [check.problem for check in shelf.verify("mine")] == ["", ""]
    weights = folder / "model.safetensors"
    content = weights.read_bytes()
    problems = {}
    for name, change in (("other", b"!" + content[1:]), ("shorter", content[:-1])):
        weights.write_bytes(change)
        problems[name] = {check.file: check.problem for check in shelf.verify("mine")}
    weights.unlink()
    problems["missing"] = {check.file: check.problem for check in shelf.verify("mine")}
    assert {name: found["model_config.json"] for name, found in problems.items()} == dict.fromkeys(
        ("other", "shorter", "missing"), ""
    )
    assert "SHA-256" in problems["other"]["model.safetensors"]
    assert "699 bytes instead of 700" in problems["shorter"]["model.safetensors"]
    assert problems["missing"]["model.safetensors"] == "is missing"


def test_verify_gives_models_without_a_record_the_hashes_they_have(
    shelf: ModelShelf, models: Path
) -> None:
    folder = make_model(models / "by hand", record=False)
    hashes = {check.file: check.sha256 for check in shelf.verify("by hand")}
    content = (folder / "model.safetensors").read_bytes()
    assert hashes["model.safetensors"] == hashlib.sha256(content).hexdigest()


def test_verify_tells_how_far_it_is_and_can_be_stopped(shelf: ModelShelf, models: Path) -> None:
    make_model(models / "mine")
    reports: list[TransferProgress] = []
    shelf.verify("mine", reports.append)
    assert {report.phase for report in reports} == {TransferPhase.VERIFYING}
    assert reports[-1].done_bytes == reports[-1].total_bytes == shelf.describe("mine").total_bytes
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(TransferCancelled) as caught:
        shelf.verify("mine", None, cancel)
    assert caught.value.hint


def test_verify_of_the_starter_uses_its_manifest(shelf: ModelShelf, tmp_path: Path) -> None:
    assert [check.problem for check in shelf.verify("starter")] == [""]
    weights = tmp_path / "bundled" / "starter" / "model.safetensors"
    weights.write_bytes(b"!" + weights.read_bytes()[1:])
    (check,) = shelf.verify("starter")
    assert check.problem


# --- letting go -----------------------------------------------------------------------------
def test_a_removed_model_is_gone_with_all_its_files(shelf: ModelShelf, models: Path) -> None:
    make_model(models / "mine", text_encoder=True)
    shelf.remove("mine")
    assert [path.name for path in models.iterdir()] == []
    with pytest.raises(ModelError, match="no model 'mine'") as caught:
        shelf.remove("mine")
    assert "starter" in caught.value.hint


def test_bundled_models_are_not_removed(shelf: ModelShelf, models: Path, tmp_path: Path) -> None:
    make_model(models / "starter")
    with pytest.raises(ModelError, match="ships with the application"):
        shelf.remove("starter")
    assert (tmp_path / "bundled" / "starter" / "model.safetensors").is_file()
    assert (models / "starter" / "model.safetensors").is_file()


def test_of_a_linked_model_only_the_entry_is_removed(
    shelf: ModelShelf, models: Path, tmp_path: Path
) -> None:
    elsewhere = make_model(tmp_path / "elsewhere", record=False)
    (models / "mine").mkdir()
    InstallRecord(str(elsewhere), linked=elsewhere).save(models / "mine")
    model = shelf.describe("mine")
    assert (model.folder, model.is_linked, model.source) == (elsewhere, True, str(elsewhere))
    assert {item.file for item in model.files} == {"model_config.json", "model.safetensors"}
    assert shelf.store.locate("mine") == elsewhere
    shelf.remove("mine")
    assert not (models / "mine").exists()
    assert (elsewhere / "model.safetensors").is_file()


def test_a_linked_model_whose_folder_is_gone_is_listed_and_can_be_removed(
    shelf: ModelShelf, models: Path, tmp_path: Path
) -> None:
    (models / "mine").mkdir()
    record = InstallRecord("x", files={"a": RecordedFile(1, "00")}, linked=tmp_path / "gone")
    record.save(models / "mine")
    assert [model.id for model in shelf.installed()] == ["starter", "mine"]
    assert [check.problem for check in shelf.verify("mine")] == ["is missing"]
    shelf.remove("mine")
    assert not (models / "mine").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_links_are_not_followed_when_a_model_is_removed(
    shelf: ModelShelf, models: Path, tmp_path: Path
) -> None:
    elsewhere = make_model(tmp_path / "elsewhere")
    (models / "whole").symlink_to(elsewhere)
    folder = make_model(models / "inside")
    (folder / "t5").symlink_to(elsewhere)
    (folder / "model.safetensors").unlink()
    (folder / "model.safetensors").symlink_to(elsewhere / "model.safetensors")
    shelf.remove("whole")
    shelf.remove("inside")
    assert [path.name for path in models.iterdir()] == []
    assert {path.name for path in elsewhere.iterdir()} == {
        "model_config.json",
        "model.safetensors",
        RECORD,
    }


@pytest.mark.parametrize("model_id", ["..", "../data/models/mine", "", ".incoming", "a/b"])
def test_only_ids_are_removed_never_paths(shelf: ModelShelf, models: Path, model_id: str) -> None:
    make_model(models / "mine")
    with pytest.raises(ModelError):
        shelf.remove(model_id)
    assert (models / "mine" / "model.safetensors").is_file()


def test_the_shared_piece_stays_while_a_model_needs_it(shelf: ModelShelf, models: Path) -> None:
    make_t5(models / "t5-base")
    make_model(models / "needs it")
    make_model(models / "brings its own", text_encoder=True)
    (make_model(models / "broken") / "model_config.json").write_text("{", encoding="utf-8")
    with pytest.raises(ModelError, match="is needed by needs it") as caught:
        shelf.remove("t5-base")
    assert "Remove" in caught.value.hint
    assert (models / "t5-base" / "model.safetensors").is_file()
    shelf.remove("needs it")
    assert (models / "t5-base" / "model.safetensors").is_file()
    shelf.remove("t5-base")
    assert shelf.store.shared_text_encoder() is None


def test_a_model_that_cannot_be_deleted_is_told_and_stays_whole(
    shelf: ModelShelf, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_model(models / "mine")

    def in_use(path: Path, target: Path) -> None:
        raise PermissionError(13, "it is being used by another process")

    with monkeypatch.context() as busy:
        busy.setattr(Path, "rename", in_use)
        with pytest.raises(ModelError, match="used by another process") as caught:
            shelf.remove("mine")
    assert "Close whatever uses it" in caught.value.hint
    assert [check.problem for check in shelf.verify("mine")] == ["", ""]


def test_a_removal_that_was_broken_off_is_no_model_and_is_finished_later(
    shelf: ModelShelf, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_model(models / "mine")
    make_model(models / "other")

    def fail(path: Path) -> None:
        raise OSError(5, "input/output error")

    with monkeypatch.context() as broken:
        broken.setattr(shutil, "rmtree", fail)
        shelf.remove("mine")
    assert len(list(models.iterdir())) == 2
    assert [model.id for model in shelf.installed()] == ["starter", "other"]
    shelf.remove("other")
    assert list(models.iterdir()) == []
