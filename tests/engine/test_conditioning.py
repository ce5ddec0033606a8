from __future__ import annotations

import math

import pytest
import torch

from sa_studio.engine.conditioning import (
    IntConditioner,
    MultiConditioner,
    NumberConditioner,
    TextProjection,
    with_mean,
)
from sa_studio.engine.config import ConditionerConfig, parse_model_config
from tests.tiny_model import PROMPT_TOKENS, WIDTH, tiny_config


def number(minimum: float = 0, maximum: float = 512) -> NumberConditioner:
    torch.manual_seed(0)
    config = ConditionerConfig("seconds", "number", 8, min_val=minimum, max_val=maximum)
    return NumberConditioner(config).requires_grad_(False)


def test_number_is_embedded_as_the_specification_says() -> None:
    conditioner = number(10, 60)
    weights = dict(conditioner.embedder.embedding.named_parameters())
    x = (35 - 10) / 50
    angles = 2 * math.pi * x * weights["0.weights"]
    expected = weights["1.weight"] @ torch.cat((torch.tensor([x]), angles.sin(), angles.cos()))
    expected = expected + weights["1.bias"]
    found = conditioner.encode([35])
    assert found.shape == (1, 1, 8)
    torch.testing.assert_close(found[0, 0], expected)


def test_numbers_outside_the_range_are_clamped() -> None:
    conditioner = number(0, 47)
    below, low, high, above = conditioner.encode([-5, 0, 47, 1000])
    torch.testing.assert_close(below, low)
    torch.testing.assert_close(above, high)
    assert (low - high).abs().max() > 0.01


def test_number_in_half_precision_keeps_its_type() -> None:
    assert number().to(torch.bfloat16).encode([3.5]).dtype == torch.bfloat16


def test_int_looks_its_row_up_without_subtracting_the_minimum() -> None:
    torch.manual_seed(0)
    conditioner = IntConditioner(ConditionerConfig("n", "int", 4, min_val=0, max_val=9))
    rows = conditioner.int_embedder.weight
    found = conditioner.encode([3, -2, 50])
    assert torch.equal(found[:, 0], rows[[3, 0, 9]])


def text_values(width: int) -> list[tuple[torch.Tensor, torch.Tensor]]:
    generator = torch.Generator().manual_seed(3)
    states = torch.randn(2, 5, width, generator=generator)
    mask = torch.tensor([[1, 1, 1, 0, 0], [1, 1, 1, 1, 1]])
    return list(zip(states, mask, strict=True))


@pytest.mark.parametrize("project_out", [False, True])
@pytest.mark.parametrize("text_width", [8, 12])
def test_text_is_zero_where_there_is_no_token(text_width: int, project_out: bool) -> None:
    config = ConditionerConfig("prompt", "t5", 8, max_length=5, project_out=project_out)
    projection = TextProjection(config, text_width)
    assert projection.is_projected == (project_out or text_width != 8)
    found = projection.encode(text_values(text_width))
    assert found.shape == (2, 5, 8)
    assert not found[0, 3:].any()
    assert found[0, :3].any(dim=-1).all()
    assert found[1].any(dim=-1).all()


def test_the_mean_of_a_text_comes_first() -> None:
    config = ConditionerConfig("prompt", "minilm", 8, max_length=5, pooled=True)
    found = TextProjection(config, 8).encode(text_values(8))
    assert found.shape == (2, config.tokens, 8) == (2, 6, 8)
    states = torch.stack([states for states, _ in text_values(8)])
    torch.testing.assert_close(found[0, 0], states[0, :3].mean(dim=0))
    torch.testing.assert_close(found[1, 0], states[1].mean(dim=0))
    assert torch.equal(found[1, 1:], states[1])


def test_a_text_without_tokens_has_a_mean_of_zero() -> None:
    states, mask = with_mean(torch.ones(1, 4, 8), torch.zeros(1, 4))
    assert not states[:, 0].any()
    assert not mask.any()


def test_without_a_prompt_its_global_condition_is_zero() -> None:
    content = tiny_config()
    content["model"]["diffusion"]["global_cond_ids"] = ["prompt", "seconds_total"]
    conditioner = MultiConditioner(parse_model_config(content), WIDTH)
    prompts = [(torch.ones(PROMPT_TOKENS, WIDTH), torch.ones(PROMPT_TOKENS))]
    numbers = {"seconds_start": [0], "seconds_total": [9]}
    told = conditioner.global_condition(conditioner.encode({"prompt": prompts, **numbers}))
    untold = conditioner.global_condition(conditioner.encode(numbers))
    assert told is not None
    assert untold is not None
    assert told[:, :WIDTH].any()
    assert not untold[:, :WIDTH].any()
    assert torch.equal(told[:, WIDTH:], untold[:, WIDTH:])


def test_conditions_are_joined_in_the_order_of_the_configuration() -> None:
    content = tiny_config()
    content["model"]["diffusion"]["cross_attention_cond_ids"] = [
        "seconds_total",
        "prompt",
        "seconds_start",
    ]
    conditioner = MultiConditioner(parse_model_config(content), WIDTH)
    prompts = [(torch.ones(PROMPT_TOKENS, WIDTH), torch.ones(PROMPT_TOKENS))]
    encoded = conditioner.encode({"prompt": prompts, "seconds_start": [0], "seconds_total": [9]})
    tokens = conditioner.cross_attention(encoded)
    assert tokens is not None
    assert tokens.shape == (1, PROMPT_TOKENS + 2, WIDTH)
    assert torch.equal(tokens[:, :1], encoded["seconds_total"])
    assert torch.equal(tokens[:, 1:-1], encoded["prompt"])
    assert torch.equal(tokens[:, -1:], encoded["seconds_start"])
    side_by_side = conditioner.global_condition(encoded)
    assert side_by_side is not None
    assert torch.equal(
        side_by_side, torch.cat((encoded["seconds_start"], encoded["seconds_total"]), -1)[:, 0]
    )


def test_model_without_global_conditions() -> None:
    content = tiny_config()
    content["model"]["diffusion"]["global_cond_ids"] = []
    content["model"]["diffusion"]["config"]["global_cond_dim"] = 0
    conditioner = MultiConditioner(parse_model_config(content), WIDTH)
    assert conditioner.global_condition({}) is None
