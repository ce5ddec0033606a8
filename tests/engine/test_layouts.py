from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sa_studio.engine.config import parse_model_config
from sa_studio.engine.diffusers_config import diffusers_model_config
from sa_studio.engine.diffusers_names import native_tensors
from sa_studio.engine.layouts import (
    Layout,
    recognise_layout,
)
from sa_studio.errors import ModelError
from tests.engine import published

# What diffusers writes for Stable Audio Open 1.0.
PARTS: dict[str, dict[str, Any]] = {
    "transformer": {
        "_class_name": "StableAudioDiTModel",
        "_diffusers_version": "0.30.0",
        "attention_head_dim": 64,
        "cross_attention_dim": 768,
        "cross_attention_input_dim": 768,
        "global_states_input_dim": 1536,
        "in_channels": 64,
        "num_attention_heads": 24,
        "num_key_value_attention_heads": 12,
        "num_layers": 24,
        "out_channels": 64,
        "sample_size": 1024,
        "time_proj_dim": 256,
    },
    "vae": {
        "_class_name": "AutoencoderOobleck",
        "_diffusers_version": "0.30.0",
        "audio_channels": 2,
        "channel_multiples": [1, 2, 4, 8, 16],
        "decoder_channels": 128,
        "decoder_input_channels": 64,
        "downsampling_ratios": [2, 4, 4, 8, 8],
        "encoder_hidden_size": 128,
        "sampling_rate": 44100,
    },
    "projection_model": {
        "_class_name": "StableAudioProjectionModel",
        "_diffusers_version": "0.30.0",
        "conditioning_dim": 768,
        "max_value": 512,
        "min_value": 0,
        "text_encoder_dim": 768,
    },
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for part, content in PARTS.items():
        write(tmp_path, part, content)
    return tmp_path


def write(folder: Path, part: str, content: object) -> None:
    (folder / part).mkdir(exist_ok=True)
    (folder / part / "config.json").write_text(json.dumps(content))


def test_layouts_are_recognised(folder: Path, tmp_path: Path) -> None:
    assert recognise_layout(folder) is Layout.DIFFUSERS
    # the repository of Stable Audio Open 1.0 holds both; its native files are the original
    (folder / "model_config.json").write_text("{}")
    assert recognise_layout(folder) is Layout.NATIVE
    with pytest.raises(ModelError, match="does not exist"):
        recognise_layout(tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    with pytest.raises(ModelError, match="has no model in it"):
        recognise_layout(tmp_path / "empty")


def test_the_official_diffusers_folder_says_what_the_native_one_says(folder: Path) -> None:
    derived = parse_model_config(diffusers_model_config(folder))
    assert derived == parse_model_config(published.OPEN_CONFIG)


def test_the_tokenizer_says_how_long_a_prompt_is(folder: Path) -> None:
    (folder / "tokenizer").mkdir()
    path = folder / "tokenizer" / "tokenizer_config.json"
    for stated, length in ((64, 64), (int(1e30), 128), ("many", 128), (None, 128)):
        path.write_text(json.dumps({"model_max_length": stated}))
        config = parse_model_config(diffusers_model_config(folder))
        assert config.conditioners[0].max_length == length


@pytest.mark.parametrize(
    ("part", "changes", "message"),
    [
        (
            "transformer",
            {"_class_name": "FluxTransformer2DModel"},
            "is of the class 'FluxTransformer2DModel'",
        ),
        ("vae", {"_class_name": "AutoencoderKL"}, "vae in .* not 'AutoencoderOobleck'"),
        ("transformer", {"qk_norm": "rms"}, "transformer .* unknown: qk_norm"),
        ("transformer", {"num_layers": "many"}, "transformer .* wrong type: num_layers"),
        ("transformer", {"out_channels": 32}, "out_channels of the transformer makes 32 where 64"),
        ("transformer", {"cross_attention_dim": 1536}, "num_key_value.* makes 768 where 1536"),
        ("transformer", {"time_proj_dim": 128}, "time_proj_dim of the transformer makes 128"),
        ("vae", {"encoder_hidden_size": 64}, "encoder_hidden_size of the vae makes 64 where 128"),
        ("projection_model", {"conditioning_dim": 512}, "conditioning_dim .* makes 512"),
    ],
)
def test_parts_of_other_pipelines_are_refused(
    folder: Path, part: str, changes: dict[str, object], message: str
) -> None:
    write(folder, part, {**PARTS[part], **changes})
    with pytest.raises(ModelError, match=message) as error:
        diffusers_model_config(folder)
    assert error.value.hint


@pytest.mark.parametrize("part", ["transformer", "vae", "projection_model"])
def test_missing_and_damaged_parts_are_named(folder: Path, part: str) -> None:
    path = folder / part / "config.json"
    path.write_text("{")
    with pytest.raises(ModelError, match=f"{part}.config.json' cannot be read"):
        diffusers_model_config(folder)
    path.write_text("[]")
    with pytest.raises(ModelError, match=f"{part}.config.json' holds no JSON object"):
        diffusers_model_config(folder)
    path.unlink()
    with pytest.raises(ModelError, match=f"{part}.config.json' is missing"):
        diffusers_model_config(folder)


def test_names_are_translated() -> None:
    names = [
        "time_proj.weight",
        "transformer_blocks.11.attn1.to_v.weight",
        "transformer_blocks.11.attn1.to_q.weight",
        "transformer_blocks.11.attn1.to_k.weight",
        "transformer_blocks.0.ff.net.0.proj.bias",
        "transformer_blocks.0.ff.net.0.prox.bias",
    ]
    found = {tensor.name: tensor.rows for tensor in native_tensors("transformer", names)}
    block = "transformer_blocks.11.attn1"
    assert found == {
        "model.model.timestep_features.weight": ("time_proj.weight",),
        "model.model.transformer.layers.11.self_attn.to_qkv.weight": tuple(
            f"{block}.to_{part}.weight" for part in "qkv"
        ),
        "model.model.transformer.layers.0.ff.ff.0.proj.bias": (names[4],),
        # unknown ones keep their name, and so turn up as unexpected
        "transformer/transformer_blocks.0.ff.net.0.prox.bias": (names[5],),
    }


def test_the_places_in_an_autoencoder_follow_its_depth() -> None:
    names = [
        "decoder.block.0.snake1.alpha",
        "decoder.block.1.res_unit3.conv2.weight",
        "decoder.snake1.beta",
        "decoder.conv2.weight",
        "decoder.block.0.conv1.weight",
        "encoder.conv2.bias",
    ]
    found = {tensor.rows[0]: tensor.name for tensor in native_tensors("vae", names)}
    assert list(found.values()) == [
        "pretransform.model.decoder.layers.1.layers.0.alpha",
        "pretransform.model.decoder.layers.2.layers.4.layers.3.weight",
        "pretransform.model.decoder.layers.3.beta",
        "pretransform.model.decoder.layers.4.weight",
        "vae/decoder.block.0.conv1.weight",
        "pretransform.model.encoder.layers.2.bias",
    ]
