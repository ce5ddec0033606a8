from __future__ import annotations

import pytest
import torch
from torch import nn

from sa_studio.engine.config import parse_model_config
from sa_studio.engine.diffusion_model import DiffusionModel
from sa_studio.engine.lora.names import LayerNames, Place
from tests.engine import published

DEPTH = 24


@pytest.fixture(scope="module")
def weights() -> list[str]:
    """The weights of Stable Audio Open 1.0 that a LoRA can change."""
    with torch.device("meta"):
        model = DiffusionModel(parse_model_config(published.OPEN_CONFIG), 768)
    return [
        name
        for name, parameter in model.named_parameters()
        if parameter.dim() > 1 and not name.startswith("pretransform.")
    ]


@pytest.fixture(scope="module")
def names(weights: list[str]) -> LayerNames:
    return LayerNames(weights)


QKV = "model.model.transformer.layers.13.self_attn.to_qkv.weight"
KV = "model.model.transformer.layers.1.cross_attn.to_kv.weight"
NUMBER = "conditioner.conditioners.seconds_total.embedder.embedding.1.weight"


@pytest.mark.parametrize(
    ("module", "place"),
    [
        ("model/model/transformer/layers/13/self_attn/to_qkv", Place(QKV)),
        ("model.model.transformer.layers.13.self_attn.to_qkv", Place(QKV)),
        ("model.transformer.layers.13.self_attn.to_qkv", Place(QKV)),
        ("transformer.layers.13.self_attn.to_qkv", Place(QKV)),
        ("diffusion_model.transformer.layers.13.self_attn.to_qkv", Place(QKV)),
        ("diffusion.model.model.transformer.layers.13.self_attn.to_qkv", Place(QKV)),
        ("base_model.model.transformer.layers.13.self_attn.to_k", Place(QKV, 1, 3)),
        ("lora_unet_transformer_layers_13_self_attn_to_qkv", Place(QKV)),
        ("lora_unet_model_model_transformer_layers_13_self_attn_to_qkv", Place(QKV)),
        (
            "lora_unet_transformerlora_unet_layerslora_unet_13lora_unet_self_attnlora_unet_to_qkv",
            Place(QKV),
        ),
        ("base_model.model.transformer_blocks.13.attn1.to_v", Place(QKV, 2, 3)),
        ("transformer.transformer_blocks.1.attn2.to_k", Place(KV, 0, 2)),
        ("lora_transformer_transformer_blocks_1_attn2_to_v", Place(KV, 1, 2)),
        ("transformer.layers.1.cross_attn.to_kv", Place(KV)),
        ("conditioners.seconds_total.embedder.embedding.1", Place(NUMBER)),
        ("conditioner.conditioners.seconds_total.embedder.embedding.1", Place(NUMBER)),
        (
            "projection_model.end_number_conditioner.time_positional_embedding.1",
            Place(NUMBER),
        ),
        ("preprocess_conv", Place("model.model.preprocess_conv.weight")),
    ],
)
def test_layers_are_found_by_the_names_of_every_trainer(
    names: LayerNames, module: str, place: Place
) -> None:
    assert names.find(module) == place


@pytest.mark.parametrize(
    "module",
    [
        *("", ".", "model", "lora_unet_", "transformer.layers.24.self_attn.to_qkv"),
        *("transformer_blocks.24.attn1.to_q", "lora_unet_transformer_layers_24_self_attn_to_qkv"),
        *("lora_te_text_model_encoder_layers_0_mlp_fc1", "text_encoder.layers.0.fc1"),
        *("pretransform.model.decoder.layers.0", "mine.transformer.layers.0.self_attn.to_qkv"),
    ],
)
def test_other_names_are_of_no_layer(names: LayerNames, module: str) -> None:
    assert names.find(module) is None


def test_no_two_layers_are_taken_for_each_other(names: LayerNames, weights: list[str]) -> None:
    for weight in weights:
        layer = weight.removesuffix(".weight")
        relative = layer.removeprefix("model.model.").removeprefix("conditioner.")
        for spelled in (layer, relative, layer.replace(".", "/"), relative.replace(".", "_")):
            assert names.find(spelled) == Place(weight)


def test_what_only_separators_tell_apart_is_not_guessed() -> None:
    names = LayerNames(["model.model.a.1.1.weight", "model.model.a.11.weight"])
    assert names.find("lora_unet_a_1_1") is None
    assert names.find("a.1.1") == Place("model.model.a.1.1.weight")


def test_blocks_are_equal_shares_of_the_rows() -> None:
    assert [Place(QKV, block, 3).rows(4608) for block in range(3)] == [
        slice(0, 1536),
        slice(1536, 3072),
        slice(3072, 4608),
    ]
    assert Place(KV, 1, 2).rows(1536) == slice(768, 1536)
    assert Place(KV).rows(1536) == slice(0, 1536)


def test_every_layer_of_diffusers_own_transformer_has_a_place(
    names: LayerNames, weights: list[str]
) -> None:
    diffusers = pytest.importorskip("diffusers")
    with torch.device("meta"):
        theirs = diffusers.StableAudioDiTModel(num_layers=DEPTH)
        ours = DiffusionModel(parse_model_config(published.OPEN_CONFIG), 768)
    sizes = {name: parameter.shape for name, parameter in ours.named_parameters()}
    filled = dict.fromkeys(weights, 0)
    for name, module in theirs.named_modules():
        if not isinstance(module, nn.Linear | nn.Conv1d):
            continue
        place = names.find(f"base_model.model.{name}")
        assert place is not None, name
        rows, columns = sizes[place.weight][0] // place.blocks, sizes[place.weight][1:]
        assert module.weight.shape == (rows, *columns), name
        filled[place.weight] += rows
    # … and all of them together are our whole network, but for what is no layer in theirs
    for weight, rows in filled.items():
        if weight.startswith("model.model.") and "timestep_features" not in weight:
            assert rows == sizes[weight][0], weight
