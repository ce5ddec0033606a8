"""The noise of 16 and 24 bits has the statistics that theory asks for."""

from __future__ import annotations

import numpy as np
import pytest

from sa_studio.audio.dither import BLOCK, SILENT_RUN, tpdf

COUNT = 200_000


def error(audio: np.ndarray, bits: int, seed: int = 1) -> np.ndarray:
    """What dither and rounding add, in steps."""
    return (tpdf(audio, bits, seed).astype(np.float64) - audio) * 2.0 ** (bits - 1)


def constant(steps: float, bits: int) -> np.ndarray:
    return np.full((1, COUNT), steps / 2 ** (bits - 1), np.float32)


@pytest.mark.parametrize("bits", [16, 24])
@pytest.mark.parametrize("fraction", [0.0625, 0.25, 0.5, 0.8125])
def test_mean_and_power_of_the_error_do_not_depend_on_the_sound(bits: int, fraction: float) -> None:
    """Total error of TPDF: mean 0, 1/6 + 1/12 steps squared, wherever between two steps.

    Rectangular dither fails in the power, rounding alone in both.
    """
    found = error(constant(40 + fraction, bits), bits)
    assert found.mean() == pytest.approx(0, abs=0.006)
    assert np.square(found).mean() == pytest.approx(0.25, abs=0.005)


def test_the_density_is_a_triangle_of_two_steps() -> None:
    """The chance of every step that half-way values are rounded to, out of the triangle's area."""
    found = np.rint(error(constant(0.5, 16), 16) + 0.5)
    values, counts = np.unique(found, return_counts=True)
    # integrals of 1 - |x| over stretches of one step around the sum with 0.5
    assert values.tolist() == [0, 1]
    assert (counts / COUNT).tolist() == pytest.approx([0.5, 0.5], abs=0.005)
    found = np.rint(error(constant(0.25, 16), 16) + 0.25)
    share = {step: float((found == step).mean()) for step in (-1, 0, 1)}
    assert share[-1] == pytest.approx(0.25**2 / 2, abs=0.002)
    assert share[1] == pytest.approx(0.75**2 / 2, abs=0.005)
    assert sum(share.values()) == pytest.approx(1)


def test_the_noise_is_white_and_knows_neither_the_sound_nor_the_other_channel() -> None:
    wave = 3.3 * np.sin(np.arange(COUNT) / 20) / 2**15
    audio = np.stack([wave, wave]).astype(np.float32)
    noise = error(audio, 16)
    limit = 5 / np.sqrt(COUNT)
    assert abs(np.corrcoef(noise[0], wave)[0, 1]) < limit
    assert abs(np.corrcoef(np.square(noise[0]), np.square(wave))[0, 1]) < limit
    assert abs(np.corrcoef(noise[0], noise[1])[0, 1]) < limit
    for lag in (1, 2, 10):
        assert abs(np.corrcoef(noise[0, lag:], noise[0, :-lag])[0, 1]) < limit
    # the harmonics that rounding alone would make
    plain = np.rint(audio * 2.0**15) / 2**15 - audio
    spectra = [np.abs(np.fft.rfft(item * np.hanning(COUNT))) for item in (plain[0], noise[0])]
    assert spectra[0].max() / np.median(spectra[0]) > 50
    assert spectra[1].max() / np.median(spectra[1]) < 6


@pytest.mark.parametrize("bits", [16, 24])
def test_a_writer_has_nothing_left_to_round(bits: int) -> None:
    audio = np.random.default_rng(1).uniform(-1.2, 1.2, (2, 5000)).astype(np.float32)
    before = audio.copy()
    found = tpdf(audio, bits, 3)
    scaled = found.astype(np.float64) * 2 ** (bits - 1)
    assert (scaled == np.rint(scaled)).all()
    assert scaled.min() == -(2 ** (bits - 1)) and scaled.max() == 2 ** (bits - 1) - 1
    assert np.abs(error(np.clip(audio, -0.99, 0.99), bits)).max() <= 1.5
    assert (audio == before).all()


def test_the_seed_decides() -> None:
    audio = np.random.default_rng(1).uniform(-1, 1, (2, BLOCK + 1000)).astype(np.float32)
    assert (tpdf(audio, 16, 1) == tpdf(audio, 16, 1)).all()
    assert (tpdf(audio, 16, 1) != tpdf(audio, 16, 2)).any()
    assert (tpdf(audio, 16, -1) == tpdf(audio, 16, 2**64 - 1)).all()
    # the noise of the next block is not that of the first one again
    noise = error(audio, 16)[0]
    assert abs(np.corrcoef(noise[:1000], noise[BLOCK:])[0, 1]) < 0.2


def test_a_sound_that_is_on_the_steps_stays_as_it_is() -> None:
    whole = np.random.default_rng(1).integers(-(2**15), 2**15, (2, 1000))
    audio = (whole / 2**15).astype(np.float32)
    assert tpdf(audio, 16) is audio
    assert tpdf(audio, 24) is audio
    audio[0, 0] += 2.0**-20
    assert (tpdf(audio, 16) != audio).any()


def test_digital_silence_stays_silent_but_a_passage_through_zero_does_not() -> None:
    audio = np.random.default_rng(1).normal(0, 0.1, (2, 4 * SILENT_RUN)).astype(np.float32)
    audio[:, :SILENT_RUN] = 0
    audio[0, 2 * SILENT_RUN :] = 0  # the other channel goes on
    audio[:, 1500:1600] = 0
    found = tpdf(audio, 16, 1)
    assert (found[:, :SILENT_RUN] == 0).all()
    assert np.count_nonzero(found[:, SILENT_RUN : 2 * SILENT_RUN]) > 0.95 * 2 * SILENT_RUN - 100
    assert 0.1 < np.count_nonzero(found[0, 2 * SILENT_RUN :]) / (2 * SILENT_RUN) < 0.4
    assert np.count_nonzero(found[:, 1500:1600]) > 10
    silence = np.zeros((2, 10), np.float32)
    assert (tpdf(silence, 16) == 0).all()


@pytest.mark.parametrize("samples", [0, 1])
def test_next_to_nothing(samples: int) -> None:
    assert tpdf(np.full((2, samples), 0.3, np.float32), 16).shape == (2, samples)


def test_more_than_float32_holds_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bits"):
        tpdf(np.zeros((1, 1), np.float32), 32)
