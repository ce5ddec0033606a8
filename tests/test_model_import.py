from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import subprocess
import sys
import threading
from collections import namedtuple
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file

from sa_studio.engine import load_model, text_encoder_files
from sa_studio.errors import HubError, ModelError, TransferCancelled
from sa_studio.hub.claim import Claim
from sa_studio.hub.record import RECORD, InstallRecord
from sa_studio.hub.store import INCOMING
from sa_studio.model_import import SPARE_BYTES, model_id_for
from sa_studio.model_offers import TransferPhase, TransferProgress
from sa_studio.model_shelf import ModelShelf
from sa_studio.paths import DataFolder

Import = Callable[..., str]
AUTOENCODER = "pretransform.model."


@pytest.fixture
def models(data_dir: Path) -> Path:
    return data_dir / "models"


@pytest.fixture
def shelf(data_dir: Path, tmp_path: Path) -> ModelShelf:
    data = DataFolder(data_dir)
    data.create()
    (tmp_path / "bundled").mkdir()
    return ModelShelf(data, tmp_path / "bundled")


@pytest.fixture
def do_import(shelf: ModelShelf) -> Import:
    def run(source: Path, **options: Any) -> str:
        options = {"report": lambda _progress: None, "cancel": threading.Event(), **options}
        return shelf.import_model(source, **options)

    return run


def everything_in(folder: Path) -> set[str]:
    """All files, apart from the locks that claims leave."""
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and path.suffix != ".lock"
    }


def without_autoencoder(original: Path, folder: Path) -> Path:
    shutil.copytree(original, folder)
    tensors = load_file(folder / "model.safetensors")
    kept = {name: t for name, t in tensors.items() if not name.startswith(AUTOENCODER)}
    save_file(kept, folder / "model.safetensors")
    return folder


# --- what comes of it -----------------------------------------------------------------------
def test_an_imported_model_is_installed(
    shelf: ModelShelf, do_import: Import, models: Path, tiny_model: Path
) -> None:
    assert do_import(tiny_model, name="My kicks!") == "My-kicks"
    (model,) = shelf.installed()
    assert model.id == "My-kicks"
    assert model.folder == models / "My-kicks"
    assert model.source == str(tiny_model)
    assert not model.is_linked
    assert not model.notes
    assert everything_in(models) == {f"My-kicks/{item.file}" for item in model.files} | {
        f"My-kicks/{RECORD}"
    }
    for item in model.files:
        content = (model.folder / item.file).read_bytes()
        assert item.sha256 == hashlib.sha256(content).hexdigest()
    assert not any(check.problem for check in shelf.verify("My-kicks"))
    assert load_model(model.folder, device="cpu").config.sample_rate == 44_100


def test_a_snapshot_says_what_was_chosen(
    shelf: ModelShelf, do_import: Import, tiny_model: Path, tmp_path: Path
) -> None:
    tensors = load_file(tiny_model / "model.safetensors")
    state = {f"diffusion.{name}": tensor for name, tensor in tensors.items()}
    state |= {"diffusion_ema.step": torch.tensor(3)}
    content = {
        "state_dict": state,
        "model_config": json.loads((tiny_model / "model_config.json").read_text()),
        "optimizer_states": [],
    }
    torch.save(content, tmp_path / "epoch=1-step=2.ckpt")
    model_id = do_import(tmp_path / "epoch=1-step=2.ckpt")
    assert model_id == "epoch-1-step-2"
    notes = " ".join(shelf.describe(model_id).notes)
    assert "diffusion_ema.step" in notes
    assert "optimizer_states" in notes


def test_progress_is_told_in_bytes(do_import: Import, tiny_model: Path) -> None:
    told: list[TransferProgress] = []
    do_import(tiny_model, name="kicks", report=told.append)
    assert {item.model for item in told} == {"kicks"}
    assert told[0].phase is TransferPhase.PREPARING
    assert {item.file for item in told if item.phase is TransferPhase.CONVERTING} == {
        path.relative_to(tiny_model).as_posix() for path in tiny_model.rglob("*") if path.is_file()
    }
    done = [item.done_bytes for item in told]
    assert done == sorted(done)
    assert told[-1].done_bytes == told[-1].total_bytes > 600_000


def test_a_pickled_model_can_only_be_imported(
    shelf: ModelShelf, do_import: Import, tiny_model: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "kicks"
    shutil.copytree(tiny_model, folder)
    torch.save(load_file(folder / "model.safetensors"), folder / "model.ckpt")
    (folder / "model.safetensors").unlink()
    with pytest.raises(ModelError, match=r"model\.ckpt, a format that is not loaded") as error:
        load_model(folder, device="cpu")
    assert f"sa-studio models import {str(folder)!r}" in error.value.hint
    load_model(shelf.describe(do_import(folder)).folder, device="cpu")


def test_listing_imports_no_torch() -> None:
    code = "import sys, sa_studio.model_shelf; sys.exit('torch' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


# --- names ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "model_id"),
    [
        ("My Kicks", "My-Kicks"),
        ("größe 2.0", "größe-2.0"),
        ("../../etc/passwd", "etc-passwd"),
        ("..", ""),
        ("!?", ""),
        (".hidden.", "hidden"),
        ("a" * 300, "a" * 80),
        ("音" * 84, "音" * 63),  # three bytes each
        ("NUL", "NUL-model"),
        ("com1.x", "com1.x-model"),
        ("concert", "concert"),
    ],
)
def test_names_become_names_of_folders(name: str, model_id: str) -> None:
    assert model_id_for(name) == model_id


def test_a_name_that_is_taken_is_refused(
    shelf: ModelShelf, do_import: Import, models: Path, tiny_model: Path
) -> None:
    do_import(tiny_model, name="kicks")
    before = everything_in(models)
    for name in ("kicks", " kicks ", "t5-base"):
        with pytest.raises(ModelError, match=r"There is a model '.*' already") as error:
            do_import(tiny_model, name=name)
        assert "another name" in error.value.hint
    (models / "junk").mkdir()
    with pytest.raises(ModelError, match="'junk' already"):
        do_import(tiny_model, name="junk")
    with pytest.raises(ModelError, match="cannot be the name"):
        do_import(tiny_model, name="//")
    assert everything_in(models) == before


def test_without_a_name_the_next_free_one_is_taken(
    do_import: Import, tiny_model: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "Foundation 1"
    shutil.copytree(tiny_model, folder)
    assert do_import(folder) == "Foundation-1"
    # files with names that say nothing are called like their folder
    assert do_import(folder / "model.safetensors") == "Foundation-1-2"
    assert do_import(folder / "model_config.json") == "Foundation-1-3"
    (folder / "model.safetensors").rename(folder / "kicks.safetensors")
    assert do_import(folder / "kicks.safetensors") == "kicks"
    cached = tmp_path / "models--maker--big-drums" / "snapshots" / ("0c0ffee0" * 5)
    shutil.copytree(tiny_model, cached)
    assert do_import(cached) == "big-drums"


def test_a_source_whose_name_says_nothing_gets_one(
    do_import: Import, tiny_model: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "🎧"
    shutil.copytree(tiny_model, folder)
    assert do_import(folder) == "model"
    assert do_import(folder) == "model-2"
    with pytest.raises(ModelError, match="'🎧' cannot be the name"):
        do_import(folder, name="🎧")


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such files")
def test_a_pipe_is_refused_and_not_waited_for(
    do_import: Import, models: Path, tiny_model: Path, tmp_path: Path
) -> None:
    pipe = tmp_path / "model.safetensors"
    os.mkfifo(pipe)
    with pytest.raises(ModelError, match="neither a file nor a folder"):
        do_import(pipe)
    with pytest.raises(ModelError, match="neither a file nor a folder"):
        do_import(tiny_model / "model.safetensors", config=pipe)
    assert everything_in(models) == set()


# --- the autoencoder ------------------------------------------------------------------------
def test_who_could_lend_an_autoencoder_is_said(
    shelf: ModelShelf, do_import: Import, models: Path, tiny_model: Path, tmp_path: Path
) -> None:
    bare = without_autoencoder(tiny_model, tmp_path / "fine-tune")
    with pytest.raises(ModelError, match="no installed model has one that fits") as error:
        do_import(bare)
    assert "sa-studio models download stable-audio-open-small" in error.value.hint
    do_import(tiny_model, name="whole")
    (models / "broken").mkdir()
    (models / "broken" / "model_config.json").write_text("{}")
    with pytest.raises(ModelError, match=r"comes without its autoencoder$") as error:
        do_import(bare)
    assert "whole would do (--autoencoder-from whole)" in error.value.hint

    model_id = do_import(bare, autoencoder_from="whole")
    found = load_file(shelf.describe(model_id).folder / "model.safetensors")
    wanted = load_file(tiny_model / "model.safetensors")
    assert set(found) == set(wanted)
    assert all(torch.equal(found[name], wanted[name]) for name in wanted)
    assert shelf.describe(model_id).notes == ("The autoencoder is that of whole.",)
    # by its path too
    do_import(bare, name="again", autoencoder_from=str(tiny_model))
    do_import(bare, name="file", autoencoder_from=str(tiny_model / "model.safetensors"))
    with pytest.raises(ModelError, match="There is no model 'nobody'"):
        do_import(bare, autoencoder_from="nobody")


# --- the text encoder that models share -----------------------------------------------------
def test_a_t5_base_at_hand_becomes_the_shared_one(
    shelf: ModelShelf,
    do_import: Import,
    models: Path,
    tiny_model: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = tmp_path / "somewhere" / "t5"
    shutil.copytree(tiny_model / "t5", found)
    with pytest.raises(ModelError, match="another one than T5-base"):
        do_import(found)
    assert not everything_in(models)
    monkeypatch.setattr(text_encoder_files, "T5_BASE", {"model_type": "t5"})
    with pytest.raises(ModelError, match="is no model folder"):
        do_import(found, in_place=True)
    assert do_import(found, name="whatever") == "t5-base"
    assert shelf.store.shared_text_encoder() == models / "t5-base"
    assert not shelf.installed()
    assert not any(check.problem for check in shelf.verify("t5-base"))
    with pytest.raises(ModelError, match="t5-base is here already"):
        do_import(found)
    alone = tmp_path / "alone"
    shutil.copytree(tiny_model, alone, ignore=shutil.ignore_patterns("t5"))
    load_model(alone, device="cpu", text_encoder=shelf.store.shared_text_encoder())


# --- in place -------------------------------------------------------------------------------
def test_a_folder_is_used_where_it_lies(
    shelf: ModelShelf, do_import: Import, models: Path, tiny_model: Path
) -> None:
    assert do_import(tiny_model, name="linked", in_place=True) == "linked"
    assert everything_in(models) == {f"linked/{RECORD}"}
    model = shelf.describe("linked")
    assert model.is_linked
    assert model.folder == tiny_model
    assert shelf.store.locate("linked") == tiny_model
    shelf.remove("linked")
    assert not everything_in(models)
    assert (tiny_model / "model.safetensors").is_file()


@pytest.mark.parametrize(
    ("change", "options", "message"),
    [
        ("pickled", {}, r"model\.ckpt, a format that is not loaded"),
        ("cut", {}, r"model\.safetensors is cut off"),
        ("none", {"autoencoder_from": "x"}, "put together from several places"),
        ("none", {"config": Path(__file__)}, "put together from several places"),
        ("file", {}, "is no model folder"),
    ],
)
def test_what_does_not_load_as_it_is_is_not_linked(
    do_import: Import,
    models: Path,
    tiny_model: Path,
    tmp_path: Path,
    change: str,
    options: dict[str, Any],
    message: str,
) -> None:
    folder = tmp_path / "kicks"
    shutil.copytree(tiny_model, folder)
    weights = folder / "model.safetensors"
    if change == "pickled":
        torch.save(load_file(weights), folder / "model.ckpt")
        weights.unlink()
    if change == "cut":
        weights.write_bytes(weights.read_bytes()[:-100])
    with pytest.raises(ModelError, match=message):
        do_import(weights if change == "file" else folder, in_place=True, **options)
    assert not everything_in(models)


# --- failures -------------------------------------------------------------------------------
def test_a_malicious_checkpoint_leaves_nothing(
    do_import: Import, models: Path, tiny_model: Path, tmp_path: Path
) -> None:
    canary = tmp_path / "canary"

    class Attack:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return os.system, (f"touch {canary}",)

    torch.save({"state_dict": {"model.weight": Attack()}}, tmp_path / "nice.ckpt")
    with pytest.raises(ModelError, match=r"nice\.ckpt' is refused: .* \(os\.system\)"):
        do_import(tmp_path / "nice.ckpt", config=tiny_model / "model_config.json")
    assert not canary.exists()
    assert not everything_in(models)


def test_cancelling_leaves_nothing(do_import: Import, models: Path, tiny_model: Path) -> None:
    cancel = threading.Event()
    seen: list[str] = []

    def stop(progress: TransferProgress) -> None:
        seen.append(progress.file)
        if progress.file == "model.safetensors":
            cancel.set()

    with pytest.raises(TransferCancelled, match="import was stopped"):
        do_import(tiny_model, name="kicks", report=stop, cancel=cancel)
    assert "t5/model.safetensors" in seen
    assert not everything_in(models)
    assert not (models / INCOMING / "kicks").exists()
    # and nothing stands in the way of another try
    assert do_import(tiny_model, name="kicks") == "kicks"


@pytest.mark.parametrize("in_place", [False, True])
def test_cancelled_before_it_began(
    do_import: Import, models: Path, tiny_model: Path, in_place: bool
) -> None:
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(TransferCancelled):
        do_import(tiny_model, cancel=cancel, in_place=in_place)
    assert not everything_in(models)


def test_disk_space_is_checked_first(
    do_import: Import, models: Path, tiny_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage(10, 10, SPARE_BYTES + 1000))
    with pytest.raises(ModelError, match="The disk has too little space") as error:
        do_import(tiny_model)
    assert "--data-dir" in error.value.hint
    assert not everything_in(models)


def test_a_disk_that_fills_up_leaves_nothing(
    do_import: Import, models: Path, tiny_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced = os.fsync

    def fail(handle: int) -> None:
        if os.fstat(handle).st_size > 100_000:
            raise OSError(errno.ENOSPC, "No space left on device")
        synced(handle)

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(ModelError, match="The disk is full") as error:
        do_import(tiny_model)
    assert "Nothing of the import is left" in error.value.hint
    assert not everything_in(models)


@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0, reason="permissions do not bind here"
)
def test_a_folder_that_cannot_be_written_is_named(
    do_import: Import, models: Path, tiny_model: Path
) -> None:
    models.chmod(0o500)
    with pytest.raises(ModelError, match="cannot be used"):
        do_import(tiny_model)
    models.chmod(0o700)


def test_what_a_crashed_import_left_is_cleared_away(
    do_import: Import, models: Path, tiny_model: Path
) -> None:
    left = models / INCOMING / "kicks"
    left.mkdir(parents=True)
    (left / "model.safetensors").write_bytes(b"half")
    do_import(tiny_model, name="kicks")
    assert not left.exists()


def test_an_unfinished_download_of_the_same_name_is_kept(
    do_import: Import, models: Path, tiny_model: Path
) -> None:
    left = models / INCOMING / "kicks"
    left.mkdir(parents=True)
    (left / "model.safetensors").write_bytes(b"half")
    InstallRecord("owner/name", "c0ffee").save(left)
    with pytest.raises(ModelError, match="A download of kicks was begun") as error:
        do_import(tiny_model, name="kicks")
    assert "another name" in error.value.hint
    assert (left / "model.safetensors").read_bytes() == b"half"


def test_two_at_once_do_not_meet(do_import: Import, models: Path, tiny_model: Path) -> None:
    (models / INCOMING).mkdir(parents=True)
    with closing(Claim(models / INCOMING / "kicks.lock", "kicks")), pytest.raises(HubError):
        do_import(tiny_model, name="kicks")
    assert not everything_in(models)
