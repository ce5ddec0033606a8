from __future__ import annotations

import errno
import json
import os
from pathlib import Path
from typing import Any

import pytest

from sa_studio.engine.config import model_info
from sa_studio.errors import PresetError
from sa_studio.generation import GenerationRequest
from sa_studio.library.presets import Presets
from sa_studio.paths import bundled_models, resources

BUILTIN = resources() / "presets"
FIELDS = {
    "prompt": "a kick",
    "seconds": 1.5,
    "steps": 8,
    "guidance_interval": [0.0, 1.0],
    "loras": [["warm", 0.5]],
}


@pytest.fixture
def own(tmp_path: Path) -> Path:
    folder = tmp_path / "presets"
    folder.mkdir()
    return folder


@pytest.fixture
def presets(own: Path) -> Presets:
    return Presets(own, BUILTIN)


@pytest.mark.parametrize("name", [path.stem for path in sorted(BUILTIN.glob("*.json"))])
def test_every_builtin_preset_can_be_made_by_the_starter(presets: Presets, name: str) -> None:
    fields = presets.load(name)
    starter = model_info(bundled_models() / "starter", "starter")
    assert fields["model"] == "starter"
    assert starter.problems(GenerationRequest(**fields)) == []
    assert presets.is_builtin(name)


def test_there_are_builtin_presets_and_they_come_first(presets: Presets) -> None:
    presets.save("aaa", FIELDS)
    names = presets.names()
    assert len(names) > 10
    assert names[-1] == "aaa"
    assert names[:-1] == sorted(names[:-1], key=str.casefold)


@pytest.mark.parametrize("name", ["Mein Preset", "v1.2", "🥁" * 60, "ünï", "a'b", "x" * 60])
def test_what_is_saved_comes_back(presets: Presets, own: Path, name: str) -> None:
    presets.save(f"  {name} ", FIELDS)
    assert presets.load(name) == FIELDS
    assert not presets.is_builtin(name)
    assert [path.name for path in own.iterdir()] == [f"{name}.json"]
    presets.delete(name)
    assert list(own.iterdir()) == []


@pytest.mark.parametrize(
    "name",
    [
        *("", "   ", ".", "..", ".hidden", "../up", "a/b", "a\\b", "C:x", "x" * 61, "a\nb"),
        *("a\0b", 'a"b', "a?", "con", "NUL.x", "dot.", "\ud800"),
    ],
)
def test_names_that_some_system_refuses_are_refused(presets: Presets, own: Path, name: str) -> None:
    with pytest.raises(PresetError, match="cannot be the name") as caught:
        presets.save(name, FIELDS)
    assert caught.value.hint
    assert list(own.iterdir()) == []


@pytest.mark.parametrize("name", ["../settings", "../presets/../settings", "/settings", "settings"])
def test_no_name_leads_out_of_the_folder(presets: Presets, own: Path, name: str) -> None:
    outside = own.parent / "settings.json"
    outside.write_text(json.dumps({"format": "sa-studio-preset", "fields": {}}), encoding="utf-8")
    with pytest.raises(PresetError, match="no preset"):
        presets.load(name)
    with pytest.raises(PresetError, match="no preset"):
        presets.delete(name)
    assert outside.exists()


def test_a_preset_is_replaced_only_when_asked(presets: Presets, own: Path) -> None:
    presets.save("Mine", FIELDS)
    for name in ("Mine", "mine"):
        with pytest.raises(PresetError, match="already a preset 'Mine'"):
            presets.save(name, {"prompt": "other"})
    assert presets.load("Mine") == FIELDS
    presets.save("mine", {"prompt": "other"}, overwrite=True)
    assert presets.names()[-1] == "Mine"
    assert presets.load("Mine") == {"prompt": "other"}
    assert len(list(own.iterdir())) == 1


def test_builtin_presets_stay(presets: Presets) -> None:
    name = presets.names()[0]
    for same in (name, name.upper()):
        with pytest.raises(PresetError, match="built-in"):
            presets.save(same, FIELDS, overwrite=True)
    with pytest.raises(PresetError, match="built-in"):
        presets.delete(name)
    assert presets.load(name)


@pytest.mark.parametrize(
    "fields",
    [
        {"promt": "typo"},
        {"init_audio": "/home/someone/private.wav"},
        {"seconds": "long"},
        {"seconds": float("nan")},
        {"seconds": [1]},
        {"seconds": True},
        {"steps": 2.5},
        {"steps": True},
        {"count": None},
        {"prompt": None},
        {"prompt": 5},
        {"guidance_interval": 1},
        {"guidance_interval": [0, "1"]},
        {"guidance_interval": [0, 1, 2]},
        {"guidance_rescale": float("inf")},
        {"loras": None},
        {"loras": "warm"},
        {"loras": [["warm"]]},
        {"loras": [["warm", "1"]]},
        {"loras": [[1, 1]]},
    ],
)
def test_fields_that_no_request_has_are_refused(
    presets: Presets, own: Path, fields: dict[str, Any]
) -> None:
    with pytest.raises(PresetError, match="'p'"):
        presets.save("p", fields)
    assert list(own.iterdir()) == []
    content = {"format": "sa-studio-preset", "version": 1, "fields": fields}
    (own / "p.json").write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(PresetError, match="'p'"):
        presets.load("p")


@pytest.mark.parametrize(
    "text",
    [
        *("", "{", "[]", "{}", '"text"', "\ufeff{}"),
        '{"format": "other", "version": 1, "fields": {}}',
        '{"format": "sa-studio-preset", "version": 2, "fields": {}}',
        '{"format": "sa-studio-preset", "version": "1", "fields": {}}',
        '{"format": "sa-studio-preset", "version": 1}',
    ],
)
def test_damaged_and_foreign_files_are_refused_in_one_line(
    presets: Presets, own: Path, text: str
) -> None:
    (own / "p.json").write_text(text, encoding="utf-8")
    with pytest.raises(PresetError) as caught:
        presets.load("p")
    assert "\n" not in caught.value.one_line()


def test_a_full_disk_leaves_the_old_preset(
    presets: Presets, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    presets.save("p", FIELDS)

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(PresetError, match="No space"):
        presets.save("p", {"prompt": "other"}, overwrite=True)
    assert presets.load("p") == FIELDS
    assert [path.name for path in own.iterdir()] == ["p.json"]
