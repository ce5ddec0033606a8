"""Every setting of a delivered file comes back, and what is missing to make it again is named."""

from __future__ import annotations

import json
import shutil
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest

from sa_studio.audio.files import write_audio
from sa_studio.audio.metadata import recipe
from sa_studio.delivery.recipe_back import request_of
from sa_studio.errors import AudioFileError, DeliveryError
from sa_studio.generation import GenerationRequest
from sa_studio.service import Studio
from sa_studio.vocabulary.delivery import DeliveryProfile, FileFormat
from sa_studio.vocabulary.sound_edit import SoundEdit
from tests.delivery.takes import RATE, add_take, hit

# decided anew wherever it is made again
ELSEWHERE = ("count", "device", "dtype")


def write_lora(studio: Studio, name: str) -> None:
    """Something that the store takes for an installed LoRA."""
    studio.data.loras.mkdir(exist_ok=True)
    (studio.data.loras / f"{name}.safetensors").write_bytes(b"weights")


def test_a_lora_of_another_name_is_found_by_its_file(studio: Studio, tmp_path: Path) -> None:
    studio.shelf.lora_store.add("warm", b"weights", {})
    studio.shelf.lora_store.add("cold", b"other weights", {})
    clip = add_take(studio, loras=(("warm", 0.5), ("cold", 1.0)))
    (delivered,) = studio.export_clips([clip.id], tmp_path, DeliveryProfile())
    studio.shelf.remove_lora("warm")
    studio.shelf.lora_store.add("warmer", b"weights", {})
    studio.shelf.remove_lora("cold")
    dropped = studio.read_recipe(delivered.path)
    assert dropped.request.loras == (("warmer", 0.5), ("cold", 1.0))
    (missing,) = dropped.missing_loras
    assert "'cold'" in missing
    studio.shelf.lora_store.add("warm", b"yet other weights", {})
    dropped = studio.read_recipe(delivered.path)
    assert dropped.request.loras[0] == ("warm", 0.5)
    assert any("'warm' is here as another file" in remark for remark in dropped.remarks)


@pytest.mark.parametrize("kind", list(FileFormat))
def test_every_setting_comes_back_from_every_format(
    studio: Studio, tmp_path: Path, kind: FileFormat
) -> None:
    init = tmp_path / "init.wav"
    write_audio(init, hit(), RATE)
    write_lora(studio, "warm")
    clip = add_take(
        studio,
        'a {wooden|metal} "door"\nslams; ünïcode 🚪',
        negative_prompt="{soft|muffled} music",
        model="starter",
        init_audio=init,
        init_noise_level=0.4,
    )
    edit = SoundEdit(start=0.01, gain_db=-2.0)
    studio.edit_clips([clip.id], edit)
    studio.categorise_clips([clip.id], "DOORWood")
    profile = DeliveryProfile(format=kind)
    (delivered,) = studio.export_clips([clip.id], tmp_path / "out", profile)
    dropped = studio.read_recipe(delivered.path)
    assert clip.request.template, "the prompt was expanded"
    for item in fields(GenerationRequest):
        if item.name not in ELSEWHERE:
            found, wanted = (getattr(one, item.name) for one in (dropped.request, clip.request))
            assert found == wanted, item.name
            assert type(found) is type(wanted) or item.name == "init_audio", item.name
    assert dropped.problems == ()
    assert (dropped.clip_id, dropped.cat_id, dropped.edit) == (clip.id, "DOORWood", edit)


def test_a_plain_take_has_its_recipe_too(studio: Studio) -> None:
    clip = add_take(studio, loras=())
    assert clip.path is not None
    dropped = studio.read_recipe(clip.path)
    assert dropped.request == replace(clip.request, device="auto", dtype="auto")
    assert dropped.missing_model == ""


def test_a_missing_model_that_can_be_downloaded_is_named_with_how(
    studio: Studio, tmp_path: Path
) -> None:
    clip = add_take(studio, model="stable-audio-open-1.0", loras=())
    (delivered,) = studio.export_clips([clip.id], tmp_path, DeliveryProfile())
    dropped = studio.read_recipe(delivered.path)
    assert dropped.request.model == "stable-audio-open-1.0"
    assert "Stable Audio Open 1.0 is not installed" in dropped.missing_model
    assert "sa-studio models download stable-audio-open-1.0" in dropped.missing_model


def test_missing_imports_are_named_with_how(studio: Studio, tmp_path: Path) -> None:
    clip = add_take(studio, model="my fine-tune", init_audio=tmp_path / "gone.wav")
    (delivered,) = studio.export_clips([clip.id], tmp_path, DeliveryProfile())
    dropped = studio.read_recipe(delivered.path)
    assert "'my fine-tune' is not here" in dropped.missing_model
    assert "sa-studio models import" in dropped.missing_model
    (lora,) = dropped.missing_loras
    assert "'warm'" in lora
    assert "sa-studio loras import" in lora
    assert "gone.wav" in dropped.remarks[0]
    assert len(dropped.problems) == 3


def install(studio: Studio, tiny_model: Path, name: str, sha256: str) -> Path:
    """A model of the data folder, with the hash that is noted of its weights."""
    folder = studio.data.models / name
    shutil.copytree(tiny_model, folder)
    size = (folder / "model.safetensors").stat().st_size
    record = {
        "version": 1,
        "source": "somebody/tiny",
        "revision": "",
        "licence": "CC-BY-4.0",
        "files": {"model.safetensors": {"bytes": size, "sha256": sha256}},
    }
    (folder / ".sa_studio.json").write_text(json.dumps(record))
    return folder


def test_a_model_of_another_name_is_known_by_its_hash(
    studio: Studio, tmp_path: Path, tiny_model: Path
) -> None:
    folder = install(studio, tiny_model, "theirs", "a" * 64)
    clip = add_take(studio, model="theirs", loras=())
    (delivered,) = studio.export_clips([clip.id], tmp_path, DeliveryProfile())
    assert delivered.facts.licence == "CC-BY-4.0"
    folder.rename(studio.data.models / "ours")
    dropped = studio.read_recipe(delivered.path)
    assert dropped.request.model == "ours"
    assert dropped.problems == ()


def test_a_model_that_has_changed_since_is_remarked(
    studio: Studio, tmp_path: Path, tiny_model: Path
) -> None:
    folder = install(studio, tiny_model, "theirs", "a" * 64)
    clip = add_take(studio, model="theirs", loras=())
    (delivered,) = studio.export_clips([clip.id], tmp_path, DeliveryProfile())
    shutil.rmtree(folder)
    install(studio, tiny_model, "theirs", "b" * 64)
    dropped = studio.read_recipe(delivered.path)
    assert dropped.missing_model == ""
    assert "another version" in dropped.remarks[0]


def test_files_without_a_recipe_say_so(studio: Studio, tmp_path: Path) -> None:
    path = tmp_path / "recording.wav"
    write_audio(path, hit(), RATE)
    with pytest.raises(DeliveryError, match=r"'recording.wav' does not say how it was made"):
        studio.read_recipe(path)
    (tmp_path / "notes.txt").write_text("no sound")
    with pytest.raises(AudioFileError):
        studio.read_recipe(tmp_path / "notes.txt")
    with pytest.raises(AudioFileError):
        studio.read_recipe(tmp_path / "gone.wav")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("prompt", None),
        ("prompt", ["a"]),
        ("prompt", "\ud800"),
        ("seed", "7"),
        ("seed", -1),
        ("seed", True),
        ("steps", 1e300),
        ("seconds", "long"),
        ("guidance_interval", [1]),
        ("guidance_interval", {"low": 0, "high": 1}),
        ("loras", [["warm"]]),
        ("loras", "warm"),
        ("init_audio", 3),
        ("template", 3),
        ("model", {}),
    ],
)
def test_a_recipe_that_was_tampered_with_is_refused(field: str, value: Any) -> None:
    content = {**recipe(GenerationRequest("door", seed=3), "id"), field: value}
    with pytest.raises(DeliveryError, match=field):
        request_of(content)


def test_a_recipe_of_a_newer_version_is_read_as_far_as_it_is_known() -> None:
    content = {"prompt": "door", "seconds": 3, "spatial": [1, 2]}
    request = request_of(content)
    assert request == GenerationRequest("door", seconds=3.0)
    with pytest.raises(DeliveryError, match="no prompt"):
        request_of({"seconds": 3})
