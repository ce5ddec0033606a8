"""Tone, length, faults, width."""

from __future__ import annotations

import numpy as np
import pytest

from sa_studio.evaluation.faults import CLIPPED, NOT_FINITE, SILENT, fault
from sa_studio.evaluation.length import is_as_long, sounding_seconds
from sa_studio.evaluation.stereo import correlation, is_stereo
from sa_studio.evaluation.tone import centroid
from tests.evaluation.signals import RATE, noise, tone


def test_the_centroid_is_the_mean_frequency_of_the_power() -> None:
    assert centroid(tone(1000, 1.0)) == pytest.approx(1000, rel=1e-3)
    # powers 1 and 1/4
    assert centroid(tone(1000, 1.0) + tone(6000, 1.0) / 2) == pytest.approx(2000, rel=1e-3)
    assert centroid(np.zeros((2, 100))) == 0


def test_a_sound_lasts_until_it_is_30_db_down() -> None:
    audio = tone(500, 2.0)
    audio[:, RATE:] *= 0.02
    assert sounding_seconds(audio) == pytest.approx(1.0, abs=0.03)
    audio = tone(500, 2.0)
    audio[:, RATE:] *= 0.05
    assert sounding_seconds(audio) == pytest.approx(2.0, abs=0.03)
    assert sounding_seconds(np.zeros((2, 100))) == 0


def test_a_sustained_sound_fills_the_seconds_asked_for() -> None:
    audio = tone(500, 2.0)
    assert is_as_long(audio, 2.0, sustained=True)
    assert not is_as_long(audio, 2.5, sustained=False)
    audio[:, 3 * RATE // 2 :] = 0
    assert not is_as_long(audio, 2.0, sustained=True)
    assert is_as_long(audio, 2.0, sustained=False)


def test_faults() -> None:
    audio = tone(100, 0.5)
    assert fault(audio) is None
    assert fault(audio * 0.001) == SILENT
    assert fault(np.clip(audio * 10, -1, 1)) == CLIPPED
    single = audio.copy()
    single[0, 100:102] = 1.0
    assert fault(single) is None
    single[0, 102] = 1.0
    assert fault(single) == CLIPPED
    audio[1, 5] = np.nan
    assert fault(audio) == NOT_FINITE


def test_width() -> None:
    mono, wide = tone(300, 0.5), noise(0.5)
    assert correlation(mono) == pytest.approx(1)
    assert not is_stereo(mono)
    assert abs(correlation(wide)) < 0.05
    assert is_stereo(wide)
    assert correlation(mono * [[1], [-1]]) == pytest.approx(-1)
