from __future__ import annotations

from pathlib import Path

import pytest

from sa_studio.errors import ModelError
from sa_studio.hub.store import ModelStore


def make(folder: Path, marker: str = "model_config.json") -> Path:
    path = folder / marker
    path.parent.mkdir(parents=True)
    path.write_text("{}", encoding="utf-8")
    return folder


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    make(tmp_path / "bundled" / "starter")
    make(tmp_path / "own" / "Zebra")
    make(tmp_path / "own" / "apple", "transformer/config.json")
    make(tmp_path / "own" / "starter")
    (tmp_path / "own" / "empty").mkdir()
    (tmp_path / "own" / "notes.txt").touch()
    return ModelStore(tmp_path / "bundled", tmp_path / "own")


def test_models_of_both_layouts_are_found_the_starter_first(
    store: ModelStore, tmp_path: Path
) -> None:
    assert list(store.installed()) == [
        ("starter", tmp_path / "bundled" / "starter"),
        ("apple", tmp_path / "own" / "apple"),
        ("Zebra", tmp_path / "own" / "Zebra"),
    ]


def test_a_model_is_found_by_its_id_or_by_a_path(
    store: ModelStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = make(tmp_path / "elsewhere")
    assert store.locate("starter") == tmp_path / "bundled" / "starter"
    assert store.locate(str(elsewhere)) == elsewhere
    monkeypatch.chdir(tmp_path)
    assert store.locate("elsewhere") == elsewhere
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert store.locate("~/elsewhere") == elsewhere


@pytest.mark.parametrize("model", ["", "starte", "~nobody-of-that-name/x", "x" * 5000, "a\0b"])
def test_what_is_not_there_is_refused_with_what_is(store: ModelStore, model: str) -> None:
    with pytest.raises(ModelError, match="no model") as caught:
        store.locate(model)
    assert "starter, apple, Zebra" in caught.value.hint
    assert len(caught.value.one_line()) < 700


def test_missing_folders_hold_no_models(tmp_path: Path) -> None:
    store = ModelStore(tmp_path / "a", tmp_path / "b")
    assert list(store.installed()) == []
    with pytest.raises(ModelError) as caught:
        store.locate("starter")
    assert "none" in caught.value.hint
