"""Places in what is heard, found again in the take as it was generated."""

from __future__ import annotations

import pytest

from sa_studio.errors import RequestError
from sa_studio.vocabulary.sound_edit import UNTOUCHED, SoundEdit


def test_a_trim_counts_from_what_is_heard() -> None:
    once = UNTOUCHED.trimmed(4.0, 1.0, 3.0)
    assert once == SoundEdit(start=1.0, stop=3.0)
    twice = once.trimmed(4.0, 0.5, 1.0)
    assert twice.kept(4.0) == (1.5, 2.0)
    assert twice.duration(4.0) == 0.5


def test_a_trim_of_a_reversed_sound_counts_from_its_end() -> None:
    edit = SoundEdit(start=1.0, stop=3.0, reverse=True).trimmed(4.0, 0.25, 1.0)
    assert edit.kept(4.0) == (2.0, 2.75)


def test_places_outside_bring_back_what_was_cut_as_far_as_there_is_any() -> None:
    edit = SoundEdit(start=1.0, stop=3.0)
    assert edit.trimmed(4.0, -0.5, 2.0).kept(4.0) == (0.5, 3.0)
    assert edit.trimmed(4.0, -9.0, 99.0) == UNTOUCHED


def test_nothing_left_is_refused() -> None:
    with pytest.raises(RequestError, match="Nothing"):
        UNTOUCHED.trimmed(4.0, 2.0, 2.0)


def test_fades_are_never_longer_than_what_is_left() -> None:
    edit = SoundEdit(fade_in=1.0, fade_out=0.2).trimmed(4.0, 1.0, 1.5)
    assert (edit.fade_in, edit.fade_out) == (0.5, 0.2)


def test_a_loop_that_is_trimmed_repeats_what_is_kept() -> None:
    loop = SoundEdit(start=0.5, stop=3.0, loop_crossfade=0.5)
    assert loop.duration(4.0) == 2.0
    narrower = loop.trimmed(4.0, 0.5, 1.5)
    assert narrower.duration(4.0) == 1.0
    assert narrower.kept(4.0) == (1.0, 2.5)


@pytest.mark.parametrize("reverse", [False, True])
def test_another_crossfade_keeps_the_repetition(reverse: bool) -> None:
    loop = SoundEdit(start=1.0, stop=3.0, loop_crossfade=0.5, reverse=reverse)
    longer = loop.with_crossfade(4.0, 0.75)
    assert longer.duration(4.0) == 1.5
    assert longer.kept(4.0) == ((0.75, 3.0) if reverse else (1.0, 3.25))
    ended = loop.with_crossfade(4.0, 0.0)
    assert not ended.is_loop
    assert ended.duration(4.0) == 1.5


def test_a_crossfade_that_the_take_has_no_room_for_shortens_the_repetition() -> None:
    edit = UNTOUCHED.with_crossfade(4.0, 0.5)
    assert (edit.kept(4.0), edit.duration(4.0)) == ((0.0, 4.0), 3.5)
    # never longer than what is repeated
    assert UNTOUCHED.with_crossfade(4.0, 3.0).duration(4.0) == 2.0
