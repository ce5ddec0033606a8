"""What an edit does, step by step, and that the take never changes."""

from __future__ import annotations

import numpy as np
import pytest

from sa_studio.audio.edit import apply_edit, kept_samples, loop_of
from sa_studio.audio.loop import seam_score
from sa_studio.errors import RequestError
from sa_studio.vocabulary.sound_edit import UNTOUCHED, SoundEdit

RATE = 44_100
MICRO = 132  # 3 ms


def ramp(seconds: float = 1.0) -> np.ndarray:
    """Every sample has a value of its own, so that it is seen where it went."""
    values = np.arange(1, round(seconds * RATE) + 1, dtype=np.float32) / (seconds * RATE)
    return np.stack([values, -values])


def test_no_edit_is_a_copy() -> None:
    audio = ramp()
    edited = apply_edit(audio, RATE, UNTOUCHED)
    assert edited.loop is None
    assert edited.audio.dtype == np.float32
    assert (edited.audio == audio).all()
    assert not np.shares_memory(edited.audio, audio)


def test_a_cut_is_made_to_the_sample_and_fades_for_three_milliseconds() -> None:
    audio = ramp()
    edited = apply_edit(audio, RATE, SoundEdit(start=0.25, stop=0.5)).audio
    assert edited.shape == (2, RATE // 4)
    source = audio[:, RATE // 4 : RATE // 2]
    assert (edited[:, MICRO:-MICRO] == source[:, MICRO:-MICRO]).all()
    gains = edited[0] / source[0]
    assert 0 < gains[0] < 0.001 and (np.diff(gains[:MICRO]) > 0).all()
    np.testing.assert_allclose(gains, gains[::-1], atol=1e-6)


def test_only_a_cut_end_fades() -> None:
    audio = ramp()
    begin = apply_edit(audio, RATE, SoundEdit(stop=0.5)).audio
    assert begin[0, 0] == audio[0, 0] and abs(begin[0, -1]) < 0.001
    end = apply_edit(audio, RATE, SoundEdit(start=0.5)).audio
    assert end[0, -1] == audio[0, -1] and abs(end[0, 0]) < 0.001


def test_reverse_and_gain() -> None:
    audio = ramp()
    edited = apply_edit(audio, RATE, SoundEdit(reverse=True, gain_db=-6.0)).audio
    expected = audio[:, ::-1] * np.float32(10 ** (-6 / 20))
    np.testing.assert_allclose(edited[:, MICRO:-MICRO], expected[:, MICRO:-MICRO], rtol=1e-6)
    # what was the first sample of a hit is now the last one: a step that nothing follows
    assert abs(edited[0, 0]) < 0.001 and abs(edited[0, -1]) < 0.001
    assert edited.flags.c_contiguous


def test_fades_come_behind_the_reversal() -> None:
    audio = np.ones((2, RATE), np.float32)
    for reverse in (False, True):
        edit = SoundEdit(start=0.25, stop=0.75, reverse=reverse, fade_in=0.1, fade_out=0.2)
        edited = apply_edit(audio, RATE, edit).audio[0]
        assert edited.size == RATE // 2
        rise, fall = edited[: RATE // 10], edited[-RATE // 5 :]
        assert (np.diff(rise) > 0).all() and (np.diff(fall) < 0).all()
        assert rise[RATE // 20] == pytest.approx(0.5, abs=0.001)
        assert fall[RATE // 10] == pytest.approx(0.5, abs=0.001)
        assert (edited[RATE // 10 : -RATE // 5] == 1).all()


def test_fades_longer_than_the_sound_end_with_it() -> None:
    audio = np.ones((1, RATE), np.float32)
    edited = apply_edit(audio, RATE, SoundEdit(fade_in=9.0, fade_out=1e300)).audio[0]
    assert edited[0] < 1e-6 and edited[-1] < 1e-6
    assert edited.max() == pytest.approx(0.25, abs=0.001)


def test_a_loop_is_shorter_by_its_crossfade_and_has_no_fades() -> None:
    audio = ramp()
    edit = SoundEdit(start=0.2, stop=0.8, fade_in=0.1, fade_out=0.1, loop_crossfade=0.1)
    edited = apply_edit(audio, RATE, edit)
    samples = round(0.5 * RATE)
    assert edited.audio.shape == (2, samples)
    assert edited.loop == (0, samples - 1)
    first, fade = round(0.2 * RATE), round(0.1 * RATE)
    assert (edited.audio[:, fade:] == audio[:, first + fade : first + samples]).all()
    # the first sample is what followed the last one in the take
    assert edited.audio[0, 0] == pytest.approx(audio[0, first + samples], abs=1e-4)


@pytest.mark.parametrize("reverse", [False, True])
def test_the_loop_that_is_found_lies_within_what_is_kept_and_closes(reverse: bool) -> None:
    audio = np.random.default_rng(5).standard_normal((2, 3 * RATE)).astype(np.float32) / 8
    found = loop_of(audio, RATE, SoundEdit(start=0.5, stop=2.5, gain_db=-3.0, reverse=reverse))
    assert found.is_loop
    assert (found.reverse, found.gain_db) == (reverse, -3.0)
    start, stop = found.kept(3.0)
    assert 0.5 <= start < stop <= 2.5
    edited = apply_edit(audio, RATE, found)
    assert edited.loop is not None
    assert seam_score(edited.audio, RATE, *edited.loop) <= 1
    # once more it looks in what the loop keeps, not only in what it repeats
    again = loop_of(audio, RATE, found)
    assert start <= again.start < stop


def test_a_crossfade_takes_half_of_the_sound_at_most() -> None:
    edited = apply_edit(ramp(), RATE, SoundEdit(loop_crossfade=1e300))
    assert edited.audio.shape == (2, RATE // 2)


def test_what_all_steps_do_together_is_what_they_do_in_turn() -> None:
    audio = np.random.default_rng(1).normal(0, 0.1, (2, RATE)).astype(np.float32)
    before = audio.copy()
    whole = apply_edit(
        audio, RATE, SoundEdit(0.1, 0.9, reverse=True, gain_db=3.0, loop_crossfade=0.2)
    )
    # cut, turned and louder by hand; the loop alone is left
    part = audio[:, round(0.1 * RATE) : round(0.9 * RATE)][:, ::-1] * np.float32(10 ** (3 / 20))
    step = apply_edit(part, RATE, SoundEdit(loop_crossfade=0.2))
    np.testing.assert_allclose(whole.audio, step.audio, atol=1e-7)
    assert whole.loop == step.loop
    assert (audio == before).all()


@pytest.mark.parametrize(
    "edit",
    [
        UNTOUCHED,
        SoundEdit(stop=0.5, reverse=True, gain_db=40, fade_in=1, fade_out=1),
        SoundEdit(loop_crossfade=0.1, reverse=True),
        SoundEdit(loop_crossfade=1e-9),
    ],
)
@pytest.mark.parametrize("samples", [0, 1, 2, 3])
def test_sounds_of_no_and_of_few_samples(samples: int, edit: SoundEdit) -> None:
    edited = apply_edit(np.full((2, samples), 0.1, np.float32), RATE, edit)
    assert edited.audio.shape[0] == 2
    assert min(samples, 1) <= edited.audio.shape[1] <= samples
    assert np.isfinite(edited.audio).all()
    is_loop = edit.is_loop and samples > 0
    assert edited.loop == ((0, edited.audio.shape[1] - 1) if is_loop else None)


def test_an_edit_behind_the_end_is_one_clear_error() -> None:
    with pytest.raises(RequestError, match=r"at 1 s, but the sound is only 1\.000 s") as found:
        apply_edit(ramp(), RATE, SoundEdit(start=1.0))
    assert found.value.hint
    with pytest.raises(RequestError, match="begins at 1e"):
        apply_edit(ramp(), RATE, SoundEdit(start=1e300))


def test_some_sample_is_always_kept() -> None:
    assert kept_samples(RATE, RATE, SoundEdit(start=0.5, stop=0.5 + 1e-9)) == (22_050, 22_051)
    assert kept_samples(RATE, RATE, SoundEdit(stop=1e300)) == (0, RATE)
    assert kept_samples(0, RATE, SoundEdit(start=3.0)) == (0, 0)
