from __future__ import annotations

import math

import numpy as np
import pytest

from sa_studio.audio.spectrogram import FLOOR_DB, FREQUENCY_TICKS, spectrogram

RATE = 44_100
LOW, HIGH = 30.0, 20_000.0


def tone(hertz: float, seconds: float, rate: int = RATE) -> np.ndarray:
    t = np.arange(int(seconds * rate)) / rate
    return (0.5 * np.sin(2 * np.pi * hertz * t)).astype(np.float32)[None]


def row_of(hertz: float, height: int, high: float = HIGH) -> int:
    return math.floor(math.log(hertz / LOW) / math.log(high / LOW) * height)


def music(seconds: float) -> np.ndarray:
    """Notes, hits and noise on both sides."""
    random = np.random.default_rng(1)
    t = np.arange(int(seconds * RATE)) / RATE
    notes = sum(np.sin(2 * np.pi * 110 * h * t) / h for h in range(1, 40))
    hits = random.normal(0, 1, t.size) * np.exp(-(t % 0.5) * 12)
    return np.stack([0.1 * notes + 0.1 * hits, 0.2 * hits]).astype(np.float32)


@pytest.mark.parametrize("hertz", np.geomspace(31, 19_500, 24).round(1))
def test_a_tone_lies_in_its_row_at_its_level(hertz: float) -> None:
    picture = spectrogram(tone(hertz, 1.5), RATE, 8, 400, start=0.5, stop=1)
    assert picture.shape == (400, 8)
    assert picture.dtype == np.float32
    for column in picture.T:
        assert abs(int(column.argmax()) - row_of(hertz, 400)) <= 1
        assert column.max() == pytest.approx(-6, abs=1.5)


@pytest.mark.parametrize(("rate", "hertz"), [(8_000, 3_000), (22_050, 60), (96_000, 1_000)])
def test_tones_are_found_at_any_rate(rate: int, hertz: float) -> None:
    column = spectrogram(tone(hertz, 1, rate), rate, 1, 300)[:, 0]
    assert abs(int(column.argmax()) - row_of(hertz, 300)) <= 1
    beyond = row_of(rate / 2, 300) + 1
    assert (column[beyond:] == FLOOR_DB).all()


def test_two_low_notes_are_two_lines() -> None:
    both = tone(110, 2) + tone(130.8, 2)
    column = spectrogram(both, RATE, 3, 400)[:, 1]
    first, second = row_of(110, 400), row_of(130.8, 400)
    assert column[first + 2 : second - 1].min() < min(column[first], column[second]) - 10


@pytest.mark.parametrize("seconds", [0.013, 0.502, 1.2501, 1.987])
@pytest.mark.parametrize("width", [40, 700])
def test_a_click_lies_in_its_column(seconds: float, width: int) -> None:
    audio = np.zeros((1, 2 * RATE), np.float32)
    audio[0, round(seconds * RATE)] = 1
    picture = spectrogram(audio, RATE, width, 100)
    brightness = picture[row_of(6_000, 100) :].mean(axis=0)
    column = round(seconds * RATE) * width // (2 * RATE)
    assert brightness[column] == pytest.approx(brightness.max(), abs=1e-3)
    assert brightness[column] > FLOOR_DB + 40


def test_no_moment_is_left_out_however_wide_the_columns() -> None:
    for place in np.linspace(0, 20 * RATE - 1, 50).astype(int):
        audio = np.zeros((1, 20 * RATE), np.float32)
        audio[0, place] = 1
        assert spectrogram(audio, RATE, 10, 20).max() > FLOOR_DB + 40


def test_noise_leaves_no_gaps_between_rows() -> None:
    noise = np.random.default_rng(1).normal(0, 0.1, (2, 4 * RATE)).astype(np.float32)
    rows = spectrogram(noise, RATE, 200, 400).mean(axis=1)
    assert np.abs(np.diff(rows)).max() < 4
    assert (rows > -60).all()


def test_silence_is_a_flat_floor() -> None:
    for samples in (0, 1, RATE):
        picture = spectrogram(np.zeros((2, samples), np.float32), RATE, 50, 60)
        assert picture.shape == (60, 50)
        assert (picture == FLOOR_DB).all()


def test_a_range_shows_what_the_whole_shows_there() -> None:
    audio = music(6)
    whole = spectrogram(audio, RATE, 600, 200)
    part = spectrogram(audio, RATE, 150, 200, start=2.5, stop=4)
    # columns of the same times; their frames may lie half a sample of the thinned signal apart
    seen = whole[:, 250:400] > -70
    assert seen.mean() > 0.5
    assert np.abs(part - whole[:, 250:400])[seen].mean() < 0.2


def test_beyond_the_sound_is_silence() -> None:
    picture = spectrogram(tone(1000, 1), RATE, 30, 50, start=-1, stop=2)
    assert (picture[:, :8] == FLOOR_DB).all()
    assert (picture[:, -8:] == FLOOR_DB).all()
    assert picture[:, 15].max() == pytest.approx(-6, abs=1.5)
    assert (spectrogram(tone(1000, 1), RATE, 3, 5, start=5, stop=6) == FLOOR_DB).all()


def test_what_cancels_out_in_a_mix_is_seen() -> None:
    one = tone(1000, 1)
    apart, together = np.concatenate([one, -one]), np.concatenate([one, one])
    np.testing.assert_allclose(
        spectrogram(apart, RATE, 5, 50), spectrogram(together, RATE, 5, 50), atol=1e-4
    )


def test_the_labels_lie_on_the_axis() -> None:
    assert all(LOW < tick <= HIGH for tick in FREQUENCY_TICKS)
    assert list(FREQUENCY_TICKS) == sorted(FREQUENCY_TICKS)
