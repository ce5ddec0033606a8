"""Loops of textures close without a seam, and stay closed at other sample rates."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sa_studio.audio.edit import apply_edit
from sa_studio.audio.loop import LoopPoints, audition, best_loop, looped, seam_score
from sa_studio.audio.render import render
from sa_studio.audio.resample import resample
from sa_studio.errors import RequestError
from sa_studio.vocabulary.delivery import DeliveryProfile, Depth
from sa_studio.vocabulary.sound_edit import SoundEdit
from tests.audio.loop_points import assert_loop_is_read_back
from tests.audio.textures import RATE, hum, textures

TEXTURES = textures(30)


def edit_of(points: LoopPoints) -> SoundEdit:
    return SoundEdit(start=points.start, stop=points.stop, loop_crossfade=points.crossfade)


def seam_steps(audio: np.ndarray) -> np.ndarray:
    """The step of the wrap in each channel, relative to the 99.9th percentile of its steps."""
    inside = np.quantile(np.abs(np.diff(audio.astype(np.float64))), 0.999, axis=1)
    return np.abs(audio[:, 0] - audio[:, -1]) / inside


@pytest.mark.parametrize("number", range(30))
def test_the_wrap_of_a_texture_is_no_step_at_any_rate(number: int) -> None:
    texture = TEXTURES[number]
    before = texture.copy()
    points = best_loop(texture, RATE)
    edit = edit_of(points)
    edited = apply_edit(texture, RATE, edit)
    assert edited.loop == (0, edited.audio.shape[1] - 1)
    assert edited.audio.shape[1] >= texture.shape[1] * 0.45
    assert points.seam == pytest.approx(seam_score(edited.audio, RATE, *edited.loop))
    assert points.seam <= 1
    assert (seam_steps(edited.audio) <= 1).all()
    for rate, depth in ((48_000, Depth.INT24), (96_000, Depth.INT16)):
        found = render(texture, RATE, edit, DeliveryProfile(sample_rate=rate, depth=depth))
        assert found.loop == (0, found.audio.shape[1] - 1)
        assert found.audio.shape[1] == round(edited.audio.shape[1] * rate / RATE)
        assert (seam_steps(found.audio) <= 1).all()
        assert seam_score(found.audio, rate, *found.loop) <= 1.1
        assert_loop_is_read_back(found)
    assert (texture == before).all()


def test_a_repeated_wave_is_found_to_the_sample() -> None:
    """A noise that comes again after 1.5 s, with other noise between."""
    random = np.random.default_rng(2)
    phrase, other = random.normal(0, 0.1, (2, RATE)), random.normal(0, 0.1, (2, RATE // 2))
    audio = np.concatenate([phrase, other, phrase], axis=1).astype(np.float32)
    points = best_loop(audio, RATE)
    repetition = round((points.stop - points.start - points.crossfade) * RATE)
    assert repetition == 3 * RATE // 2
    period = apply_edit(audio, RATE, edit_of(points)).audio
    start = round(points.start * RATE)
    # what matches is blended linearly, and so not changed at all
    np.testing.assert_allclose(period, audio[:, start : start + repetition], atol=1e-6)


def test_the_channels_must_match_at_the_same_place() -> None:
    """Left matches after 1 s as well, but right does not."""
    random = np.random.default_rng(3)
    left, right = (random.normal(0, 0.1, RATE) for _ in range(2))
    audio = np.zeros((2, 3 * RATE), np.float32)
    audio[0] = np.tile(left, 3)
    audio[1] = np.concatenate([right, random.normal(0, 0.1, RATE), right])
    points = best_loop(audio, RATE, shortest=0.5)
    assert round((points.stop - points.start - points.crossfade) * RATE) == 2 * RATE


def test_the_decay_of_a_sound_is_no_place_for_a_loop() -> None:
    """The level falls by 60 dB in the second half: a loop of the first half is level."""
    random = np.random.default_rng(4)
    level = 10 ** (-np.maximum(np.arange(6 * RATE) / RATE - 3, 0))
    audio = (random.normal(0, 0.1, (2, 6 * RATE)) * level).astype(np.float32)
    points = best_loop(audio, RATE, shortest=1.5)
    period = apply_edit(audio, RATE, edit_of(points)).audio
    powers = [np.square(part).mean() for part in (period[:, :RATE], period[:, -RATE // 4 :])]
    assert abs(10 * math.log10(powers[0] / powers[1])) < 3
    assert points.seam <= 1


@pytest.mark.parametrize(("alike", "kind"), [(1.0, "linear"), (0.0, "equal power")])
def test_the_blend_neither_swells_nor_dips(alike: float, kind: str) -> None:
    """The power in the middle of the crossfade is that of the sound, which one law cannot do."""
    random = np.random.default_rng(5)
    fade = RATE
    begin, end, middle = (random.normal(0, 0.1, (1, fade)) for _ in range(3))
    end = alike * begin + (1 - alike) * end
    audio = np.concatenate([begin, middle, end], axis=1).astype(np.float32)
    period = looped(audio, fade)
    assert period.shape == (1, 2 * fade)
    inside = period[0, fade // 3 : 2 * fade // 3]
    level = 10 * math.log10(np.square(inside).mean() / np.square(audio).mean())
    assert level == pytest.approx(0, abs=0.15), kind
    assert (period[:, fade:] == audio[:, fade : 2 * fade]).all()


def test_opposite_phases_are_no_division_by_nothing() -> None:
    wave = np.sin(np.arange(400) / 10)[None].astype(np.float32)
    audio = np.concatenate([wave, wave, -wave], axis=1)
    assert np.isfinite(looped(audio, 400)).all()
    assert np.abs(looped(audio, 400)).max() <= 1.01


def test_the_score_tells_a_cut_from_a_loop() -> None:
    sound = hum(1, 3, 2)
    assert seam_score(sound, RATE, 0, sound.shape[1] - 1) > 1
    whole = np.sin(2 * np.pi * 100 * np.arange(RATE) / RATE)[None].astype(np.float32)
    assert seam_score(whole, RATE, 0, RATE - 1) <= 1.01
    # the wave meets itself here, but turns back: no step, a corner
    assert seam_score(whole, RATE, 0, RATE - RATE // 200) > 10
    # half a period in, a click of one sample
    click = whole.copy()
    click[0, -1] += 0.1
    assert seam_score(click, RATE, 0, RATE - 1) > 5


def test_the_score_hears_a_jump_of_level_that_is_no_step() -> None:
    """Noise that is twice as loud at its end begins anew at a crossing of zero."""
    random = np.random.default_rng(6)
    audio = (random.normal(0, 0.1, (1, RATE)) * np.linspace(1, 3, RATE)).astype(np.float32)
    audio[:, :2] = audio[:, -2:] = 0
    assert seam_score(audio, RATE, 0, RATE - 1) > 1.3
    audio /= np.linspace(1, 3, RATE, dtype=np.float32)
    assert seam_score(audio, RATE, 0, RATE - 1) < 1


def test_a_loop_in_a_sound_is_scored_where_it_lies() -> None:
    whole = np.sin(2 * np.pi * 100 * np.arange(RATE) / RATE)[None].astype(np.float32)
    assert seam_score(whole, RATE, 441, 441 + 4409) <= 1.01
    assert seam_score(whole, RATE, 441, 441 + 4409 - 100) > 1


@pytest.mark.parametrize("samples", [1, 2, 3, 50, 500])
def test_the_shortest_loops_have_a_score(samples: int) -> None:
    assert math.isfinite(seam_score(np.zeros((2, samples), np.float32), RATE, 0, samples - 1))


def test_limits_and_crossfade_are_kept() -> None:
    points = best_loop(TEXTURES[0], RATE, shortest=0.5, longest=0.75, crossfade=0.125)
    assert points.crossfade == pytest.approx(0.125, abs=1 / RATE)
    assert 0.5 - 1 / RATE <= points.stop - points.start - points.crossfade <= 0.75 + 1 / RATE
    short = best_loop(TEXTURES[0], RATE, longest=0.2)
    assert short.stop - short.start - short.crossfade <= 0.2 + 1 / RATE


@pytest.mark.parametrize(
    ("samples", "limits", "what"),
    [
        (0, {}, "too short"),
        (1, {}, "too short"),
        (4000, {}, "too short"),
        (RATE, {"shortest": 2.0}, "No loop"),
        (RATE, {"shortest": 0.5, "longest": 0.2}, "No loop"),
        (RATE, {"shortest": math.nan}, "cannot be nan"),
        (RATE, {"longest": -1.0}, "cannot be -1"),
        (RATE, {"crossfade": math.inf}, "cannot be inf"),
    ],
)
def test_impossible_loops_are_one_clear_error(
    samples: int, limits: dict[str, float], what: str
) -> None:
    with pytest.raises(RequestError, match=what):
        best_loop(TEXTURES[1][:, :samples], RATE, **limits)


def test_silence_and_a_short_beep_can_be_looped() -> None:
    silence = best_loop(np.zeros((2, RATE), np.float32), RATE)
    assert silence.seam == 0
    beep = np.sin(np.arange(RATE // 8) / 5)[None].astype(np.float32)
    assert best_loop(beep, RATE).seam <= 1


def test_an_audition_is_the_end_and_then_the_beginning() -> None:
    audio = np.arange(1, 2 * RATE + 1, dtype=np.float32)[None]
    loop = (100, 2 * RATE - 1 - 100)
    heard = audition(audio, RATE, loop, seconds=0.5, times=3)
    pause = round(0.3 * RATE)
    assert heard.shape == (1, 3 * RATE + 2 * pause)
    middle = RATE // 2
    assert heard[0, middle - 1 : middle + 1].tolist() == [audio[0, loop[1]], audio[0, loop[0]]]
    assert (heard[:, RATE : RATE + pause] == 0).all()
    assert (heard[:, :RATE] == heard[:, RATE + pause : 2 * RATE + pause]).all()
    # a loop shorter than what is wanted of it comes round more often
    tiny = audition(audio, RATE, (0, 9), seconds=0.5, times=1)
    assert (tiny[0, 1000:1010] == tiny[0, 1010:1020]).all()


@pytest.mark.parametrize("seconds", [0.5, 3.0, 8.0])
def test_a_change_of_level_at_the_wrap_counts_the_same_at_any_rate(seconds: float) -> None:
    samples = round(seconds * RATE)
    noise = np.random.default_rng(7).standard_normal((2, samples)).astype(np.float32) / 16
    rising = noise * np.linspace(1, 4, samples, dtype=np.float32)
    twice = resample(rising, RATE, 2 * RATE)
    score = seam_score(rising, RATE, 0, samples - 1)
    assert score > 2
    assert seam_score(twice, 2 * RATE, 0, 2 * samples - 1) == pytest.approx(score, rel=0.15)
