"""A table as people hand it over: a CSV of any kind, or what was copied from a spreadsheet."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable
from dataclasses import dataclass

from sa_studio.errors import SheetError

DELIMITERS = ",;\t"
MAX_BYTES = 20 * 2**20
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # Excel's and LibreOffice's own formats
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
HINT = "Save it as CSV, or copy the cells and save what was copied as a text file."


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells.

    Attributes:
        header: the cells of the first row that holds anything.
        header_row: its number, as a spreadsheet shows it, from 1.
        rows: the others that hold anything, with their numbers.
        delimiter: what stood between the cells.
    """

    header: tuple[str, ...]
    header_row: int
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    delimiter: str


def decode(content: bytes) -> str:
    """The text of a file as spreadsheets write them: UTF-8 and UTF-16, else Windows' own letters.

    Raises:
        SheetError: it is no text, or a workbook.
    """
    if content.startswith(WORKBOOKS):
        raise SheetError("The sheet is a workbook, not a text", HINT)
    if len(content) > MAX_BYTES:
        raise SheetError(f"The sheet has {len(content):,} bytes, too many for a sheet", HINT)
    marked = (name for mark, name in BYTE_ORDER_MARKS if content.startswith(mark))
    encoding = next(marked, "utf-8")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        if encoding != "utf-8":
            raise SheetError("The sheet is damaged: not all of it is text", HINT) from None
        text = content.decode("cp1252", errors="replace")
    if "\0" in text:
        raise SheetError("The sheet is no text", HINT)
    return text


def read_table(text: str, is_known: Callable[[str], bool]) -> Table:
    """Take ``text`` apart at commas, semicolons or tabs.

    Args:
        is_known: whether a cell of the first row names a column; the delimiter is the one with
            which most of them do.

    Raises:
        SheetError: there is nothing in it, or a quotation mark is never closed.
    """
    text = text.removeprefix("\ufeff")
    first, _, rest = text.partition("\n")
    # Excel writes such a line and does not show it as a row
    if first[:4].lower() == "sep=" and first[4:5] and first[4:5] in DELIMITERS:
        return _apart(rest, first[4:5])

    def known(delimiter: str) -> tuple[int, int]:
        table = _apart(text, delimiter, header_only=True)
        return sum(map(is_known, table.header)), len(table.header)

    return _apart(text, max(DELIMITERS, key=known))


def _apart(text: str, delimiter: str, *, header_only: bool = False) -> Table:
    # copied cells keep quotation marks of their own as they are
    are_quoted = header_only or delimiter != "\t" or _is_quoted_well(text)
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=delimiter,
        strict=not header_only,
        quoting=csv.QUOTE_MINIMAL if are_quoted else csv.QUOTE_NONE,
    )
    header: tuple[str, ...] = ()
    header_row, rows = 0, []
    number = 0
    try:
        for number, cells in enumerate(reader, 1):
            tidy = tuple(" ".join(cell.split()) for cell in cells)
            if not any(tidy):
                continue
            if not header:
                header, header_row = tidy, number
                if header_only:
                    break
            else:
                rows.append((number, tidy))
    except csv.Error as error:
        raise SheetError(
            f"Row {number + 1} of the sheet cannot be read ({error})",
            "Put cells that hold quotation marks in quotation marks, and double those within.",
        ) from error
    if not header:
        raise SheetError("The sheet is empty", "Its first row names the columns.")
    return Table(header, header_row, tuple(rows), delimiter)


def _is_quoted_well(text: str) -> bool:
    try:
        for _ in csv.reader(io.StringIO(text, newline=""), delimiter="\t", strict=True):
            pass
    except csv.Error:
        return False
    return True
