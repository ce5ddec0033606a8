"""Loudness against ffmpeg's meter, and against what theory says of known signals."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.signal import lfilter

from sa_studio.audio.loudness import Loudness, matched_gains, measure
from sa_studio.audio.true_peak import true_peak

RATE = 44_100


def tone(hertz: float, seconds: float, level: float = 0.5, rate: int = RATE) -> np.ndarray:
    return level * np.sin(2 * np.pi * hertz * np.arange(int(seconds * rate)) / rate)


def stereo(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    return np.stack([left, right]).astype(np.float32)


def noise(seconds: float, rate: int = RATE) -> np.ndarray:
    return np.random.default_rng(1).normal(0, 0.1, (2, int(seconds * rate))).astype(np.float32)


def hits() -> np.ndarray:
    """Four seconds of hits at different levels: most of it lies below the relative gate."""
    decay = np.exp(-np.arange(RATE) / 6000)
    hit = np.random.default_rng(1).uniform(-0.9, 0.9, (2, RATE)) * decay
    levels = np.repeat([1, 0.1, 0.5, 0.01], RATE)
    return (np.tile(hit, 4) * levels).astype(np.float32)


def swells() -> np.ndarray:
    rise = np.linspace(0, 1, 10 * RATE) ** 3
    return stereo(tone(440, 10) * rise, tone(660, 10) * rise[::-1])


# what ffmpeg 5.1 says: ffmpeg -i FILE -af ebur128=metadata=1,ametadata=print:file=- -f null -
@pytest.mark.parametrize(
    ("audio", "rate", "lufs"),
    [
        pytest.param(stereo(tone(997, 5), tone(997, 5)), RATE, -6.020, id="sine"),
        pytest.param(np.float32(tone(997, 5, 1, 48_000)[None]), 48_000, -3.016, id="48 kHz"),
        pytest.param(stereo(tone(60, 4), tone(40, 4)), RATE, -10.742, id="low"),
        pytest.param(stereo(tone(15e3, 3), 0.3 * tone(12e3, 3)), RATE, -5.310, id="high"),
        pytest.param(stereo(tone(500, 2), tone(500, 2, 0)), RATE, -9.680, id="one side"),
        pytest.param(stereo(tone(1e3, 3, 0.01) + 0.5, tone(1e3, 3, 0)), RATE, -41.433, id="offset"),
        pytest.param(hits(), RATE, -14.996, id="hits"),
        pytest.param(swells(), RATE, -15.394, id="swells"),
        pytest.param(noise(2, 96_000), 96_000, -13.782, id="noise at 96 kHz"),
        pytest.param(noise(2, 22_050), 22_050, -14.081, id="noise at 22 kHz"),
        pytest.param(noise(2, 8_000), 8_000, -14.831, id="noise at 8 kHz"),
        pytest.param(noise(0.5), RATE, -13.910, id="half a second"),
    ],
)
def test_loudness_is_what_ffmpeg_measures(audio: np.ndarray, rate: int, lufs: float) -> None:
    found = measure(audio, rate)
    assert found.is_gated
    assert found.lufs == pytest.approx(lufs, abs=0.01)


def test_a_short_sound_is_measured_as_a_whole() -> None:
    found = measure(tone(997, 0.39, 1)[None].astype(np.float32), RATE)
    assert not found.is_gated
    assert found.lufs == pytest.approx(-3.01, abs=0.05)
    assert measure(tone(997, 0.4, 1)[None].astype(np.float32), RATE).is_gated


@pytest.mark.parametrize("seconds", [0, 0.1, 2])
def test_silence_has_no_level(seconds: float) -> None:
    found = measure(np.zeros((2, int(seconds * RATE)), np.float32), RATE)
    assert (found.peak_db, found.true_peak_db, found.lufs) == (-math.inf,) * 3


def test_a_stretch_is_measured_like_a_sound_of_its_own() -> None:
    audio = swells()
    part = measure(audio, RATE, start=2.0, stop=4.5)
    assert part == measure(audio[:, 2 * RATE : 9 * RATE // 2].copy(), RATE)
    assert part.lufs != measure(audio, RATE).lufs
    assert measure(audio, RATE, start=3, stop=3).lufs == -math.inf
    assert measure(audio, RATE, start=8, stop=99) == measure(audio, RATE, start=8)


def test_the_filter_is_the_recursive_one_of_the_recommendation() -> None:
    """A long sound of changing level, filtered with the coefficients tabulated for 48 kHz."""
    rate = 48_000
    level = 1 + np.sin(np.arange(20 * rate) / rate)
    audio = (noise(20, rate) * level).astype(np.float32)
    shelf = [1.53512485958697, -2.69169618940638, 1.19839281085285]
    shelved = lfilter(shelf, [1, -1.69065929318241, 0.73248077421585], audio)
    weighted = lfilter([1, -2, 1], [1, -1.99004745483398, 0.99007225036621], shelved)
    segments = np.square(weighted).reshape(2, -1, rate // 10).mean(axis=2).sum(axis=0)
    blocks = np.convolve(segments, np.full(4, 0.25), mode="valid")
    blocks = blocks[blocks > blocks.mean() / 10]
    expected = -0.691 + 10 * np.log10(blocks.mean())
    assert measure(audio, rate).lufs == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize("phase", [0, np.pi / 8, np.pi / 4])
@pytest.mark.parametrize("hertz", [997, RATE / 6, RATE / 4, 15_000, 20_000])
def test_the_true_peak_of_a_tone_is_its_amplitude(hertz: float, phase: float) -> None:
    t = np.arange(RATE)
    # faded in and out, for a tone that is cut off rings
    audio = 0.5 * np.sin(2 * np.pi * hertz * t / RATE + phase) * np.hanning(RATE)
    found = true_peak(audio[None].astype(np.float32))
    assert 20 * math.log10(found / 0.5) == pytest.approx(0, abs=0.1)


def test_the_true_peak_of_noise_is_that_of_the_finely_interpolated_wave() -> None:
    count, finer = 1 << 15, 16
    spectrum = np.fft.rfft(np.random.default_rng(3).normal(0, 0.2, count))
    spectrum[int(20_000 / RATE * count) :] = 0
    fine = finer * np.fft.irfft(spectrum, finer * count) * np.hanning(finer * count)
    found = true_peak(fine[None, ::finer].astype(np.float32))
    assert 20 * math.log10(found / np.abs(fine).max()) == pytest.approx(0, abs=0.1)


@pytest.mark.parametrize("place", [0, 31, 32, 4095, 32_768, 49_999])
def test_a_peak_is_found_wherever_it_lies(place: int) -> None:
    audio = np.zeros((2, 50_000), np.float32)
    audio[1, place] = -0.7
    found = measure(audio, RATE)
    assert found.peak_db == pytest.approx(20 * math.log10(0.7))
    assert found.true_peak_db == pytest.approx(found.peak_db, abs=0.01)


def test_gains_make_the_louder_one_as_loud_as_the_other() -> None:
    loud, quiet = noise(1), 0.25 * noise(1)
    gains = matched_gains(measure(loud, RATE), measure(quiet, RATE))
    assert gains == (pytest.approx(0.25, abs=1e-4), 1.0)
    assert matched_gains(measure(quiet, RATE), measure(loud, RATE)) == gains[::-1]
    silence = Loudness(-math.inf, -math.inf, -math.inf, is_gated=True)
    assert matched_gains(measure(loud, RATE), silence) == (1.0, 1.0)
