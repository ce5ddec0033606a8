"""The starter's configuration, in one place for building, training and packing."""

from __future__ import annotations

from sa_studio.engine.config import BEAT_CLOCK, BEAT_CLOCK_HANDS
from sa_studio.engine.spectral_config import SpectralConfig
from sa_studio.engine.spectral_features import feature_count

LATENT_CHANNELS = 224
MAX_TOKENS = 24
PATCH = 2
TEXT_WIDTH = 384
MAX_SECONDS = 12
MAX_TEMPO = 200
MAX_NOTE = 127
SPECTRAL = SpectralConfig(latent_channels=LATENT_CHANNELS, features=feature_count())
LONGEST = 235  # patches
FRAME_SECONDS = SPECTRAL.downsampling_ratio / SPECTRAL.sample_rate
SAMPLE_SIZE = LONGEST * PATCH * SPECTRAL.downsampling_ratio  # 10.9 s
MEMORY_TOKENS = 4
STEPS = 16
GUIDANCE = 3.5
SECONDS = 3.0

# each steers cross-attention and, its first token, every block's modulation
CONDITIONS = ["prompt", "seconds_total", "note", "tempo"]

NETWORK = {
    "io_channels": LATENT_CHANNELS,
    "input_concat_dim": 2 * len(BEAT_CLOCK_HANDS),
    "patch_size": PATCH,
    "embed_dim": 320,
    "depth": 6,
    "num_heads": 5,
    "cond_token_dim": TEXT_WIDTH,
    "global_cond_dim": 4 * TEXT_WIDTH,
    "global_cond_type": "adaLN",
    "transformer_type": "continuous_transformer",
    "num_memory_tokens": MEMORY_TOKENS,
    # Rotary positions are relative; where a beat falls and which way a riser goes needs places.
    "use_abs_pos_emb": True,
    "abs_pos_emb_max_length": MEMORY_TOKENS + LONGEST,
    "attn_kwargs": {"qk_norm": "ln"},
    "preconditioned": True,
}

MODEL_CONFIG = {
    "model_type": "diffusion_cond",
    "sample_size": SAMPLE_SIZE,
    "sample_rate": SPECTRAL.sample_rate,
    "audio_channels": 2,
    "model": {
        "pretransform": {
            "type": "autoencoder",
            "config": {
                "encoder": {
                    "type": "spectral",
                    "config": {
                        "latent_channels": LATENT_CHANNELS,
                        "features": SPECTRAL.features,
                    },
                },
                "latent_dim": LATENT_CHANNELS,
                "downsampling_ratio": SPECTRAL.downsampling_ratio,
                "io_channels": 2,
            },
        },
        "conditioning": {
            "configs": [
                {
                    "id": "prompt",
                    "type": "minilm",
                    "config": {"max_length": MAX_TOKENS, "pooled": True},
                },
                {
                    "id": "seconds_total",
                    "type": "number",
                    "config": {"min_val": 0, "max_val": MAX_SECONDS},
                },
                {"id": "note", "type": "number", "config": {"min_val": 0, "max_val": MAX_NOTE}},
                {"id": "tempo", "type": "number", "config": {"min_val": 0, "max_val": MAX_TEMPO}},
            ],
            "cond_dim": TEXT_WIDTH,
        },
        "diffusion": {
            "type": "dit",
            "diffusion_objective": "rectified_flow",
            "cross_attention_cond_ids": CONDITIONS,
            "global_cond_ids": CONDITIONS,
            "input_concat_ids": [BEAT_CLOCK],
            "config": NETWORK,
        },
        "io_channels": LATENT_CHANNELS,
    },
    "sa_studio": {
        "title": "SA Studio Starter",
        "canvas": "request",
        "whole_seconds": False,
        "defaults": {
            "sampler": "dpmpp",
            "steps": STEPS,
            "guidance_scale": GUIDANCE,
            "seconds": SECONDS,
        },
    },
}
