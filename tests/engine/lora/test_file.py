from __future__ import annotations

import json
import os
import pickle
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor

from sa_studio.engine.lora.adapter import LowRank
from sa_studio.engine.lora.file import LoraFile, as_safetensors, read_lora
from sa_studio.engine.lora.settings import LoraSettings, settings_of
from sa_studio.errors import LoraError
from tests.engine.lora.networks import noise

LAYER = "transformer.layers.0.self_attn.to_qkv"
DOWN, UP = noise(2, 6, seed=1), noise(9, 2, seed=2)
LORAW = {
    f"model/model/{LAYER.replace('.', '/')}/lora_down.weight": DOWN,
    f"model/model/{LAYER.replace('.', '/')}/lora_up.weight": UP,
}
PEFT = {f"{LAYER}.lora_A.weight": DOWN, f"{LAYER}.lora_B.weight": UP}


def refusal(path: Path) -> LoraError:
    with pytest.raises(LoraError) as caught:
        read_lora(path)
    error = caught.value
    assert error.hint.endswith(".")
    assert not error.message.endswith(".")
    assert "\n" not in error.one_line()
    return error


def save(path: Path, tensors: dict[str, Tensor], **metadata: str) -> Path:
    save_file({name: tensor.clone() for name, tensor in tensors.items()}, path, metadata)
    return path


def only_change(lora: LoraFile) -> LowRank:
    (adapter,) = lora.adapters
    assert isinstance(adapter.change, LowRank)
    return adapter.change


@pytest.mark.parametrize("dtype", [torch.float32, torch.float16, torch.bfloat16, torch.float64])
@pytest.mark.parametrize("ending", [".safetensors", ".ckpt", ".pt", ".bin", ".CKPT"])
def test_files_of_every_precision(tmp_path: Path, ending: str, dtype: torch.dtype) -> None:
    path = tmp_path / f"warm tape{ending}"
    tensors = {name: tensor.to(dtype) for name, tensor in LORAW.items()}
    if ending == ".safetensors":
        save_file(tensors, path)
    else:
        torch.save(OrderedDict(tensors), path)
    lora = read_lora(path)
    change = only_change(lora)
    assert (lora.name, lora.path, lora.rank) == ("warm tape", path, 2)
    assert change.down.dtype == change.up.dtype == torch.float32
    assert torch.equal(change.down, DOWN.to(dtype).float())
    assert torch.equal(change.up, UP.to(dtype).float())


def test_a_file_is_read_again_only_when_it_changed(tmp_path: Path) -> None:
    path = save(tmp_path / "a.safetensors", LORAW)
    first = read_lora(path)
    assert read_lora(path) is first
    settings = tmp_path / "a.json"
    settings.write_text('{"alpha": 8, "rank": 2}')
    with_settings = read_lora(path)
    assert with_settings.adapters[0].scale == 4.0
    save(path, {name: 2 * tensor for name, tensor in LORAW.items()})
    os.utime(path, ns=(1, 1))  # some file systems tell times only to the second
    assert torch.equal(only_change(read_lora(path)).down, 2 * DOWN)


def test_a_file_that_was_read_can_be_replaced_and_removed(tmp_path: Path) -> None:
    path = tmp_path / "a.ckpt"
    torch.save(LORAW, path)
    change = only_change(read_lora(path))
    path.write_bytes(b"\0" * path.stat().st_size)
    path.unlink()
    assert torch.equal(change.down, DOWN)


class Call:
    """What a malicious pickle is made of."""

    def __init__(self, function: Callable[..., Any], *arguments: Any) -> None:
        self.call = function, arguments

    def __reduce__(self) -> Any:
        return self.call


@pytest.mark.parametrize("is_zip", [True, False])
@pytest.mark.parametrize(
    ("function", "named"), [(os.mkdir, "mkdir"), (eval, "builtins.eval"), (exec, "builtins.exec")]
)
def test_a_malicious_pickle_runs_nothing_and_is_named(
    tmp_path: Path, function: Callable[..., Any], named: str, is_zip: bool
) -> None:
    trace = tmp_path / "was here"
    argument = str(trace) if function is os.mkdir else f"__import__('os').mkdir({str(trace)!r})"
    content = {**LORAW, "innocent": Call(function, argument)}
    path = tmp_path / "warm.ckpt"
    torch.save(content, path, _use_new_zipfile_serialization=is_zip)
    error = refusal(path)
    assert named in error.message
    assert "warm.ckpt" in error.message
    assert not trace.exists()
    # the file is what it seems to be
    pickle.loads(pickle.dumps(Call(function, argument)))  # noqa: S301
    assert trace.exists()


@pytest.mark.parametrize(
    "content",
    [b"", b"garbage", b"PK\x03\x04 cut off", b"\x80\x02}q\x00.", b"\x80\x05\x95\x10", b"\0" * 999],
)
@pytest.mark.parametrize("ending", [".ckpt", ".pt", ".bin", ".safetensors"])
def test_damaged_files_are_refused(tmp_path: Path, content: bytes, ending: str) -> None:
    path = tmp_path / f"warm{ending}"
    path.write_bytes(content)
    refusal(path)


def test_files_that_are_cut_off_are_refused(tmp_path: Path) -> None:
    whole = tmp_path / "whole.ckpt"
    torch.save(LORAW, whole)
    path = tmp_path / "part.ckpt"
    path.write_bytes(whole.read_bytes()[:-100])
    refusal(path)


@pytest.mark.parametrize("content", [[], 5, "text", {}, {"state_dict": 5}, {"a": {"b": 1}}, [DOWN]])
def test_pickles_of_something_else_are_refused(tmp_path: Path, content: Any) -> None:
    path = tmp_path / "warm.ckpt"
    torch.save(content, path)
    refusal(path)


def test_a_tensor_larger_than_its_memory_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "warm.ckpt"
    torch.save({**LORAW, "x.lora_down.weight": torch.zeros(1).expand(2**20, 2**20)}, path)
    assert "x.lora_down.weight" in refusal(path).message


@pytest.mark.parametrize("name", ["warm.wav", "warm", "warm.gguf"])
def test_other_endings_are_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"x")
    assert "is no LoRA file" in refusal(tmp_path / name).message


@pytest.mark.parametrize("stem", ["adapter_model", "pytorch_lora_weights"])
def test_a_folder_of_peft_or_diffusers_is_read_like_its_file(tmp_path: Path, stem: str) -> None:
    folder = tmp_path / "warm tape"
    folder.mkdir()
    path = save(folder / f"{stem}.safetensors", PEFT)
    lora = read_lora(folder)
    assert (lora.path, lora.own_name) == (path, "warm tape")
    assert read_lora(save(tmp_path / "grit.safetensors", PEFT)).own_name == "grit"
    assert "no LoRA in the folder" in refusal(tmp_path).message


def test_a_pickle_may_hold_alpha_as_a_mere_number(tmp_path: Path) -> None:
    torch.save({**PEFT, f"{LAYER}.alpha": 3}, tmp_path / "warm.pt")
    assert read_lora(tmp_path / "warm.pt").adapters[0].scale == 1.5


@pytest.mark.parametrize("ending", [".safetensors", ".ckpt"])
def test_a_lora_as_safetensors_is_the_same(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"warm{ending}"
    shared = torch.cat((DOWN.flatten(), UP.flatten())).half()
    tensors = dict(
        zip(
            LORAW,
            (shared[: DOWN.numel()].view(2, 6), shared[DOWN.numel() :].view(9, 2)),
            strict=True,
        )
    )
    if ending == ".ckpt":
        torch.save(tensors, path)
    else:
        save(path, tensors, lora_config='{"alpha": 3}')
    copy = tmp_path / "copy.safetensors"
    copy.write_bytes(as_safetensors(read_lora(path)))
    ours, theirs = read_lora(copy), read_lora(path)
    assert torch.equal(only_change(ours).down, only_change(theirs).down)
    assert torch.equal(only_change(ours).up, UP.half().float())
    assert ours.adapters[0].scale == theirs.adapters[0].scale
    if ending == ".safetensors":
        assert copy.read_bytes() == path.read_bytes()


def test_missing_files_are_named(tmp_path: Path) -> None:
    assert "There is no LoRA file" in refusal(tmp_path / "warm.safetensors").message


@pytest.mark.parametrize(
    "tensors",
    [
        {"model.model.transformer.layers.0.self_attn.to_qkv.weight": UP},
        {"encoder.weight": UP, "decoder.alpha": UP},
        {f"lora_unet_{LAYER}.hada_w1_a": UP, f"lora_unet_{LAYER}.alpha": torch.tensor(1.0)},
    ],
)
def test_a_file_without_a_lora_is_refused(tmp_path: Path, tensors: dict[str, Tensor]) -> None:
    path = save(tmp_path / "warm.safetensors", tensors)
    assert refusal(path).message == "There is no LoRA in 'warm'"


@pytest.mark.parametrize(
    ("more", "named"),
    [
        ({"model.model.transformer.project_in.weight": UP}, "transformer.project_in.weight"),
        ({f"{LAYER}.lora_B.bias": UP}, "lora_B.bias"),
        ({"lora_unet_x.hada_w1_a": UP}, "hada_w1_a"),
        ({f"{LAYER}.lora_mid.weight": UP}, "lora_mid"),
        ({f"{LAYER}.lora_A.second.weight": UP}, "lora_A"),
        ({f"{LAYER}.lora_embedding_A": UP}, "lora_embedding_A"),
    ],
)
def test_a_file_with_something_else_in_it_is_refused_by_name(
    tmp_path: Path, more: dict[str, Tensor], named: str
) -> None:
    error = refusal(save(tmp_path / "warm.safetensors", PEFT | more))
    assert "more than one LoRA" in error.message
    assert named in error.message


def core(**parts: Tensor) -> dict[str, Tensor]:
    return {f"{LAYER}.parametrizations.weight.0.{name}": part for name, part in parts.items()}


@pytest.mark.parametrize(
    ("tensors", "said"),
    [
        ({f"{LAYER}.lora_A.weight": DOWN}, "has of its parts only down"),
        ({f"{LAYER}.lora_B.weight": UP}, "has of its parts only up"),
        (core(magnitude=UP), "has of its parts only the magnitude"),
        (core(M_xs=noise(2, 2), U=noise(9, 2)), "has of its parts only core, left"),
        (core(M_xs=noise(2, 3)), "has a core of the shape [2, 3]"),
        (core(M_xs=noise(2, 2), U=noise(9, 2), V=noise(6, 3)), "has bases that do not fit"),
        (
            {f"{LAYER}.lora_A.weight": DOWN, f"{LAYER}.lora_B.weight": noise(9, 3)},
            "has parts that do not fit: [2, 6] and [9, 3]",
        ),
        (
            {f"{LAYER}.lora_A.weight": DOWN[0], f"{LAYER}.lora_B.weight": UP},
            "has parts that do not fit: [6] and [9, 2]",
        ),
        (
            {f"{LAYER}.lora_A.weight": DOWN * float("nan"), f"{LAYER}.lora_B.weight": UP},
            "has no numbers in its part down",
        ),
        (
            {f"{LAYER}.lora_A.weight": noise(0, 6), f"{LAYER}.lora_B.weight": noise(9, 0)},
            "has no numbers in its part down",
        ),
        ({**PEFT, f"{LAYER}.alpha": noise(3)}, "has an alpha of several numbers"),
    ],
)
def test_damaged_adapters_are_refused_by_name(
    tmp_path: Path, tensors: dict[str, Tensor], said: str
) -> None:
    error = refusal(save(tmp_path / "warm.safetensors", tensors))
    assert error.message.startswith("The LoRA 'warm' is damaged: ")
    assert f"{LAYER} {said}" in error.message


def test_all_damaged_adapters_are_counted(tmp_path: Path) -> None:
    tensors = {f"transformer.layers.{n}.lora_A.weight": DOWN for n in range(5)}
    message = refusal(save(tmp_path / "warm.safetensors", tensors)).message
    assert message.count("has of its parts") == 3
    assert message.endswith("and 2 more")


@pytest.mark.parametrize(
    "settings",
    ["{", "[]", "5", '"text"', '{"alpha": "loud"}', '{"alpha": true}', '{"rank": -1}',
     '{"alpha": NaN}', '{"lora_alpha": [1]}', '{"adapter_type": 5}', '{"alpha_pattern": 5}',
     '{"adapter_type": "nonesuch"}', "[" * 100_000],
)  # fmt: skip
def test_settings_that_cannot_be_read_are_refused(tmp_path: Path, settings: str) -> None:
    inside = save(tmp_path / "inside.safetensors", PEFT, lora_config=settings)
    assert "'inside'" in refusal(inside).message
    beside = save(tmp_path / "beside.safetensors", PEFT)
    beside.with_suffix(".json").write_text(settings)
    assert "'beside'" in refusal(beside).message


@pytest.mark.parametrize(
    ("files", "scale"),
    [
        ({}, 1.0),
        ({"a.json": {"unrelated": 1}}, 1.0),
        ({"a.json": {"alpha": 0}}, 1.0),
        ({"a.json": {"alpha": "5"}}, 2.5),
        ({"a.json": {"lora_config": {"alpha": 5}}, "lora_config.json": {"alpha": 7}}, 2.5),
        ({"lora_config.json": {"alpha": 7}}, 3.5),
        ({"model_config.json": {"loraw": {"alpha": 9}, "sample_rate": 44100}}, 4.5),
        ({"adapter_config.json": {"lora_alpha": 11}}, 1.0),  # of another file
        ({"b.json": {"alpha": 11}}, 1.0),
    ],
)
def test_settings_lie_in_many_places(tmp_path: Path, files: dict[str, Any], scale: float) -> None:
    for name, content in files.items():
        (tmp_path / name).write_text(json.dumps(content))
    path = save(tmp_path / "a.safetensors", PEFT)
    assert read_lora(path).adapters[0].scale == scale


def test_what_the_file_says_itself_comes_first(tmp_path: Path) -> None:
    path = save(tmp_path / "a.safetensors", PEFT, lora_config='{"alpha": 3}')
    path.with_suffix(".json").write_text('{"alpha": 5}')
    assert read_lora(path).adapters[0].scale == 1.5


def test_settings_survive_as_json() -> None:
    settings = LoraSettings(2.5, 8, "dora-rows", rank_stabilised=True, alphas={"to_qkv": 3.0})
    assert settings_of({"lora_config": json.loads(json.dumps(settings.as_json()))}) == settings
    assert settings_of(LoraSettings().as_json()) == LoraSettings()
