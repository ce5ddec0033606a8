"""What became of a batch: a page to look at and listen to, and a table for spreadsheets."""

from __future__ import annotations

import csv
import html
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from sa_studio.atomic_file import write_atomically
from sa_studio.audio.naming import safe
from sa_studio.delivery.batch_state import DeliveredFile
from sa_studio.errors import SheetError

COLUMNS = (
    *("row", "name", "state", "files", "prompt", "category", "count", "profile", "format"),
    *("seconds", "lufs", "true_peak_db", "seeds", "model", "problem", "remark"),
)
# what browsers play; an AIFF is a link only
PLAYED = frozenset({".wav", ".flac", ".ogg", ".mp3"})
STYLE = """
:root { color-scheme: light dark; font: 15px/1.45 system-ui, sans-serif; }
body { margin: 2rem auto; max-width: 90rem; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; }
th, td { padding: .45rem .7rem; text-align: left; vertical-align: top;
  border-bottom: 1px solid color-mix(in srgb, currentColor 18%, transparent); }
th { position: sticky; top: 0; background: Canvas; }
td.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.file { display: flex; flex-wrap: wrap; gap: .2rem .8rem; align-items: center; }
audio { height: 2rem; width: 16rem; }
.failed { color: #c62828; font-weight: 600; } .not-made { color: #b26a00; font-weight: 600; }
@media (prefers-color-scheme: dark) { .failed { color: #ff8a80; } .not-made { color: #ffcc80; } }
small { opacity: .75; }
"""


class RowState(StrEnum):
    """What became of a row."""

    MADE = "made"
    UNCHANGED = "unchanged"
    FAILED = "failed"
    NOT_MADE = "not made"

    @property
    def is_done(self) -> bool:
        """Whether all of its files are there."""
        return self in (RowState.MADE, RowState.UNCHANGED)

    @property
    def is_new(self) -> bool:
        """Whether this call has made its files."""
        return self is RowState.MADE


@dataclass(frozen=True, slots=True)
class RowReport:
    """A row as the report tells of it.

    Attributes:
        files: below the folder of the delivery, in the order of the variations.
        category: a CatID; empty if it has none.
        format: such as "48 kHz, 24-bit WAV".
        problem: why it failed, and what to do.
        remark: what else there is to know.
    """

    row: int
    name: str
    state: RowState
    files: tuple[DeliveredFile, ...]
    prompt: str
    category: str
    count: int
    profile: str
    format: str
    model: str
    problem: str = ""
    remark: str = ""

    def as_cells(self) -> tuple[str, ...]:
        """In the order of :data:`COLUMNS`; what the files differ in is joined by semicolons."""
        files = self.files
        return (
            *(str(self.row), self.name, self.state, "; ".join(file.path for file in files)),
            *(self.prompt, self.category, str(self.count), self.profile, self.format),
            "; ".join(f"{file.seconds:.3f}" for file in files),
            "; ".join(_level(file.lufs) for file in files),
            "; ".join(_level(file.true_peak_db) for file in files),
            "; ".join(str(file.seed) for file in files),
            *(self.model, self.problem, self.remark),
        )


def _level(value: float | None) -> str:
    return "silence" if value is None else f"{value:.1f}"


def counted(rows: Iterable[RowReport]) -> str:
    """Such as "200 rows: 180 made, 18 unchanged, 2 failed"."""
    states = [row.state for row in rows]
    parts = [f"{states.count(state)} {state}" for state in RowState if state in states]
    return f"{len(states)} {'row' if len(states) == 1 else 'rows'}: {', '.join(parts) or 'none'}"


def write_report(
    folder: Path, sheet: str, rows: Sequence[RowReport], delimiter: str = ","
) -> tuple[Path, Path]:
    """Write the page and the table into ``folder``, in place of those of earlier calls.

    Args:
        delimiter: between the cells of the table: that of the sheet, for spreadsheets open what
            they wrote.

    Returns:
        The page and the table.

    Raises:
        SheetError: they cannot be written.
    """
    stem = f"{safe(sheet)} report"
    page, table = folder / f"{stem}.html", folder / f"{stem}.csv"
    # with the mark by which Excel knows UTF-8
    contents = {
        page: _page(sheet, rows).encode(),
        table: _table(rows, delimiter).encode("utf-8-sig"),
    }
    for path, content in contents.items():
        try:
            folder.mkdir(parents=True, exist_ok=True)
            write_atomically(path, content)
        except OSError as error:
            raise SheetError(
                f"The report {str(path)!r} cannot be written ({error.strerror or error})",
                "The sounds are there; close the report where it is open, and start again.",
            ) from error
    return page, table


def _table(rows: Iterable[RowReport], delimiter: str) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow(COLUMNS)
    writer.writerows(row.as_cells() for row in rows)
    return text.getvalue()


def _page(sheet: str, rows: Sequence[RowReport]) -> str:
    title = html.escape(sheet)
    heads = "".join(f"<th>{head}</th>" for head in ("Row", "Sound", "State", "Files", "Delivery"))
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{STYLE}</style></head>\n<body><h1>{title}</h1>\n<p>{counted(rows)}</p>\n"
        f"<table><thead><tr>{heads}</tr></thead>\n<tbody>\n{''.join(map(_row, rows))}"
        "</tbody></table>\n</body></html>\n"
    )


def _row(row: RowReport) -> str:
    text = html.escape
    said = " ".join(filter(None, (row.problem, row.remark)))
    delivery = ", ".join(filter(None, (row.category, row.profile, row.format)))
    return (
        f'<tr><td class="number">{row.row}</td>'
        f"<td>{text(row.name)}<br><small>{text(row.prompt)}</small></td>"
        f'<td><span class="{row.state.replace(" ", "-")}">{row.state}</span>'
        f"{f'<br><small>{text(said)}</small>' if said else ''}</td>"
        f"<td>{''.join(map(_file, row.files))}</td>"
        f"<td>{text(delivery)}<br><small>{text(row.model)}</small></td></tr>\n"
    )


def _file(file: DeliveredFile) -> str:
    link = html.escape(quote(file.path), quote=True)
    name = html.escape(file.path)
    player = ""
    if PurePosixPath(file.path).suffix.lower() in PLAYED:
        player = f'<audio controls preload="none" src="{link}" aria-label="{name}"></audio>'
    facts = f"{file.seconds:.2f} s, {_level(file.lufs)}"
    facts += "" if file.lufs is None else " LUFS"
    return (
        f'<div class="file">{player}<span><a href="{link}">{name}</a> '
        f"<small>{facts}, seed {file.seed}</small></span></div>"
    )
