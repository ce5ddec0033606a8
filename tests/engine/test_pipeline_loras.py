"""A request's LoRAs in what is heard, and out of it again."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from safetensors.torch import save_file

from sa_studio.engine import AudioPipeline
from sa_studio.engine.lora.file import read_lora
from sa_studio.errors import LoraError, RequestError
from sa_studio.generation import GeneratedAudio, GenerationRequest
from tests.engine.lora.networks import noise
from tests.tiny_model import EMBED_DIM

LAYER = "transformer.layers.0.self_attn.to_qkv"


@pytest.fixture
def pipeline(tiny_pipeline: Callable[[str], AudioPipeline]) -> AudioPipeline:
    return copy.deepcopy(tiny_pipeline("v"))


def lora(folder: Path, name: str, *, rows: int = 3 * EMBED_DIM, seed: int = 1) -> Path:
    path = folder / f"{name}.safetensors"
    tensors = {
        f"{LAYER}.lora_down.weight": noise(4, EMBED_DIM, seed=seed, scale=0.3),
        f"{LAYER}.lora_up.weight": noise(rows, 4, seed=seed + 1, scale=0.3),
    }
    save_file(tensors, path)
    return path


def audio_of(
    pipeline: AudioPipeline,
    *loras: tuple[str, float],
    files: list[Path] | None = None,
) -> np.ndarray:
    request = GenerationRequest("kick drum", seed=7, seconds=0.2, steps=2, loras=loras)
    *_, last = pipeline.generate(request, lora_files=files)
    assert isinstance(last, GeneratedAudio)
    assert last.request.loras == loras
    return last.audio


def test_a_lora_is_heard_and_leaves_nothing_behind(pipeline: AudioPipeline, tmp_path: Path) -> None:
    warm = str(lora(tmp_path, "warm"))
    without = audio_of(pipeline)
    assert np.array_equal(audio_of(pipeline, (warm, 0.0)), without)
    whole = audio_of(pipeline, (warm, 1.0))
    assert np.abs(whole - without).max() > 1e-3
    half = audio_of(pipeline, (warm, 0.5))
    assert np.abs(half - without).max() > 1e-4
    assert np.abs(half - whole).max() > 1e-4
    assert np.array_equal(audio_of(pipeline, (warm, 1.0)), whole)
    assert np.array_equal(audio_of(pipeline), without)


def test_several_loras_at_once(pipeline: AudioPipeline, tmp_path: Path) -> None:
    warm, grit = (str(lora(tmp_path, name, seed=n)) for n, name in ((1, "warm"), (5, "grit")))
    both = audio_of(pipeline, (warm, 1.0), (grit, 0.5))
    for single in ((warm, 1.0), (grit, 0.5)):
        assert np.abs(audio_of(pipeline, single) - both).max() > 1e-4
    assert [(item.name, strength) for item, strength in pipeline.loras] == [("grit", 0.5)]


def test_names_are_what_the_files_given_are_called(pipeline: AudioPipeline, tmp_path: Path) -> None:
    path = lora(tmp_path, "warm")
    by_name = audio_of(pipeline, ("my warm", 1.0), files=[path])
    assert np.array_equal(by_name, audio_of(pipeline, (str(path), 1.0)))
    with pytest.raises(ValueError, match="0 files for 1 LoRA"):
        audio_of(pipeline, ("my warm", 1.0), files=[])


def test_python_code_can_attach_without_a_request(pipeline: AudioPipeline, tmp_path: Path) -> None:
    path = lora(tmp_path, "warm")
    before = pipeline.network.get_parameter(f"{LAYER}.weight").detach().clone()
    pipeline.use_loras([(read_lora(path), 1.0)])
    assert not pipeline.network.get_parameter(f"{LAYER}.weight").equal(before)
    pipeline.use_loras([])
    assert pipeline.network.get_parameter(f"{LAYER}.weight").equal(before)


def test_a_lora_of_another_model_is_refused_and_the_model_goes_on(
    pipeline: AudioPipeline, tmp_path: Path
) -> None:
    without = audio_of(pipeline)
    other = str(lora(tmp_path, "other", rows=96))
    with pytest.raises(LoraError, match="'other' is for another model"):
        audio_of(pipeline, (other, 1.0))
    assert np.array_equal(audio_of(pipeline), without)
    with pytest.raises(LoraError, match="no LoRA file"):
        audio_of(pipeline, (str(tmp_path / "nowhere.safetensors"), 1.0))
    with pytest.raises(RequestError) as caught:
        audio_of(pipeline, (str(lora(tmp_path, "warm")), 7.0))
    assert caught.value.field == "loras"
