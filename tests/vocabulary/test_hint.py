"""Which prompts get a hint, and which one."""

from __future__ import annotations

import time

import pytest

from sa_studio.vocabulary.hint import PromptHint, hint_for, with_added
from sa_studio.vocabulary.sounds import NOTHING_SAID
from tests.known_sounds import KNOWN


def hint(prompt: str) -> PromptHint:
    found = hint_for(prompt, KNOWN)
    assert found is not None
    return found


@pytest.mark.parametrize("name", [name for sound in KNOWN.classes for name in sound.names])
def test_every_name_is_known(name: str) -> None:
    for prompt in (name, name.upper(), f"huge {name}s, C4, 120 bpm", " ".join(name.split()[::-1])):
        assert hint_for(prompt, KNOWN) is None, prompt


@pytest.mark.parametrize(
    "prompt",
    [
        "techno",
        "vinyl",
        "KICKS!",
        "120 BPM techno, F# minor",
        "ambulance siren passing by",
        "hihat",
        "hi hat",
        "handclap",
        "hand-claps",
        "a gun shot in a hall",
        "two {wooden|metal} drums",
        "dolphin in the rain",
    ],
)
def test_one_word_that_tells_is_enough(prompt: str) -> None:
    assert hint_for(prompt, KNOWN) is None


@pytest.mark.parametrize("prompt", ["", "  \n", "…", "120", "C4", "F#2 Bb", "the", "🎧"])
def test_nothing_is_said_where_nothing_is_asked(prompt: str) -> None:
    assert hint_for(prompt, KNOWN) is None


def test_a_model_that_does_not_say_what_it_knows_gets_no_hint() -> None:
    assert hint_for("dolphin", NOTHING_SAID) is None


@pytest.mark.parametrize(
    ("prompt", "unknown"),
    [
        ("dolphin", ("dolphin",)),
        ("Dolphin, bright, in a hall, 120 bpm", ("Dolphin",)),
        ("howling wolf", ("wolf",)),
        ("tin can", ("can",)),
        ("dog loop", ("dog",)),
        ("cat and cat", ("cat",)),
        ("дождь", ("дождь",)),
        ("closed book", ("book",)),
    ],
)
def test_only_what_is_unknown_is_named(prompt: str, unknown: tuple[str, ...]) -> None:
    assert hint(prompt).unknown == unknown


@pytest.mark.parametrize("prompt", ["bright, in a hall", "loop", "metal", "120 bpm", "heavy"])
def test_attributes_alone_are_no_sound(prompt: str) -> None:
    assert hint(prompt).unknown == ()


@pytest.mark.parametrize(
    ("prompt", "nearest"),
    [
        ("thnder", ("thunder",)),
        ("thunderstorm", ("thunder",)),
        ("police", ("siren",)),
        ("tin whistle", ("heavy rain",)),
        ("noise", ("white noise",)),
        ("heavy dolphin", ()),
        ("train", ()),
        ("howling tehcno", ("wind", "techno loop")),
    ],
)
def test_what_comes_near_is_found_by_its_words(prompt: str, nearest: tuple[str, ...]) -> None:
    assert hint(prompt).nearest == nearest


@pytest.mark.parametrize(
    ("prompt", "better"),
    [
        ("dolphin", "wind"),
        ("a huge dolphin in a hall", "a huge wind in a hall"),
        ("cat meowing, bright", "wind, bright"),
        ("cat, dog", "wind, dog"),
        ("bright, in a hall. ", "bright, in a hall, wind"),
    ],
)
def test_a_sound_takes_the_place_of_what_is_unknown(prompt: str, better: str) -> None:
    assert hint(prompt).with_sound(prompt, "wind") == better
    assert hint_for(better, KNOWN) is None


@pytest.mark.parametrize(
    ("prompt", "more"), [("", "wind"), ("rain", "rain, wind"), ("rain, \n", "rain, wind")]
)
def test_a_sound_is_added(prompt: str, more: str) -> None:
    assert with_added(prompt, "wind") == more


def test_a_long_prompt_is_looked_at_in_no_time() -> None:
    prompt = " ".join(f"unheard{'abcdefghij'[n % 10]}{'klmnop'[n % 6]}" for n in range(200))
    hint(prompt)  # the vocabulary is taken in once
    begin = time.perf_counter()
    hint(prompt)
    assert time.perf_counter() - begin < 0.1
