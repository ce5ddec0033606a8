"""What is published of the official models: configurations, and every tensor's name and shape.

Source: engine specification §1, §2.2 – §2.4. The files themselves are gated; their names and shapes
are no secret. Benchmarks and tests build models of full size from them, with random weights.
"""

from __future__ import annotations

from typing import Any

Shapes = dict[str, tuple[int, ...]]


def _config(
    *,
    sample_size: int,
    numbers: dict[str, int],
    prompt_tokens: int,
    diffusion: dict[str, Any],
) -> dict[str, Any]:
    coder = {
        "channels": 128,
        "c_mults": [1, 2, 4, 8, 16],
        "strides": [2, 4, 4, 8, 8],
        "use_snake": True,
    }
    return {
        "model_type": "diffusion_cond",
        "sample_size": sample_size,
        "sample_rate": 44100,
        "audio_channels": 2,
        "model": {
            "io_channels": 64,
            "pretransform": {
                "type": "autoencoder",
                "iterate_batch": True,
                "config": {
                    "encoder": {
                        "type": "oobleck",
                        "config": {**coder, "in_channels": 2, "latent_dim": 128},
                    },
                    "decoder": {
                        "type": "oobleck",
                        "config": {
                            **coder,
                            "out_channels": 2,
                            "latent_dim": 64,
                            "final_tanh": False,
                        },
                    },
                    "bottleneck": {"type": "vae"},
                    "latent_dim": 64,
                    "downsampling_ratio": 2048,
                    "io_channels": 2,
                },
            },
            "conditioning": {
                "cond_dim": 768,
                "configs": [
                    {
                        "id": "prompt",
                        "type": "t5",
                        "config": {"t5_model_name": "t5-base", "max_length": prompt_tokens},
                    },
                    *(
                        {
                            "id": name,
                            "type": "number",
                            "config": {"min_val": 0, "max_val": highest},
                        }
                        for name, highest in numbers.items()
                    ),
                ],
            },
            "diffusion": {
                "type": "dit",
                "cross_attention_cond_ids": ["prompt", *numbers],
                "global_cond_ids": list(numbers),
                **diffusion,
            },
        },
        "training": {"demo": {"demo_steps": 100}},
    }


OPEN_CONFIG = _config(
    sample_size=2097152,
    numbers={"seconds_start": 512, "seconds_total": 512},
    prompt_tokens=128,
    diffusion={
        "config": {
            "io_channels": 64,
            "embed_dim": 1536,
            "depth": 24,
            "num_heads": 24,
            "cond_token_dim": 768,
            "global_cond_dim": 1536,
            "project_cond_tokens": False,
            "transformer_type": "continuous_transformer",
        }
    },
)
SMALL_CONFIG = _config(
    sample_size=524288,
    numbers={"seconds_total": 256},
    prompt_tokens=64,
    diffusion={
        "diffusion_objective": "rf_denoiser",
        "config": {
            "io_channels": 64,
            "embed_dim": 1024,
            "depth": 16,
            "num_heads": 8,
            "cond_token_dim": 768,
            "global_cond_dim": 768,
            "transformer_type": "continuous_transformer",
            "attn_kwargs": {"qk_norm": "ln"},
        },
    },
)


def open_tensors() -> Shapes:
    """Stable Audio Open 1.0."""
    return {
        **_transformer(width=1536, depth=24, rotary=16, cond=768, global_cond=1536, kv=1536),
        **_number("seconds_start"),
        **_number("seconds_total"),
        **_autoencoder(),
    }


def small_tensors() -> Shapes:
    """Stable Audio Open Small."""
    shapes = _transformer(width=1024, depth=16, rotary=32, cond=1024, global_cond=768, kv=2048)
    for layer in range(16):
        for attention in ("self_attn", "cross_attn"):
            for norm in ("q_norm", "k_norm"):
                name = f"model.model.transformer.layers.{layer}.{attention}.{norm}"
                shapes |= {f"{name}.weight": (128,), f"{name}.bias": (128,)}
    return {**shapes, **_number("seconds_total"), **_autoencoder()}


def _transformer(
    *, width: int, depth: int, rotary: int, cond: int, global_cond: int, kv: int
) -> Shapes:
    shapes: Shapes = {
        "timestep_features.weight": (128, 1),
        "to_timestep_embed.0.weight": (width, 256),
        "to_timestep_embed.0.bias": (width,),
        "to_timestep_embed.2.weight": (width, width),
        "to_timestep_embed.2.bias": (width,),
        "to_cond_embed.0.weight": (cond, 768),
        "to_cond_embed.2.weight": (cond, cond),
        "to_global_embed.0.weight": (width, global_cond),
        "to_global_embed.2.weight": (width, width),
        "preprocess_conv.weight": (64, 64, 1),
        "postprocess_conv.weight": (64, 64, 1),
        "transformer.project_in.weight": (width, 64),
        "transformer.project_out.weight": (64, width),
        "transformer.rotary_pos_emb.inv_freq": (rotary,),
    }
    for layer in range(depth):
        block: Shapes = {
            "self_attn.to_qkv.weight": (3 * width, width),
            "self_attn.to_out.weight": (width, width),
            "cross_attn.to_q.weight": (width, width),
            "cross_attn.to_kv.weight": (kv, cond),
            "cross_attn.to_out.weight": (width, width),
            "ff.ff.0.proj.weight": (8 * width, width),
            "ff.ff.0.proj.bias": (8 * width,),
            "ff.ff.2.weight": (width, 4 * width),
            "ff.ff.2.bias": (width,),
        }
        for norm in ("pre_norm", "cross_attend_norm", "ff_norm"):
            block |= {f"{norm}.gamma": (width,), f"{norm}.beta": (width,)}
        shapes |= {f"transformer.layers.{layer}.{name}": shape for name, shape in block.items()}
    return {f"model.model.{name}": shape for name, shape in shapes.items()}


def _number(name: str) -> Shapes:
    prefix = f"conditioner.conditioners.{name}.embedder.embedding"
    return {
        f"{prefix}.0.weights": (128,),
        f"{prefix}.1.weight": (768, 257),
        f"{prefix}.1.bias": (768,),
    }


def _conv(name: str, shape: tuple[int, int, int], bias: int | None) -> Shapes:
    shapes: Shapes = {f"{name}.weight_g": (shape[0], 1, 1), f"{name}.weight_v": shape}
    return shapes if bias is None else {**shapes, f"{name}.bias": (bias,)}


def _snake(name: str, width: int) -> Shapes:
    return {f"{name}.alpha": (width,), f"{name}.beta": (width,)}


def _unit(name: str, width: int) -> Shapes:
    return {
        **_snake(f"{name}.layers.0", width),
        **_conv(f"{name}.layers.1", (width, width, 7), width),
        **_snake(f"{name}.layers.2", width),
        **_conv(f"{name}.layers.3", (width, width, 1), width),
    }


def _autoencoder() -> Shapes:
    widths, strides = (128, 128, 256, 512, 1024, 2048), (2, 4, 4, 8, 8)
    shapes = {
        **_conv("encoder.layers.0", (128, 2, 7), 128),
        **_snake("encoder.layers.6", 2048),
        **_conv("encoder.layers.7", (128, 2048, 3), 128),
        **_conv("decoder.layers.0", (2048, 64, 7), 2048),
        **_snake("decoder.layers.6", 128),
        **_conv("decoder.layers.7", (2, 128, 7), None),
    }
    for block, stride in enumerate(strides):
        narrow, wide = widths[block], widths[block + 1]
        name = f"encoder.layers.{block + 1}.layers"
        for unit in range(3):
            shapes |= _unit(f"{name}.{unit}", narrow)
        shapes |= _snake(f"{name}.3", narrow)
        shapes |= _conv(f"{name}.4", (wide, narrow, 2 * stride), wide)
        name = f"decoder.layers.{5 - block}.layers"
        shapes |= _snake(f"{name}.0", wide)
        shapes |= _conv(f"{name}.1", (wide, narrow, 2 * stride), narrow)
        for unit in range(2, 5):
            shapes |= _unit(f"{name}.{unit}", narrow)
    return {f"pretransform.model.{name}": shape for name, shape in shapes.items()}
