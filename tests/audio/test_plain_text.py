from __future__ import annotations

from xml.etree import ElementTree
from xml.sax.saxutils import escape

import pytest

from sa_studio.audio.plain_text import MAX_CHARACTERS, ascii_text, clean, cut, one_line
from tests.audio.combinations import TEXTS


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("kick", "kick"),
        ("  kick\n", "kick"),
        ("a\r\nb\rc\x85d\n\n\te", "a\nb\nc\nd\n\n\te"),
        ("a\0b\x01\x7f\x9f!", "a b   !"),
        ("half \ud83e.", "half \ufffd."),
        ("\ud83e\udd41", "🥁"),
        ("\ufffe\uffff", "\ufffd\ufffd"),
        ("雨 🥁 é", "雨 🥁 é"),
    ],
)
def test_texts_become_valid_and_free_of_controls(text: str, expected: str) -> None:
    assert clean(text) == expected


@pytest.mark.parametrize("text", TEXTS)
def test_clean_texts_go_through_xml_and_utf_8(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    xml = f"<a>{escape(cleaned)}</a>".encode()
    assert (ElementTree.fromstring(xml).text or "") == cleaned  # noqa: S314 (our own)
    assert "\n" not in one_line(text)
    assert ascii_text(text).isascii()


@pytest.mark.parametrize("letter", ["x", "é\n", "🥁", "\ud83e\udd41"])
def test_endless_texts_are_cut(letter: str) -> None:
    assert len(clean(letter * 30_000)) in (MAX_CHARACTERS, MAX_CHARACTERS - 1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Łódź, Straße, Ærø", "Lodz, Strasse, AEro"),
        ("“so” – it’s…", '"so" - it\'s...'),
        ("cafe\u0301", "cafe"),
        ("雨 🥁", "? ?"),
        ("½ ﬁ Ⅳ", "1/2 fi IV"),
        ("a\u200db", "ab"),
    ],
)
def test_what_has_a_like_in_ascii_is_transliterated(text: str, expected: str) -> None:
    assert ascii_text(text) == expected


def test_cutting_leaves_whole_characters() -> None:
    assert [cut("aé🥁", size) for size in range(8)] == [
        "",
        "a",
        "a",
        "aé",
        "aé",
        "aé",
        "aé",
        "aé🥁",
    ]
