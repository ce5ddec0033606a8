from __future__ import annotations

import re
import threading
from pathlib import Path

import pytest

from sa_studio.audio.naming import claim, clip_file_name, slug
from sa_studio.errors import AudioFileError
from sa_studio.generation import MAX_SEED, GenerationRequest


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kick drum, dry!", "kick-drum-dry"),
        ("Über Äpfel", "uber-apfel"),
        ("../../etc/passwd", "etc-passwd"),
        ('a<b>c:d"e/f\\g|h?i*j', "a-b-c-d-e-f-g-h-i-j"),
        ("  --  ", "sound"),
        ("🥁", "sound"),
        ("雨", "sound"),
        ("", "sound"),
        ("CON", "con-sound"),
        ("lpt1", "lpt1-sound"),
        ("console", "console"),
        ("trailing dot.", "trailing-dot"),
        ("two\nlines", "two-lines"),
        ("\ud800", "sound"),
    ],
)
def test_slugs_are_plain_words(text: str, expected: str) -> None:
    assert slug(text) == expected


def test_names_are_short_and_hold_nothing_that_windows_refuses() -> None:
    name = clip_file_name(GenerationRequest("very long words " * 200, seed=MAX_SEED))
    assert len(name) <= 100
    assert re.fullmatch(r"[a-z0-9-]+_4294967295\.wav", name)
    assert "-_" not in name


def test_a_claimed_name_is_never_given_twice(tmp_path: Path) -> None:
    names = [claim(tmp_path / "kick.wav").name for _ in range(3)]
    assert names == ["kick.wav", "kick 2.wav", "kick 3.wav"]


def test_threads_that_claim_at_once_get_different_names(tmp_path: Path) -> None:
    names: list[str] = []
    threads = [
        threading.Thread(
            target=lambda: names.extend(claim(tmp_path / "a.wav").name for _ in range(20))
        )
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(names)) == 80


def test_a_folder_that_is_gone_is_reported(tmp_path: Path) -> None:
    with pytest.raises(AudioFileError, match="No such file"):
        claim(tmp_path / "none" / "a.wav")
