"""Prompts that stand for several."""

from __future__ import annotations

from itertools import product

import pytest

from sa_studio.vocabulary.placeholders import (
    PlaceholderError,
    can_be_blank,
    expand,
    literal,
    longest,
    variants,
)

BIG = 2**32 - 1


def all_of(text: str) -> list[str]:
    return [expand(text, seed) for seed in range(variants(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("rain", ["rain"]),
        ("", [""]),
        ("{a|b}", ["a", "b"]),
        ("{a|}", ["a", ""]),
        ("{|}", ["", ""]),
        ("{wood|metal} hit", ["wood hit", "metal hit"]),
        ("{a|{b|c}}", ["a", "b", "c"]),
        ("{{x|y} wood|metal}", ["x wood", "y wood", "metal"]),
        ("{plain}", ["{plain}"]),
        ("{}", ["{}"]),
        ("{plain {a|b}}", ["{plain a}", "{plain b}"]),
        ("a | b", ["a | b"]),
        (r"\{a|b\}", ["{a|b}"]),
        (r"{a\|b|c}", ["a|b", "c"]),
        (r"{a\}|c}", ["a}", "c"]),
        (r"{a|b\\}", ["a", "b\\"]),
        (r"back\slash \n", [r"back\slash \n"]),
        ("end\\", ["end\\"]),
        ("{🥁|🎧}!", ["🥁!", "🎧!"]),
        ("two\nlines {a|b}", ["two\nlines a", "two\nlines b"]),
    ],
)
def test_what_a_text_stands_for(text: str, expected: list[str]) -> None:
    assert all_of(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{big|} impact", "impact"),
        ("a {big|} impact", "a impact"),
        ("impact, {short|}", "impact"),
        ("impact, {short|}, hall", "impact, hall"),
        ("{short|}, impact", "impact"),
        ("impact {short|}, hall", "impact, hall"),
    ],
)
def test_an_empty_variant_leaves_no_hole(text: str, expected: str) -> None:
    assert expand(text, 1) == expected


def test_what_has_no_placeholder_is_left_as_it_was_typed() -> None:
    text = " two  spaces , and a comma, "
    assert expand(text, 5) == text


@pytest.mark.parametrize(
    "sizes", [(2, 2), (3, 2), (2, 4), (4, 2), (2, 2, 2), (4, 6, 3), (6, 4, 9), (3, 3, 3)]
)
@pytest.mark.parametrize("first", [0, 5, BIG - 2, 123_456_789])
def test_seeds_in_a_row_say_every_variant_once(sizes: tuple[int, ...], first: int) -> None:
    words = [[f"{place}{n}" for n in range(size)] for place, size in enumerate(sizes)]
    text = " ".join(f"{{{'|'.join(group)}}}" for group in words)
    wanted = sorted(" ".join(combination) for combination in product(*words))
    assert sorted(expand(text, first + n) for n in range(variants(text))) == wanted


def test_few_takes_differ_in_every_place() -> None:
    first, second = expand("{a|b} {c|d}", 4), expand("{a|b} {c|d}", 5)
    assert not set(first.split()) & set(second.split())
    said = [expand("{wood|metal|glass} impact, {short|long}", seed) for seed in (9, 10, 11)]
    assert len({text.split()[0] for text in said}) == 3
    assert len({text.split()[-1] for text in said}) == 2


def test_a_seed_says_the_same_alone() -> None:
    text = "{a|b|c} {d|e|{f|g}}"
    assert expand(text, 77) == [expand(text, seed) for seed in range(70, 80)][7]


def test_more_variants_than_atoms_are_no_trouble() -> None:
    text = "{a|b}" * 400
    assert variants(text) == 2**400
    assert len(expand(text, BIG)) == 400
    assert len(longest(text).text) == 400


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{a|b", "“{” is never closed before “a|b”"),
        ("{", "“{” is never closed"),
        ("a} b", "“}” closes nothing after “a”"),
        ("}", "“}” closes nothing"),
        ("{a|{b}", "never closed before “a|{b}”"),
        (r"{a|b\}", "never closed"),
        (r"\{a|b}", "closes nothing"),
        ("{" * 9 + "}" * 9, "nested deeper than 8"),
        ("{" * 1999, "nested deeper"),
    ],
)
def test_braces_that_do_not_match_are_said_in_a_line(text: str, said: str) -> None:
    for look in (variants, longest, can_be_blank, lambda text: expand(text, 0)):
        with pytest.raises(PlaceholderError, match=r"nested|close[sd]") as caught:
            look(text)
        assert said in caught.value.message
        assert "\\{" in caught.value.hint


@pytest.mark.parametrize(
    ("text", "blank"),
    [
        ("", True),
        (" \n", True),
        ("{a|}", True),
        ("{a|}, {b|}", True),
        ("{a| {b|}}", True),
        ("{a|b}", False),
        ("{a|} x", False),
        ("{}", False),
    ],
)
def test_whether_nothing_can_be_left(text: str, blank: bool) -> None:
    assert can_be_blank(text) is blank
    if not blank:
        assert all(said.strip() for said in all_of(text))


def test_the_longest_variant_knows_where_its_letters_stand() -> None:
    found = longest(r"{wood|metal} \{hit")
    assert found.text == "metal {hit"
    assert found.places == (6, 7, 8, 9, 10, 12, 13, 15, 16, 17)


@pytest.mark.parametrize(
    "text", ["rain", "{a|b}", "{", "a}b", "a | b", "\\", r"\{", "{plain}", "", "{a|b", r"x\\y"]
)
def test_every_text_can_be_written(text: str) -> None:
    for seed in range(3):
        assert expand(literal(text), seed) == text


def test_a_text_that_says_itself_is_written_as_it_is() -> None:
    for text in ("rain", "{plain}", "a | b", "C:\\sounds"):
        assert literal(text) == text
