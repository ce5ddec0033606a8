"""MiniLM in int8: what is packed comes back, and the encoder runs on it."""

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import BertConfig, BertModel, BertTokenizerFast

from sa_studio.engine.config import ConditionerConfig
from sa_studio.engine.minilm import MiniLMTextEncoder, quantise, restore
from sa_studio.errors import ModelError

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "kick", "drum", "rain", "heavy"]
CONFIG = ConditionerConfig("prompt", "minilm", 32, max_length=8)
CPU = torch.device("cpu")


def test_quantising_loses_half_a_step_at_most():
    matrix = torch.randn(20, 50, generator=torch.Generator().manual_seed(1))
    packed = quantise({"w": matrix, "b": torch.arange(3.0), "n": torch.tensor([5])})
    assert packed["w"].dtype == torch.int8
    assert packed["b"].dtype == torch.float16
    again = restore(packed, torch.float32)
    assert set(again) == {"w", "b", "n"}
    step = matrix.abs().amax(dim=1, keepdim=True) / 127
    assert ((again["w"] - matrix).abs() <= step / 2 + 1e-6).all()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "model" / "text_encoder"
    place.mkdir(parents=True)
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(WORDS),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
    )
    model = BertModel(config, add_pooling_layer=False)
    (place / "config.json").write_text(json.dumps(config.to_dict()))
    save_file(quantise(model.state_dict()), place / "model.safetensors")
    words = Tokenizer(models.WordLevel({w: i for i, w in enumerate(WORDS)}, unk_token=WORDS[1]))
    words.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer = BertTokenizerFast(tokenizer_object=words)
    tokenizer.save_pretrained(tmp_path / "model" / "tokenizer")
    return tmp_path / "model"


def test_encodes_each_text_with_its_mask(folder):
    encoder = MiniLMTextEncoder.load(folder, CONFIG, device=CPU, dtype=torch.float32)
    with torch.no_grad():
        (states, mask), (other, _) = encoder.encode(["heavy rain", "kick"])
    assert states.shape == (8, 32)
    assert encoder.width == 32
    assert 2 <= int(mask.sum()) < 8
    assert torch.isfinite(states).all()
    assert not torch.allclose(states[0], other[0])


def test_a_missing_weight_is_a_clear_error(folder):
    file = folder / "text_encoder" / "model.safetensors"
    file.unlink()
    with pytest.raises(ModelError, match="text encoder"):
        MiniLMTextEncoder.load(folder, CONFIG, device=CPU, dtype=torch.float32)


def test_a_truncated_file_is_a_clear_error(folder):
    file = folder / "text_encoder" / "model.safetensors"
    file.write_bytes(file.read_bytes()[:1000])
    with pytest.raises(ModelError, match="cut off"):
        MiniLMTextEncoder.load(folder, CONFIG, device=CPU, dtype=torch.float32)
