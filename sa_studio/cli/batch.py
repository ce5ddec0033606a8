"""``sa-studio batch``: make and deliver what a cue sheet asks for."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sa_studio.cli.batch_printer import BatchPrinter
from sa_studio.cli.exit_status import DONE
from sa_studio.cli.studio import open_studio
from sa_studio.errors import SheetError, StudioError
from sa_studio.events import JobEvent

if TYPE_CHECKING:
    from sa_studio.service import Batch, Sheet, Studio

PASTED = "pasted"


def add_to(commands: Any) -> None:
    """Add the command to the grammar."""
    batch = commands.add_parser(
        "batch",
        help="make and deliver the sounds of a cue sheet; goes on where it was stopped",
        allow_abbrev=False,
    )
    batch.add_argument(
        "sheet", metavar="SHEET", help="a CSV file with a column prompt; - reads a pasted table"
    )
    batch.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="made if need be; never overwrites"
    )
    batch.add_argument("--profile", metavar="NAME", help="of rows that name none")
    batch.add_argument("--model", default="starter", metavar="ID|PATH", help="the same")
    batch.add_argument("--device", default=None, metavar="D")
    batch.add_argument("--dtype", default=None, metavar="T")
    batch.add_argument("--json", action="store_true", help="one JSON object a line per row")
    batch.add_argument("--dry-run", action="store_true", help="check the sheet and say what is new")
    batch.set_defaults(command=run)


def run(arguments: argparse.Namespace) -> int:
    """Check the whole sheet, then make what is not there yet."""
    printer = BatchPrinter(arguments.out, as_json=arguments.json)
    try:
        sheet = _sheet(arguments.sheet)
        with open_studio(arguments) as studio:
            batch = studio.batch(
                sheet,
                arguments.out,
                profile=arguments.profile,
                model=arguments.model,
                device=arguments.device,
                dtype=arguments.dtype,
                show=printer.show,
            )
            if arguments.dry_run:
                printer.plan([row.report() for row in batch.rows])
                return DONE
            with printer:
                _make(studio, batch, printer)
    except SheetError as error:
        for problem in error.problems:
            print(f"sa-studio: {problem}", file=sys.stderr)
        raise
    page, _ = batch.write_report()
    printer.conclude(f"{batch.summary()}; see {str(page)!r}")
    if batch.failed:
        raise StudioError(
            f"{batch.failed} of {len(batch.rows)} rows failed",
            f"See {str(page)!r}, and start the batch again.",
        )
    return DONE


def _sheet(named: str) -> Sheet:
    from sa_studio.service import decode, parse_sheet, read_sheet

    if named == "-":
        return parse_sheet(decode(sys.stdin.buffer.read()), PASTED)
    return read_sheet(Path(named))


def _make(studio: Studio, batch: Batch, printer: BatchPrinter) -> None:
    def follow(event: JobEvent) -> None:
        printer.follow(event, batch.row_of(event.job_id))
        batch.handle(event)

    try:
        batch.begin()
        studio.run_until_empty(follow)
    except KeyboardInterrupt:
        batch.write_report()
        raise
    finally:
        batch.stop()
