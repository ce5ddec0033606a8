"""The spectral autoencoder with a code that keeps everything: what is lost is lost by design."""

import pytest
import torch

from sa_studio.engine.autoencoder import build_autoencoder
from sa_studio.engine.config import parse_model_config
from sa_studio.engine.spectral import SpectralAutoencoder, soft_clip
from sa_studio.engine.spectral_bands import band_centres, folding, unfolding
from sa_studio.engine.spectral_config import SpectralConfig, read_spectral
from sa_studio.errors import ModelError

RATE = 44100
CONFIG = SpectralConfig(latent_channels=352)  # as many as features: an identity is possible


@pytest.fixture
def autoencoder() -> SpectralAutoencoder:
    model = build_autoencoder(CONFIG)
    assert isinstance(model, SpectralAutoencoder)
    with torch.no_grad():
        model.analysis.copy_(torch.eye(CONFIG.features))
        model.synthesis.copy_(torch.eye(CONFIG.features))
    return model.requires_grad_(False)


def stereo(left: torch.Tensor, right: torch.Tensor | None = None) -> torch.Tensor:
    sound = torch.stack((left, left if right is None else right))[None]
    ratio = CONFIG.downsampling_ratio
    return sound[..., : sound.shape[-1] // ratio * ratio]


def tone(frequency: float, seconds: float = 2.0, level: float = 0.5) -> torch.Tensor:
    return level * torch.sin(2 * torch.pi * frequency * torch.arange(int(seconds * RATE)) / RATE)


def noise(seconds: float, seed: int = 0) -> torch.Tensor:
    return 0.1 * torch.randn(int(seconds * RATE), generator=torch.Generator().manual_seed(seed))


def test_a_full_scale_sine_reads_0_db(autoencoder):
    # at the centre of a bin, where the window's gain is exact
    features = autoencoder.features(stereo(tone(20 * RATE / 2048, level=1.0)))
    assert features[0, :, 10].max().item() == pytest.approx(0.0, abs=0.01)


def test_level_and_pitch_survive_the_round_trip(autoencoder):
    for sound in (stereo(tone(220.0)), stereo(noise(2.0))):
        decoded = autoencoder.decode(autoencoder.encode(sound))
        assert decoded.shape == sound.shape
        assert 0.7 < (decoded.std() / sound.std()).item() < 1.3


def test_silence_stays_silent(autoencoder):
    sound = stereo(torch.cat((noise(1.0), torch.zeros(RATE))))
    decoded = autoencoder.decode(autoencoder.encode(sound))
    assert decoded[..., -RATE // 2 :].abs().max() < 1e-5


def test_mono_stays_mono_and_width_stays_width(autoencoder):
    narrow = autoencoder.decode(autoencoder.encode(stereo(noise(2.0))))
    wide = autoencoder.decode(autoencoder.encode(stereo(noise(2.0, 1), noise(2.0, 2))))
    assert torch.corrcoef(narrow[0])[0, 1] > 0.99
    assert abs(torch.corrcoef(wide[0])[0, 1]) < 0.2


@pytest.mark.parametrize("frames", [1, 2, 42, 43, 44, 87, 100])
def test_chunks_joined_are_the_whole(autoencoder, frames):
    latents = autoencoder.encode(stereo(noise(3.0)))[..., :frames]
    whole = autoencoder.decode(latents)
    position = 0
    pieces = []
    for start, audio in autoencoder.decode_chunks(latents):
        assert start == position
        position += audio.shape[-1]
        pieces.append(audio)
    torch.testing.assert_close(torch.cat(pieces, dim=-1), whole, atol=0, rtol=0)
    assert whole.shape[-1] == frames * CONFIG.downsampling_ratio
    assert len(pieces) == -(-frames // autoencoder.decode_chunk_sizes[0])


def test_chunks_meet_without_a_click(autoencoder):
    decoded = autoencoder.decode(autoencoder.encode(stereo(tone(220.0, 3.0))))[0, 0]
    jumps = decoded.diff().abs()
    seams = [k * 43 * CONFIG.downsampling_ratio for k in (1, 2)]
    largest = max(jumps[seam - 64 : seam + 64].max() for seam in seams)
    assert largest < 1.5 * jumps[8000:30000].max()


def test_encoding_in_chunks_equals_the_whole(autoencoder):
    sound = stereo(noise(3.0))
    whole = autoencoder.encode(sound)
    chunked = autoencoder.encode_in_chunks(sound, chunk_size=20)
    torch.testing.assert_close(chunked, whole, atol=1e-4, rtol=1e-4)


def test_samples_stay_within_full_scale():
    x = torch.linspace(-5, 5, 1001)
    bent = soft_clip(x)
    assert bent.abs().max() <= 1
    assert torch.equal(bent[x.abs() < 0.8], x[x.abs() < 0.8])
    assert (bent.diff() >= 0).all()


def test_bands_cover_every_bin_and_give_back_what_is_smooth():
    fold, unfold = folding(1025, 160, 80), unfolding(1025, 160, 80)
    torch.testing.assert_close(fold.sum(dim=1), torch.ones(160))
    torch.testing.assert_close(unfold.sum(dim=1), torch.ones(1025))
    centres = torch.tensor(band_centres(1025, 160, 80))
    assert centres[0] == 0
    assert centres[-1] == pytest.approx(1024)
    torch.testing.assert_close(unfold @ centres, torch.arange(1025.0), atol=1e-2, rtol=0)


def section(**changes: object) -> dict:
    content = {
        "encoder": {"type": "spectral", "config": {"latent_channels": 8}},
        "latent_dim": 8,
        "downsampling_ratio": 1024,
        "io_channels": 2,
    }
    return content | changes


def test_reads_its_configuration():
    assert read_spectral(section(), "here").latent_channels == 8


@pytest.mark.parametrize(
    "changes",
    [
        {"latent_dim": 9},
        {"downsampling_ratio": 2048},
        {"io_channels": 1},
        {"encoder": {"type": "spectral", "config": {"latent_channels": 8, "hop": 100}}},
        {"encoder": {"type": "spectral", "config": {"latent_channels": 8, "colour": 1}}},
        {"decoder": {}},
    ],
)
def test_refuses_what_contradicts_itself(changes):
    with pytest.raises(ModelError, match="here"):
        read_spectral(section(**changes), "here")


def test_an_unknown_kind_is_refused_by_name():
    with pytest.raises(ModelError, match="diffusion_uncond"):
        parse_model_config({"model_type": "diffusion_uncond"})
