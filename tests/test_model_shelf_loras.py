"""LoRAs on the shelf: from what people have to what requests can name."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from sa_studio.errors import LoraError
from sa_studio.model_shelf import ModelShelf
from sa_studio.paths import DataFolder

LAYER = "model/model/transformer/layers/0/self_attn/to_qkv"


@pytest.fixture
def data(tmp_path: Path) -> DataFolder:
    return DataFolder(tmp_path / "data")


@pytest.fixture
def shelf(data: DataFolder, tmp_path: Path) -> ModelShelf:
    return ModelShelf(data, tmp_path / "bundled")


@pytest.fixture
def pickled(tmp_path: Path) -> Path:
    import torch

    path = tmp_path / "downloads" / "warm tape.ckpt"
    path.parent.mkdir()
    torch.save(
        {
            f"{LAYER}/lora_down.weight": torch.ones(2, 6, dtype=torch.float16),
            f"{LAYER}/lora_up.weight": torch.ones(9, 2, dtype=torch.float16),
        },
        path,
    )
    return path


def test_a_pickle_is_kept_as_safetensors_with_its_settings(
    shelf: ModelShelf, data: DataFolder, pickled: Path
) -> None:
    from safetensors.torch import load_file

    from sa_studio.engine.lora.file import read_lora

    pickled.with_suffix(".json").write_text('{"alpha": 6, "rank": 4}')
    assert shelf.import_lora(pickled) == "warm tape"
    (lora,) = shelf.loras()
    assert (lora.name, lora.style, lora.rank, lora.layers) == ("warm tape", "LoRAW", 2, 1)
    assert lora.source == str(pickled)
    assert lora.path == data.loras / "warm tape.safetensors" == shelf.locate_lora("warm tape")
    assert {str(tensor.dtype) for tensor in load_file(lora.path).values()} == {"torch.float16"}
    kept, original = read_lora(lora.path), read_lora(pickled)
    assert kept.settings == original.settings
    assert kept.adapters[0].scale == original.adapters[0].scale == 1.5
    assert shelf.import_lora(pickled) == "warm tape"
    assert shelf.import_lora(pickled, name="grit") == "grit"
    shelf.remove_lora("warm tape")
    assert [item.name for item in shelf.loras()] == ["grit"]


def test_files_of_one_name_for_all_are_called_like_their_folder(
    shelf: ModelShelf, pickled: Path
) -> None:
    path = pickled.rename(pickled.with_name("adapter_model.bin"))
    assert shelf.import_lora(path) == "downloads"
    assert shelf.import_lora(path.parent) == "downloads"


class Call:
    def __reduce__(self) -> Any:
        return os.mkdir, ("was here",)


def test_what_cannot_be_used_is_refused_and_nothing_is_kept(
    shelf: ModelShelf, data: DataFolder, tmp_path: Path
) -> None:
    import torch

    torch.save({"a.lora_down.weight": Call()}, tmp_path / "evil.ckpt")
    torch.save({"decoder.weight": torch.ones(3, 3)}, tmp_path / "model.ckpt")
    (tmp_path / "cut.safetensors").write_bytes(b"\xff" * 20)
    for name, said in (
        ("evil.ckpt", "mkdir"),
        ("model.ckpt", "no LoRA"),
        ("cut.safetensors", "no safetensors file"),
        ("nowhere.safetensors", "There is no LoRA file"),
    ):
        with pytest.raises(LoraError, match=said):
            shelf.import_lora(tmp_path / name)
    assert shelf.loras() == []
    assert not data.loras.exists()
    assert not (Path.cwd() / "was here").exists()


def test_installed_loras_are_listed_without_torch(data: DataFolder, tmp_path: Path) -> None:
    import subprocess
    import sys

    data.loras.mkdir(parents=True)
    (data.loras / "hand.safetensors").write_bytes(b"x")
    code = (
        "import sys; from pathlib import Path; from sa_studio.paths import DataFolder\n"
        "from sa_studio.model_shelf import ModelShelf\n"
        f"shelf = ModelShelf(DataFolder(Path({str(data.root)!r})), Path({str(tmp_path)!r}))\n"
        "print([item.name for item in shelf.loras()], 'torch' in sys.modules)"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.stdout.strip() == "['hand'] False", result.stderr
