"""The official models at full size, with random weights, through every import path.

Each needs some 15 GB of disk and 10 GB of memory, and minutes: run them with
``python3 dev.py test -m slow``.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from sa_studio.bench.peak_memory import PeakMemory, memory_in_use
from sa_studio.bench.random_model import official_models, write_random_model
from sa_studio.engine import AudioPipeline, load_model
from sa_studio.engine.config import model_info, read_model_folder
from sa_studio.engine.devices import release_memory
from sa_studio.engine.loading import ModelParts
from sa_studio.engine.memory_plan import MemoryPlan
from sa_studio.generation import GenerationRequest, SamplingStep
from sa_studio.model_shelf import ModelShelf
from sa_studio.paths import DataFolder

pytestmark = pytest.mark.slow

CPU = torch.device("cpu")
AUTOENCODER = "pretransform."
WEIGHTS = "model.safetensors"
TENSORS = {"open": 745, "small": 750}
SAMPLER = {"open": "dpmpp-2m", "small": "euler"}
PLAN = MemoryPlan("float32", "float32", 32)


@pytest.fixture(scope="module", params=["open", "small"])
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def original(name: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("full") / name
    yield write_random_model(folder, official_models()[name])
    shutil.rmtree(folder)


@pytest.fixture
def shelf(data_dir: Path, tmp_path: Path) -> Iterator[ModelShelf]:
    data = DataFolder(data_dir)
    data.create()
    yield ModelShelf(data, tmp_path / "bundled")
    shutil.rmtree(data_dir)


def parts_of(folder: Path) -> ModelParts:
    config = read_model_folder(folder)
    return ModelParts(config, model_info(folder, folder.name, config), folder, CPU)


# --- the forms that people have it in -------------------------------------------------------
def config_and_text_encoder(original: Path, folder: Path) -> Path:
    folder.mkdir()
    shutil.copyfile(original / "model_config.json", folder / "model_config.json")
    (folder / "t5").symlink_to(original / "t5", target_is_directory=True)
    return folder


def as_folder(original: Path, folder: Path) -> Path:
    return original


def as_file(original: Path, folder: Path) -> Path:
    return original / WEIGHTS


def as_checkpoint(original: Path, folder: Path) -> Path:
    config_and_text_encoder(original, folder)
    torch.save({"state_dict": load_file(original / WEIGHTS)}, folder / "model.ckpt")
    return folder


def as_snapshot(original: Path, folder: Path) -> Path:
    """A training run's, with averages and without an autoencoder."""
    config_and_text_encoder(original, folder)
    state: dict[str, Tensor] = {}
    for key, tensor in load_file(original / WEIGHTS).items():
        if key.startswith("model."):
            state[f"diffusion_ema.ema_model.{key.removeprefix('model.')}"] = tensor
        elif not key.startswith(AUTOENCODER):
            state[f"diffusion.{key}"] = tensor
    torch.save({"state_dict": state, "optimizer_states": [], "epoch": 1}, folder / "last.ckpt")
    return folder / "last.ckpt"


def as_half(original: Path, folder: Path) -> Path:
    """All tensors as float16."""
    config_and_text_encoder(original, folder)
    halved = {key: tensor.half() for key, tensor in load_file(original / WEIGHTS).items()}
    save_file(halved, folder / WEIGHTS)
    return folder


Form = Callable[[Path, Path], Path]


@pytest.mark.parametrize("form", [as_folder, as_file, as_checkpoint, as_snapshot, as_half])
def test_every_form_is_imported_loaded_and_run(
    form: Form, name: str, original: Path, shelf: ModelShelf, tmp_path: Path
) -> None:
    source = form(original, tmp_path / "source")
    options: dict[str, Any] = {"report": lambda _: None, "cancel": threading.Event()}
    if form is as_snapshot:
        options["autoencoder_from"] = str(original)
    release_memory()
    with PeakMemory("cpu") as importing:
        model_id = shelf.import_model(source, name="model", **options)
    # pickled files are mapped: their pages are counted, though the system may drop them
    checkpoint = source if source.suffix == ".ckpt" else source / "model.ckpt"
    mapped = checkpoint.stat().st_size if checkpoint.is_file() else 0
    assert importing.bytes < 1e9 + mapped, "an import holds a tensor at a time"
    folder = shelf.describe(model_id).folder
    assert len(load_file(folder / WEIGHTS)) == TENSORS[name]
    run(load_model(folder, device="cpu", dtype="float32", text_encoder=original / "t5"), name)


def test_a_diffusers_folder_is_linked_loaded_and_run(
    shelf: ModelShelf, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Written by diffusers itself, at the size that is its default: that of the model 1.0."""
    from diffusers import AutoencoderOobleck, StableAudioDiTModel, StableAudioProjectionModel

    from sa_studio.bench.random_model import write_random_t5

    folder = tmp_path / "diffusers"
    StableAudioDiTModel().save_pretrained(folder / "transformer")
    AutoencoderOobleck().save_pretrained(folder / "vae")
    StableAudioProjectionModel(768, 768, 0, 512).save_pretrained(folder / "projection_model")
    write_random_t5(folder / "text_encoder")
    model_id = shelf.import_model(
        folder, in_place=True, report=lambda _: None, cancel=threading.Event()
    )
    assert shelf.describe(model_id).is_linked
    run(load_model(shelf.store.locate(model_id), device="cpu", dtype="float32"), "open")
    shutil.rmtree(folder)


def run(pipeline: AudioPipeline, name: str) -> None:
    """A plain step and a guided one, and a stretch decoded in chunks and at once."""
    for guidance in (1.0, 7.0):
        request = GenerationRequest(
            "rain", seconds=3.0, seed=1, steps=1, guidance_scale=guidance, sampler=SAMPLER[name]
        )
        events = pipeline.generate(request)
        assert isinstance(next(events), SamplingStep)
        events.close()
    pipeline._bring(pipeline.autoencoder)
    assert_chunks_are_the_whole(pipeline, torch.randn(1, 64, 80))


def assert_chunks_are_the_whole(pipeline: AudioPipeline, latents: Tensor) -> None:
    with torch.inference_mode():
        whole = pipeline.autoencoder.decode(latents)
        for start, chunk in pipeline.autoencoder.decode_chunks(latents, 32):
            stretch = whole[..., start : start + chunk.shape[-1]]
            scale = float(whole.abs().max())
            torch.testing.assert_close(chunk, stretch, rtol=0, atol=1e-5 * max(1.0, scale))


# --- memory ---------------------------------------------------------------------------------
def test_loading_takes_the_memory_of_the_weights(original: Path) -> None:
    parts = parts_of(original)
    release_memory()
    with PeakMemory("cpu") as peak:
        model = parts.read_weights(PLAN)
    kept = sum(tensor.nbytes for tensor in model.state_dict().values())
    assert peak.bytes <= 1.1 * kept


@pytest.mark.parametrize("autoencoder_dtype", ["float32", "bfloat16"])
def test_decoding_the_longest_sound_takes_little_memory(
    original: Path, name: str, autoencoder_dtype: str
) -> None:
    plan = replace(PLAN, autoencoder_dtype=autoencoder_dtype)
    if autoencoder_dtype == "bfloat16":
        plan = replace(plan, dtype="bfloat16")
    autoencoder = parts_of(original).read_weights(plan).autoencoder
    autoencoder.work_on("cpu")
    release_memory()
    frames = 1024 if name == "open" else 256
    latents = torch.randn(1, 64, frames, generator=torch.Generator().manual_seed(1))
    before = memory_in_use(CPU)
    with torch.inference_mode(), PeakMemory("cpu", before) as peak:
        audio = torch.cat([chunk for _, chunk in autoencoder.decode_chunks(latents)], dim=-1)
    assert audio.shape == (1, 2, frames * 2048)
    assert peak.bytes <= 1.5e9
    if autoencoder_dtype == "float32":
        with torch.inference_mode():
            whole = autoencoder.decode(latents)
        scale = max(1.0, float(whole.abs().max()))
        torch.testing.assert_close(audio, whole, rtol=0, atol=1e-5 * scale)


@pytest.mark.parametrize("options", [[], ["--dtype", "bfloat16", "--plan", "smallest"]])
def test_the_peak_is_predicted(original: Path, options: list[str]) -> None:
    """In a process of its own: what other models left behind would be counted."""
    command = [sys.executable, "-m", "sa_studio", "bench", "model", str(original), "--json"]
    command += ["--no-load", "--steps", "1", "--seconds", "8", *options]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    report = json.loads(done.stdout)
    assert abs(report["forecast_error"]) <= 0.15, report
