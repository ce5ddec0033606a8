"""What is predicted on shapes alone against what real tensors take."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from sa_studio.bench.published import OPEN_CONFIG, SMALL_CONFIG
from sa_studio.engine import AudioPipeline, load_model
from sa_studio.engine.allocation_meter import AllocationMeter
from sa_studio.engine.config import model_info, parse_model_config, read_model_folder
from sa_studio.engine.denoiser import Guidance, GuidedNetwork
from sa_studio.engine.diffusion_model import DiffusionModel
from sa_studio.engine.loading import ModelParts
from sa_studio.engine.memory_forecast import Forecaster
from sa_studio.engine.memory_plan import MemoryPlan, memory_plans
from sa_studio.generation import DecodedChunk, GenerationRequest, SamplingStep
from tests.tiny_model import make_tiny_model

T5_BASE = 109_628_544
PLAN = MemoryPlan("float32", "float32", 32)
# large enough for tensors to outweigh what is small in any model
CHANGES: dict[str, Any] = {
    "sample_size": 2**19,
    "model.diffusion.config.embed_dim": 256,
    "model.diffusion.config.num_heads": 4,
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tiny_model(tmp_path_factory.mktemp("tiny"), changes=CHANGES)


@pytest.fixture(scope="module")
def parts(folder: Path) -> ModelParts:
    config = read_model_folder(folder)
    return ModelParts(config, model_info(folder, "tiny", config), folder, torch.device("cpu"))


@pytest.fixture
def pipeline(folder: Path) -> AudioPipeline:
    return load_model(folder, device="cpu")


# the meter


def test_the_meter_counts_what_lives_and_what_was_the_most() -> None:
    before = torch.zeros(1000)
    with AllocationMeter() as meter:
        first = before + 1
        second = torch.cat((first, first))
        assert meter.live == 4000 + 8000
        view = second[:500].view(5, 100)
        before.mul_(2)
        assert meter.live == 12_000, "views and work in place take nothing"
        del first
        assert meter.live == 8000
        del second
        assert meter.live == 8000, "a view keeps all of it"
        del view
        assert meter.live == 0
    assert meter.peak == 12_000
    after = before + 1
    assert (meter.live, after.numel()) == (0, 1000), "what comes later is not counted"


def test_the_meter_takes_attention_for_a_kernel_without_scores() -> None:
    q = torch.empty(1, 8, 1000, 64, device="meta")
    with torch.inference_mode(), AllocationMeter() as meter:
        torch.nn.functional.scaled_dot_product_attention(q, q, q)
    assert meter.peak == q.nbytes


# the forecast against what happens


@pytest.mark.parametrize("splits", [False, True])
def test_a_step_takes_what_was_predicted(
    parts: ModelParts, pipeline: AudioPipeline, splits: bool
) -> None:
    plan = replace(PLAN, splits_guidance=splits)
    predicted = parts.forecaster().forecast(plan).sampling
    request = pipeline.info.resolved(GenerationRequest("kick", guidance_scale=3.0), seed=1)
    with torch.inference_mode():
        conditions = pipeline._conditions(request)
        frames = pipeline._frames(request.seconds or 0)
        x = torch.randn(1, pipeline.config.network.io_channels, frames)
        with AllocationMeter() as meter:
            network = GuidedNetwork(pipeline.network, conditions, Guidance(3.0), splits=splits)
            network(x, 0.5, 0.5)
    assert predicted == pytest.approx(meter.peak, rel=0.1)


@pytest.mark.parametrize("chunk", [32, 16, 8])
def test_a_chunk_takes_what_was_predicted(
    parts: ModelParts, pipeline: AudioPipeline, chunk: int
) -> None:
    plan = replace(PLAN, decode_chunk=chunk)
    predicted = parts.forecaster().forecast(plan).decoding
    config = pipeline.config
    beside = 2 * config.sample_size * 2 * 4
    beside += max(weight.nbytes for weight in pipeline.autoencoder.parameters())
    latents = torch.randn(1, pipeline.autoencoder.latent_channels, 100)
    with torch.inference_mode(), AllocationMeter() as meter:
        for _ in pipeline.autoencoder.decode_chunks(latents, chunk):
            pass
    assert predicted - beside == pytest.approx(meter.peak, rel=0.1)


def test_weights_are_counted_as_they_are_kept(parts: ModelParts, pipeline: AudioPipeline) -> None:
    forecast = parts.forecaster().forecast(PLAN)
    network = sum(tensor.nbytes for tensor in pipeline.network.state_dict().values())
    conditioner = sum(tensor.nbytes for tensor in pipeline.conditioner.state_dict().values())
    autoencoder = sum(tensor.nbytes for tensor in pipeline.autoencoder.state_dict().values())
    assert forecast.network == network + conditioner
    assert forecast.autoencoder == autoencoder
    pipeline.prompts.load()
    encoder = pipeline.prompts._encoder
    assert encoder is not None
    assert forecast.text_encoder == sum(w.nbytes for w in encoder.model.parameters())


# full size, on shapes alone


@pytest.mark.parametrize(
    ("config", "parameters"), [(OPEN_CONFIG, 1_213_447_684), (SMALL_CONFIG, 497_239_425)]
)
def test_official_models_at_full_size(
    config: dict[str, Any], parameters: int, folder: Path
) -> None:
    parsed = parse_model_config(config)
    with torch.device("meta"):
        model = DiffusionModel(parsed, 768)

    def forecaster(device: str) -> Forecaster:
        model.autoencoder.work_on(device)
        return Forecaster(parsed, model, T5_BASE, device)

    largest = forecaster("cpu").forecast(PLAN)
    assert largest.network + largest.autoencoder == pytest.approx(4 * parameters, rel=1e-3)
    plans = list(memory_plans("cuda", "bfloat16", (128, 64, 32, 16, 8), may_halve=True))
    gpu = forecaster("cuda")
    peaks = [gpu.forecast(plan).peak for plan in plans]
    assert peaks == sorted(peaks, reverse=True), "every plan takes less than the one before"
    assert peaks[0] < 4e9
    assert peaks[-1] < 3e9


# using a plan


def events(pipeline: AudioPipeline, request: GenerationRequest) -> list[str]:
    return [type(event).__name__ for event in pipeline.generate(request)]


REQUEST = GenerationRequest("kick", seconds=1.0, seed=3, steps=2, guidance_scale=3.0)


def sound(pipeline: AudioPipeline, request: GenerationRequest = REQUEST) -> torch.Tensor:
    *_, last = pipeline.generate(request)
    return torch.from_numpy(last.audio)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "change",
    [
        {"keeps_text_encoder": False},
        {"splits_guidance": True},
        {"decode_chunk": 8},
        {"offloads": True},
        {"offloads": True, "splits_guidance": True, "keeps_text_encoder": False},
    ],
)
@pytest.mark.parametrize("negative", ["", "rain"])
def test_every_plan_makes_the_same_sound(
    parts: ModelParts, pipeline: AudioPipeline, change: dict[str, Any], negative: str
) -> None:
    request = replace(REQUEST, negative_prompt=negative)
    wanted = sound(pipeline, request)
    other = parts.load_by([replace(PLAN, **change)])
    torch.testing.assert_close(sound(other, request), wanted, rtol=0, atol=1e-5)


def test_a_text_encoder_that_is_not_kept_is_loaded_for_new_prompts_alone(
    parts: ModelParts,
) -> None:
    pipeline = parts.load_by([replace(PLAN, keeps_text_encoder=False)])
    loads = 0
    load = pipeline.prompts._load

    def counted(dtype: torch.dtype) -> Any:
        nonlocal loads
        loads += 1
        return load(dtype)

    pipeline.prompts._load = counted
    assert not pipeline.prompts.is_loaded
    sound(pipeline)
    sound(pipeline)
    assert loads == 1
    assert not pipeline.prompts.is_loaded
    sound(pipeline, replace(REQUEST, prompt="rain"))
    assert loads == 2


def test_shrinking_goes_through_the_plans_and_changes_precision_in_place(
    parts: ModelParts,
) -> None:
    plans = list(memory_plans("cpu", "float32", (32, 16, 8), may_halve=True))
    pipeline = parts.load_by(plans)
    wanted = sound(pipeline)
    for plan in plans[1:]:
        assert pipeline.can_shrink
        pipeline.shrink()
        assert pipeline.plan == plan
        made = sound(pipeline)
        assert str(pipeline.dtype) == f"torch.{plan.dtype}"
        assert pipeline.is_full_precision is (plan.dtype == "float32")
        error = float((made - wanted).norm() / wanted.norm())
        assert error < (1e-5 if pipeline.is_full_precision else 0.25)
    assert pipeline.network.timestep_features.weight.dtype == torch.float32
    assert next(pipeline.conditioner.parameters()).dtype == torch.float32
    assert next(pipeline.autoencoder.parameters()).dtype == torch.float32
    assert not pipeline.can_shrink
    with pytest.raises(ValueError, match="nothing is smaller"):
        pipeline.shrink()


def test_only_the_part_at_work_is_on_the_device(
    parts: ModelParts, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipeline = parts.load_by([replace(PLAN, offloads=True)])
    moves: list[tuple[str, str]] = []
    for name in ("network", "autoencoder"):
        part = getattr(pipeline, name)
        monkeypatch.setattr(part, "to", lambda place, name=name: moves.append((name, str(place))))
    pipeline.device = torch.device("cuda")  # nothing is computed there: the moves are recorded
    assert events_on_cpu(pipeline) == ["SamplingStep", "DecodedChunk"]
    assert moves == [
        ("autoencoder", "cpu"),
        ("network", "cuda"),
        ("network", "cpu"),
        ("autoencoder", "cuda"),
    ]


def events_on_cpu(pipeline: AudioPipeline) -> list[str]:
    """Bring the parts as a generation does."""
    done = []
    for part, event in ((pipeline.network, SamplingStep), (pipeline.autoencoder, DecodedChunk)):
        pipeline._bring(part)
        done.append(event.__name__)
    return done
