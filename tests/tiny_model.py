"""A complete model folder that is small enough for every test: random weights, real files.

The sound is noise, but every part is there: a native configuration and checkpoint, a T5 with a
tokenizer of its own, and enough latent frames for several decoded chunks.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

SAMPLE_RATE = 44_100
STRIDES = (4, 8, 8)
RATIO = math.prod(STRIDES)
LATENT_CHANNELS = 4
WIDTH = 32
PROMPT_TOKENS = 16
EMBED_DIM = 64
LOUDNESS = 0.01
SEED = 20_261_121


def make_tiny_model(
    folder: Path,
    *,
    objective: str = "v",
    seconds: float = 2.0,
    studio: dict[str, Any] | None = None,
    changes: dict[str, Any] | None = None,
) -> Path:
    """Write a tiny random model into ``folder`` and return it; the same arguments, the same model.

    Args:
        folder: made if it is not there.
        objective: "v", "rectified_flow" or "rf_denoiser".
        seconds: the longest sound, rounded up to whole latent frames.
        studio: the section "sa_studio"; by default few steps and short sounds.
        changes: what to put at other places of the configuration before the weights are made, by
            dotted path: ``{"model.diffusion.config.depth": 2}``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    content = tiny_config(objective=objective, seconds=seconds, studio=studio)
    for path, value in (changes or {}).items():
        put(content, path, value)
    (folder / "model_config.json").write_text(json.dumps(content, indent=1), encoding="utf-8")
    _write_text_encoder(folder / "t5")
    _write_weights(folder)
    return folder


def tiny_config(
    *, objective: str = "v", seconds: float = 2.0, studio: dict[str, Any] | None = None
) -> dict[str, Any]:
    """The content of the tiny model's ``model_config.json``."""
    frames = math.ceil(seconds * SAMPLE_RATE / RATIO)
    coder = {"channels": 4, "c_mults": [1, 2, 2], "strides": list(STRIDES), "use_snake": True}
    defaults: dict[str, Any] = {"steps": 4, "seconds": min(1.0, seconds)}
    if objective != "rf_denoiser":
        defaults["guidance_scale"] = 3.0
    return {
        "model_type": "diffusion_cond",
        "sample_size": frames * RATIO,
        "sample_rate": SAMPLE_RATE,
        "audio_channels": 2,
        "model": {
            "io_channels": LATENT_CHANNELS,
            "pretransform": {
                "type": "autoencoder",
                "iterate_batch": True,
                "config": {
                    "encoder": {
                        "type": "oobleck",
                        "config": {**coder, "in_channels": 2, "latent_dim": 2 * LATENT_CHANNELS},
                    },
                    "decoder": {
                        "type": "oobleck",
                        "config": {
                            **coder,
                            "out_channels": 2,
                            "latent_dim": LATENT_CHANNELS,
                            "final_tanh": True,
                        },
                    },
                    "bottleneck": {"type": "vae"},
                    "latent_dim": LATENT_CHANNELS,
                    "downsampling_ratio": RATIO,
                    "io_channels": 2,
                },
            },
            "conditioning": {
                "configs": [
                    {
                        "id": "prompt",
                        "type": "t5",
                        "config": {"t5_model_name": "t5-base", "max_length": PROMPT_TOKENS},
                    },
                    *(
                        {
                            "id": name,
                            "type": "number",
                            "config": {"min_val": 0, "max_val": 512},
                        }
                        for name in ("seconds_start", "seconds_total")
                    ),
                ],
                "cond_dim": WIDTH,
            },
            "diffusion": {
                "type": "dit",
                "diffusion_objective": objective,
                "cross_attention_cond_ids": ["prompt", "seconds_start", "seconds_total"],
                "global_cond_ids": ["seconds_start", "seconds_total"],
                "config": {
                    "io_channels": LATENT_CHANNELS,
                    "embed_dim": EMBED_DIM,
                    "depth": 1,
                    "num_heads": 1,
                    "cond_token_dim": WIDTH,
                    "global_cond_dim": 2 * WIDTH,
                    "project_cond_tokens": True,
                    "transformer_type": "continuous_transformer",
                },
            },
        },
        "sa_studio": {
            "title": "Tiny",
            "defaults": defaults,
            "example_prompts": ["a short noise", "a long noise"],
            **(studio or {}),
        },
    }


def put(content: dict[str, Any], path: str, value: Any) -> None:
    """Set the value at a dotted path of a JSON object."""
    *parents, last = path.split(".")
    for name in parents:
        content = content.setdefault(name, {})
    content[last] = value


def _write_weights(folder: Path) -> None:
    import torch
    from safetensors.torch import save_file

    from sa_studio.engine.config import read_model_config
    from sa_studio.engine.diffusion_model import DiffusionModel

    config = read_model_config(folder / "model_config.json")
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(SEED)
        model = DiffusionModel(config, WIDTH)
        with torch.no_grad():
            # torch's initial weights let a signal fade from layer to layer; these keep it alive,
            # so that prompt, seed and seconds are heard in the result
            weights = dict(model.named_parameters())
            for name, weight in weights.items():
                if weight.ndim > 1 and not name.endswith("timestep_features.weight"):
                    fan_in = weight[0].numel()
                    weight.normal_(0, 1 / math.sqrt(fan_in))
            # loud, but below the level where the final tanh would make every sound the same
            *_, last_layer = (name for name in weights if ".decoder." in name)
            weights[last_layer].mul_(LOUDNESS)
    state = {name: tensor.contiguous() for name, tensor in model.state_dict().items()}
    save_file(state, str(folder / "model.safetensors"))


def _write_text_encoder(folder: Path) -> None:
    """A T5 encoder of one layer and a tokenizer whose pieces are single characters."""
    import torch
    from transformers import T5Config, T5EncoderModel, T5Tokenizer

    letters = "▁abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,-'"
    vocabulary = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), *((c, -3.0) for c in letters)]
    tokenizer = T5Tokenizer(vocab=vocabulary, extra_ids=0, model_max_length=PROMPT_TOKENS)
    tokenizer.save_pretrained(folder)
    config = T5Config(
        vocab_size=len(vocabulary),
        d_model=WIDTH,
        d_kv=16,
        d_ff=64,
        num_layers=1,
        num_heads=2,
        relative_attention_num_buckets=8,
        dropout_rate=0.0,
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(SEED)
        T5EncoderModel(config).save_pretrained(folder)
