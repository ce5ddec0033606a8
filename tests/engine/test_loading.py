"""Which plan a model is loaded by, and what happens when the memory does not suffice after all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from sa_studio.engine import load_model, loading
from sa_studio.engine.config import model_info, read_model_folder
from sa_studio.engine.loading import AMPLE_BYTES, MARGIN, ModelParts, fitting_plans
from sa_studio.engine.memory_plan import MemoryPlan, memory_plans
from sa_studio.errors import ModelError, OutOfMemory

CPU_PLANS = list(memory_plans("cpu", "float32", (32, 16, 8), may_halve=True))


@pytest.fixture
def parts(tiny_folder: Path) -> ModelParts:
    config = read_model_folder(tiny_folder)
    info = model_info(tiny_folder, "tiny", config)
    return ModelParts(config, info, tiny_folder, torch.device("cpu"))


def test_plans_become_smaller_one_thing_at_a_time() -> None:
    assert [str(plan) for plan in CPU_PLANS] == [
        "float32, 32 frames decoded at once",
        "float32, text encoder freed after use, 32 frames decoded at once",
        "float32, text encoder freed after use, guidance in two passes, 32 frames decoded at once",
        "bfloat16, text encoder freed after use, guidance in two passes, 32 frames decoded at once",
        "bfloat16, text encoder freed after use, guidance in two passes, 16 frames decoded at once",
        "bfloat16, text encoder freed after use, guidance in two passes, 8 frames decoded at once",
    ]


def test_a_gpu_has_its_parts_take_turns() -> None:
    *_, last = memory_plans("cuda", "bfloat16", (128, 64), may_halve=True)
    assert last.offloads
    assert (last.dtype, last.autoencoder_dtype, last.decode_chunk) == ("bfloat16", "float16", 64)


@pytest.mark.parametrize("device", ["cpu", "cuda", "mps"])
def test_a_precision_that_was_asked_for_is_kept(device: str) -> None:
    plans = memory_plans(device, "float32", (32, 16, 8), may_halve=False)
    assert {(plan.dtype, plan.autoencoder_dtype) for plan in plans} == {("float32", "float32")}


def test_plenty_of_memory_needs_no_closer_look(
    parts: ModelParts, monkeypatch: pytest.MonkeyPatch
) -> None:
    forecaster = parts.forecaster()
    monkeypatch.setattr(forecaster, "forecast", None)
    assert fitting_plans(CPU_PLANS, forecaster, 2 * AMPLE_BYTES) == CPU_PLANS


def test_a_sound_longer_than_the_memory_is_refused_before_it_fills_it(tiny_folder: Path) -> None:
    config = replace(read_model_folder(tiny_folder), sample_size=2**31 - 1)
    info = model_info(tiny_folder, "tiny", config)
    forecaster = ModelParts(config, info, tiny_folder, torch.device("cpu")).forecaster()
    with pytest.raises(OutOfMemory, match="GB of memory at the least"):
        fitting_plans(CPU_PLANS, forecaster, 2 * AMPLE_BYTES)


@pytest.mark.parametrize("first", range(len(CPU_PLANS)))
def test_the_first_plan_that_fits_and_what_is_smaller(parts: ModelParts, first: int) -> None:
    forecaster = parts.forecaster()
    peak = forecaster.forecast(CPU_PLANS[first]).peak
    chosen = fitting_plans(CPU_PLANS, forecaster, int(peak * MARGIN) + 1)
    assert chosen == CPU_PLANS[first:]


def test_a_narrow_fit_is_tried_and_less_is_refused_with_figures(parts: ModelParts) -> None:
    forecaster = parts.forecaster()
    peak = forecaster.forecast(CPU_PLANS[-1]).peak
    assert fitting_plans(CPU_PLANS, forecaster, peak) == CPU_PLANS[-1:]
    with pytest.raises(OutOfMemory, match=r"needs \d+\.\d MB of memory at the least") as caught:
        fitting_plans(CPU_PLANS, forecaster, peak - 1)
    assert "use a smaller model" in caught.value.hint


def test_load_model_heeds_the_memory_there_is(tiny_folder: Path) -> None:
    plan = load_model(tiny_folder, device="cpu").plan
    assert plan == MemoryPlan("float32", "float32", 64 if plan.decode_chunk == 64 else 32)
    with pytest.raises(OutOfMemory):
        load_model(tiny_folder, device="cpu", free_bytes=1000)


Load = Callable[[MemoryPlan], Any]


def refusing(parts: ModelParts, plans: list[MemoryPlan], error: Exception) -> Load:
    read_weights = parts.read_weights

    def read(plan: MemoryPlan) -> Any:
        if plan in plans:
            raise error
        return read_weights(plan)

    return read


def test_memory_that_runs_out_while_loading_is_answered_with_the_next_plan(
    parts: ModelParts, monkeypatch: pytest.MonkeyPatch
) -> None:
    error = RuntimeError("CUDA out of memory. Tried to allocate 20.00 MiB")
    monkeypatch.setattr(parts, "read_weights", refusing(parts, CPU_PLANS[:2], error))
    pipeline = parts.load_by(CPU_PLANS)
    assert pipeline.plan == CPU_PLANS[2]
    monkeypatch.setattr(parts, "read_weights", refusing(parts, CPU_PLANS, error))
    with pytest.raises(RuntimeError, match="out of memory"):
        parts.load_by(CPU_PLANS)


def test_other_errors_while_loading_are_not_taken_for_it(
    parts: ModelParts, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[MemoryPlan] = []

    def read(plan: MemoryPlan) -> Any:
        calls.append(plan)
        raise ModelError("damaged")

    monkeypatch.setattr(parts, "read_weights", read)
    with pytest.raises(ModelError):
        parts.load_by(CPU_PLANS)
    assert len(calls) == 1


def test_a_model_without_a_text_encoder_uses_the_one_it_is_given(
    tiny_folder: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "bare"
    folder.mkdir()
    for name in ("model_config.json", "model.safetensors"):
        (folder / name).symlink_to(tiny_folder / name)
    with pytest.raises(ModelError, match="text encoder"):
        load_model(folder, device="cpu")
    pipeline = load_model(folder, device="cpu", text_encoder=tiny_folder / "t5")
    assert pipeline.prompts.is_loaded


def test_free_memory_is_asked_of_the_system() -> None:
    assert 10**8 < loading.free_memory(torch.device("cpu")) < 10**14
