"""Which page of a long list is read next."""

from __future__ import annotations

import pytest

from sa_studio.generation import Clip, ClipState, GenerationRequest
from sa_studio.ui.clip_rows import ClipRows
from sa_studio.ui.page_reader import AHEAD, PAGE, next_page


def held(count: int, *stretches: range) -> ClipRows:
    rows = ClipRows(count)
    for row in (row for stretch in stretches for row in stretch):
        rows.put(row, Clip(f"id{row}", "j", 0, GenerationRequest("r"), ClipState.QUEUED, 0.0))
    return rows


@pytest.mark.parametrize(
    ("stretches", "shown", "start"),
    [
        ((), (500, 509), 480),  # a jump: as much above as below
        ((), (0, 9), 0),
        ((), (990, 999), 970),
        ((), (500, 599), 500),  # a view that shows more than a page begins on top
        ((range(500, 550),), (545, 554), 550),  # scrolled down
        ((range(500, 550),), (495, 504), 500 - PAGE),  # scrolled up
        ((range(20, 50),), (15, 24), 0),
        ((range(500, 550),), (510, 549 - AHEAD + 1), 550),  # soon to be in sight
        ((range(500, 550),), (500 + AHEAD - 1, 520), 500 - PAGE),
        ((range(500, 550),), (500 + AHEAD, 549 - AHEAD), None),
        ((range(50),), (0, 9), None),
        ((range(990, 1000), range(960, 990)), (990, 1020), None),
        ((), (-1, -1), 0),
    ],
)
def test_the_page_suits_what_is_shown(
    stretches: tuple[range, ...], shown: tuple[int, int], start: int | None
) -> None:
    assert next_page(held(1000, *stretches), *shown) == start


def test_an_empty_list_needs_no_page() -> None:
    assert next_page(ClipRows(0), -1, -1) is None
