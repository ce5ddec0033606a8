"""Rows that are held in part, compared with a plain list."""

from __future__ import annotations

import random

from sa_studio.generation import Clip, ClipState, GenerationRequest
from sa_studio.ui.clip_rows import ClipRows


def make(number: int) -> Clip:
    return Clip(f"id{number}", "job", 0, GenerationRequest("rain"), ClipState.QUEUED, 0.0)


def test_rows_are_found_whatever_comes_and_goes() -> None:
    chance = random.Random(5)  # noqa: S311
    rows, plain, made = ClipRows(30), [None] * 30, 0
    for _ in range(400):
        action = chance.random()
        if action < 0.35 and plain:
            row = chance.randrange(len(plain))
            rows.put(row, clip := make(made))
            plain[row] = clip
            made += 1
        elif action < 0.55:
            new = [make(made + number) for number in range(chance.randint(1, 3))]
            made += len(new)
            rows.insert_on_top(new)
            plain[:0] = new
        elif action < 0.65:
            rows.append(2)
            plain += [None, None]
        elif action < 0.95 and plain:
            first = chance.randrange(len(plain))
            last = min(first + chance.randint(0, 3), len(plain) - 1)
            rows.remove(first, last)
            del plain[first : last + 1]
        elif plain:
            first = chance.randrange(len(plain))
            last = first + 10
            rows.let_go(len(plain), first, last)
            plain = [clip if first <= row <= last else None for row, clip in enumerate(plain)]
        assert [rows.get(row) for row in range(len(rows))] == plain
        held = {clip.id: row for row, clip in enumerate(plain) if clip is not None}
        assert rows.held == len(held)
        assert {clip_id: rows.row(clip_id) for clip_id in held} == held
    assert rows.row("id-1") is None


def test_rows_below_the_last_one_that_is_left_can_be_added() -> None:
    rows = ClipRows(0)
    rows.insert_on_top([make(1)])
    rows.append(1)
    rows.put(1, make(2))
    assert (rows.row("id1"), rows.row("id2")) == (0, 1)


def test_a_few_rows_at_a_time_are_let_go_those_first_that_were_held_first() -> None:
    rows = ClipRows(6)
    for row in (4, 0, 5, 1, 2):
        rows.put(row, make(row))
    rows.let_go(3, 0, 1)
    assert [row for row in range(6) if rows.get(row)] == [0, 1, 2]
    rows.let_go(1, 5, 5)  # row 0 counts as new: it was near a moment ago
    assert [row for row in range(6) if rows.get(row)] == [0, 2]
