from __future__ import annotations

import pytest

from sa_studio.vocabulary.sounds import SoundClass, Vocabulary, is_found
from tests.known_sounds import KNOWN


def test_sounds_are_grouped_in_the_models_order() -> None:
    groups = KNOWN.by_category()
    assert list(groups) == ["Drums", "Loops", "Nature", "Machines", "Foley", "Noise"]
    assert [sound.label for sound in groups["Nature"]] == ["heavy rain", "wind", "thunder"]


def test_without_a_category_there_is_a_heading_all_the_same() -> None:
    assert list(Vocabulary((SoundClass("pop"),)).by_category()) == ["Sounds"]


@pytest.mark.parametrize("typed", ["", "hat", "HI-HAT", "hihat", "hi hat", "tick closed", "drums"])
def test_a_search_finds(typed: str) -> None:
    assert is_found(typed, ("Drums", "closed hi-hat", "hi-hat tick"))


@pytest.mark.parametrize("typed", ["snare", "hat snare", "cat"])
def test_a_search_does_not_find(typed: str) -> None:
    assert not is_found(typed, ("Drums", "closed hi-hat", "hi-hat tick"))
