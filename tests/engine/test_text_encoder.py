from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from sa_studio.engine.config import ConditionerConfig
from sa_studio.engine.t5 import T5TextEncoder
from sa_studio.engine.text_encoder import find_text_encoder, text_encoder_width
from sa_studio.errors import ModelError
from tests.tiny_model import PROMPT_TOKENS, WIDTH

CONFIG = ConditionerConfig("prompt", "t5", WIDTH, max_length=PROMPT_TOKENS)


@pytest.fixture
def folder(tiny_folder: Path, tmp_path: Path) -> Path:
    """A model folder with a text encoder that may be changed."""
    shutil.copytree(tiny_folder / "t5", tmp_path / "model" / "t5")
    return tmp_path / "model"


def load(folder: Path, dtype: torch.dtype = torch.float32) -> T5TextEncoder:
    return T5TextEncoder.load(folder, CONFIG, device=torch.device("cpu"), dtype=dtype)


def refusal(folder: Path) -> str:
    with pytest.raises(ModelError) as caught:
        load(folder)
    assert caught.value.hint
    return caught.value.message


@torch.inference_mode()
def test_prompts_are_padded_to_the_full_length(tiny_folder: Path) -> None:
    encoder = load(tiny_folder)
    assert encoder.width == WIDTH
    (states, mask), (long_states, long_mask) = encoder.encode(["hit", "a" * 500])
    assert states.shape == long_states.shape == (PROMPT_TOKENS, WIDTH)
    assert mask.tolist() == [1] * 5 + [0] * (PROMPT_TOKENS - 5)  # a space, three letters, the end
    assert long_mask.all()


@torch.inference_mode()
def test_padding_does_not_change_the_tokens_before_it(tiny_folder: Path) -> None:
    encoder = load(tiny_folder)
    ((states, mask),) = encoder.encode(["hit"])
    tokens = encoder.tokenizer(["hit"], return_tensors="pt")["input_ids"]
    assert tokens[0, -1] == encoder.tokenizer.eos_token_id == 1
    ((short, _),) = encoder.encode_tokens(tokens, torch.ones_like(tokens))
    torch.testing.assert_close(states[mask.bool()], short)


@torch.inference_mode()
def test_precision(tiny_folder: Path) -> None:
    ((states, _),) = load(tiny_folder, torch.bfloat16).encode(["hit"])
    assert states.dtype == torch.bfloat16


def test_loading_draws_nothing(tiny_folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    load(tiny_folder)
    assert capfd.readouterr() == ("", "")


def test_folders(folder: Path) -> None:
    assert find_text_encoder(folder) == folder / "t5"
    assert text_encoder_width(folder) == WIDTH
    tokenizer = folder / "tokenizer"
    tokenizer.mkdir()
    (folder / "t5").rename(folder / "text_encoder")
    for name in ("tokenizer.json", "tokenizer_config.json"):
        (folder / "text_encoder" / name).rename(tokenizer / name)
    assert find_text_encoder(folder) == folder / "text_encoder"
    assert len(load(folder).encode(["hit"])) == 1


def test_no_text_encoder(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="has no text encoder") as caught:
        find_text_encoder(tmp_path)
    assert "sa-studio models download t5-base" in caught.value.hint
    assert str(tmp_path / "t5") in caught.value.hint


@torch.inference_mode()
def test_a_model_without_a_text_encoder_uses_the_shared_one(
    tiny_folder: Path, tmp_path: Path
) -> None:
    shared, folder = tmp_path / "shared", tmp_path / "model"
    shutil.copytree(tiny_folder / "t5", shared)
    # a tokenizer without its encoder belongs to nothing
    (folder / "tokenizer").mkdir(parents=True)
    assert text_encoder_width(folder, shared) == WIDTH
    encoder = T5TextEncoder.load(
        folder, CONFIG, device=torch.device("cpu"), dtype=torch.float32, shared=shared
    )
    ((states, _),) = encoder.encode(["hit"])
    ((wanted, _),) = load(tiny_folder).encode(["hit"])
    assert torch.equal(states, wanted)

    shutil.copytree(tiny_folder / "t5", folder / "t5")
    assert find_text_encoder(folder, shared) == folder / "t5"
    shutil.rmtree(folder / "t5")
    (shared / "config.json").unlink()
    with pytest.raises(ModelError, match="has no text encoder"):
        find_text_encoder(folder, shared)


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json", "config.json"])
def test_missing_files(folder: Path, name: str) -> None:
    (folder / "t5" / name).unlink()
    assert "text encoder" in refusal(folder)


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json", "config.json"])
def test_truncated_files(folder: Path, name: str) -> None:
    path = folder / "t5" / name
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert "cannot be read" in refusal(folder)


def test_missing_weights_are_not_made_up(folder: Path) -> None:
    path = folder / "t5" / "model.safetensors"
    weights = load_file(path)
    del weights["encoder.final_layer_norm.weight"]
    save_file(weights, path, metadata={"format": "pt"})
    assert "1 weights are missing (encoder.final_layer_norm.weight" in refusal(folder)


@pytest.mark.parametrize("text", ["", "[]", '{"model_type": "t5"}', '{"d_model": "wide"}'])
def test_width_of_a_damaged_configuration(folder: Path, text: str) -> None:
    (folder / "t5" / "config.json").write_text(text)
    with pytest.raises(ModelError, match="cannot be read"):
        text_encoder_width(folder)


def test_width_by_either_name(folder: Path) -> None:
    (folder / "t5" / "config.json").write_text(json.dumps({"hidden_size": 384}))
    assert text_encoder_width(folder) == 384
