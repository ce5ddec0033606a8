"""``sa-studio library ledger``, and the recipe in a file: what made what, and how."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from sa_studio.cli.arguments import UsageError
from sa_studio.cli.exit_status import DONE
from sa_studio.cli.output import show
from sa_studio.cli.studio import open_studio


def add_to(library: Any) -> None:
    """Add the command to those of the library."""
    command = library.add_parser("ledger", help="model, licence, prompt and seed of each take")
    command.add_argument("--collection", default="", metavar="C", help="only takes in it")
    command.add_argument("--format", choices=["csv", "json"], default="csv")
    command.add_argument(
        "--out", type=Path, metavar="FILE", help="write it there; replaces what is there"
    )
    command.set_defaults(command=run_ledger)


def run_ledger(arguments: argparse.Namespace) -> int:
    """Print the ledger, or write it to a file."""
    from sa_studio.atomic_file import write_atomically
    from sa_studio.service import ledger_as_csv, ledger_as_json

    with open_studio(arguments) as studio:
        rows = studio.ledger(arguments.collection)
    text = ledger_as_csv(rows) if arguments.format == "csv" else ledger_as_json(rows)
    if arguments.out is None:
        sys.stdout.write(text)
        return DONE
    try:
        write_atomically(arguments.out, text.encode())
    except OSError as error:
        raise UsageError(
            f"The ledger cannot be written to {str(arguments.out)!r} ({error.strerror or error})",
            "Choose another file with --out.",
        ) from error
    print(arguments.out)
    return DONE


def show_file(arguments: argparse.Namespace, path: Path) -> int:
    """Show how a delivered file was made, and what is missing to make it again."""
    with open_studio(arguments) as studio:
        dropped = studio.read_recipe(path)
    facts = {"path": str(path.absolute()), **(dropped.recipe or {}), "missing": dropped.problems}
    if arguments.json:
        print(json.dumps(facts))
    else:
        show(facts, as_json=False)
    return DONE
