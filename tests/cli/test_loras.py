from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch
from safetensors.torch import load_file, save_file

from tests.cli.command_line import QUICK, Run, assert_one_line, states


@pytest.fixture
def lora(tiny_model: Path, tmp_path: Path) -> Path:
    """A LoRA in PEFT's form for one layer of the tiny model."""
    weights = load_file(tiny_model / "model.safetensors")
    name, weight = next(
        (name, weight)
        for name, weight in weights.items()
        if name.endswith("self_attn.to_out.weight")
    )
    torch.manual_seed(3)
    layer = f"base_model.model.{name.removesuffix('.weight')}"
    tensors = {
        f"{layer}.lora_A.weight": torch.randn(2, weight.shape[1]),
        f"{layer}.lora_B.weight": torch.randn(weight.shape[0], 2),
    }
    path = tmp_path / "deep=warm.safetensors"
    save_file(tensors, path)
    return path


def test_a_lora_is_imported_listed_and_removed(run: Run, lora: Path, data_dir: Path) -> None:
    assert run("loras", "list") == (0, "", "")
    assert run("loras", "import", lora, "--name", "warm")[:2] == (0, "warm\n")
    (facts,) = map(json.loads, run("loras", "list", "--json")[1].splitlines())
    assert (facts["name"], facts["rank"], facts["layers"]) == ("warm", 2, 1)
    assert Path(facts["path"]).is_file()
    assert "rank 2, changes 1 layer" in run("loras", "list")[1]
    status, _, err = run("loras", "remove", "warm")
    assert status == 2
    assert_one_line(err)
    assert "--yes" in err
    assert run("loras", "remove", "warm", "--yes") == (0, "", "")
    assert run("loras", "list") == (0, "", "")


def test_a_sound_is_made_with_loras_of_a_strength(generate: Run, run: Run, lora: Path) -> None:
    def sound(*options: object) -> np.ndarray:
        status, out, err = generate("kick", *QUICK, *options)
        assert (status, err) == (0, "")
        return np.asarray(soundfile.read(out.strip())[0])

    run("loras", "import", lora, "--name", "warm")
    plain, full = sound(), sound("--lora", "warm")
    assert np.abs(full - plain).max() > 0
    np.testing.assert_array_equal(sound("--lora", "warm=1.0"), full)
    np.testing.assert_array_equal(sound("--lora", lora), full)
    np.testing.assert_array_equal(sound("--lora", f"{lora}=1"), full)
    np.testing.assert_array_equal(sound("--lora", "warm=0"), plain)
    both = sound("--lora", "warm=0.5", "--lora", f"{lora}=0.25")
    assert np.abs(both - plain).max() > 0
    assert np.abs(both - full).max() > 0


@pytest.mark.parametrize("value", ["=1", "", "warm=x", "warm=nan", "warm=99", "x" * 5000])
def test_a_lora_that_is_none_is_refused_before_anything_is_made(
    generate: Run, data_dir: Path, value: str
) -> None:
    status, out, err = generate("kick", "--lora", value)
    assert (status, out) == (2, "")
    assert_one_line(err)
    if data_dir.exists():
        assert states(data_dir) in ([], ["failed"])


@pytest.mark.parametrize(
    "arguments",
    [
        *(("import", path) for path in ("nowhere", "", __file__, "x" * 5000)),
        *(("remove", name, "--yes") for name in ("nonesuch", "", "../library")),
        ("import",),
        (),
    ],
)
def test_what_cannot_be_done_is_one_line(run: Run, arguments: tuple[str, ...]) -> None:
    status, out, err = run("loras", *arguments)
    assert (status, out) == (2, "")
    assert_one_line(err)
