from __future__ import annotations

import copy
import json
import math
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from sa_studio.engine import AudioPipeline, load_model
from sa_studio.engine.config import SAMPLERS
from sa_studio.engine.denoiser import ConditionTensors
from sa_studio.engine.frame_conditions import beat_clock
from sa_studio.errors import ModelError, RequestError, StudioError
from sa_studio.generation import (
    MAX_SEED,
    DecodedChunk,
    GeneratedAudio,
    GenerationRequest,
    PipelineEvent,
    SamplingStep,
)
from tests.engine.golden_case import OWN_CASES
from tests.tiny_model import (
    LATENT_CHANNELS,
    PROMPT_TOKENS,
    RATIO,
    SAMPLE_RATE,
    WIDTH,
    make_tiny_model,
    put,
)

REQUEST = GenerationRequest("kick drum", seed=7, seconds=0.5, steps=3)
GetPipeline = Callable[[str], AudioPipeline]


@pytest.fixture
def pipeline(tiny_pipeline: GetPipeline) -> AudioPipeline:
    return tiny_pipeline("v")


@pytest.fixture
def changeable(pipeline: AudioPipeline) -> AudioPipeline:
    """A pipeline whose weights may be changed."""
    return copy.deepcopy(pipeline)


def audio_of(
    pipeline: AudioPipeline, request: GenerationRequest, init: np.ndarray | None = None
) -> np.ndarray:
    *_, last = pipeline.generate(request, init)
    assert isinstance(last, GeneratedAudio)
    return last.audio


def difference(first: np.ndarray, second: np.ndarray) -> float:
    return float(np.abs(first - second).max())


# what comes, and in which order


@pytest.mark.parametrize("seconds", [0.1, 0.5, 1.2345, 2.0])
def test_steps_chunks_and_the_take(pipeline: AudioPipeline, seconds: float) -> None:
    request = replace(REQUEST, seconds=seconds)
    events = list(pipeline.generate(request))
    samples = round(seconds * SAMPLE_RATE)
    steps = [event for event in events if isinstance(event, SamplingStep)]
    chunks = [event for event in events if isinstance(event, DecodedChunk)]
    take = events[-1]
    assert events == [*steps, *chunks, take]
    assert isinstance(take, GeneratedAudio)
    assert steps == [SamplingStep(0, number, 3) for number in (1, 2, 3)]
    assert [chunk.index for chunk in chunks] == [*range(1, len(chunks) + 1)]
    assert {(chunk.chunks, chunk.total_samples) for chunk in chunks} == {(len(chunks), samples)}
    lengths = [chunk.audio.shape[-1] for chunk in chunks]
    assert [chunk.start for chunk in chunks] == [0, *np.cumsum(lengths)[:-1]]
    assert np.array_equal(np.concatenate([chunk.audio for chunk in chunks], axis=-1), take.audio)
    assert take.audio.shape == (2, samples)
    assert take.audio.dtype == np.float32
    assert take.sample_rate == SAMPLE_RATE
    assert take.audio.std() > 0.01


def test_long_sounds_come_in_several_chunks(pipeline: AudioPipeline) -> None:
    chunks = [
        event
        for event in pipeline.generate(replace(REQUEST, seconds=2.0))
        if isinstance(event, DecodedChunk)
    ]
    assert len(chunks) > 2


def test_the_end_is_decoded_as_if_the_canvas_went_on(
    pipeline: AudioPipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    latents: list[Tensor] = []
    sample = pipeline.sample

    def recording(*arguments: Any) -> Iterator[Tensor]:
        for x in sample(*arguments):
            latents[:] = [x]
            yield x

    monkeypatch.setattr(pipeline, "sample", recording)
    short = audio_of(pipeline, REQUEST)
    assert latents[0].shape == (1, LATENT_CHANNELS, pipeline.config.sample_size // RATIO)
    with torch.inference_mode():
        whole = pipeline.autoencoder.decode(latents[0])[0].numpy()
    assert difference(short, whole[:, : short.shape[-1]]) < 1e-5


# seeds


def test_same_seed_same_samples(tiny_folder: Path, pipeline: AudioPipeline) -> None:
    first = audio_of(pipeline, REQUEST)
    assert np.array_equal(first, audio_of(pipeline, REQUEST))
    assert np.array_equal(first, audio_of(load_model(tiny_folder, device="cpu"), REQUEST))


def test_global_random_state_does_not_matter_and_is_left_alone(pipeline: AudioPipeline) -> None:
    first = audio_of(pipeline, REQUEST)
    torch.manual_seed(99)
    before = torch.random.get_rng_state()
    assert np.array_equal(first, audio_of(pipeline, REQUEST))
    assert torch.equal(before, torch.random.get_rng_state())


def test_takes_are_those_that_would_be_made_alone(pipeline: AudioPipeline) -> None:
    events = list(pipeline.generate(replace(REQUEST, count=3)))
    takes = [event for event in events if isinstance(event, GeneratedAudio)]
    assert [take.take for take in takes] == [0, 1, 2]
    assert [take.request.seed for take in takes] == [7, 8, 9]
    for take in takes:
        assert take.request.count == 1
        assert np.array_equal(take.audio, audio_of(pipeline, take.request))
    assert difference(takes[0].audio, takes[1].audio) > 0.01
    # one after the other
    numbers = [event.take for event in events]
    assert numbers == sorted(numbers)


def test_a_seed_is_drawn_and_told(pipeline: AudioPipeline) -> None:
    *_, first = pipeline.generate(replace(REQUEST, seed=None))
    *_, second = pipeline.generate(replace(REQUEST, seed=None))
    assert isinstance(first, GeneratedAudio)
    assert isinstance(second, GeneratedAudio)
    assert first.request.seed is not None
    assert first.request.seed != second.request.seed
    assert np.array_equal(first.audio, audio_of(pipeline, first.request))


def test_seeds_go_on_from_the_largest_with_the_smallest(pipeline: AudioPipeline) -> None:
    events = pipeline.generate(replace(REQUEST, seed=MAX_SEED, count=2))
    seeds = [event.request.seed for event in events if isinstance(event, GeneratedAudio)]
    assert seeds == [MAX_SEED, 0]


# what the request says is heard


@pytest.mark.parametrize(
    "changes",
    [
        {"prompt": "rain"},
        {"negative_prompt": "hiss"},
        {"seed": 8},
        {"steps": 4},
        {"guidance_scale": 6.0},
        {"guidance_rescale": 0.7},
        {"guidance_interval": (0.0, 0.5)},
        {"sampler": "dpmpp-2m"},
        {"sigma_max": 80.0},
        {"sigma_min": 0.05},
        {"rho": 2.0},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_every_value_matters(pipeline: AudioPipeline, changes: dict[str, Any]) -> None:
    assert (
        difference(audio_of(pipeline, REQUEST), audio_of(pipeline, replace(REQUEST, **changes)))
        > 1e-3
    )


def test_blank_negative_prompt_is_none(pipeline: AudioPipeline) -> None:
    blank = audio_of(pipeline, replace(REQUEST, negative_prompt="  "))
    assert np.array_equal(blank, audio_of(pipeline, REQUEST))


def test_seconds_change_more_than_the_length(pipeline: AudioPipeline) -> None:
    short = audio_of(pipeline, replace(REQUEST, seconds=0.5))
    long = audio_of(pipeline, replace(REQUEST, seconds=1.5))
    assert difference(short, long[:, : short.shape[-1]]) > 1e-3


@pytest.mark.parametrize(("whole", "told"), [(True, 2), (False, 1.25)])
def test_the_model_is_told_the_seconds(
    changeable: AudioPipeline, monkeypatch: pytest.MonkeyPatch, whole: bool, told: float
) -> None:
    studio = replace(changeable.config.studio, whole_seconds=whole)
    changeable.config = replace(changeable.config, studio=studio)
    seen: list[dict[str, Any]] = []
    encode = changeable.conditioner.encode

    def recording(inputs: dict[str, Any]) -> dict[str, Tensor]:
        seen.append(inputs)
        return encode(inputs)

    monkeypatch.setattr(changeable.conditioner, "encode", recording)
    audio_of(changeable, replace(REQUEST, seconds=1.25, negative_prompt="hiss"))
    assert len(seen) == 2  # prompt and negative prompt
    for inputs in seen:
        assert inputs["seconds_start"] == [0]
        assert inputs["seconds_total"] == [told]


@pytest.mark.parametrize(
    ("seconds", "frames"),
    [(0.1, 64), (0.5, math.ceil(0.5 * SAMPLE_RATE / RATIO)), (2.0, 345)],
)
def test_canvas_of_the_request(
    changeable: AudioPipeline,
    monkeypatch: pytest.MonkeyPatch,
    seconds: float,
    frames: int,
) -> None:
    studio = replace(changeable.config.studio, canvas="request", min_canvas=64 * RATIO)
    changeable.config = replace(changeable.config, studio=studio)
    shapes: list[tuple[int, ...]] = []
    sample = changeable.sample

    def recording(
        request: GenerationRequest, conditions: ConditionTensors, noise: Tensor, *rest: Any
    ) -> Iterator[Tensor]:
        shapes.append(tuple(noise.shape))
        return sample(request, conditions, noise, *rest)

    monkeypatch.setattr(changeable, "sample", recording)
    audio = audio_of(changeable, replace(REQUEST, seconds=seconds))
    assert shapes == [(1, LATENT_CHANNELS, frames)]
    assert audio.shape[-1] == round(seconds * SAMPLE_RATE)


@pytest.mark.parametrize(
    ("objective", "sampler"),
    [(objective, sampler) for objective, names in SAMPLERS.items() for sampler in names],
)
def test_every_sampler_makes_a_sound(
    tiny_pipeline: GetPipeline, objective: str, sampler: str
) -> None:
    pipeline = tiny_pipeline(objective)
    request = replace(REQUEST, sampler=sampler, seconds=0.1)
    events = list(pipeline.generate(request))
    steps = [event for event in events if isinstance(event, SamplingStep)]
    assert [event.step for event in steps] == [*range(1, len(steps) + 1)]
    assert len(steps) == 3 or sampler == "k-dpm-adaptive"
    audio = audio_of(pipeline, request)
    assert np.isfinite(audio).all()
    assert audio.std() > 1e-3


# init audio


@pytest.fixture(scope="module")
def init() -> np.ndarray:
    generator = np.random.default_rng(5)
    return generator.normal(0, 0.3, (2, SAMPLE_RATE)).astype(np.float32)


@pytest.mark.parametrize(
    ("objective", "little", "much"), [("v", 0.02, 100.0), ("rectified_flow", 0.02, 1.0)]
)
def test_init_audio_is_kept_as_far_as_the_noise_level_says(
    tiny_pipeline: GetPipeline, init: np.ndarray, objective: str, little: float, much: float
) -> None:
    pipeline = tiny_pipeline(objective)
    with torch.inference_mode():
        canvas = torch.zeros(1, 2, pipeline.config.sample_size)
        canvas[0, :, : init.shape[-1]] = torch.from_numpy(init)
        # drawn in this order: the noise to start from, then that of the encoder
        generator = torch.Generator().manual_seed(7)
        shape = (1, LATENT_CHANNELS, pipeline.config.sample_size // RATIO)
        _, encoder_noise = (torch.randn(shape, generator=generator) for _ in range(2))
        latents = pipeline.autoencoder.encode(canvas, encoder_noise)
        through = pipeline.autoencoder.decode(latents)[0].numpy()
    request = replace(REQUEST, guidance_scale=1.0)

    def correlation(level: float) -> float:
        audio = audio_of(pipeline, replace(request, init_noise_level=level), init)
        return float(np.corrcoef(audio.ravel(), through[:, : audio.shape[-1]].ravel())[0, 1])

    assert correlation(little) > 0.9
    assert correlation(much) < 0.5


@pytest.mark.parametrize("level", [0.01, 0.1, 0.3, 1.0])
@pytest.mark.parametrize(
    ("objective", "sampler"),
    [("v", sampler) for sampler in SAMPLERS["v"]]
    + [("rf_denoiser", sampler) for sampler in SAMPLERS["rf_denoiser"]],
)
def test_every_sampler_starts_from_little_noise(
    tiny_pipeline: GetPipeline, init: np.ndarray, objective: str, sampler: str, level: float
) -> None:
    request = replace(REQUEST, sampler=sampler, init_noise_level=level, seconds=0.1)
    assert np.isfinite(audio_of(tiny_pipeline(objective), request, init)).all()


def test_init_audio_of_one_channel_and_any_length(
    pipeline: AudioPipeline, init: np.ndarray
) -> None:
    request = replace(REQUEST, init_noise_level=0.5)
    mono = audio_of(pipeline, request, init[:1])
    assert np.array_equal(mono, audio_of(pipeline, request, np.repeat(init[:1], 2, axis=0)))
    long = np.tile(init, 5)
    cut = long[:, : pipeline.config.sample_size]
    assert np.array_equal(audio_of(pipeline, request, long), audio_of(pipeline, request, cut))
    assert audio_of(pipeline, request, init[:, :10]).shape == mono.shape


def test_init_audio_of_a_file_has_to_be_read_first(pipeline: AudioPipeline, tmp_path: Path) -> None:
    file = tmp_path / "sound.wav"
    file.write_bytes(b"")
    with pytest.raises(ValueError, match=r"sound\.wav' are not given"):
        pipeline.generate(replace(REQUEST, init_audio=file))


# stopping, failing


def test_nothing_is_computed_before_it_is_asked_for(
    changeable: AudioPipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []
    for name in ("network", "autoencoder"):
        part = getattr(changeable, name)
        method = {"network": "forward", "autoencoder": "audio"}[name]
        original = getattr(part, method)

        def counting(*arguments: Any, _name: str = name, _original: Any = original) -> Tensor:
            calls.append(_name)
            result: Tensor = _original(*arguments)
            return result

        monkeypatch.setattr(part, method, counting)
    events = changeable.generate(replace(REQUEST, seconds=2.0))
    assert calls == []
    kinds: list[PipelineEvent] = [next(events)]
    assert calls == ["network"]
    kinds += [next(events), next(events)]
    assert calls == ["network"] * 3
    assert isinstance(next(events), DecodedChunk)
    assert calls.count("network") == 3
    decoded = len(calls)
    events.close()
    assert len(calls) == decoded
    assert all(isinstance(event, SamplingStep) for event in kinds)


def test_inference_mode_does_not_leak_between_steps(pipeline: AudioPipeline) -> None:
    events = pipeline.generate(REQUEST)
    for _ in events:
        assert not torch.is_inference_mode_enabled()
        assert torch.is_grad_enabled()


@pytest.mark.parametrize(("part", "what"), [("network", "latents"), ("autoencoder", "audio")])
def test_numbers_that_are_none_are_an_error(
    changeable: AudioPipeline, part: str, what: str
) -> None:
    if part == "autoencoder":
        weight = list(changeable.autoencoder.parameters())[-1]
    else:
        weight = changeable.network.get_parameter("postprocess_conv.weight")
    weight.data.fill_(math.nan)
    with pytest.raises(StudioError, match=f"The model made {what} with values") as caught:
        list(changeable.generate(REQUEST))
    assert "float32" in caught.value.hint


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"prompt": " "}, "prompt"),
        ({"prompt": "a" * 5000}, "prompt"),
        ({"seconds": 0.0}, "seconds"),
        ({"seconds": -1.0}, "seconds"),
        ({"seconds": 3.0}, "seconds"),
        ({"seconds": math.nan}, "seconds"),
        ({"seconds": math.inf}, "seconds"),
        ({"seed": -1}, "seed"),
        ({"steps": 0}, "steps"),
        ({"count": 0}, "count"),
        ({"guidance_scale": math.nan}, "guidance_scale"),
        ({"sampler": "pingpong"}, "sampler"),
        ({"init_audio": Path("none.wav")}, "init_audio"),
    ],
)
def test_bad_requests_are_refused_at_once(
    pipeline: AudioPipeline, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(RequestError) as caught:
        pipeline.generate(replace(REQUEST, **changes))
    assert caught.value.field == field


# loading


def test_info_and_place(tiny_folder: Path) -> None:
    pipeline = load_model(str(tiny_folder), device="cpu", model_id="some/model")
    assert pipeline.info.id == "some/model"
    assert pipeline.info.title == "Tiny"
    assert (pipeline.device, pipeline.dtype) == (torch.device("cpu"), torch.float32)
    assert pipeline.config.objective == "v"


def test_half_precision(tiny_folder: Path, pipeline: AudioPipeline) -> None:
    half = load_model(tiny_folder, device="cpu", dtype="bfloat16")
    assert half.dtype == torch.bfloat16
    # what numbers go through stays exact
    assert half.network.timestep_features.weight.dtype == torch.float32
    assert {weight.dtype for weight in half.conditioner.parameters()} == {torch.float32}
    request = replace(REQUEST, guidance_scale=1.0, steps=8)
    found, exact = audio_of(half, request), audio_of(pipeline, request)
    assert found.dtype == np.float32
    assert np.corrcoef(found.ravel(), exact.ravel())[0, 1] > 0.9


@pytest.fixture
def folder(tiny_folder: Path, tmp_path: Path) -> Path:
    """A model folder that may be damaged."""
    return Path(shutil.copytree(tiny_folder, tmp_path / "model"))


def test_diffusers_folder(tiny_folder: Path, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(OWN_CASES / "diffusers_v", folder)
    tokenizer = folder / "tokenizer"
    tokenizer.mkdir()
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copy(tiny_folder / "t5" / name, tokenizer / name)
    config = folder / "transformer" / "config.json"
    config.write_text(json.dumps({**json.loads(config.read_text()), "sample_size": 480}))
    pipeline = load_model(folder, device="cpu")
    assert pipeline.info.max_seconds == pytest.approx(480 * 64 / SAMPLE_RATE)
    sounds = [audio_of(pipeline, replace(REQUEST, prompt=text)) for text in ("rain", "kick")]
    assert sounds[0].shape == (2, SAMPLE_RATE // 2)
    assert difference(*sounds) > 1e-3


def test_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="There is no model folder"):
        load_model(tmp_path / "none")


def test_folder_without_text_encoder(folder: Path) -> None:
    shutil.rmtree(folder / "t5")
    with pytest.raises(ModelError, match="has no text encoder"):
        load_model(folder)


def test_truncated_weights(folder: Path) -> None:
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(ModelError) as caught:
        load_model(folder)
    assert caught.value.hint


def test_weights_of_another_configuration(folder: Path) -> None:
    path = folder / "model_config.json"
    content = json.loads(path.read_text())
    put(content, "model.diffusion.config.depth", 2)
    path.write_text(json.dumps(content))
    with pytest.raises(
        ModelError, match=r"do not fit.*missing \(model\.model\.transformer\.layers\.1"
    ):
        load_model(folder)


@pytest.mark.parametrize("values", [{"device": "cuda:99"}, {"dtype": "int3"}])
def test_no_such_device_or_precision(tiny_folder: Path, values: dict[str, str]) -> None:
    with pytest.raises(StudioError, match="There is no"):
        load_model(tiny_folder, **values)


@pytest.mark.parametrize(
    "changes",
    [
        {"model.diffusion.config.global_cond_type": "adaLN"},
        {
            "model.diffusion.config.project_cond_tokens": False,
            "model.diffusion.config.num_heads": 2,
        },
        {"model.diffusion.config.attn_kwargs": {"qk_norm": "ln"}},
        {"model.diffusion.config.num_memory_tokens": 2},
        {"model.diffusion.config.use_abs_pos_emb": True},
    ],
    ids=["adaLN", "grouped heads", "qk norm", "memory", "places"],
)
def test_variants_are_assembled_from_the_configuration(
    tmp_path: Path, changes: dict[str, Any]
) -> None:
    pipeline = load_model(make_tiny_model(tmp_path, changes=changes), device="cpu")
    assert np.isfinite(audio_of(pipeline, replace(REQUEST, seconds=0.1))).all()


def test_the_tempo_of_the_prompt_sets_the_clock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changes = {
        "model.diffusion.input_concat_ids": ["beat_clock"],
        "model.diffusion.config.input_concat_dim": 12,
    }
    clocked = load_model(make_tiny_model(tmp_path, changes=changes), device="cpu")
    seen: list[Tensor | None] = []
    sample = clocked.sample

    def recording(
        request: GenerationRequest, conditions: ConditionTensors, *rest: Any
    ) -> Iterator[Tensor]:
        seen.append(conditions.input_concat)
        return sample(request, conditions, *rest)

    monkeypatch.setattr(clocked, "sample", recording)
    for prompt in ("120 bpm loop", "loop"):
        audio_of(clocked, replace(REQUEST, prompt=prompt))
    ticking, still = seen
    assert ticking is not None and still is not None
    torch.testing.assert_close(ticking[0], beat_clock(120, ticking.shape[-1], RATIO / SAMPLE_RATE))
    assert not still.any()


@pytest.mark.parametrize("place", ["cross_attention_cond_ids", "global_cond_ids"])
def test_notes_and_tempi_of_the_prompt_are_conditions_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    text = {"id": "prompt", "type": "t5", "config": {"max_length": PROMPT_TOKENS, "pooled": True}}
    ranges = {"seconds_total": 512, "note": 127, "tempo": 200}
    numbers = [
        {"id": name, "type": "number", "config": {"min_val": 0, "max_val": highest}}
        for name, highest in ranges.items()
    ]
    places = {
        "cross_attention_cond_ids": ["prompt"],
        "global_cond_ids": ["seconds_total"],
        place: ["prompt", *ranges],
    }
    changes: dict[str, Any] = {"model.conditioning.configs": [text, *numbers]}
    changes |= {f"model.diffusion.{name}": ids for name, ids in places.items()}
    changes["model.diffusion.config.global_cond_dim"] = WIDTH * len(places["global_cond_ids"])
    pipeline = load_model(make_tiny_model(tmp_path, changes=changes), device="cpu")
    seen: list[dict[str, Any]] = []
    encode = pipeline.conditioner.encode

    def recording(inputs: dict[str, Any]) -> dict[str, Tensor]:
        seen.append(inputs)
        return encode(inputs)

    monkeypatch.setattr(pipeline.conditioner, "encode", recording)
    request = replace(REQUEST, prompt="saw lead A4, 120 bpm", negative_prompt="", seconds=0.1)
    high = audio_of(pipeline, request)
    conditional, null = seen
    assert (conditional["note"], conditional["tempo"]) == ([69], [120.0])
    assert (null["note"], null["tempo"]) == ([0], [0])
    assert "prompt" not in null
    low = audio_of(pipeline, replace(request, prompt="saw lead A2, 120 bpm"))
    assert difference(high, low) > 1e-3
