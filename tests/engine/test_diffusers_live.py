"""Our engine against diffusers' own classes, with random weights that diffusers itself saved.

Nothing here is a stored number: what is compared is computed by both on the spot, in float32.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from sa_studio.engine.checkpoint import load_weights
from sa_studio.engine.config import parse_model_config
from sa_studio.engine.diffusers_config import diffusers_model_config
from sa_studio.engine.diffusion_model import DiffusionModel

diffusers = pytest.importorskip("diffusers")

WIDTH = 128
HEADS = 4
LATENT_CHANNELS = 8
FRAMES = 24
TOKENS = 10


@dataclass
class Pair:
    """The same weights in diffusers' classes and in ours."""

    folder: Path
    transformer: Any
    vae: Any
    projection: Any
    ours: DiffusionModel


def randomise(module: nn.Module) -> None:
    """Something in every tensor: diffusers starts some at zero or one, which would prove little."""
    for name, parameter in module.named_parameters():
        noise = torch.randn_like(parameter)
        if name.endswith(("alpha", "beta")):
            parameter.data = 0.3 * noise
        elif name.endswith("weight_g"):
            # a residual unit shall not drown what it is added to
            norm = 0.5 if "res_unit" in name else 1.0
            parameter.data = norm * (1 + 0.1 * noise)
        elif "norm" in name and name.endswith("weight"):
            parameter.data = 1 + 0.1 * noise
        elif name.endswith("bias"):
            parameter.data = 0.1 * noise


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    from diffusers import AutoencoderOobleck, StableAudioDiTModel
    from diffusers.pipelines.stable_audio import StableAudioProjectionModel

    folder = tmp_path_factory.mktemp("diffusers")
    torch.manual_seed(5)
    transformer = StableAudioDiTModel(
        sample_size=FRAMES,
        in_channels=LATENT_CHANNELS,
        num_layers=3,
        attention_head_dim=64,
        num_attention_heads=HEADS,
        num_key_value_attention_heads=WIDTH // 64,
        out_channels=LATENT_CHANNELS,
        cross_attention_dim=WIDTH,
        cross_attention_input_dim=WIDTH,
        global_states_input_dim=2 * WIDTH,
    )
    vae = AutoencoderOobleck(
        encoder_hidden_size=2 * LATENT_CHANNELS,
        downsampling_ratios=[2, 4, 8],
        channel_multiples=[1, 2, 4],
        decoder_channels=12,
        decoder_input_channels=LATENT_CHANNELS,
    )
    projection = StableAudioProjectionModel(
        text_encoder_dim=48, conditioning_dim=WIDTH, min_value=0, max_value=512
    )
    parts = {"transformer": transformer, "vae": vae, "projection_model": projection}
    for name, part in parts.items():
        randomise(part.eval())
        part.save_pretrained(folder / name)
    with torch.device("meta"):
        ours = DiffusionModel(parse_model_config(diffusers_model_config(folder)), 48)
    load_weights(ours, folder, device="cpu", dtype=torch.float32)
    with torch.inference_mode():
        yield Pair(folder, transformer, vae, projection, ours)


def assert_parity(result: Tensor, wanted: Tensor) -> None:
    """The tolerance of the reference fixtures: rtol 1e-5 of the maximum plus atol 1e-4."""
    assert result.shape == wanted.shape
    assert wanted.std() > 0.05, "a result of nothing proves nothing"
    error = (result - wanted).abs().max().item()
    assert error <= 1e-5 * wanted.abs().max().item() + 1e-4


@pytest.mark.parametrize("frames", [FRAMES, 7])
def test_transformer(pair: Pair, frames: int) -> None:
    from diffusers.models.embeddings import get_1d_rotary_pos_embed

    x = torch.randn(3, LATENT_CHANNELS, frames)
    t = torch.tensor([0.02, 0.5, 0.97])
    tokens, global_cond = torch.randn(3, TOKENS, WIDTH), torch.randn(3, 2 * WIDTH)
    rotary = get_1d_rotary_pos_embed(32, frames + 1, use_real=True, repeat_interleave_real=False)
    wanted = pair.transformer(
        x,
        t,
        encoder_hidden_states=tokens,
        global_hidden_states=global_cond[:, None],
        rotary_embedding=rotary,
    ).sample
    network = pair.ours.network
    assert_parity(network(x, t, network.prepare(tokens, global_cond)), wanted)


def test_projection(pair: Pair) -> None:
    states, starts, ends = torch.randn(2, TOKENS, 48), [0.0, 3.0], [47.0, 600.0]
    wanted = pair.projection(states, torch.tensor(starts), torch.tensor(ends))
    mask = torch.ones(2, TOKENS)
    encoded = pair.ours.conditioner.encode(
        {
            "prompt": list(zip(states, mask, strict=True)),
            "seconds_start": starts,
            "seconds_total": ends,
        }
    )
    assert_parity(encoded["prompt"], wanted.text_hidden_states)
    assert_parity(encoded["seconds_start"], wanted.seconds_start_hidden_states)
    assert_parity(encoded["seconds_total"], wanted.seconds_end_hidden_states)


def test_encoder(pair: Pair) -> None:
    audio = torch.randn(2, 2, 64 * FRAMES)
    distribution = pair.vae.encode(audio).latent_dist
    noise = torch.randn_like(distribution.mean)
    assert_parity(pair.ours.autoencoder.encode(audio), distribution.mean)
    wanted = distribution.mean + distribution.std * noise
    assert_parity(pair.ours.autoencoder.encode(audio, noise), wanted)
    assert_parity(pair.ours.autoencoder.encode_in_chunks(audio, noise, 10), wanted)


def test_decoder(pair: Pair) -> None:
    latents = torch.randn(2, LATENT_CHANNELS, FRAMES)
    wanted = pair.vae.decode(latents).sample
    assert_parity(pair.ours.autoencoder.decode(latents), wanted)
    chunks = [audio for _, audio in pair.ours.autoencoder.decode_chunks(latents, 5)]
    assert_parity(torch.cat(chunks, dim=-1), wanted)


def test_folders_saved_in_shards_load_the_same(pair: Pair, tmp_path: Path) -> None:
    pair.transformer.save_pretrained(tmp_path / "transformer", max_shard_size="1MB")
    index = tmp_path / "transformer" / "diffusion_pytorch_model.safetensors.index.json"
    assert len(set(json.loads(index.read_text())["weight_map"].values())) > 1
    for part in ("vae", "projection_model"):
        shutil.copytree(pair.folder / part, tmp_path / part)
    with torch.device("meta"):
        other = DiffusionModel(parse_model_config(diffusers_model_config(tmp_path)), 48)
    load_weights(other, tmp_path, device="cpu", dtype=torch.float32)
    wanted = pair.ours.state_dict()
    assert all(torch.equal(value, wanted[name]) for name, value in other.state_dict().items())
