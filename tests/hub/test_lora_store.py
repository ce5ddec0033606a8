from __future__ import annotations

import hashlib
import json
import logging
from pathlib import Path
from typing import Any

import pytest

from sa_studio.errors import LoraError
from sa_studio.hub import lora_store
from sa_studio.hub.lora_store import LoraStore

FACTS = {
    "source": "/downloads/warm.ckpt",
    "style": "LoRAW",
    "rank": 16,
    "layers": 96,
    "lora_config": {"alpha": 8.0},
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data" / "loras"


@pytest.fixture
def store(folder: Path) -> LoraStore:
    return LoraStore(folder)


def names(store: LoraStore) -> list[str]:
    return [item.name for item in store.installed()]


def refusal(error: pytest.ExceptionInfo[LoraError]) -> str:
    assert error.value.hint.endswith(".")
    return error.value.message


def test_a_new_store_is_empty_and_makes_no_folder(store: LoraStore, folder: Path) -> None:
    assert store.installed() == []
    assert not folder.exists()


def test_what_is_added_is_described(store: LoraStore, folder: Path) -> None:
    added = store.add("warm tape", b"weights", FACTS)
    assert store.installed() == [added]
    path = folder / "warm tape.safetensors"
    assert (added.name, added.path, added.bytes) == ("warm tape", path, 7)
    assert added.sha256 == hashlib.sha256(b"weights").hexdigest()
    assert (added.source, added.style) == ("/downloads/warm.ckpt", "LoRAW")
    assert (added.rank, added.layers) == (16, 96)
    assert path.read_bytes() == b"weights"
    note = json.loads((folder / "warm tape.json").read_text(encoding="utf-8"))
    assert note["lora_config"] == {"alpha": 8.0}
    assert note["sha256"] == added.sha256


def test_loras_are_listed_in_alphabetical_order(store: LoraStore) -> None:
    for name in ("beta", "Alpha", "Ünï", "gamma"):
        store.add(name, name.encode(), {})
    assert names(store) == ["Alpha", "beta", "gamma", "Ünï"]


def test_files_put_there_by_hand_count(store: LoraStore, folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "hand.safetensors").write_bytes(b"1234")
    (folder / "other.txt").write_bytes(b"1234")
    (folder / "folder.safetensors").mkdir()
    (item,) = store.installed()
    assert (item.name, item.bytes, item.sha256, item.rank) == ("hand", 4, "", None)
    assert store.locate("hand") == folder / "hand.safetensors"


@pytest.mark.parametrize("note", ["{", "[]", "\udcff", '{"rank": "x", "layers": null}'])
def test_a_damaged_note_hides_no_lora(
    store: LoraStore, folder: Path, note: str, caplog: pytest.LogCaptureFixture
) -> None:
    store.add("warm", b"w", FACTS)
    (folder / "warm.json").write_bytes(note.encode(errors="surrogateescape"))
    with caplog.at_level(logging.WARNING):
        (item,) = store.installed()
    assert (item.rank, item.layers, item.source) == (None, None, "")
    is_readable = note.startswith(("[", '{"'))
    assert ("note of the LoRA" in caplog.text) is not is_readable


def test_the_same_lora_twice_is_once(store: LoraStore, folder: Path) -> None:
    first = store.add("warm", b"w", FACTS)
    assert store.add("warm", b"w", {**FACTS, "source": "elsewhere"}) == first
    assert len(list(folder.iterdir())) == 2


@pytest.mark.parametrize("name", ["warm", "WARM"])
def test_a_name_that_is_taken_is_refused(store: LoraStore, folder: Path, name: str) -> None:
    store.add("warm", b"old", FACTS)
    with pytest.raises(LoraError) as caught:
        store.add(name, b"new", FACTS)
    assert refusal(caught) == "There is already a LoRA 'warm'"
    assert (folder / "warm.safetensors").read_bytes() == b"old"
    assert names(store) == ["warm"]


@pytest.mark.parametrize("name", ["", ".", "..", "../up", "a/b", "a\\b", "a\0b", "x" * 300, "a?"])
def test_names_that_are_no_file_names_are_refused(
    store: LoraStore, folder: Path, name: str
) -> None:
    with pytest.raises(LoraError) as caught:
        store.add(name, b"w", FACTS)
    assert "cannot be the name" in refusal(caught)
    assert not folder.exists()


def test_locate_takes_names_and_paths(store: LoraStore, folder: Path, tmp_path: Path) -> None:
    store.add("warm", b"w", FACTS)
    elsewhere = tmp_path / "grit.safetensors"
    elsewhere.write_bytes(b"g")
    assert store.locate("warm") == folder / "warm.safetensors"
    assert store.locate(str(elsewhere)) == elsewhere
    assert store.locate(str(tmp_path)) == tmp_path  # a folder of PEFT
    for name in ("cold", "../loras/warm", "", "x" * 5000, "\0"):
        with pytest.raises(LoraError) as caught:
            store.locate(name)
        assert "There is no LoRA" in refusal(caught)
        assert "warm" in caught.value.hint


def test_remove(store: LoraStore, folder: Path) -> None:
    store.add("warm", b"w", FACTS)
    store.add("grit", b"g", FACTS)
    (folder / "hand.safetensors").write_bytes(b"h")
    for name in ("warm", "hand"):
        store.remove(name)
    assert names(store) == ["grit"]
    assert sorted(path.name for path in folder.iterdir()) == ["grit.json", "grit.safetensors"]


@pytest.mark.parametrize("name", ["warm", "../outside", "/etc/passwd", ""])
def test_only_installed_loras_are_removed(store: LoraStore, folder: Path, name: str) -> None:
    folder.mkdir(parents=True)
    outside = folder.parent / "outside.safetensors"
    outside.write_bytes(b"o")
    with pytest.raises(LoraError) as caught:
        store.remove(name)
    assert "There is no LoRA" in refusal(caught)
    assert outside.exists()


def test_a_full_disk_leaves_nothing_that_looks_installed(
    store: LoraStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = lora_store.write_atomically

    def full(path: Path, content: Any) -> None:
        if path.suffix == ".safetensors":
            raise OSError(28, "No space left on device")
        write(path, content)

    monkeypatch.setattr(lora_store, "write_atomically", full)
    with pytest.raises(LoraError) as caught:
        store.add("warm", b"w", FACTS)
    assert "No space left on device" in refusal(caught)
    assert store.installed() == []
