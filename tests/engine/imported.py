"""The tiny model in every form that people have models in, and what it sounds like."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from sa_studio.engine import load_model
from sa_studio.engine.import_model import CheckedModel
from sa_studio.engine.model_sources import ModelSource
from sa_studio.generation import GeneratedAudio, GenerationRequest

CONFIG = "model_config.json"
WEIGHTS = "model.safetensors"
AUTOENCODER = "pretransform.model."
NETWORK = "model."


def sound(
    folder: Path,
    dtype: str = "float32",
    seconds: float = 0.4,
    text_encoder: Path | None = None,
) -> np.ndarray:
    """What the model in ``folder`` makes of one request."""
    request = GenerationRequest("two noises", model=folder.name, seconds=seconds, seed=11, steps=2)
    pipeline = load_model(folder, device="cpu", dtype=dtype, text_encoder=text_encoder)
    (audio,) = [
        event.audio for event in pipeline.generate(request) if isinstance(event, GeneratedAudio)
    ]
    assert np.abs(audio).max() > 0
    return audio


def assert_equal(found: np.ndarray, wanted: np.ndarray) -> None:
    """Not one bit may differ: the same numbers are computed from the same weights."""
    assert found.shape == wanted.shape
    assert np.array_equal(found, wanted), f"off by up to {np.abs(found - wanted).max():g}"


def assert_same_sound(folder: Path, original: Path, dtype: str = "float32") -> None:
    """The two models say the same; ``original`` is not changed during the test session."""
    assert_equal(sound(folder, dtype), _sound_of_original(original, dtype))


_sound_of_original = cache(sound)


def convert(source: ModelSource, folder: Path) -> Path:
    CheckedModel(source).write(folder, lambda _file, _count: None)
    return folder


def weights_of(folder: Path) -> dict[str, Tensor]:
    return load_file(folder / WEIGHTS)


def folder_without_weights(original: Path, folder: Path) -> Path:
    """A copy of the model with everything but its weights."""
    shutil.copytree(original, folder)
    (folder / WEIGHTS).unlink()
    return folder


def with_weights(original: Path, folder: Path, tensors: Mapping[str, Tensor]) -> Path:
    """A copy of the model with other weights."""
    folder_without_weights(original, folder)
    save_file({name: t.contiguous() for name, t in tensors.items()}, folder / WEIGHTS)
    return folder


def config_of(folder: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
    return content


def snapshot(tensors: Mapping[str, Tensor], *, averaged: bool = True) -> dict[str, Any]:
    """What Lightning saves of a training run: of the network, both states, one of them wrong."""
    state: dict[str, Tensor] = {}
    for name, tensor in tensors.items():
        is_network = name.startswith(NETWORK)
        spoilt = is_network and averaged and tensor.is_floating_point()
        state[f"diffusion.{name}"] = tensor + 1 if spoilt else tensor
        if is_network and averaged:
            state[f"diffusion_ema.ema_model.{name.removeprefix(NETWORK)}"] = tensor
    if averaged:
        state |= {
            # as ema_pytorch keeps them: of one element each, and a flag that is a float
            "diffusion_ema.initted": torch.tensor([1.0]),
            "diffusion_ema.step": torch.tensor([1000]),
        }
    return {
        "epoch": 3,
        "global_step": 1000,
        "pytorch-lightning_version": "2.1.0",
        "state_dict": state,
        "loops": {"fit_loop": {"state_dict": {}}},
        "callbacks": {},
        "optimizer_states": [{"state": {0: {"exp_avg": torch.zeros(3)}}, "param_groups": []}],
        "lr_schedulers": [{"last_epoch": 1000, "base_lrs": [1e-4]}],
    }


def normed(tensors: Mapping[str, Tensor], style: str = "weight_g") -> dict[str, Tensor]:
    """The same weights with the autoencoder's convolutions as published: in two halves."""
    found: dict[str, Tensor] = {}
    for name, tensor in tensors.items():
        if name.startswith(AUTOENCODER) and tensor.ndim == 3:
            owner = name.removesuffix(".weight")
            magnitude = tensor.flatten(1).norm(dim=1).view(-1, 1, 1)
            direction = tensor * 1.7
            if style == "weight_g":
                found |= {f"{owner}.weight_g": magnitude, f"{owner}.weight_v": direction}
            else:
                owner += ".parametrizations.weight"
                found |= {f"{owner}.original0": magnitude, f"{owner}.original1": direction}
        else:
            found[name] = tensor
    return found
