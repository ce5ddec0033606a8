from __future__ import annotations

import copy
from typing import Any

import pytest
import torch

from sa_studio.engine.autoencoder import AUTOENCODERS, build_autoencoder
from sa_studio.engine.autoencoder_base import Autoencoder, Context
from sa_studio.engine.autoencoder_config import READERS, OobleckConfig, read_pretransform
from sa_studio.engine.oobleck import OobleckAutoencoder
from sa_studio.errors import ModelError
from tests.engine.oobleck_models import oobleck_config, small_oobleck
from tests.tiny_model import tiny_config


@pytest.fixture(scope="module")
def model() -> OobleckAutoencoder:
    return small_oobleck(true_strides=True)


class Windowed(OobleckAutoencoder):
    """Decodes chunks as the base class does for a kind that has no shorter way."""

    audio_between = Autoencoder.audio_between
    context = Context(10, 10)

    @property
    def decode_context(self) -> Context:
        return self.context


def joined(model: Autoencoder, latents: torch.Tensor, chunk: int | None) -> torch.Tensor:
    pieces, position = [], 0
    for start, audio in model.decode_chunks(latents, chunk):
        assert start == position
        position += audio.shape[-1]
        pieces.append(audio)
    return torch.cat(pieces, dim=-1)


@torch.inference_mode()
def test_chunks_equal_the_whole_at_the_true_strides(model: OobleckAutoencoder) -> None:
    latents = torch.randn(2, 4, 40)
    whole = model.decode(latents)
    assert whole.shape == (2, 2, 40 * 2048)
    for chunk in (7, 16, 40, None):
        error = (joined(model, latents, chunk) - whole).abs().max()
        assert error <= 1e-5 * whole.abs().max(), chunk


@torch.inference_mode()
def test_windows_need_all_of_their_context() -> None:
    model = small_oobleck(true_strides=True)
    model.__class__ = Windowed
    assert isinstance(model, Windowed)
    latents = torch.randn(1, 4, 40)
    whole = model.decode(latents)
    error = (joined(model, latents, 8) - whole).abs().max()
    assert error <= 1e-5 * whole.abs().max()
    for short in (Context(9, 10), Context(10, 9)):
        model.context = short
        error = (joined(model, latents, 8) - whole).abs().max()
        assert error > 1e-4 * whole.abs().max(), short


@torch.inference_mode()
def test_encoding_in_chunks_equals_the_whole(model: OobleckAutoencoder) -> None:
    audio, noise = torch.randn(2, 2, 37 * 2048), torch.randn(2, 4, 37)
    whole = model.encode(audio, noise)
    assert whole.shape == (2, 4, 37)
    for chunk in (5, 16, 37, None):
        error = (model.encode_in_chunks(audio, noise, chunk) - whole).abs().max()
        assert error <= 1e-5 * whole.abs().max(), chunk


@torch.inference_mode()
def test_scale_stands_between_the_latents_and_the_model() -> None:
    plain = small_oobleck()
    scaled = small_oobleck()
    scaled.scale = 2.0
    audio = torch.randn(1, 2, 64)
    latents = plain.encode(audio)
    assert torch.allclose(scaled.encode(audio), latents / 2)
    assert torch.allclose(scaled.decode(latents / 2), plain.decode(latents))
    assert torch.allclose(joined(scaled, latents / 2, 3), plain.decode(latents), atol=1e-6)


@torch.inference_mode()
@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_half_precision_inside_float32_outside(dtype: torch.dtype) -> None:
    model = small_oobleck()
    audio = torch.randn(1, 2, 64)
    latents = model.encode(audio)
    decoded = model.decode(latents)
    half = copy.deepcopy(model).to(dtype)
    for result, wanted in ((half.encode(audio), latents), (half.decode(latents), decoded)):
        assert result.dtype == torch.float32
        assert torch.allclose(result, wanted, atol=0.05 * wanted.abs().max().item())
    assert joined(half, latents, 3).dtype == torch.float32


def test_shapes_that_cannot_be_are_refused(model: OobleckAutoencoder) -> None:
    with pytest.raises(ValueError, match=r"2047 samples are no multiple of 2048"):
        model.encode(torch.zeros(1, 2, 2047))
    with pytest.raises(ValueError, match=r"\[batch, 2, samples\], not \(1, 1, 2048\)"):
        model.encode_in_chunks(torch.zeros(1, 1, 2048))
    with pytest.raises(ValueError, match=r"\[batch, 4, frames\], not \(4, 10\)"):
        model.decode(torch.zeros(4, 10))
    with pytest.raises(ValueError, match="at least one frame, not 0"):
        next(model.decode_chunks(torch.zeros(1, 4, 10), 0))


def test_every_kind_that_can_be_read_can_be_built() -> None:
    assert set(READERS) == set(AUTOENCODERS)
    with torch.device("meta"):
        model = build_autoencoder(oobleck_config(), scale=1.5)
    assert isinstance(model, OobleckAutoencoder)
    assert model.scale == 1.5
    assert all(parameter.is_meta for parameter in model.parameters())


def pretransform() -> dict[str, Any]:
    section: dict[str, Any] = tiny_config()["model"]["pretransform"]
    return section


def test_the_published_section_is_read() -> None:
    section = pretransform()
    section |= {"iterate_batch": True, "model_half": True, "scale": 1.3, "enable_grad": False}
    section["config"]["encoder"]["requires_grad"] = False
    section["config"]["decoder"]["soft_clip"] = True
    result = read_pretransform(section, "model.pretransform")
    assert result.scale == 1.3
    config = result.autoencoder
    assert isinstance(config, OobleckConfig)
    assert config.soft_clip
    assert config.encoder.use_snake
    assert (config.latent_channels, config.downsampling_ratio, config.audio_channels) == (4, 256, 2)


def test_the_final_tanh_is_on_unless_switched_off() -> None:
    section = pretransform()
    del section["config"]["decoder"]["config"]["final_tanh"]
    config = read_pretransform(section, "").autoencoder
    assert isinstance(config, OobleckConfig)
    assert config.decoder.final_tanh


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("type", "wavelet", "a pretransform of type 'wavelet' cannot be run"),
        ("config.encoder.type", "dac", "an autoencoder of type 'dac' cannot be run"),
        ("config.decoder.type", "dac", "a decoder of type 'dac' cannot be run"),
        ("config.bottleneck.type", "rvq", "a bottleneck of type 'rvq' cannot be run"),
        ("config.latent_dim", 5, "latent_dim is 5, but the other parts make it 4"),
        ("config.encoder.config.latent_dim", 4, "encoder.config.latent_dim is 4"),
        ("config.downsampling_ratio", 512, "downsampling_ratio is 512, but .* make it 256"),
        ("config.io_channels", 1, "io_channels is 1"),
        ("config.out_channels", 1, "out_channels is 1"),
        ("config.encoder.config.c_mults", [1, 2], "c_mults is 2, but the other parts make it 3"),
        ("config.decoder.config.use_nearest_upsample", True, "use_nearest_upsample cannot be run"),
        ("config.encoder.config.antialias_activation", True, "antialias_activation cannot be run"),
        ("config.encoder.config.depth", 3, "unknown: depth"),
        ("config.encoder.config.channels", "many", "wrong type: channels"),
        ("config.pretransform", {"type": "patched"}, "unknown: pretransform"),
    ],
)
def test_sections_that_cannot_be_run_are_refused_by_name(
    path: str, value: object, message: str
) -> None:
    section = pretransform()
    *parents, last = path.split(".")
    target = section
    for parent in parents:
        target = target[parent]
    target[last] = value
    with pytest.raises(ModelError, match=message) as error:
        read_pretransform(section, "model.pretransform")
    assert "model.pretransform" in error.value.message
    assert error.value.hint


def test_odd_strides_are_refused() -> None:
    section = pretransform()
    section["config"]["encoder"]["config"]["strides"] = [3, 8, 8]
    section["config"]["decoder"]["config"]["strides"] = [3, 8, 8]
    section["config"]["downsampling_ratio"] = 192
    with pytest.raises(ModelError, match=r"the odd strides \[3, 3\]"):
        read_pretransform(section, "model.pretransform")
