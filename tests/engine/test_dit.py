from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from torch import Tensor

from sa_studio.engine.dit import DiffusionTransformer, FourierFeatures
from sa_studio.engine.network_config import DiTConfig
from tests.engine import published

SMALL = DiTConfig(
    io_channels=4,
    embed_dim=64,
    depth=2,
    num_heads=1,
    cond_token_dim=16,
    global_cond_dim=8,
    project_cond_tokens=True,
)


def random(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def build(config: DiTConfig) -> DiffusionTransformer:
    torch.manual_seed(0)
    network = DiffusionTransformer(config)
    for parameter in network.parameters():
        torch.nn.init.normal_(parameter, std=0.2)
    return network.requires_grad_(False)


X, T = random(2, 4, 12, seed=1), torch.tensor([0.2, 0.9])
TOKENS, GLOBAL = random(2, 5, 16, seed=2), random(2, 8, seed=3)
VARIANTS = {
    "prepend": SMALL,
    "adaLN": replace(SMALL, global_cond_type="adaLN"),
    "memory tokens": replace(SMALL, num_memory_tokens=3),
    "patches": replace(SMALL, patch_size=2),
    "input concat": replace(SMALL, input_concat_dim=5),
    "qk norm": replace(SMALL, attn_kwargs={"qk_norm": "l2"}),
    "no gate": replace(SMALL, ff_kwargs={"glu": False}),
    "no positions": replace(SMALL, rotary_pos_emb=False),
    "places": replace(SMALL, rotary_pos_emb=False, use_abs_pos_emb=True),
    "preconditioned": replace(SMALL, preconditioned=True),
}


def evaluate(config: DiTConfig, network: DiffusionTransformer, x: Tensor = X) -> Tensor:
    extra = random(2, 5, 3, seed=4) if config.input_concat_dim else None
    found: Tensor = network(x, T, network.prepare(TOKENS, GLOBAL, extra))
    return found


@pytest.mark.parametrize("config", VARIANTS.values(), ids=VARIANTS.keys())
def test_every_variant_gives_latents_of_the_same_shape(config: DiTConfig) -> None:
    found = evaluate(config, build(config))
    assert found.shape == X.shape
    assert torch.isfinite(found).all()


@pytest.mark.parametrize("config", VARIANTS.values(), ids=VARIANTS.keys())
def test_items_of_a_batch_do_not_see_each_other(config: DiTConfig) -> None:
    network = build(config)
    other = X.clone()
    other[1] += 1
    before, after = evaluate(config, network), evaluate(config, network, other)
    torch.testing.assert_close(before[0], after[0])
    assert (before[1] - after[1]).abs().max() > 0.01


def test_rows_without_a_condition_are_those_with_zero_tokens() -> None:
    network = build(SMALL)
    conditions = network.prepare(TOKENS[:1], GLOBAL)  # the second row has none
    zeros = network.prepare(torch.cat((TOKENS[:1], torch.zeros_like(TOKENS[:1]))), GLOBAL)
    torch.testing.assert_close(network(X, T, conditions), network(X, T, zeros))


def test_order_of_the_frames_matters_only_with_positions() -> None:
    for name, is_moved in (("prepend", True), ("no positions", False), ("places", True)):
        network = build(VARIANTS[name])
        found = evaluate(VARIANTS[name], network, X.flip(-1)).flip(-1)
        difference = (found - evaluate(VARIANTS[name], network)).abs().max()
        assert (difference > 0.01) == is_moved


def test_noise_level_is_expanded_in_float32() -> None:
    features = FourierFeatures(256).to(torch.bfloat16)
    levels = torch.tensor([0.9987, 0.9989])
    first, second = features(levels)
    assert first.dtype == torch.float32
    assert not torch.equal(first, second)


def test_training_reaches_every_weight() -> None:
    torch.manual_seed(0)
    network = DiffusionTransformer(VARIANTS["memory tokens"])
    network(X, T, network.prepare(TOKENS, GLOBAL)).square().mean().backward()
    for name, weight in network.named_parameters():
        assert weight.grad is not None, name
        assert torch.isfinite(weight.grad).all(), name


@pytest.mark.parametrize(
    ("content", "parameters"),
    [(published.OPEN_CONFIG, 1_056_828_544), (published.SMALL_CONFIG, 340_879_488)],
    ids=["open", "small"],
)
def test_counts_of_the_official_models(content: dict[str, object], parameters: int) -> None:
    from sa_studio.engine.config import parse_model_config

    with torch.device("meta"):
        network = DiffusionTransformer(parse_model_config(content).network)
    assert sum(weight.numel() for weight in network.parameters()) == parameters
