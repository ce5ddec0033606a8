"""Levels: the meter against ffmpeg's on 50 sounds, and the gains that follow from it."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from scipy.signal import butter, sosfilt

from sa_studio.audio.level import MARGIN_DB, gain_for, set_loudness
from sa_studio.audio.loudness import Loudness, measure
from sa_studio.errors import RequestError
from sa_studio.vocabulary.delivery import DeliveryProfile, LevelPolicy
from tests.audio.ebur128 import metered, needs_ffmpeg
from tests.audio.textures import RATE, textures

BLOCK_SECONDS = 0.4
SILENT = Loudness(-math.inf, -math.inf, -math.inf, is_gated=True)
CEILING = -1.0 - MARGIN_DB


def plain_sounds() -> list[tuple[np.ndarray, int]]:
    """Ten at other rates, levels and bandwidths; nothing above 15 kHz, where meters differ."""
    random = np.random.default_rng(7)
    found = []
    for number in range(10):
        rate = (44_100, 48_000, 96_000)[number % 3]
        low_pass = butter(12, 2000 + 1300 * number, fs=rate, output="sos")
        sound = sosfilt(low_pass, random.uniform(-1, 1, (1 + number % 2, rate)))
        decay = np.exp(-np.arange(rate) / rate * number)
        level = (0.99 if number % 4 else 0.3) / np.abs(sound * decay).max()
        found.append(((sound * decay * level).astype(np.float32), rate))
    return found


def short_sounds() -> list[tuple[np.ndarray, int]]:
    """Ten below 0.4 s."""
    return [
        (sound[:, : round((0.03 + 0.04 * number) * RATE)] * np.float32(1.5), RATE)
        for number, sound in enumerate(textures(10))
    ]


@needs_ffmpeg
def test_loudness_and_true_peak_of_fifty_sounds_are_what_ffmpeg_measures(tmp_path: Path) -> None:
    """Sounds below 0.4 s fill a part of one block of the meter's: it is quieter by that much."""
    sounds = [(sound, RATE) for sound in textures(30)] + plain_sounds() + short_sounds()
    assert len(sounds) == 50
    padded = []
    for sound, rate in sounds:
        missing = max(round(BLOCK_SECONDS * rate) - sound.shape[1], 0)
        padded.append((np.pad(sound, ((0, 0), (0, missing))), rate))
    for number, (lufs, peak) in enumerate(metered(padded, tmp_path)):
        sound, rate = sounds[number]
        found = measure(sound, rate)
        filled = sound.shape[1] / rate / BLOCK_SECONDS
        assert found.is_gated == (filled >= 1)
        lufs -= 10 * math.log10(min(filled, 1))
        assert found.lufs == pytest.approx(lufs, abs=0.1), number
        assert found.true_peak_db == pytest.approx(peak, abs=0.1), number


def level(lufs: float, true_peak_db: float) -> Loudness:
    return Loudness(true_peak_db - 0.2, true_peak_db, lufs, is_gated=True)


@pytest.mark.parametrize(
    ("policy", "found", "set_lufs", "gain"),
    [
        pytest.param(LevelPolicy.AS_IS, level(-20, -6), None, 0.0, id="as it is"),
        pytest.param(LevelPolicy.AS_IS, level(-10, 2), None, CEILING - 2, id="over the ceiling"),
        pytest.param(LevelPolicy.PEAK, level(-20, -6), None, CEILING + 6, id="peak up"),
        pytest.param(LevelPolicy.PEAK, level(-10, 2), None, CEILING - 2, id="peak down"),
        pytest.param(LevelPolicy.LUFS, level(-20, -6), None, -3.0, id="down to -23"),
        pytest.param(LevelPolicy.LUFS, level(-26, -6), None, 3.0, id="up to -23"),
        pytest.param(LevelPolicy.LUFS, level(-40, -6), None, CEILING + 6, id="no room"),
        pytest.param(LevelPolicy.LUFS, level(-math.inf, -60), None, 0.0, id="below the gate"),
        pytest.param(LevelPolicy.MATCH, level(-20, -6), -18.0, 2.0, id="matched"),
        pytest.param(LevelPolicy.MATCH, level(-20, 1), None, CEILING - 1, id="no set"),
    ]
    + [
        pytest.param(policy, sound, -20.0, 0.0, id=f"{policy} nothing")
        for policy in LevelPolicy
        for sound in (SILENT, level(-math.inf, -125))
    ],
)
def test_the_gain_of_a_policy(
    policy: LevelPolicy, found: Loudness, set_lufs: float | None, gain: float
) -> None:
    assert gain_for(found, policy, DeliveryProfile(), set_lufs) == pytest.approx(gain)


@pytest.mark.parametrize("level", [math.nan, math.inf, -math.inf])
def test_a_set_without_a_level_is_one_clear_error(level: float) -> None:
    with pytest.raises(RequestError, match="A set cannot be as loud as"):
        gain_for(SILENT, LevelPolicy.MATCH, DeliveryProfile(), level)


def test_a_set_shares_its_median_as_long_as_the_ceiling_allows_it() -> None:
    profile = DeliveryProfile(level=LevelPolicy.MATCH)
    sounds = [level(-30, -15), level(-20, -8), level(-24, -9), SILENT]
    assert set_loudness(sounds, profile) == -24
    # 22 dB between peak and loudness: at -24 LUFS it would reach -2 dBTP, at -22 the ceiling
    hit = level(-40, -18)
    assert set_loudness([*sounds, hit], profile) == pytest.approx(-27)
    sharp = level(-40, -10)
    shared = set_loudness([*sounds, sharp], profile)
    assert shared == pytest.approx(-40 + CEILING + 10)
    for sound in (*sounds[:3], sharp):
        gain = gain_for(sound, profile.level, profile, shared)
        assert sound.lufs + gain == pytest.approx(shared)
        assert sound.true_peak_db + gain <= CEILING + 1e-9
    assert set_loudness([SILENT], profile) is None
    assert set_loudness([], profile) is None
