from __future__ import annotations

import pytest

from sa_studio.vocabulary.words import before_place, stem, words_of


@pytest.mark.parametrize(
    "forms",
    [
        ("wave", "waves", "Waving"),
        ("hum", "hums", "humming", "hummed"),
        ("hiss", "hisses", "hissing"),
        ("crash", "crashes", "crashing"),
        ("city", "cities"),
        ("glass",),
        ("bass",),
        ("door", "doors", "door's"),
        ("click", "clicks", "clicking", "clicked"),
    ],
)
def test_the_forms_of_a_word_share_a_stem(forms: tuple[str, ...]) -> None:
    assert len({stem(form) for form in forms}) == 1


@pytest.mark.parametrize("word", ["ring", "string", "red", "seed", "glass", "virus", "sun", "808"])
def test_short_words_are_not_cut_to_pieces(word: str) -> None:
    assert stem(word) == word


@pytest.mark.parametrize(
    ("one", "other"), [("ring", "rung"), ("bell", "bed"), ("king", "kick"), ("rain", "train")]
)
def test_different_words_have_different_stems(one: str, other: str) -> None:
    assert stem(one) != stem(other)


def test_words_know_their_places_and_empty_ones_are_left_out() -> None:
    text = "The Dog's bark, in a hall"
    words = words_of(text)
    assert [word.text for word in words] == ["Dog's", "bark", "hall"]
    assert [text[word.start : word.end] for word in words] == ["Dog's", "bark", "hall"]
    assert words[0].stem == "dog"


@pytest.mark.parametrize("text", ["120", "C4", "Bb", "Eb", "F", "120bpm", "808"])
def test_numbers_and_notes_are_measures(text: str) -> None:
    assert [word.is_measure for word in words_of(text)] == [True]


@pytest.mark.parametrize("text", ["bop", "club", "ab initio"])
def test_words_are_no_measures(text: str) -> None:
    assert not words_of(text)[-1].is_measure


@pytest.mark.parametrize(
    ("name", "sound"),
    [
        ("rain on a tin roof", "rain "),
        ("kick drum", "kick drum"),
        ("on", "on"),
        ("gust of wind", "gust of wind"),
    ],
)
def test_where_it_is_does_not_belong_to_the_sound(name: str, sound: str) -> None:
    assert before_place(name) == sound
