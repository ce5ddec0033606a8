"""A designer's day in the real window, with a mouse and a keyboard alone.

``SA_STUDIO_SHOTS=docs/desk python3 dev.py test tests/ui/test_story.py`` makes the sounds as long as
they are meant to be, and saves the pictures of ``docs/desk.md``.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from sa_studio.paths import DataFolder
from tests.ui.desk import Desk, Look, desk_on_screen

DOORS, GLASS = "heavy wooden door slam, hall", "small glass bottle breaks"
MAKING = 300.0  # seconds; a few on an idle machine, torch's import included
WELCOME = "welcome_sheet"
KEPT_BETWEEN_STARTS = (
    "prompt_edit",
    "duration_spin",
    "count_spin",
    "steps_spin",
    "seed_spin",
    "model_combo",
    "take_count_label",
)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    with desk_on_screen("1520x940", tmp_path, monkeypatch) as made:
        yield made


def library(data: Path) -> list[tuple[str, int, str]]:
    """What the file of the library says: prompt, stars and verdict of each take, newest first."""
    with closing(sqlite3.connect(f"file:{DataFolder(data).library}?mode=ro", uri=True)) as db:
        return db.execute(
            "SELECT prompt, stars, verdict FROM clip WHERE state = 'finished' "
            "ORDER BY created_at DESC, position"
        ).fetchall()


def test_six_takes_are_made_heard_judged_compared_found_and_kept(
    desk: Desk, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    desk.open()
    skip_the_welcome(desk)
    make_six_takes(desk)
    assert [prompt for prompt, _, _ in library(data)] == [GLASS] * 3 + [DOORS] * 3
    hear_them(desk)
    judge_them(desk)
    decided = [
        (GLASS, 0, "reject"), (GLASS, 0, "reject"), (GLASS, 0, "keep"),
        (DOORS, 5, ""), (DOORS, 0, "reject"), (DOORS, 4, ""),
    ]  # fmt: skip
    assert library(data) == decided
    compare_two(desk)
    search(desk)
    look_closer(desk)
    see_all_keys(desk)
    switch_the_light_on(desk)
    before = desk.see()
    desk.close()
    after = desk.open()
    assert_as_it_was(before, after)
    assert library(data) == decided
    find_the_rejected(desk)
    desk.close()


def is_done(take: str) -> bool:
    """A finished take says how long it is."""
    return re.search(r"\d s(,|$)", take) is not None


def skip_the_welcome(desk: Desk) -> None:
    desk.see(lambda look: look.sees(WELCOME))
    desk.picture("welcome")
    desk.click("welcome_skip_button")
    desk.see(lambda look: not look.sees(WELCOME))


def make_six_takes(desk: Desk) -> None:
    """Two jobs of three; the second waits for the first."""
    desk.fill("prompt_edit", DOORS)
    desk.click("advanced_button")
    desk.fill("duration_spin", "2.5" if desk.pictures else "1")
    desk.fill("count_spin", "3")
    desk.fill("seed_spin", "100")
    desk.fill("steps_spin", "16" if desk.pictures else "4")
    desk.key("ctrl+Return")
    desk.see(lambda look: len(look.rows) == 3)
    desk.scroll_to_top("form_scroll")
    desk.fill("prompt_edit", GLASS)
    desk.key("ctrl+Return")
    desk.see(lambda look: len(look.rows) == 6)
    if desk.pictures:
        desk.see(
            lambda look: (
                re.search(r"step 1\d", look.says("waveform_view")) or is_done(look.takes[3])
            ),
            at_rest=False,
            patience=MAKING,
        )
        desk.picture("making")
    done = desk.see(lambda look: all(map(is_done, look.takes)), patience=MAKING)
    assert len(done.takes) == 6
    assert [take.startswith(GLASS) for take in done.takes] == [True] * 3 + [False] * 3


def hear_them(desk: Desk) -> None:
    """Arrow through them: each is shown and plays at once."""
    desk.click_row(0)
    desk.picture("takes")
    for row in range(1, 6):
        desk.key("Down")
        desk.see(
            lambda look, row=row: (
                look.current == row and look.widgets["play_button"]["name"] == "Stop"
            ),
            at_rest=False,
        )


def judge_them(desk: Desk) -> None:
    """Star two, keep one, reject three; take the last one back and do it again."""
    desk.key("4")
    desk.see(lambda look: "4 stars" in look.takes[5])
    desk.key("Up", "Up")
    desk.see(lambda look: look.current == 3)
    desk.key("5")
    desk.see(lambda look: "5 stars" in look.takes[3])
    desk.click_row(0)
    desk.key("Left")
    desk.see(lambda look: len(look.rows) == 5)
    desk.key("Left")
    desk.see(lambda look: len(look.rows) == 4)
    desk.key("Right")
    desk.see(lambda look: "kept" in look.takes[0])
    desk.click_row(2)
    desk.key("Left")
    desk.see(lambda look: len(look.rows) == 3)
    desk.key("ctrl+z")
    desk.see(lambda look: len(look.rows) == 4)
    desk.key("ctrl+shift+z")
    left = desk.see(lambda look: len(look.rows) == 3 and look.says("take_count_label") == "3 takes")
    assert "kept" in left.takes[0]
    assert "5 stars" in left.takes[1]
    assert "4 stars" in left.takes[2]
    desk.picture("decided")


def compare_two(desk: Desk) -> None:
    """Mark one, show the other, and go to and fro."""
    desk.click_row(1)
    desk.click("mark_button")
    desk.see(lambda look: look.is_on("mark_button"))
    desk.key("Down")
    shown = desk.see(lambda look: look.current == 2 and look.sees("compare_chip"))
    desk.key("x")
    marked = desk.see(lambda look: look.text("compare_chip") != shown.text("compare_chip"))
    desk.picture("compare")
    desk.key("x")
    desk.see(lambda look: look.text("compare_chip") not in ("", marked.text("compare_chip")))


def search(desk: Desk) -> None:
    """Words narrow the list; letters that are keys elsewhere are only letters here."""
    before = desk.see()
    desk.key("f")
    desk.see(lambda look: look.focus == "search_edit")
    desk.type("slam")
    found = desk.see(lambda look: look.text("search_edit") == "slam" and len(look.rows) == 2)
    assert all(take.startswith(DOORS) for take in found.takes)
    assert found.is_on("loop_button") == before.is_on("loop_button")
    assert found.text("seed_spin") == before.text("seed_spin")
    desk.picture("search")
    desk.key("ctrl+a", "BackSpace")
    desk.see(lambda look: len(look.rows) == 3)
    desk.key("Return")
    desk.see(lambda look: look.focus == "history_list")


def look_closer(desk: Desk) -> None:
    """The spectrogram above the same seconds as the waveform."""
    desk.click("show_both_button")
    seen = desk.see(
        lambda look: (
            look.sees("spectrogram_view")
            and "seconds" in look.says("spectrogram_view")
            and "worked out" not in look.says("spectrogram_view")
        )
    )
    assert "LUFS" in seen.says("take_levels_label") + seen.text("take_levels_label")
    desk.picture("spectrogram")


def see_all_keys(desk: Desk) -> None:
    desk.key("ctrl+slash")
    keys = desk.see(lambda look: look.sees("key_overlay")).says("key_overlay")
    for text in ("Generate", "Reject", "A/B with the marked take"):
        assert text in keys
    desk.picture("keys")
    desk.key("Escape")
    desk.see(lambda look: not look.sees("key_overlay"))


def switch_the_light_on(desk: Desk) -> None:
    desk.choose("menu_button", "Light")
    desk.picture("light")


def assert_as_it_was(before: Look, after: Look) -> None:
    assert after.takes == before.takes
    for name in KEPT_BETWEEN_STARTS:
        assert after.text(name) == before.text(name), name
    assert after.is_on("show_both_button")
    assert after.is_on("advanced_button")
    assert after.content["window"] == before.content["window"]
    assert not after.sees(WELCOME)


def find_the_rejected(desk: Desk) -> None:
    """The theme is light still, and what was rejected is hidden, not gone."""
    desk.click("menu_button")
    assert desk.see(lambda look: "Light" in look.menus).menus["Light"]["checked"]
    desk.key("Escape")
    desk.see(lambda look: not look.menus)
    desk.choose("verdict_filter", "Rejected")
    rejected = desk.see(
        lambda look: look.says("take_count_label") == "3 takes" and len(look.rows) == 3
    )
    assert all("rejected" in take for take in rejected.takes)
