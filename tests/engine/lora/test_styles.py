"""Every style against plain arithmetic on the dense matrices, in double precision."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor
from torch.nn import functional

from sa_studio.engine.lora.file import read_lora
from sa_studio.engine.lora.merger import LoraMerger
from sa_studio.engine.lora.styles import Style
from tests.engine.lora.networks import (
    COND_DIM,
    EMBED_DIM,
    LAYER,
    Parts,
    assert_merged,
    assert_same,
    noise,
)

RANK = 4
QKV, KV = f"{LAYER}.self_attn.to_qkv", f"{LAYER}.cross_attn.to_kv"


def pair(rows: int, columns: int, seed: int = 1) -> tuple[Tensor, Tensor]:
    """down and up."""
    return noise(RANK, columns, seed=seed), noise(rows, RANK, seed=seed + 1)


def dense(down: Tensor, up: Tensor) -> Tensor:
    return up.double().flatten(1) @ down.double().flatten(1)


def save(path: Path, tensors: dict[str, Tensor], **metadata: Any) -> Path:
    texts = {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in metadata.items()
    }
    save_file({name: tensor.contiguous() for name, tensor in tensors.items()}, path, texts)
    return path


def merged(parts: Parts, path: Path, strength: float = 1.0) -> Style:
    lora = read_lora(path)
    parts.merger().use([(lora, strength)])
    return lora.style


@pytest.fixture
def parts() -> Parts:
    return Parts()


@pytest.mark.parametrize("strength", [1.0, 0.5, -2.0])
def test_loraw(parts: Parts, tmp_path: Path, strength: float) -> None:
    base = parts.weight(QKV)
    down, up = pair(3 * EMBED_DIM, EMBED_DIM)
    module = "model/model/" + QKV.replace(".", "/")
    tensors = {f"{module}/lora_down.weight": down, f"{module}/lora_up.weight": up}
    torch.save(tensors, tmp_path / "a.ckpt")
    assert merged(parts, tmp_path / "a.ckpt", strength) is Style.LORAW
    assert_merged(parts.weight(QKV), base.double() + strength * dense(down, up))


def test_loraw_takes_alpha_from_the_configuration_beside_it(parts: Parts, tmp_path: Path) -> None:
    base = parts.weight(QKV)
    down, up = pair(3 * EMBED_DIM, EMBED_DIM)
    module = "model/model/" + QKV.replace(".", "/")
    path = save(
        tmp_path / "a.safetensors",
        {f"{module}/lora_down.weight": down, f"{module}/lora_up.weight": up},
    )
    section = {"rank": 2 * RANK, "alpha": 6, "multiplier": 1.0}
    (tmp_path / "model_config.json").write_text(json.dumps({"lora": section}))
    merged(parts, path)
    # what was asked for divides α, though this layer is narrower
    assert_merged(parts.weight(QKV), base.double() + 6 / (2 * RANK) * dense(down, up))


class Layers(torch.nn.Module):
    """A linear layer and a convolution, both with a bias."""

    def __init__(self) -> None:
        super().__init__()
        self.linear = torch.nn.Linear(5, 7)
        self.conv = torch.nn.Conv1d(5, 7, 3, padding=1)
        for number, parameter in enumerate(self.parameters()):
            parameter.data = noise(*parameter.shape, seed=number, scale=0.4)


@pytest.mark.parametrize("strength", [1.0, 0.3])
@pytest.mark.parametrize("export", [False, True])
def test_loraw_dora_scales_what_the_layer_puts_out(
    tmp_path: Path, strength: float, export: bool
) -> None:
    layers = Layers()
    down, up = pair(7, 5)
    magnitude = noise(7, 1, seed=9, scale=1.0).abs() + 0.5
    x = noise(3, 5, seed=8, scale=1.0).double()
    weight, bias = layers.linear.weight.double(), layers.linear.bias.double()
    whole = weight + dense(down, up)
    ratio = magnitude.double()[:, 0] / whole.norm(dim=1)
    wanted = ratio * (x @ weight.T + bias + strength * x @ dense(down, up).T)
    if export:
        tensors = {
            "lora_unet_linear.lora_down.weight": down,
            "lora_unet_linear.lora_up.weight": up,
            "lora_unet_linear.dora_scale.weight": magnitude,
        }
    else:
        tensors = {
            "model/model/linear/lora_down.weight": down,
            "model/model/linear/lora_up.weight": up,
            "model/model/linear/dora_mag.weight": magnitude,
            "model/model/linear/dora_mag.bias": noise(7),
        }
    lora = read_lora(save(tmp_path / "dora.safetensors", tensors))
    merger = LoraMerger({"model.model.": layers})
    before = layers.linear.bias.detach().clone()
    merger.use([(lora, strength)])
    torch.testing.assert_close(layers.linear(x.float()).double(), wanted, rtol=1e-5, atol=1e-5)
    assert_merged(layers.linear.weight, ratio[:, None] * (weight + strength * dense(down, up)))
    assert_merged(layers.linear.bias, ratio * bias)
    merger.detach()
    assert torch.equal(layers.linear.bias, before)


def test_loraw_convolution(tmp_path: Path) -> None:
    layers = Layers()
    down, up = noise(RANK, 5, 3, seed=1), noise(7, RANK, 1, seed=2)
    x = noise(2, 5, 11, seed=3, scale=1.0)
    # what LoRAW computes: a second path beside the layer, with the layer's padding
    wanted = layers.conv(x) + functional.conv1d(functional.conv1d(x, down, padding=1), up)
    tensors = {
        "model/model/conv/lora_down.weight": down,
        "model/model/conv/lora_up.weight": up,
    }
    lora = read_lora(save(tmp_path / "conv.safetensors", tensors))
    LoraMerger({"model.model.": layers}).use([(lora, 1.0)])
    assert not torch.allclose(wanted, Layers().conv(x), atol=1e-3)
    torch.testing.assert_close(layers.conv(x), wanted, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("separator", ["_", "lora_unet_"])
def test_loraw_export_for_comfyui_as_it_should_be_and_as_it_is(
    parts: Parts, tmp_path: Path, separator: str
) -> None:
    base = parts.weight(KV)
    down, up = pair(2 * COND_DIM, COND_DIM)
    module = "lora_unet_" + KV.replace("_attn", "*attn").replace("to_kv", "to*kv")
    module = module.replace(".", separator).replace("*", "_")
    joint = "." if separator == "_" else separator
    tensors = {f"{module}{joint}lora_down.weight": down, f"{module}{joint}lora_up.weight": up}
    assert merged(parts, save(tmp_path / "a.safetensors", tensors)) is Style.LORAW_EXPORT
    assert_merged(parts.weight(KV), base.double() + dense(down, up))


def parametrized(layer: str, **tensors: Tensor) -> dict[str, Tensor]:
    root = "" if layer.startswith("conditioners.") else "model."
    return {
        f"{root}{layer}.parametrizations.weight.0.{part}": tensor
        for part, tensor in tensors.items()
    }


CONV, NUMBER = "preprocess_conv", "conditioners.seconds_total.embedder.embedding.1"


@pytest.mark.parametrize("strength", [1.0, 0.6])
@pytest.mark.parametrize("kind", ["lora", "dora-rows", "dora-cols", "bora", "dora", None])
@pytest.mark.parametrize("layer", [QKV, CONV, NUMBER])
def test_parametrization(
    parts: Parts, tmp_path: Path, layer: str, kind: str | None, strength: float
) -> None:
    weight = parts.weight(layer).flatten(1).double()
    rows, columns = weight.shape
    down, up = pair(rows, columns)
    of_rows = weight.norm(dim=1).float() * 1.3
    of_columns = weight.norm(dim=0).float() * 0.7
    tensors = {"lora_A": down, "lora_B": up}
    wanted = weight + 6 / RANK * strength * dense(down, up)
    if kind in ("dora-rows", "dora"):
        tensors["magnitude"] = of_rows
    if kind == "dora-cols":
        tensors["magnitude"] = of_columns
    if kind == "bora":
        tensors |= {"magnitude_r": of_rows, "magnitude_c": of_columns}
    if kind in ("dora-rows", "dora", "bora"):
        wanted = wanted / wanted.norm(dim=1, keepdim=True) * of_rows.double()[:, None]
    if kind in ("dora-cols", "bora"):
        wanted = wanted / wanted.norm(dim=0, keepdim=True) * of_columns.double()
    settings = {"rank": RANK, "alpha": 6} | ({"adapter_type": kind} if kind else {})
    tensors |= {"lora_dropout_mask": torch.ones(1, columns)}
    path = save(tmp_path / "a.safetensors", parametrized(layer, **tensors), lora_config=settings)
    assert merged(parts, path, strength) is Style.PARAMETRIZATION
    assert_merged(parts.weight(layer).flatten(1), wanted)


@pytest.mark.parametrize("by", ["rows", "columns"])
def test_magnitudes_of_older_files_tell_by_their_shape_what_they_are_of(
    parts: Parts, tmp_path: Path, by: str
) -> None:
    weight = parts.weight(QKV).double()
    down, up = pair(*weight.shape)
    magnitude = weight.norm(dim=1 if by == "rows" else 0, keepdim=True).float() * 1.1
    wanted = weight + dense(down, up)
    wanted = wanted / wanted.norm(dim=1 if by == "rows" else 0, keepdim=True) * magnitude.double()
    tensors = parametrized(QKV, lora_A=down, lora_B=up, magnitude=magnitude)
    merged(parts, save(tmp_path / "a.safetensors", tensors, lora_config={"adapter_type": "dora"}))
    assert_merged(parts.weight(QKV), wanted)


@pytest.mark.parametrize("has_bases", [True, False])
@pytest.mark.parametrize("kind", ["lora-xs", "dora-rows-xs", "dora-cols-xs"])
def test_xs(parts: Parts, tmp_path: Path, kind: str, has_bases: bool) -> None:
    weight = parts.weight(QKV).double()
    u, _, vh = torch.linalg.svd(weight, full_matrices=False)
    # the trainer's signs: the largest entry of each column of U is positive
    signs = torch.stack([column[column.abs().argmax()].sign() for column in u.T])
    left, right = (u * signs)[:, :RANK], (vh * signs[:, None])[:RANK].T
    if has_bases:  # of another model, so that it shows whether they are used
        left, right = noise(*left.shape, seed=5).double(), noise(*right.shape, seed=6).double()
    core = noise(RANK, RANK, seed=4, scale=1.0)
    wanted = weight + 6 / RANK * left @ core.double() @ right.T
    tensors = {"M_xs": core}
    if has_bases:
        tensors |= {"U": left.float(), "V": right.float()}
    if kind != "lora-xs":
        axis = 1 if "rows" in kind else 0
        tensors["magnitude"] = weight.norm(dim=axis).float() * 1.2
        lengths = tensors["magnitude"].double().unsqueeze(axis)
        wanted = wanted / wanted.norm(dim=axis, keepdim=True) * lengths
    settings = {"rank": RANK, "alpha": 6, "adapter_type": kind}
    path = save(tmp_path / "a.safetensors", parametrized(QKV, **tensors), lora_config=settings)
    merged(parts, path)
    # singular vectors are only as exact as the arithmetic that finds them
    tolerance = 1e-6 if has_bases else 1e-5
    torch.testing.assert_close(parts.weight(QKV).double(), wanted, rtol=tolerance, atol=tolerance)


def test_parametrization_snapshots_keep_their_settings_in_the_pickle(
    parts: Parts, tmp_path: Path
) -> None:
    base = parts.weight(QKV)
    down, up = pair(3 * EMBED_DIM, EMBED_DIM)
    state = parametrized(QKV, lora_A=down.half(), lora_B=up.half())
    content = {"state_dict": state, "lora_config": {"rank": RANK, "alpha": 1}, "epoch": 3}
    torch.save(content, tmp_path / "epoch=3.ckpt")
    merged(parts, tmp_path / "epoch=3.ckpt")
    wanted = base.double() + dense(down.half(), up.half()) / RANK
    assert_merged(parts.weight(QKV), wanted)


def blocks(parts: Parts, layer: str, changes: list[Tensor | None]) -> Tensor:
    """What a fused weight should be with a change in some of its blocks of rows."""
    weight = parts.weight(layer).double()
    size = len(weight) // len(changes)
    for number, change in enumerate(changes):
        if change is not None:
            weight[number * size : (number + 1) * size] += change
    return weight


@pytest.mark.parametrize("prefix", ["base_model.model.", "transformer.", ""])
@pytest.mark.parametrize("adapter", ["", ".default"])
def test_peft_on_diffusers_names(parts: Parts, tmp_path: Path, prefix: str, adapter: str) -> None:
    pairs = {
        "attn1.to_q": pair(EMBED_DIM, EMBED_DIM, 1),
        "attn1.to_v": pair(EMBED_DIM, EMBED_DIM, 3),
        "attn2.to_k": pair(COND_DIM, COND_DIM, 5),
        "attn2.to_v": pair(COND_DIM, COND_DIM, 7),
        "attn2.to_out.0": pair(EMBED_DIM, EMBED_DIM, 9),
        "ff.net.0.proj": pair(8 * EMBED_DIM, EMBED_DIM, 11),
    }
    change = {name: 2.0 * dense(*factors) for name, factors in pairs.items()}
    wanted = {
        QKV: blocks(parts, QKV, [change["attn1.to_q"], None, change["attn1.to_v"]]),
        KV: blocks(parts, KV, [change["attn2.to_k"], change["attn2.to_v"]]),
        f"{LAYER}.cross_attn.to_out": blocks(
            parts, f"{LAYER}.cross_attn.to_out", [change["attn2.to_out.0"]]
        ),
        f"{LAYER}.ff.ff.0.proj": blocks(parts, f"{LAYER}.ff.ff.0.proj", [change["ff.net.0.proj"]]),
    }
    tensors = {}
    for name, (down, up) in pairs.items():
        tensors[f"{prefix}transformer_blocks.0.{name}.lora_A{adapter}.weight"] = down
        tensors[f"{prefix}transformer_blocks.0.{name}.lora_B{adapter}.weight"] = up
    path = save(tmp_path / "adapter_model.safetensors", tensors)
    settings = {"peft_type": "LORA", "r": RANK, "lora_alpha": 2 * RANK}
    (tmp_path / "adapter_config.json").write_text(json.dumps(settings))
    assert merged(parts, path) is Style.PEFT
    for layer, weight in wanted.items():
        assert_merged(parts.weight(layer), weight)


def test_peft_dora_leaves_the_other_rows_alone(parts: Parts, tmp_path: Path) -> None:
    down, up = pair(EMBED_DIM, EMBED_DIM)
    wanted = parts.weight(QKV).double()
    changed = wanted[EMBED_DIM : 2 * EMBED_DIM] + dense(down, up)
    magnitude = noise(EMBED_DIM, seed=3, scale=1.0).abs() + 0.5
    changed *= (magnitude.double() / changed.norm(dim=1))[:, None]
    wanted[EMBED_DIM : 2 * EMBED_DIM] = changed
    module = "base_model.model.transformer_blocks.0.attn1.to_k"
    tensors = {
        f"{module}.lora_A.weight": down,
        f"{module}.lora_B.weight": up,
        f"{module}.lora_magnitude_vector.weight": magnitude,
    }
    merged(parts, save(tmp_path / "a.safetensors", tensors))
    assert_merged(parts.weight(QKV), wanted)


@pytest.mark.parametrize(
    ("settings", "scale"),
    [
        ({"r": RANK, "lora_alpha": 3}, 3 / RANK),
        ({"r": RANK, "lora_alpha": 3, "use_rslora": True}, 3 / RANK**0.5),
        ({"r": 64, "lora_alpha": 3}, 3 / RANK),
        ({"lora_alpha": 3, "alpha_pattern": {"self_attn.to_qkv": 8}}, 8 / RANK),
        ({"lora_alpha": 3, "alpha_pattern": {"attn.to_qkv": 8}}, 3 / RANK),
        ({}, 1.0),
    ],
)
def test_peft_settings(
    parts: Parts, tmp_path: Path, settings: dict[str, Any], scale: float
) -> None:
    base = parts.weight(QKV)
    down, up = pair(3 * EMBED_DIM, EMBED_DIM)
    path = save(
        tmp_path / "a.safetensors", {f"{QKV}.lora_A.weight": down, f"{QKV}.lora_B.weight": up}
    )
    (tmp_path / "a.json").write_text(json.dumps(settings))
    merged(parts, path)
    assert_merged(parts.weight(QKV), base.double() + scale * dense(down, up))


def test_diffusers_keeps_settings_in_the_file(parts: Parts, tmp_path: Path) -> None:
    base = parts.weight(f"{LAYER}.ff.ff.2")
    down, up = pair(EMBED_DIM, 4 * EMBED_DIM)
    module = "transformer.transformer_blocks.0.ff.net.2"
    path = save(
        tmp_path / "pytorch_lora_weights.safetensors",
        {f"{module}.lora.down.weight": down, f"{module}.lora.up.weight": up},
        lora_adapter_metadata={"transformer.r": RANK, "transformer.lora_alpha": 10},
    )
    merged(parts, path)
    assert_merged(parts.weight(f"{LAYER}.ff.ff.2"), base.double() + 10 / RANK * dense(down, up))


def test_kohya(parts: Parts, tmp_path: Path) -> None:
    names = {QKV: (3 * EMBED_DIM, EMBED_DIM), f"{LAYER}.ff.ff.2": (EMBED_DIM, 4 * EMBED_DIM)}
    tensors, wanted = {}, {}
    for number, (layer, shape) in enumerate(names.items()):
        down, up = pair(*shape, seed=number)
        module = f"lora_unet_{layer}".replace(".", "_")
        tensors[f"{module}.lora_down.weight"] = down
        tensors[f"{module}.lora_up.weight"] = up
        tensors[f"{module}.alpha"] = torch.tensor(2.0 + number)
        wanted[layer] = parts.weight(layer).double() + (2 + number) / RANK * dense(down, up)
    assert merged(parts, save(tmp_path / "a.safetensors", tensors)) is Style.KOHYA
    for layer, weight in wanted.items():
        assert_merged(parts.weight(layer), weight)


def test_kohya_dora_leaves_the_bias_alone(tmp_path: Path) -> None:
    layers = Layers()
    down, up = pair(7, 5)
    magnitude = noise(7, 1, seed=9, scale=1.0).abs() + 0.5
    wanted = layers.linear.weight.double() + 3 / RANK * dense(down, up)
    wanted = wanted / wanted.norm(dim=1, keepdim=True) * magnitude.double()
    tensors = {
        "lora_unet_linear.lora_down.weight": down,
        "lora_unet_linear.lora_up.weight": up,
        "lora_unet_linear.dora_scale": magnitude,
        "lora_unet_linear.alpha": torch.tensor(3.0),
    }
    lora = read_lora(save(tmp_path / "dora.safetensors", tensors))
    LoraMerger({"model.model.": layers}).use([(lora, 1.0)])
    assert_merged(layers.linear.weight, wanted)
    assert torch.equal(layers.linear.bias, Layers().linear.bias)


def test_a_lora_touches_no_other_weight(parts: Parts, tmp_path: Path) -> None:
    before = parts.state()
    down, up = pair(3 * EMBED_DIM, EMBED_DIM)
    tensors = {f"{QKV}.lora_down.weight": down, f"{QKV}.lora_up.weight": up}
    merged(parts, save(tmp_path / "a.safetensors", tensors))
    after = parts.state()
    name = f"model.model.{QKV}.weight"
    assert not torch.equal(before.pop(name), after.pop(name))
    assert_same(before, after)
