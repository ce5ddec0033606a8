from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from sa_studio.engine.autoencoder_base import Context
from sa_studio.engine.oobleck import TILE_SAMPLES, ConvTranspose, OobleckAutoencoder, Snake
from sa_studio.engine.receptive_field import input_interval
from tests.engine.oobleck_models import (
    oobleck_config,
    random_oobleck,
    small_oobleck,
    with_decoder,
)

Weights = Mapping[str, Tensor]


def snake(x: Tensor, weights: Weights, name: str) -> Tensor:
    alpha, beta = (weights[f"{name}.{key}"].double()[:, None] for key in ("alpha", "beta"))
    return x + (alpha.exp() * x).sin() ** 2 / (beta.exp() + 1e-9)


def conv(x: Tensor, weights: Weights, name: str, dilation: int = 1) -> Tensor:
    weight, bias = weights[f"{name}.weight"].double(), weights.get(f"{name}.bias")
    padding = dilation * (weight.shape[-1] - 1) // 2
    return functional.conv1d(
        x, weight, None if bias is None else bias.double(), padding=padding, dilation=dilation
    )


def unit(x: Tensor, weights: Weights, name: str, dilation: int) -> Tensor:
    y = conv(snake(x, weights, f"{name}.layers.0"), weights, f"{name}.layers.1", dilation)
    return x + conv(snake(y, weights, f"{name}.layers.2"), weights, f"{name}.layers.3")


def published_decoder(latents: Tensor, weights: Weights, strides: tuple[int, ...]) -> Tensor:
    """The decoder as the specification words it, in float64 and with plain operations."""
    x = conv(latents.double(), weights, "decoder.layers.0")
    for block, stride in enumerate(reversed(strides), start=1):
        name = f"decoder.layers.{block}"
        x = functional.conv_transpose1d(
            snake(x, weights, f"{name}.layers.0"),
            weights[f"{name}.layers.1.weight"].double(),
            weights[f"{name}.layers.1.bias"].double(),
            stride=stride,
            padding=stride // 2,
        )
        for place, dilation in ((2, 1), (3, 3), (4, 9)):
            x = unit(x, weights, f"{name}.layers.{place}", dilation)
    last = len(strides) + 1
    return conv(snake(x, weights, f"decoder.layers.{last}"), weights, f"decoder.layers.{last + 1}")


def published_encoder(audio: Tensor, weights: Weights, strides: tuple[int, ...]) -> Tensor:
    x = conv(audio.double(), weights, "encoder.layers.0")
    for block, stride in enumerate(strides, start=1):
        name = f"encoder.layers.{block}"
        for place, dilation in ((0, 1), (1, 3), (2, 9)):
            x = unit(x, weights, f"{name}.layers.{place}", dilation)
        x = functional.conv1d(
            snake(x, weights, f"{name}.layers.3"),
            weights[f"{name}.layers.4.weight"].double(),
            weights[f"{name}.layers.4.bias"].double(),
            stride=stride,
            padding=stride // 2,
        )
    last = len(strides) + 1
    return conv(snake(x, weights, f"encoder.layers.{last}"), weights, f"encoder.layers.{last + 1}")


@pytest.fixture(scope="module")
def model() -> OobleckAutoencoder:
    return small_oobleck(true_strides=True)


@pytest.fixture(scope="module")
def precise() -> OobleckAutoencoder:
    """The model in float64, so that only the formulas can make a difference."""
    return small_oobleck(true_strides=True).double()


def assert_close(result: Tensor, wanted: Tensor) -> None:
    scale = wanted.abs().max().item()
    assert (result.double() - wanted).abs().max().item() <= 1e-5 * scale


def test_the_decoder_computes_what_the_specification_says(precise: OobleckAutoencoder) -> None:
    latents = torch.randn(2, 4, 5)
    wanted = published_decoder(latents, precise.state_dict(), (2, 4, 4, 8, 8))
    assert wanted.std() > 0.1
    with torch.inference_mode():
        assert_close(precise.decode(latents), wanted)
    # the path for training, which keeps every intermediate result
    assert_close(precise.decode(latents), wanted)


def test_the_encoder_computes_what_the_specification_says(precise: OobleckAutoencoder) -> None:
    audio, noise = torch.randn(2, 2, 5 * 2048), torch.randn(2, 4, 5)
    features = published_encoder(audio, precise.state_dict(), (2, 4, 4, 8, 8))
    mean, raw = features.chunk(2, dim=1)
    deviation = torch.log1p(raw.exp()) + 1e-4
    with torch.inference_mode():
        assert_close(precise.encode(audio), mean)
        assert_close(precise.encode(audio, noise), mean + deviation * noise)


def test_snake_leaves_its_input_alone() -> None:
    x = torch.randn(1, 3, 1, 50)
    before = x.clone()
    with torch.inference_mode():
        Snake(3)(x)
    assert torch.equal(x, before)


def test_gradients_flow_through_the_whole_model() -> None:
    model = small_oobleck().requires_grad_(True)
    audio = torch.randn(1, 2, 64)
    model.decode(model.encode(audio, torch.randn(1, 4, 8))).square().mean().backward()
    without = [name for name, weight in model.named_parameters() if weight.grad is None]
    assert without == []


def test_other_activations_and_limits() -> None:
    config = oobleck_config(4, 4, (2, 4), (1, 2), use_snake=False)
    latents = 3 * torch.randn(1, 4, 6)
    plain = random_oobleck(config)
    assert any(isinstance(part, nn.ELU) for part in plain.modules())
    audio = plain.decode(latents)
    assert audio.abs().max() > 1
    tanh = random_oobleck(with_decoder(config, final_tanh=True))
    assert torch.allclose(tanh.decode(latents), audio.tanh(), atol=1e-6)
    clipped = random_oobleck(replace(config, soft_clip=True))
    assert torch.allclose(clipped.decode(latents), audio.tanh(), atol=1e-6)
    chunks = torch.cat([chunk for _, chunk in clipped.decode_chunks(latents, 2)], dim=-1)
    assert torch.allclose(chunks, audio.tanh(), atol=1e-6)


def test_reach_at_the_true_strides() -> None:
    with torch.device("meta"):
        model = OobleckAutoencoder(oobleck_config())
    assert model.decode_context == Context(left=10, right=10)
    assert model.encode_context == Context(left=8, right=8)
    first, last = input_interval(model.encoder.layers, 0, 0)
    assert last - first + 1 == 31_818


def test_reach_is_what_the_layers_really_depend_on(precise: OobleckAutoencoder) -> None:
    latents = torch.randn(1, 4, 31, dtype=torch.float64)
    other = latents.clone()
    other[..., 15] += 1
    with torch.inference_mode():
        change = (precise.audio(other) - precise.audio(latents)).abs().amax(dim=(0, 1))
    touched = change.nonzero()
    # 40,010 samples, from 18,981 before the frame to 21,028 after its first sample
    assert touched.min().item() - 15 * 2048 == -18_981
    assert touched.max().item() - 15 * 2048 == 21_028


def test_the_published_size() -> None:
    with torch.device("meta"):
        model = OobleckAutoencoder(oobleck_config())

    def published(part: nn.Module) -> tuple[int, int]:
        """Parameters and tensors of the part with each folded weight as a pair."""
        tensors = dict(part.named_parameters())
        folded = [tensor for tensor in tensors.values() if tensor.dim() == 3]
        count = sum(tensor.numel() for tensor in tensors.values())
        return count + sum(len(tensor) for tensor in folded), len(tensors) + len(folded)

    assert published(model.encoder) == (77_989_888, 183)
    assert published(model.decoder) == (78_122_626, 182)


@pytest.mark.parametrize("frames", [1, 3, 23])
@pytest.mark.parametrize("chunk", [1, 4, 50])
def test_tiles_and_stretches_join_to_the_whole(
    model: OobleckAutoencoder, frames: int, chunk: int
) -> None:
    latents = torch.randn(1, 4, frames)
    with torch.inference_mode():
        whole = model.decode(latents)
        chunks = list(model.decode_chunks(latents, chunk))
    assert_close(torch.cat([audio for _, audio in chunks], dim=-1), whole.double())
    if frames == 23 and chunk == 50:
        assert whole.shape[-1] > 2 * TILE_SAMPLES


def test_weights_keep_the_layout_that_spares_rearranging() -> None:
    weight = ConvTranspose(3, 5, 4).weight
    assert weight.shape == (3, 5, 8)
    assert weight.unsqueeze(2).is_contiguous(memory_format=torch.channels_last)
