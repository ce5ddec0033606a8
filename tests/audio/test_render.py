"""The whole way from a take to the samples of a file."""

from __future__ import annotations

import itertools
import math
from pathlib import Path

import numpy as np
import pytest

from sa_studio.audio.level import set_loudness
from sa_studio.audio.loudness import measure
from sa_studio.audio.render import dither_bits, loudness_before, render
from sa_studio.errors import AudioFileError, RequestError
from sa_studio.vocabulary.delivery import DeliveryProfile, Depth, FileFormat, LevelPolicy
from sa_studio.vocabulary.sound_edit import UNTOUCHED, SoundEdit
from tests.audio.ebur128 import metered, needs_ffmpeg
from tests.audio.textures import RATE, rain, textures

FLOAT = DeliveryProfile(sample_rate=RATE, depth=Depth.FLOAT32)
ORIGINAL = DeliveryProfile(sample_rate=RATE)


def tone(level: float, seconds: float = 1.0, hertz: float = 997.0) -> np.ndarray:
    t = np.arange(round(seconds * RATE)) / RATE
    return (level * np.sin(2 * np.pi * hertz * t))[None].astype(np.float32)


def test_a_take_in_its_own_format_is_delivered_to_the_last_bit() -> None:
    take = (np.rint(rain(1, 1, 2) * 2**23) / 2**23).astype(np.float32)
    found = render(take, RATE, UNTOUCHED, ORIGINAL)
    assert (found.audio == take).all()
    assert not np.shares_memory(found.audio, take)
    assert (found.rate, found.loop) == (RATE, None)
    assert found.loudness == measure(take, RATE)


@pytest.mark.parametrize("rate", [44_100, 48_000, 96_000])
@pytest.mark.parametrize("level", list(LevelPolicy))
@pytest.mark.parametrize("depth", list(Depth))
def test_every_profile_holds_its_ceiling_and_its_grid(
    depth: Depth, level: LevelPolicy, rate: int
) -> None:
    """A click between two samples: its true peak is 3.9 dB above what the samples show."""
    take = np.zeros((2, RATE), np.float32)
    take[0, 1000:1002] = 0.9
    take[1] = 0.1 * rain(3, 1, 1)
    before = take.copy()
    profile = DeliveryProfile(depth=depth, level=level, sample_rate=rate, target_lufs=-10)
    found = render(take, RATE, UNTOUCHED, profile, set_lufs=-10.0, seed=5)
    assert (take == before).all()
    assert found.audio.dtype == np.float32 and found.audio.shape == (2, rate)
    assert found.rate == rate
    after = measure(found.audio, rate)
    assert after.true_peak_db <= -1.0
    assert after.true_peak_db == pytest.approx(-1.05, abs=0.01)
    assert found.loudness.true_peak_db == pytest.approx(after.true_peak_db, abs=0.01)
    assert found.loudness.lufs == pytest.approx(after.lufs, abs=0.01)
    scaled = found.audio.astype(np.float64) * 2 ** ((dither_bits(profile) or 16) - 1)
    assert (scaled == np.rint(scaled)).all() == (depth is not Depth.FLOAT32)


@needs_ffmpeg
def test_delivered_levels_are_what_ffmpeg_measures(tmp_path: Path) -> None:
    """Of 16 sounds, with a target for the loudness, and with one for the peak."""
    takes = textures(8)
    cases = list(itertools.product(takes, (-23.0, -30.0)))
    profiles = [
        DeliveryProfile(sample_rate=48_000, level=LevelPolicy.LUFS, target_lufs=target)
        for _, target in cases
    ]
    found = [
        render(take, RATE, UNTOUCHED, profile)
        for (take, _), profile in zip(cases, profiles, strict=True)
    ]
    peaks = [
        render(take, RATE, UNTOUCHED, DeliveryProfile(level=LevelPolicy.PEAK, depth=Depth.INT16))
        for take in takes
    ]
    values = metered([(sound.audio, sound.rate) for sound in (*found, *peaks)], tmp_path)
    for (_, target), sound, (lufs, peak) in zip(cases, found, values, strict=False):
        if sound.loudness.true_peak_db < -1.06:  # the target was in reach
            assert lufs == pytest.approx(target, abs=0.1)
        assert lufs == pytest.approx(sound.loudness.lufs, abs=0.1)
        assert peak <= -1.0
    assert sum(sound.loudness.true_peak_db < -1.06 for sound in found) >= 12
    for _, peak in values[len(found) :]:
        assert -1.15 <= peak <= -1.0


@pytest.mark.parametrize("quiet", [1e-2, 1e-3])
def test_the_target_is_met_by_sounds_that_the_gates_hear_otherwise_when_louder(
    quiet: float,
) -> None:
    """Half of this sound is below the gate of -70 LUFS as long as it is as quiet as that."""
    level = np.repeat([1.0, 0.35, 0.5, 0.4], RATE // 2)
    take = tone(quiet, 2) * level.astype(np.float32)
    profile = DeliveryProfile(level=LevelPolicy.LUFS, sample_rate=RATE)
    found = render(take, RATE, UNTOUCHED, profile)
    assert measure(found.audio, RATE).lufs == pytest.approx(-23, abs=0.02)


def test_a_matched_set_is_equally_loud() -> None:
    takes = [
        gain * take[:, : RATE // 2] for gain, take in zip((1, 0.1, 2), textures(3), strict=True)
    ]
    profile = DeliveryProfile(level=LevelPolicy.MATCH)
    levels = [loudness_before(take, RATE, UNTOUCHED, profile) for take in takes]
    shared = set_loudness(levels, profile)
    found = [render(take, RATE, UNTOUCHED, profile, set_lufs=shared) for take in takes]
    for sound in found:
        assert measure(sound.audio, sound.rate).lufs == pytest.approx(shared, abs=0.02)
        assert measure(sound.audio, sound.rate).true_peak_db <= -1.0


def test_silence_behind_the_sound_is_cut_off_before_all_else() -> None:
    take = np.concatenate([tone(0.5), 1e-6 * tone(0.5, 3)], axis=1)
    profile = DeliveryProfile(sample_rate=48_000, trim_silence=True, tail_seconds=0.1)
    found = render(take, RATE, UNTOUCHED, profile).audio
    assert found.shape[1] == pytest.approx(1.1 * 48_000, abs=50)
    # the fade is heard, the silence is gone: both at the end of the sound, and when it is reversed
    for edit in (SoundEdit(fade_out=0.5), SoundEdit(fade_in=0.5, reverse=True)):
        faded = render(take, RATE, edit, profile).audio
        assert faded.shape == found.shape
        end = faded[0, ::-1] if edit.reverse else faded[0]
        assert np.abs(end[-12_000:-9_600]).max() < 0.3
    assert render(take, RATE, UNTOUCHED, DeliveryProfile()).audio.shape[1] == 4 * 48_000
    # a loop has no end, and a stop that is earlier is kept
    looped = render(take, RATE, SoundEdit(loop_crossfade=0.5), profile)
    assert looped.audio.shape[1] == pytest.approx(3.5 * 48_000, abs=1)
    early = render(take, RATE, SoundEdit(start=0.25, stop=0.5), profile)
    assert early.audio.shape[1] == 12_000


def test_a_loop_below_its_ceiling_is_below_it_when_it_is_repeated() -> None:
    """Its highest point lies between the last sample and the first, and is 2 dB above both."""
    count = 4410
    period = np.zeros((1, count), np.float32)
    period[0, [0, -1]] = 0.5
    take = np.concatenate([period, period[:, :441]], axis=1)
    profile = DeliveryProfile(level=LevelPolicy.PEAK, sample_rate=RATE, depth=Depth.FLOAT32)
    found = render(take, RATE, SoundEdit(loop_crossfade=0.01), profile)
    assert found.audio.shape[1] == count
    repeated = measure(np.tile(found.audio, 3), RATE)
    assert repeated.true_peak_db == pytest.approx(-1.05, abs=0.01)
    assert found.loudness.true_peak_db == pytest.approx(-1.05, abs=0.01)


def test_the_same_values_give_the_same_samples_and_another_seed_other_ones() -> None:
    take = rain(2, 0.5, 2)
    one, again, other = (
        render(take, RATE, UNTOUCHED, DeliveryProfile(), seed=seed).audio for seed in (1, 1, 2)
    )
    assert (one == again).all()
    assert np.abs(one - other).max() * 2**23 == pytest.approx(2, abs=1)


@pytest.mark.parametrize(
    ("file_format", "depth", "bits"),
    [
        (FileFormat.WAV, Depth.INT16, 16),
        (FileFormat.AIFF, Depth.INT24, 24),
        (FileFormat.WAV, Depth.FLOAT32, None),
        (FileFormat.FLAC, Depth.INT16, 16),
        (FileFormat.FLAC, Depth.FLOAT32, 24),
        (FileFormat.OGG, Depth.INT16, None),
        (FileFormat.MP3, Depth.INT24, None),
    ],
)
def test_only_integers_are_dithered(
    file_format: FileFormat, depth: Depth, bits: int | None
) -> None:
    profile = DeliveryProfile(format=file_format, depth=depth, sample_rate=RATE)
    assert dither_bits(profile) == bits
    take = tone(0.3)
    found = render(take, RATE, UNTOUCHED, profile).audio
    if bits is None:
        assert (found == take).all()
    else:
        error = (found.astype(np.float64) - take) * 2 ** (bits - 1)
        assert np.square(error).mean() == pytest.approx(0.25, abs=0.01)


@pytest.mark.parametrize("samples", [0, 1, 2, 7])
@pytest.mark.parametrize("edit", [UNTOUCHED, SoundEdit(loop_crossfade=0.1, reverse=True)])
@pytest.mark.parametrize("level", list(LevelPolicy))
def test_sounds_of_no_and_of_few_samples(samples: int, edit: SoundEdit, level: LevelPolicy) -> None:
    take = np.full((2, samples), 0.25, np.float32)
    profile = DeliveryProfile(level=level, trim_silence=True)
    found = render(take, RATE, edit, profile, set_lufs=-20.0)
    assert min(samples, 1) <= found.audio.shape[1] <= samples + 1
    assert np.isfinite(found.audio).all()
    assert found.loop == ((0, found.audio.shape[1] - 1) if edit.is_loop and samples else None)


def test_hostile_sounds_are_one_clear_error_or_are_delivered() -> None:
    for value in (math.nan, math.inf):
        take = tone(0.1)
        take[0, 100] = value
        with pytest.raises(AudioFileError, match="no numbers"):
            render(take, RATE, UNTOUCHED, FLOAT)
    with pytest.raises(RequestError, match="begins at 5 s"):
        render(tone(0.1), RATE, SoundEdit(start=5.0), FLOAT)
    for factor in (1e15, 1e-40):
        take = tone(1) * np.float32(factor)
        found = render(take, RATE, UNTOUCHED, DeliveryProfile(level=LevelPolicy.PEAK))
        assert np.isfinite(found.audio).all() and np.abs(found.audio).max() < 0.9
