from __future__ import annotations

import errno
import json
import os
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from sa_studio.engine.config import model_info
from sa_studio.errors import PresetError
from sa_studio.generation import GenerationRequest, ModelInfo
from sa_studio.library.examples import read_examples
from sa_studio.library.presets import Presets, Taken
from sa_studio.paths import bundled_models, resources
from sa_studio.vocabulary.hint import hint_for
from sa_studio.vocabulary.placeholders import expand, variants
from sa_studio.vocabulary.words import words_of

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


NAMES = [path.stem for path in sorted(BUILTIN.glob("*.json"))]


@pytest.fixture(scope="module")
def starter() -> ModelInfo:
    return model_info(bundled_models() / "starter", "starter")


@pytest.mark.parametrize("name", NAMES)
def test_every_builtin_preset_can_be_made_by_the_starter(
    presets: Presets, starter: ModelInfo, name: str
) -> None:
    fields = presets.load(name)
    request = GenerationRequest(**fields)
    assert fields["model"] == "starter"
    assert starter.problems(request) == []
    assert presets.is_builtin(name)
    for variant in range(variants(request.prompt)):
        prompt = expand(request.prompt, variant)
        assert hint_for(prompt, starter.vocabulary) is None, prompt
        told = {word.stem for word in words_of(prompt) if not word.is_measure}
        assert told <= _known(starter), prompt


@lru_cache
def _known(model: ModelInfo) -> frozenset[str]:
    texts = [*model.vocabulary.words, *(n for c in model.vocabulary.classes for n in c.names)]
    words = {word.stem for text in texts for word in words_of(text)}
    return frozenset(words | {"bpm"})


def test_builtin_presets_cover_every_category_and_none_is_there_twice(
    presets: Presets, starter: ModelInfo
) -> None:
    assert len(NAMES) >= 60
    groups = presets.builtin_by_category()
    assert set(groups) == set(starter.vocabulary.by_category())
    assert min(map(len, groups.values())) >= 5
    assert len({name.casefold() for name in NAMES}) == len(NAMES)
    prompts = [presets.load(name)["prompt"] for name in NAMES]
    assert len(set(prompts)) == len(prompts)


def test_every_example_prompt_is_one_that_the_starter_understands(starter: ModelInfo) -> None:
    groups = read_examples(resources() / "examples.json")
    for category, prompts in groups.items():
        assert 2 <= len(prompts) <= 4, category
        for prompt in prompts:
            for variant in range(variants(prompt)):
                assert hint_for(expand(prompt, variant), starter.vocabulary) is None, prompt
                assert starter.problems(GenerationRequest(prompt)) == []


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
        {"prompt": "\ud800"},
        {"steps": 0},
        {"count": 17},
        {"seed": -1},
        {"seed": 10**20},
        {"seconds": 10**400},
        {"rho": 1e300},
        {"guidance_interval": 1},
        {"guidance_interval": [0, "1"]},
        {"guidance_interval": [0, 1, 2]},
        {"guidance_rescale": float("inf")},
        {"loras": None},
        {"loras": "warm"},
        {"loras": [["warm"]]},
        {"loras": [["warm", "1"]]},
        {"loras": [[1, 1]]},
        {"loras": [["\ud800", 1]]},
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
        *("", "{", "[]", "{}", '"text"', "\ufeff{}", "[" * 100_000, '{"a": ' + "9" * 9999 + "}"),
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


# --- rename, import, export -----------------------------------------------------------------
def test_a_preset_is_renamed(presets: Presets, own: Path) -> None:
    presets.save("Old", FIELDS)
    presets.save("Other", FIELDS)
    assert presets.rename("Old", " New ") == "New"
    assert presets.own_names() == ["New", "Other"]
    assert presets.load("New") == FIELDS
    assert presets.rename("New", "NEW") == "NEW"
    assert presets.own_names() == ["NEW", "Other"]
    builtin = presets.names()[0]
    for name, new_name, said in (
        ("NEW", "other", "already a preset 'Other'"),
        ("NEW", "a/b", "cannot be the name"),
        ("NEW", builtin.upper(), "built-in"),
        (builtin, "Mine", "built-in"),
        ("None such", "Mine", "no preset"),
    ):
        with pytest.raises(PresetError, match=said):
            presets.rename(name, new_name)
    assert sorted(path.name for path in own.iterdir()) == ["NEW.json", "Other.json"]


def test_what_is_exported_can_be_imported_elsewhere(presets: Presets, tmp_path: Path) -> None:
    presets.save("Mine", FIELDS)
    file = tmp_path / "Mine.json"
    presets.export("Mine", file)
    with pytest.raises(PresetError, match="exists already"):
        presets.export("Mine", file)
    presets.save("Mine", {"prompt": "other"}, overwrite=True)
    presets.export("Mine", file, overwrite=True)
    (tmp_path / "elsewhere").mkdir()
    elsewhere = Presets(tmp_path / "elsewhere", BUILTIN)
    assert elsewhere.import_file(file) == "Mine"
    assert elsewhere.load("Mine") == {"prompt": "other"}


def test_a_name_that_is_taken_is_asked_about(presets: Presets, tmp_path: Path) -> None:
    presets.save("mine", FIELDS)
    file = tmp_path / "Mine.json"
    Presets(tmp_path, BUILTIN).save("Mine", {"prompt": "new"})
    with pytest.raises(PresetError, match="already a preset 'mine'"):
        presets.import_file(file)
    assert presets.import_file(file, when_taken=Taken.SKIP) is None
    assert presets.load("mine") == FIELDS
    assert presets.import_file(file, when_taken=Taken.KEEP_BOTH) == "Mine 2"
    assert presets.import_file(file, when_taken=Taken.KEEP_BOTH) == "Mine 3"
    assert presets.load("mine") == FIELDS
    assert presets.import_file(file, when_taken=Taken.REPLACE) == "mine"
    assert presets.load("mine") == presets.load("Mine 2") == {"prompt": "new"}
    assert presets.own_names() == ["mine", "Mine 2", "Mine 3"]


def test_an_import_never_takes_the_place_of_a_builtin_preset(
    presets: Presets, tmp_path: Path
) -> None:
    builtin = presets.names()[0]
    presets.export(builtin, tmp_path / f"{builtin}.json")
    name = presets.import_file(tmp_path / f"{builtin}.json", when_taken=Taken.REPLACE)
    assert name == f"{builtin} 2"
    assert presets.is_builtin(builtin)


def test_a_long_name_is_cut_for_its_number(presets: Presets, tmp_path: Path) -> None:
    presets.save("x" * 60, FIELDS)
    presets.export("x" * 60, tmp_path / f"{'x' * 60}.json")
    name = presets.import_file(tmp_path / f"{'x' * 60}.json", when_taken=Taken.KEEP_BOTH)
    assert name == f"{'x' * 56} 2"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("p.json", b"\x89PNG\r\n"),
        ("p.json", b'{"name": "Vital preset"}'),
        ("p.json", b" " * 1_000_001),
        ("p.json", b'{"format": "sa-studio-preset", "version": 1, "fields": {"init_audio": "x"}}'),
        ("con.json", b'{"format": "sa-studio-preset", "version": 1, "fields": {}}'),
    ],
)
def test_foreign_files_are_not_imported(
    presets: Presets, own: Path, tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(PresetError) as caught:
        presets.import_file(tmp_path / name)
    assert Path(name).stem in caught.value.message
    assert "\n" not in caught.value.one_line()
    assert list(own.iterdir()) == []


def test_files_that_are_not_there_and_folders_are_refused(presets: Presets, tmp_path: Path) -> None:
    for path in (tmp_path / "none.json", tmp_path):
        with pytest.raises(PresetError, match=path.name):
            presets.import_file(path)


def test_a_preset_that_was_there_before_the_builtin_one_is_kept(own: Path, tmp_path: Path) -> None:
    builtin = tmp_path / "builtin"
    builtin.mkdir()
    Presets(builtin, tmp_path / "none").save("Drums - Kick", {"prompt": "built in"})
    (tmp_path / "none").mkdir()
    Presets(own, tmp_path / "none").save("Drums - Kick", FIELDS)
    presets = Presets(own, builtin)
    assert presets.names() == ["Drums - Kick"]
    assert presets.load("Drums - Kick") == FIELDS
    assert not presets.is_builtin("Drums - Kick")
    assert presets.builtin_by_category() == {}
    presets.delete("Drums - Kick")
    assert presets.load("Drums - Kick") == {"prompt": "built in"}
