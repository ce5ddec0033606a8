"""The engine computes what the reference implementations computed, to rounding.

Every tensor of every case is checked or used: a group of tensors without a check, a run that
``meta.json`` does not describe, or a tensor that a check leaves unread is a failure.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from sa_studio.engine.denoiser import (
    ConditionTensors,
    Denoiser,
    Guidance,
    GuidedNetwork,
    Prediction,
)
from sa_studio.engine.frame_conditions import inpainting_input
from sa_studio.engine.samplers import SAMPLERS
from sa_studio.generation import GenerationRequest
from tests.engine.golden_case import (
    Case,
    Tensors,
    case_folders,
    groups,
    guidance_of,
    is_diffusers,
    load_case,
)

RTOL_OF_MAXIMUM = 1e-5
ATOL = 1e-4

NATIVE = [folder for folder in case_folders() if not is_diffusers(folder)]
DIFFUSERS = [folder for folder in case_folders() if is_diffusers(folder)]
log = logging.getLogger(__name__)


@pytest.fixture(autouse=True)
def inference() -> Iterator[None]:
    with torch.inference_mode():
        yield


def assert_close(what: str, found: Tensor, reference: Tensor) -> None:
    assert found.shape == reference.shape, f"{what}: {found.shape}, not {reference.shape}"
    error = (found.double() - reference.double()).abs().max().item()
    allowed = RTOL_OF_MAXIMUM * reference.abs().max().item() + ATOL
    log.info("%s: error %.2g, allowed %.2g", what, error, allowed)
    assert error <= allowed, f"{what}: off by {error:.3g}, allowed {allowed:.3g}"


@pytest.mark.parametrize(
    ("folder", "group"),
    [
        pytest.param(folder, group, id=f"{folder.name}-{group}")
        for folder in NATIVE
        for group in groups(folder)
    ],
)
def test_native(folder: Path, group: str) -> None:
    case = load_case(folder)
    tensors = case.group(group)
    if group in case.meta["runs"]:
        check_run(case, tensors, case.meta["runs"][group])
    else:
        assert group in PART_CHECKS, f"nothing checks the tensors of {group!r}"
        PART_CHECKS[group](case, tensors)
    assert not tensors.unread, f"not used: {sorted(tensors.unread)}"


@pytest.mark.parametrize("folder", NATIVE, ids=lambda folder: folder.name)
def test_every_run_of_the_meta_file_has_tensors(folder: Path) -> None:
    assert set(load_case(folder).meta["runs"]) <= set(groups(folder))


@pytest.mark.parametrize("folder", DIFFUSERS, ids=lambda folder: folder.name)
def test_diffusers(folder: Path) -> None:
    """A run of diffusers' pipeline with its defaults, over the whole canvas."""
    case = load_case(folder)
    pipeline, tensors = case.pipeline, Tensors(case.all_tensors)
    states = case.text_encoder.encode_tokens(
        tensors["tokens.input_ids"], tensors["tokens.attention_mask"]
    )
    encoded = pipeline.conditioner.encode(
        {
            "prompt": states,
            "seconds_start": [0.0],
            "seconds_total": [pipeline.info.max_seconds],
        }
    )
    assert_close("prompt", encoded["prompt"], tensors["prompt_embeds"])
    conditions = ConditionTensors(
        pipeline.conditioner.cross_attention(encoded),
        pipeline.conditioner.global_condition(encoded),
    )
    drawn = iter(tensors["step_noise"])
    # diffusers scales by √(σ² + 1) where the others scale by σ
    sigma = tensors["sigmas"][0].item()
    noise = tensors["initial_noise"] * (math.sqrt(sigma**2 + 1) / sigma)
    run = {
        "sampler_type": "dpmpp-2m-sde",
        "steps": len(tensors["timesteps"]),
        "cfg_scale": pipeline.info.defaults.guidance_scale,
    }
    steps = sample(case, run, conditions, noise, None, drawn)
    levels = torch.tensor([step.evaluations[0].level for step in steps] + [0.0])
    assert_close("levels", levels, tensors["sigmas"])
    assert_close("times", torch.atan(levels[:-1]) * 2 / math.pi, tensors["timesteps"])
    assert_close("latents", steps[-1].after, tensors["latents"])
    decoded = pipeline.autoencoder.decode(tensors["latents"])
    assert_close("audio", decoded, tensors["audio"])
    assert not tensors.unread, f"not used: {sorted(tensors.unread)}"


def check_tokens(case: Case, tensors: Tensors) -> None:
    encoder = case.text_encoder
    prompts = [item["prompt"] for item in case.meta["conditioning"]]
    tokens = encoder.tokenizer(prompts, max_length=encoder.max_length)
    for name in ("input_ids", "attention_mask"):
        assert torch.equal(tokens[name], tensors[name])


def encode(case: Case, items: list[dict[str, Any]]) -> dict[str, Tensor]:
    """What the conditioners make of a batch as ``meta.json`` describes it."""
    prompts = case.text_encoder.encode([item["prompt"] for item in items])
    inputs: dict[str, Any] = {
        condition.id: prompts
        if condition.id == "prompt"
        else [item[condition.id] for item in items]
        for condition in case.pipeline.config.conditioners
    }
    return case.pipeline.conditioner.encode(inputs)


def check_conditioning(case: Case, tensors: Tensors, items: list[dict[str, Any]]) -> None:
    found = encode(case, items)
    prompts = case.text_encoder.encode([item["prompt"] for item in items])
    for name, value in found.items():
        assert_close(f"{name} value", value, tensors[f"{name}.0"])
        mask = tensors[f"{name}.1"]
        if name == "prompt":
            assert torch.equal(torch.stack([row for _, row in prompts]).bool(), mask)
            assert not value[~mask].any(), "padding is not exactly zero"
        else:
            assert mask.all()


def check_dit(case: Case, tensors: Tensors) -> None:
    pipeline = case.pipeline
    encoded = encode(case, case.meta["conditioning"])
    tokens = pipeline.conditioner.cross_attention(encoded)
    global_cond = pipeline.conditioner.global_condition(encoded)
    assert tokens is not None
    assert global_cond is not None
    assert_close("cross-attention tokens", tokens, tensors["cross_attn_cond"])
    assert_close("global condition", global_cond, tensors["global_cond"])
    x, t = tensors["x"], tensors["t"]
    outputs = sorted(name for name in tensors if name.startswith("out_"))
    assert outputs
    for name in outputs:
        scale, rescale = guidance_of(name)
        rows = []
        for row in range(len(t)):  # one by one, as the items have noise levels of their own
            one = slice(row, row + 1)
            extra = tensors["input_concat"][one] if "input_concat" in tensors else None
            conditions = ConditionTensors(
                tensors["cross_attn_cond"][one], tensors["global_cond"][one], input_concat=extra
            )
            network = GuidedNetwork(pipeline.network, conditions, Guidance(scale, rescale))
            rows.append(network(x[one], t[row].item(), 0.5)[0])
        assert_close(name, torch.cat(rows), tensors[name])


def check_autoencoder(case: Case, tensors: Tensors) -> None:
    autoencoder = case.pipeline.autoencoder
    audio, latents = tensors["audio"], tensors["latents"]
    assert_close("encoder", autoencoder.features(audio), tensors["pre_bottleneck"])
    assert_close("latents", autoencoder.encode(audio, tensors["noise"]), latents)
    in_chunks = autoencoder.encode_in_chunks(audio, tensors["noise"], chunk_size=8)
    assert_close("latents in chunks", in_chunks, latents)
    decoded = autoencoder.decode(latents)
    assert_close("audio", decoded, tensors["decoded"])
    pieces = [piece for _, piece in autoencoder.decode_chunks(latents, chunk_size=8)]
    assert_close("audio in chunks", torch.cat(pieces, dim=-1), tensors["decoded"])
    assert_close(
        "the reference's chunks",
        stitched(autoencoder.decode, latents, 24, 16, autoencoder.downsampling_ratio),
        tensors["decoded_chunked_24_16"],
    )


def stitched(
    decode: Callable[[Tensor], Tensor], latents: Tensor, size: int, overlap: int, ratio: int
) -> Tensor:
    """The reference's chunked decoding (specification §5), which is not exact at these sizes.

    Chunks of ``size`` frames every ``size - overlap``, the last one ending with the latents; half
    of the overlap is cut off each side that lies inside.
    """
    frames = latents.shape[-1]
    starts = [*range(0, frames - size, size - overlap), frames - size]
    out = torch.full((*latents.shape[:1], 2, frames * ratio), math.nan)
    for start in starts:
        piece = decode(latents[..., start : start + size])
        left = 0 if start == 0 else overlap // 2
        right = 0 if start + size == frames else overlap // 2
        out[..., (start + left) * ratio : (start + size - right) * ratio] = piece[
            ..., left * ratio : (size - right) * ratio
        ]
    return out


def check_run(case: Case, tensors: Tensors, run: dict[str, Any]) -> None:
    noise = tensors["initial_noise"]
    size = case.pipeline.config.sample_size
    conditions = run_conditions(case, run)
    init = None
    if run["init"]:  # from a sound of three quarters of the canvas
        init = encode_sound(case, size * 3 // 4, tensors["vae_noise"])
        init = init.expand(len(noise), -1, -1)
    if run["inpaint"]:
        sound = encode_sound(case, size, tensors["vae_noise"])
        concat = inpainting_input(tensors["inpaint_mask"], sound.expand(len(noise), -1, -1))
        conditions = replace(conditions, input_concat=concat)
    # the reference also draws in steps that have no use for noise
    drawn = iter(tensors["step_noise"]) if "step_noise" in tensors else iter(())
    steps = sample(case, run, conditions, noise, init, drawn)
    assert len(steps) == len(tensors["x"]) == run["steps"]
    for number, (step, x, denoised) in enumerate(
        zip(steps, tensors["x"], tensors["denoised"], strict=True), start=1
    ):
        found_x, found_denoised = step.as_reported(run["sampler_type"], number == len(steps))
        assert_close(f"x in step {number}", found_x, x)
        assert_close(f"denoised in step {number}", found_denoised, denoised)
    assert_close("latents", steps[-1].after, tensors["latents"])
    # from the reference's latents: the decoder would amplify the latents' rounding
    decoded = case.pipeline.autoencoder.decode(tensors["latents"])
    assert_close("audio", decoded, tensors["audio"])


def encode_sound(case: Case, samples: int, noise: Tensor) -> Tensor:
    """Latents of the first samples of the autoencoder's sound, padded to the canvas."""
    sound = case.all_tensors["ae.audio"][..., :samples]
    missing = case.pipeline.config.sample_size - sound.shape[-1]
    return case.pipeline.autoencoder.encode(functional.pad(sound, (0, missing)), noise)


def run_conditions(case: Case, run: dict[str, Any]) -> ConditionTensors:
    conditioner = case.pipeline.conditioner
    encoded = encode(case, case.meta["conditioning"])
    negative = None
    if run["negative"]:
        negative = conditioner.cross_attention(encode(case, case.meta["negative"]))
    return ConditionTensors(
        conditioner.cross_attention(encoded), conditioner.global_condition(encoded), negative
    )


@dataclass(frozen=True)
class Evaluation:
    """One call of the denoiser."""

    x: Tensor
    level: float
    prediction: Prediction


@dataclass(frozen=True)
class Step:
    """One step of a sampler: its evaluations and where it led."""

    evaluations: list[Evaluation]
    after: Tensor

    def as_reported(self, sampler: str, is_last: bool) -> tuple[Tensor, Tensor]:
        """x and denoised, as the reference's sampler passes them to its callback."""
        first = self.evaluations[0]
        if sampler == "rk4":
            last = self.evaluations[-1]
            velocity = last.prediction.noise - last.prediction.denoised
            return self.after, self.after - last.level * velocity
        if sampler == "euler" or (sampler in ("v-ddim", "v-ddim-cfgpp") and not is_last):
            return self.after, first.prediction.denoised
        return first.x, first.prediction.denoised


def sample(
    case: Case,
    run: dict[str, Any],
    conditions: ConditionTensors,
    noise: Tensor,
    init: Tensor | None,
    drawn: Iterator[Tensor],
) -> list[Step]:
    request = GenerationRequest(
        "",
        steps=run["steps"],
        sampler=run["sampler_type"],
        guidance_scale=run["cfg_scale"],
        guidance_rescale=run.get("scale_phi", 0.0),
        guidance_interval=tuple(run.get("cfg_interval", (0.0, 1.0))),
        sigma_min=run.get("sigma_min"),
        sigma_max=run.get("sigma_max"),
        rho=run.get("rho"),
        init_audio=Path("given") if init is not None else None,
        init_noise_level=run.get("init_noise_level"),
    )
    request = case.pipeline.info.resolved(request, seed=0)
    with recorded_evaluations(run["sampler_type"]) as evaluations:
        steps = []
        for x in case.pipeline.sample(request, conditions, noise, init, lambda: next(drawn)):
            steps.append(Step(list(evaluations), x))
            evaluations.clear()
        return steps


@contextmanager
def recorded_evaluations(sampler: str) -> Iterator[list[Evaluation]]:
    """Keep what the sampler asks of its denoiser, and the answers."""
    kind: Any = SAMPLERS[sampler].denoiser
    evaluations: list[Evaluation] = []
    predict = kind.__call__

    def recording(self: Denoiser, x: Tensor, level: float) -> Prediction:
        prediction: Prediction = predict(self, x, level)
        evaluations.append(Evaluation(x, level, prediction))
        return prediction

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kind, "__call__", recording)
        yield evaluations


PART_CHECKS: dict[str, Callable[[Case, Tensors], None]] = {
    "tokens": check_tokens,
    "cond": lambda case, tensors: check_conditioning(case, tensors, case.meta["conditioning"]),
    "cond_negative": lambda case, tensors: check_conditioning(case, tensors, case.meta["negative"]),
    "dit": check_dit,
    "ae": check_autoencoder,
}
