"""The spectral autoencoder with a code that keeps everything: what is lost is lost by design."""

import math

import pytest
import torch

from sa_studio.engine.config import parse_model_config
from sa_studio.engine.spectra import Spectra
from sa_studio.engine.spectral import SpectralAutoencoder, safe_gain, soft_clip
from sa_studio.engine.spectral_analysis import analyse
from sa_studio.engine.spectral_bands import (
    band_count,
    centres,
    edges,
    folding,
    spreading,
    stereo_weights,
)
from sa_studio.engine.spectral_config import SpectralConfig, read_spectral
from sa_studio.engine.spectral_features import from_features, to_features
from sa_studio.engine.spectral_synthesis import Synthesis
from sa_studio.errors import ModelError
from tests.engine.whole_code import CONFIG, keeping_everything

RATE = 44100


@pytest.fixture
def autoencoder() -> SpectralAutoencoder:
    return keeping_everything()


def stereo(left: torch.Tensor, right: torch.Tensor | None = None) -> torch.Tensor:
    sound = torch.stack((left, left if right is None else right))[None]
    ratio = CONFIG.downsampling_ratio
    return sound[..., : sound.shape[-1] // ratio * ratio]


def tone(frequency: float, seconds: float = 2.0, level: float = 0.5) -> torch.Tensor:
    return level * torch.sin(2 * torch.pi * frequency * torch.arange(int(seconds * RATE)) / RATE)


def noise(seconds: float, seed: int = 0) -> torch.Tensor:
    return 0.1 * torch.randn(int(seconds * RATE), generator=torch.Generator().manual_seed(seed))


def decoded(autoencoder: SpectralAutoencoder, sound: torch.Tensor) -> torch.Tensor:
    return autoencoder.decode(autoencoder.encode(sound))


def frequency_of(sound: torch.Tensor) -> float:
    """Hz of the loudest partial of [n], to a fraction of a bin."""
    spectrum = torch.fft.rfft(sound * torch.hann_window(len(sound))).abs().log()
    k = int(spectrum.argmax())
    before, at, after = spectrum[k - 1 : k + 2].tolist()
    return (k + 0.5 * (before - after) / (before - 2 * at + after)) * RATE / len(sound)


@pytest.mark.parametrize("frequency", [55.0, 61.7, 110.0, 261.6, 440.0, 1234.5, 3000.0, 7000.0])
def test_a_sine_is_one_partial_of_its_power_and_frequency(frequency):
    spectra = analyse(stereo(tone(frequency))[0])
    frame = spectra.power.shape[1] // 2
    assert spectra.power[:, frame].sum().item() == pytest.approx(0.125, rel=0.15)
    loudest = spectra.power[:, frame].argmax()
    assert spectra.tonality[loudest, frame] > 0.98
    heard = centres()[loudest] * 2 ** (spectra.deviation[loudest, frame] / 12)
    assert 1200 * math.log2(heard / frequency) == pytest.approx(0, abs=5)


def test_white_noise_is_no_tone():
    spectra = analyse(stereo(noise(2.0))[0])
    tonal = (spectra.power * spectra.tonality).sum() / spectra.power.sum()
    assert tonal < 0.1
    assert spectra.power.sum(dim=0).mean().item() == pytest.approx(0.01, rel=0.1)


@pytest.mark.parametrize("frequency", [55.0, 110.0, 261.6, 440.0, 1234.5, 3000.0])
def test_pitch_survives_the_round_trip(autoencoder, frequency):
    sound = stereo(tone(frequency))
    heard = frequency_of(decoded(autoencoder, sound)[0, 0, 8192:-8192])
    assert 1200 * math.log2(heard / frequency) == pytest.approx(0, abs=3)


def test_two_low_partials_stay_apart(autoencoder):
    sound = stereo(tone(82.4, level=0.3) + tone(123.5, level=0.3))
    spectrum = torch.fft.rfft(decoded(autoencoder, sound)[0, 0, :65536]).abs()
    first, second, between = (
        spectrum[round(f * 65536 / RATE) - 3 : round(f * 65536 / RATE) + 4].max()
        for f in (82.4, 123.5, 103.0)
    )
    assert between < 0.1 * min(first, second)


def test_level_survives_the_round_trip(autoencoder):
    for sound in (stereo(tone(220.0)), stereo(noise(2.0))):
        back = decoded(autoencoder, sound)
        assert back.shape == sound.shape
        assert 0.9 < (back.std() / sound.std()).item() < 1.1


@pytest.mark.parametrize("frequency", [50.0, 400.0, 6000.0])
def test_a_strike_stays_sharp(autoencoder, frequency):
    struck = torch.cat((torch.zeros(RATE // 2), tone(frequency, 1.0)))
    back = decoded(autoencoder, stereo(struck))[0, 0]
    envelope = back.abs().unfold(0, 441, 44).amax(dim=-1)
    level = envelope[-len(envelope) // 2 :].median()
    risen = int((envelope > 0.8 * level).nonzero()[0])
    begun = int((envelope > 0.1 * level).nonzero()[0])
    milliseconds = 44 / RATE * 1000
    assert (risen - begun) * milliseconds < 30
    assert abs((risen * 44 + 441) / RATE - 0.5) < 0.03


def test_a_glide_is_drawn_as_one(autoencoder):
    seconds = 1.0
    t = torch.arange(int(seconds * RATE)) / RATE
    # two octaves down in a second
    frequency = 1600 * 2 ** (-2 * t)
    glide = 0.5 * torch.sin(2 * torch.pi * frequency.cumsum(0) / RATE)
    back = decoded(autoencoder, stereo(glide))[0, 0]
    power = torch.stft(back, 2048, 512, window=torch.hann_window(2048), return_complex=True).abs()
    bins = torch.arange(1025) * RATE / 2048
    middle = frequency[::512][: power.shape[1]]
    near = (bins[:, None] / middle).log2().abs() < 0.2
    inside = (power[:, 4 : len(middle) - 4].square() * near[:, 4:-4]).sum()
    assert inside / power[:, 4 : len(middle) - 4].square().sum() > 0.85
    assert 0.8 < back.std() / glide.std() < 1.2


def test_silence_stays_silent(autoencoder):
    back = decoded(autoencoder, stereo(torch.cat((noise(1.0), torch.zeros(RATE)))))
    assert back[..., -RATE // 2 :].abs().max() < 1e-5
    assert decoded(autoencoder, stereo(torch.zeros(RATE))).abs().max() < 1e-5


def correlation(sound: torch.Tensor) -> float:
    return torch.corrcoef(sound[0])[0, 1].item()


def test_mono_stays_mono_and_width_stays_width(autoencoder):
    assert correlation(decoded(autoencoder, stereo(noise(2.0)))) > 0.99
    wide = decoded(autoencoder, stereo(noise(2.0, 1), noise(2.0, 2)))
    assert abs(correlation(wide)) < 0.2


@pytest.mark.parametrize("sound", [tone(440.0), noise(2.0)], ids=["tone", "noise"])
def test_what_is_on_the_left_stays_there(autoencoder, sound):
    left, right = decoded(autoencoder, stereo(sound, 0.1 * sound))[0]
    assert (right.std() / left.std()).item() == pytest.approx(0.1, abs=0.06)


@pytest.mark.parametrize("frames", [1, 2, 42, 43, 44, 87, 100])
def test_chunks_joined_are_the_whole(autoencoder, frames):
    latents = autoencoder.encode(stereo(noise(3.0) + tone(300.0, 3.0)))[..., :frames]
    whole = autoencoder.decode(latents)
    position = 0
    pieces = []
    for start, audio in autoencoder.decode_chunks(latents):
        assert start == position
        position += audio.shape[-1]
        pieces.append(audio)
    torch.testing.assert_close(torch.cat(pieces, dim=-1), whole, atol=1e-5, rtol=1e-4)
    assert whole.shape[-1] == frames * CONFIG.downsampling_ratio
    assert len(pieces) == -(-frames // autoencoder.decode_chunk_sizes[0])


def test_encoding_in_chunks_equals_the_whole(autoencoder):
    sound = stereo(noise(3.0))
    whole = autoencoder.encode(sound)
    chunked = autoencoder.encode_in_chunks(sound, chunk_size=20)
    torch.testing.assert_close(chunked, whole, atol=0.05, rtol=0)


def test_features_say_what_is_in_the_spectra():
    spectra = analyse(stereo(tone(330.0) + 0.1 * noise(2.0), noise(2.0, 3))[0])
    told = from_features(to_features(spectra))
    middle = slice(20, -20)
    loud = (spectra.power > 1e-5)[:, middle]
    levels = (told.power / spectra.power.clamp_min(1e-12)).log10()[:, middle][loud]
    torch.testing.assert_close(levels, torch.zeros_like(levels), atol=0.01, rtol=0)
    tones = spectra.power * spectra.tonality, told.power * told.tonality
    # the clarity of two hops is told once
    totals = [value[:, middle].unflatten(1, (-1, 2)).sum((0, 2)) for value in tones]
    torch.testing.assert_close(totals[1], totals[0], atol=0.002, rtol=0.05)
    torch.testing.assert_close(
        told.width[:, middle].mean(), spectra.width[:, middle].mean(), atol=0.02, rtol=0
    )


def test_no_sound_is_foreseen_beyond_full_scale():
    quiet = torch.full((band_count(), 3), 1e-6)
    assert safe_gain(quiet) == 1
    loud = Spectra(
        torch.full((band_count(), 40), 0.05),
        torch.zeros(band_count(), 40),
        torch.zeros(band_count(), 40),
        torch.zeros(16, 40),
        torch.zeros(16, 40),
    )
    turned_down = loud.power * safe_gain(loud.power) ** 2
    samples = Synthesis(
        Spectra(turned_down, loud.tonality, loud.deviation, loud.width, loud.pan)
    ).samples(0, 40)
    assert 0.5 < samples.abs().max() < 1.1


def test_samples_stay_within_full_scale():
    x = torch.linspace(-5, 5, 1001)
    bent = soft_clip(x)
    assert bent.abs().max() <= 1
    assert torch.equal(bent[x.abs() < 0.8], x[x.abs() < 0.8])
    assert (bent.diff() >= 0).all()


@pytest.mark.parametrize("window", [1024, 2048, 4096])
def test_bands_share_out_all_power_below_the_highest(window):
    reached = torch.arange(window // 2 + 1) * RATE / window < edges()[-1] - RATE / window
    torch.testing.assert_close(folding(window).sum(dim=0)[reached], torch.ones(int(reached.sum())))
    torch.testing.assert_close(spreading(window).sum(dim=0), torch.ones(band_count()))
    torch.testing.assert_close(stereo_weights().sum(dim=1), torch.ones(band_count()))


def section(**changes: object) -> dict:
    content = {
        "encoder": {"type": "spectral", "config": {"latent_channels": 8, "features": 606}},
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
        {
            "encoder": {
                "type": "spectral",
                "config": {"latent_channels": 8, "features": 606, "hop": 100},
            }
        },
        {
            "encoder": {
                "type": "spectral",
                "config": {"latent_channels": 8, "features": 606, "colour": 1},
            }
        },
        {"decoder": {}},
    ],
)
def test_refuses_what_contradicts_itself(changes):
    with pytest.raises(ModelError, match="here"):
        read_spectral(section(**changes), "here")


def test_can_be_built_without_memory_and_work_afterwards():
    for table in (edges, centres, stereo_weights, folding, spreading):
        table.cache_clear()
    with torch.device("meta"):
        model = SpectralAutoencoder(CONFIG)
        folding(2048)
    assert model.mean.is_meta
    assert analyse(stereo(tone(440.0))[0]).power.sum() > 0


def test_refuses_weights_for_other_bands():
    with pytest.raises(ModelError, match="605"):
        SpectralAutoencoder(SpectralConfig(latent_channels=8, features=605))


def test_an_unknown_kind_is_refused_by_name():
    with pytest.raises(ModelError, match="diffusion_uncond"):
        parse_model_config({"model_type": "diffusion_uncond"})
