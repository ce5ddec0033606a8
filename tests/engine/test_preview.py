"""The sound is seen while it is sampled, and comes out as if nobody had looked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor

from sa_studio.engine import AudioPipeline, preview
from sa_studio.engine.config import SAMPLERS
from sa_studio.engine.preview import Previewer
from sa_studio.engine.spectral import SpectralAutoencoder
from sa_studio.generation import GeneratedAudio, GenerationRequest, SamplingStep
from tests.engine.whole_code import CONFIG, keeping_everything
from tests.tiny_model import LATENT_CHANNELS, RATIO, SAMPLE_RATE

REQUEST = GenerationRequest("kick drum", seed=7, seconds=0.5, steps=4)
GetPipeline = Callable[[str], AudioPipeline]


@pytest.fixture
def at_every_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """However quick the model is."""
    monkeypatch.setattr(preview, "INTERVAL", 0.0)
    monkeypatch.setattr(preview, "SHARE", 1e9)


@pytest.fixture
def spectral() -> SpectralAutoencoder:
    """With a code that keeps everything."""
    return keeping_everything()


def run(
    pipeline: AudioPipeline, request: GenerationRequest, previews: bool
) -> tuple[list[SamplingStep], np.ndarray]:
    *events, last = pipeline.generate(request, previews=previews)
    assert isinstance(last, GeneratedAudio)
    return [event for event in events if isinstance(event, SamplingStep)], last.audio


@pytest.mark.parametrize(
    ("objective", "sampler"),
    [(objective, sampler) for objective, names in SAMPLERS.items() for sampler in names],
)
def test_every_sampler_shows_what_it_foresees_and_makes_the_same_sound(
    at_every_step: None, tiny_pipeline: GetPipeline, objective: str, sampler: str
) -> None:
    pipeline = tiny_pipeline(objective)
    request = replace(REQUEST, sampler=sampler)
    blind, plain = run(pipeline, request, previews=False)
    steps, watched = run(pipeline, request, previews=True)
    assert np.array_equal(plain, watched), "bit by bit"
    assert len(steps) == len(blind)
    assert all(step.envelope is None for step in blind)
    frames = -(-round(0.5 * SAMPLE_RATE) // RATIO)
    for step in steps:
        assert step.is_sketch
        assert step.envelope is not None
        assert step.envelope.shape == (2, 2, frames)
        assert step.envelope.dtype == np.float32
        low, high = step.envelope[:, 0], step.envelope[:, 1]
        assert np.array_equal(low, -high)
        assert (high.min(), high.max()) == (0.0, 1.0)


def test_the_last_envelope_is_that_of_the_latents(
    at_every_step: None, tiny_pipeline: GetPipeline
) -> None:
    pipeline = tiny_pipeline("v")
    latents: list[Tensor] = []
    decode = pipeline.autoencoder.decode_chunks

    def recording(x: Tensor, size: int | None = None) -> object:
        latents.append(x)
        return decode(x, size)

    pipeline.autoencoder.decode_chunks = recording  # type: ignore[method-assign, assignment]
    try:
        steps, _ = run(pipeline, replace(REQUEST, sampler="dpmpp-2m"), previews=True)
    finally:
        del pipeline.autoencoder.decode_chunks
    last = steps[-1].envelope
    assert last is not None
    expected = pipeline.autoencoder.envelope(latents[0][..., : last.shape[-1]]).numpy()
    assert np.allclose(last[:, 1], expected)


# what an envelope costs


class Clock:
    """Goes on by ``step`` whenever somebody looks."""

    def __init__(self) -> None:
        self.now = 50.0
        self.cost = 0.0

    def __call__(self) -> float:
        return self.now


class Slow(torch.nn.Module):
    """An autoencoder whose envelopes take their time."""

    downsampling_ratio = RATIO
    envelope_is_sketch = True

    def __init__(self, clock: Clock, seconds: float) -> None:
        super().__init__()
        self.clock, self.seconds = clock, seconds

    def envelope(self, latents: Tensor) -> Tensor:
        self.clock.now += self.seconds
        return torch.ones(2, latents.shape[-1])


def drawn(cost: float, step: float, steps: int) -> tuple[int, float]:
    """How many envelopes came, and what share of the run they took."""
    clock = Clock()
    watcher = Previewer(Slow(clock, cost), 10 * RATIO, clock)  # type: ignore[arg-type]
    began = clock.now
    count = 0
    for _ in range(steps):
        clock.now += step
        watcher.see(torch.zeros(1, LATENT_CHANNELS, 12))
        envelope = watcher.envelope()
        if envelope is not None:
            count += 1
            assert envelope.shape == (2, 2, 10)
    return count, count * cost / (clock.now - began)


def test_cheap_envelopes_come_eight_times_a_second() -> None:
    count, _ = drawn(cost=0.0, step=0.01, steps=1000)
    assert 70 <= count <= 80


def test_slow_steps_each_have_one() -> None:
    assert drawn(cost=0.01, step=1.0, steps=20)[0] == 20


@pytest.mark.parametrize("cost", [0.02, 0.1, 0.5])
def test_dear_envelopes_take_no_more_than_their_share(cost: float) -> None:
    count, share = drawn(cost, step=0.1, steps=1000)
    assert count > 2
    assert share <= 0.05


def test_long_sounds_are_shown_in_as_many_columns_as_a_screen_has() -> None:
    clock = Clock()
    watcher = Previewer(Slow(clock, 0.0), 2500 * RATIO, clock)  # type: ignore[arg-type]
    watcher.see(torch.zeros(1, LATENT_CHANNELS, 3000))
    clock.now += 1
    envelope = watcher.envelope()
    assert envelope is not None
    assert envelope.shape == (2, 2, 834), "three frames each, and one"


def test_numbers_that_are_none_are_not_shown(spectral: SpectralAutoencoder) -> None:
    clock = Clock()
    watcher = Previewer(spectral, CONFIG.downsampling_ratio, clock)
    clock.now += 1
    assert watcher.envelope() is None, "nothing was seen yet"
    watcher.see(torch.full((1, CONFIG.latent_channels, 1), torch.nan))
    assert watcher.envelope() is None


# what the spectral code says


def peaks(sound: Tensor) -> np.ndarray:
    """Of each frame of 512 samples, [2, n]."""
    return sound.unfold(-1, 512, 512).abs().amax(dim=-1).numpy()


def tone(level: float, frames: int) -> Tensor:
    time = torch.arange(frames * CONFIG.downsampling_ratio) / 44100
    return level * torch.sin(2 * torch.pi * 440 * time)


def test_the_envelope_of_a_spectral_code_is_that_of_the_sound(
    spectral: SpectralAutoencoder,
) -> None:
    loud, soft = tone(0.5, 40), tone(0.1, 40)
    left = torch.cat((loud, torch.zeros_like(loud), soft))
    latents = spectral.encode(torch.stack((left, left))[None])
    found = spectral.envelope(latents).numpy()
    heard = peaks(spectral.decode(latents)[0])
    assert not spectral.envelope_is_sketch
    assert found.shape == heard.shape == (2, 240)
    for start, level in ((10, 0.5), (90, 0.0), (170, 0.1)):
        middle = slice(start, start + 60)
        assert np.allclose(found[:, middle], heard[:, middle], atol=0.15 * level + 0.01)
        assert found[:, middle].mean() == pytest.approx(level, rel=0.15, abs=0.01)


def test_the_envelope_of_a_spectral_code_has_two_sides(spectral: SpectralAutoencoder) -> None:
    left = tone(0.5, 40)
    latents = spectral.encode(torch.stack((left, left * 0.2))[None])
    found = spectral.envelope(latents).numpy()[:, 20:60].mean(axis=1)
    heard = peaks(spectral.decode(latents)[0])[:, 20:60].mean(axis=1)
    assert found == pytest.approx(heard, rel=0.2)
    assert found[0] > 2 * found[1]
