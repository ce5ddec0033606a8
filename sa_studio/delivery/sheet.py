"""Cue sheets: which sounds a project needs, one a row."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sa_studio.delivery import sheet_columns
from sa_studio.delivery.sheet_columns import COLUMNS, column_named
from sa_studio.delivery.table import Table, decode, read_table
from sa_studio.errors import SheetError

MAX_COUNT = 99  # numbers have two digits
_PARSERS: dict[str, tuple[Callable[[str], Any], str]] = {
    "seconds": (sheet_columns.seconds, "Use seconds, such as 2.5."),
    "count": (sheet_columns.whole, f"Use a whole number, 1 to {MAX_COUNT}."),
    "seed": (sheet_columns.whole, "Use a whole number with all its digits, or leave it empty."),
    "steps": (sheet_columns.whole, "Use a whole number, or leave it empty."),
    "guidance": (sheet_columns.number, "Use a number such as 3.5, or leave it empty."),
    "set": (sheet_columns.yes, "Use yes for a round robin, or leave it empty."),
}


@dataclass(frozen=True, slots=True)
class Cue:
    """A row: what to make and how to deliver it. What is empty or ``None`` is left to others.

    Attributes:
        row: its number in the sheet, as a spreadsheet shows it.
        name: what the sound is called; as the prompt, if the row does not say.
        category: as typed.
        count: how many variations.
        profile: the name of one.
        folder: below the destination, in front of those of the profile.
        is_round_robin: the variations are to be played in turns.
    """

    row: int
    name: str
    prompt: str
    seconds: float | None = None
    category: str = ""
    count: int = 1
    profile: str = ""
    negative: str = ""
    seed: int | None = None
    model: str = ""
    steps: int | None = None
    guidance: float | None = None
    collection: str = ""
    folder: str = ""
    notes: str = ""
    is_round_robin: bool = False


@dataclass(frozen=True, slots=True)
class SheetProblem:
    """Something that is wrong with a sheet; ``row`` 0 is the sheet as a whole."""

    row: int
    column: str
    message: str
    hint: str

    def one_line(self) -> str:
        """Where, what, and what to do."""
        where = f"row {self.row}" if self.row else "the sheet"
        where += f", {self.column}" if self.column else ""
        return f"{where}: {self.message}. {self.hint}"


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a sheet asks for.

    Attributes:
        name: the sheet's.
        cues: the rows that could be read.
        problems: everything that is wrong with the others, by row.
        delimiter: what stood between the cells.
    """

    name: str
    cues: tuple[Cue, ...]
    problems: tuple[SheetProblem, ...] = ()
    delimiter: str = ","


def read_sheet(path: Path) -> Sheet:
    """Read a sheet from a file: CSV with commas, semicolons or tabs, of any usual encoding.

    Raises:
        SheetError: it cannot be read at all; problems of single rows are in the sheet.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise SheetError(
            f"The sheet {str(path)!r} cannot be read ({error.strerror or error})",
            "Name a CSV file.",
        ) from error
    # a file may be called what is no text
    return parse_sheet(decode(content), path.stem.encode(errors="replace").decode())


def parse_sheet(text: str, name: str) -> Sheet:
    """Read a sheet from text, such as cells that were copied from a spreadsheet.

    Raises:
        SheetError: there is no table in it.
    """
    table = read_table(text, lambda cell: column_named(cell) is not None)
    columns, problems = _columns(table)
    cues, named = [], []
    for row, cells in table.rows:
        values, found = _values(row, cells, columns)
        named.append((row, values.get("folder", ""), values.get("name", "")))
        if not found and "prompt" in values:
            cues.append(Cue(row=row, **values))
        problems += found
    if not table.rows:
        problems.append(SheetProblem(0, "", "There are no rows below the first", "Add some."))
    problems += _names_twice(named)
    problems.sort(key=lambda problem: problem.row)
    return Sheet(name, tuple(cues), tuple(problems), table.delimiter)


def _columns(table: Table) -> tuple[list[str | None], list[SheetProblem]]:
    """What each column is, and problems of the first row.

    A column is empty if it has no title, and ``None`` if it is not to be read.
    """
    problems: list[SheetProblem] = []
    columns: list[str | None] = []
    for title in table.header:
        column = column_named(title) if title else ""
        message = hint = ""
        if column is None:
            close = difflib.get_close_matches(title.casefold(), COLUMNS, 1)
            message = "Unknown column"
            hint = f"Did you mean {close[0]}? " if close else ""
            hint += f"The columns are {', '.join(COLUMNS)}."
        elif column and column in columns:
            message, hint = f"A second column says the {column}", "Remove or rename one of them."
            column = None
        if message:
            problems.append(SheetProblem(table.header_row, title, message, hint))
        columns.append(column)
    if "prompt" not in columns:
        problems.append(
            SheetProblem(
                table.header_row,
                "",
                "There is no column for the prompt",
                "The first row names the columns, such as: name, prompt, seconds, count.",
            )
        )
    return columns, problems


def _values(
    row: int, cells: Sequence[str], columns: Sequence[str | None]
) -> tuple[dict[str, Any], list[SheetProblem]]:
    """The values of a row by the names that :class:`Cue` has for them."""
    problems: list[SheetProblem] = []
    values: dict[str, Any] = {}

    def problem(column: str, message: str, hint: str) -> None:
        problems.append(SheetProblem(row, column, message, hint))

    for index, text in enumerate(cells):
        column = columns[index] if index < len(columns) else ""
        if not text or column is None:
            continue
        if not column:
            problem(
                "",
                f"{short(text)} stands in a column without a title",
                "Give the column a title, or put a text with commas in quotation marks.",
            )
        elif column in _PARSERS:
            parse, hint = _PARSERS[column]
            try:
                values[column] = parse(text)
            except ValueError:
                problem(column, f"{short(text)} cannot be used here", hint)
        else:
            values[column] = text
    if "prompt" in columns and "prompt" not in values:
        problem("prompt", "The prompt is empty", "Describe the sound in a few words.")
    if not 1 <= values.get("count", 1) <= MAX_COUNT:
        problem("count", f"{values['count']} variations cannot be made", _PARSERS["count"][1])
    if "prompt" in values:
        values.setdefault("name", values["prompt"])
    if "set" in values:
        values["is_round_robin"] = values.pop("set")
    return values, problems


def _names_twice(named: Sequence[tuple[int, str, str]]) -> list[SheetProblem]:
    """Problems of names that would be those of two files; each is a row, a folder and a name."""
    first: dict[tuple[str, str], int] = {}
    problems = []
    for row, folder, name in named:
        if not name:
            continue
        # file names hold letters and digits, and not much else
        bare = re.sub(r"[\W_]+", " ", name.casefold()).strip() or name
        earlier = first.setdefault((folder.casefold(), bare), row)
        if earlier != row:
            problems.append(
                SheetProblem(
                    row,
                    "name",
                    f"{short(name)} is the name in row {earlier} already",
                    "Give each sound a name of its own, or set the count for variations.",
                )
            )
    return problems


def short(text: str) -> str:
    """A text in quotation marks, with not too much of it."""
    return repr(text if len(text) <= 40 else f"{text[:39]}…")
