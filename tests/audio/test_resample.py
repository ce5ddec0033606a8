"""Resampling against waves that are computed at the target rate."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sa_studio.audio.resample import resample, resample_period, resampled_length

UP_AND_DOWN = [(44_100, 48_000), (44_100, 96_000), (48_000, 44_100), (96_000, 48_000)]


def sweep(rate: int, low: float, high: float, seconds: float = 4.0) -> np.ndarray:
    """Exponential, after Farina 2000, float64; faded so gently that nothing lies beside it."""
    t = np.arange(round(seconds * rate)) / rate
    growth = math.log(high / low) / seconds
    edge = np.clip(np.minimum(t, seconds - t) / 0.5, 0, 1)
    fade = edge**4 * (35 - 84 * edge + 70 * edge**2 - 20 * edge**3)  # three smooth derivatives
    return 0.9 * fade * np.sin(2 * np.pi * low / growth * (np.exp(growth * t) - 1))


def db(error: np.ndarray) -> float:
    return 20 * math.log10(np.abs(error).max() / 0.9)


@pytest.mark.parametrize(("from_rate", "to_rate"), UP_AND_DOWN)
def test_a_sweep_comes_out_as_if_it_had_been_made_at_the_other_rate(
    from_rate: int, to_rate: int
) -> None:
    """The worst sample is below -120 dB up to 18 kHz; up to 20 kHz, the power of the error is."""
    for high in (13_000, 18_000, 20_000):
        ideal = sweep(to_rate, 20, high)
        found = resample(sweep(from_rate, 20, high)[None].astype(np.float32), from_rate, to_rate)
        assert found.dtype == np.float32 and found.shape == (1, ideal.size)
        error = found[0] - ideal
        assert 10 * math.log10(np.square(error).mean() / np.square(ideal).mean()) < -125
        assert high == 20_000 or db(error) < -120


@pytest.mark.parametrize(("from_rate", "to_rate"), UP_AND_DOWN)
def test_up_to_20_khz_nothing_is_added_and_the_level_holds(from_rate: int, to_rate: int) -> None:
    """A tone keeps its level to 0.01 dB, and all else that comes out is below -120 dB."""
    for hertz in (14_000, 16_000, 18_000, 19_000, 20_000):
        tone = 0.9 * np.sin(2 * np.pi * hertz * np.arange(from_rate) / from_rate)
        found = resample(tone[None].astype(np.float32), from_rate, to_rate)[0].astype(np.float64)
        middle = slice(to_rate // 4, 3 * to_rate // 4)
        phase = 2 * np.pi * hertz * np.arange(to_rate) / to_rate
        basis = np.stack([np.sin(phase), np.cos(phase)])[:, middle]
        parts, *_ = np.linalg.lstsq(basis.T, found[middle], rcond=None)
        assert 20 * math.log10(parts[0] / 0.9) == pytest.approx(0, abs=0.01)
        assert abs(parts[1]) < 1e-6  # no shift in time
        assert db(found[middle] - parts @ basis) < -120


def test_what_the_lower_rate_cannot_hold_does_not_come_back_as_something_else() -> None:
    t = np.arange(96_000) / 96_000
    for hertz in (24_500, 30_000, 40_000):
        tone = 0.9 * np.sin(2 * np.pi * hertz * t) * np.hanning(t.size)
        assert db(resample(tone[None].astype(np.float32), 96_000, 44_100)) < -120


@pytest.mark.parametrize("samples", [0, 1, 2, 3, 441, 1001])
def test_lengths(samples: int) -> None:
    audio = np.ones((2, samples), np.float32)
    for from_rate, to_rate in UP_AND_DOWN:
        length = resampled_length(samples, from_rate, to_rate)
        for convert in (resample, resample_period):
            assert convert(audio, from_rate, to_rate).shape == (2, length)
    assert length == max(round(samples / 2), min(samples, 1))
    assert resample(audio, 48_000, 48_000) is audio


def test_channels_stay_apart_and_the_sound_stays_as_it_is() -> None:
    audio = np.zeros((2, 4410), np.float32)
    audio[0] = 0.5
    before = audio.copy()
    for convert in (resample, resample_period):
        found = convert(audio, 44_100, 48_000)
        assert (found[1] == 0).all()
        assert found[0, 2400] == pytest.approx(0.5, abs=1e-6)
    assert (audio == before).all()


@pytest.mark.parametrize(("from_rate", "to_rate"), UP_AND_DOWN)
def test_a_period_is_resampled_without_ends(from_rate: int, to_rate: int) -> None:
    """The harmonics of a period of 1001 samples, computed with as many as it has then."""
    samples = 1001
    length = round(samples * to_rate / from_rate)
    numbers = np.random.default_rng(1).choice(np.arange(1, 200), 20, replace=False)
    phases = np.random.default_rng(2).uniform(0, 2 * np.pi, (20, 1))

    def period(count: int) -> np.ndarray:
        waves = np.sin(2 * np.pi * numbers[:, None] * np.arange(count) / count + phases)
        return 0.04 * waves.sum(axis=0)

    found = resample_period(period(samples)[None].astype(np.float32), from_rate, to_rate)[0]
    assert db(found - period(length)) < -120


def test_a_period_of_a_higher_rate_loses_what_the_lower_one_cannot_hold() -> None:
    t = np.arange(9600) / 9600
    both = 0.5 * np.sin(2 * np.pi * 100 * t) + 0.4 * np.sin(2 * np.pi * 3000 * t)  # 1, 30 kHz
    found = resample_period(both[None].astype(np.float32), 96_000, 44_100)[0]
    expected = 0.5 * np.sin(2 * np.pi * 100 * np.arange(4410) / 4410)
    assert db(found - expected) < -120
