"""Looks at a cue sheet: what is wrong with it, or what it will make."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sa_studio.errors import SheetError
from sa_studio.service import Batch, RowReport, Studio, parse_sheet


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of looking at a sheet: a batch that can begin, or what is wrong, line by line."""

    batch: Batch | None
    problem: str = ""
    lines: tuple[str, ...] = ()


def check_sheet(
    studio: Studio,
    text: str,
    name: str,
    folder: Path | None,
    *,
    profile: str,
    show: Callable[[RowReport], object],
) -> Checked:
    """Look at a sheet; it reads what is in the folder, so call it on a thread that may wait.

    Args:
        text: the sheet.
        name: what it is called.
        folder: where it goes; ``None`` if that is not known yet.
        profile: of the rows that name none.
        show: called with every row, once the batch is made.
    """
    # what is there already can be told only of the folder that it goes to
    place = folder or studio.data.root / "no folder is chosen"
    try:
        batch = studio.batch(parse_sheet(text, name), place, show=show, profile=profile)
    except SheetError as error:
        return Checked(None, error.one_line(), error.problems)
    return Checked(batch)


def plan_text(batch: Batch) -> str:
    """Such as "200 rows, 260 sounds; 18 of the rows are there already and stay"."""
    count = len(batch.rows)
    sounds = sum(row.report().count for row in batch.rows)
    there = sum(row.state.is_done for row in batch.rows)
    text = f"{'1 row' if count == 1 else f'{count} rows'}, "
    text += "1 sound" if sounds == 1 else f"{sounds} sounds"
    return text + (f"; {there} of the rows are there already and stay" if there else "")
