"""``sa-studio library rendered``: what was made to be dragged out, and how much room it takes."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sa_studio.amounts import bytes_text
from sa_studio.cli.arguments import UsageError, number
from sa_studio.cli.asking import agrees, is_interactive
from sa_studio.cli.exit_status import DONE
from sa_studio.cli.studio import open_studio
from sa_studio.errors import LibraryError

if TYPE_CHECKING:
    from sa_studio.service import RenderedFile, Studio

DAY = 24 * 3600.0
READY, DRAGGED = "ready", "dragged"
GONE, ALL = "gone", "all"


def add_to(library: Any) -> None:
    """Add the command to those of the library."""
    command = library.add_parser(
        "rendered",
        help="files that were made to be dragged out, and their size",
        description="Files that were dragged or copied are deleted by nobody but you: a project "
        "in a DAW may play them from where they are.",
    )
    command.add_argument(
        "--clear",
        choices=[READY, GONE, ALL],
        help="delete those that were never dragged; those of takes that are gone, too; or all",
    )
    command.add_argument(
        "--older-than", type=number, default=0.0, metavar="DAYS", help="only those of before then"
    )
    command.add_argument("--yes", action="store_true", help="do not ask")
    command.add_argument("--json", action="store_true")
    command.set_defaults(command=run)


def run(arguments: argparse.Namespace) -> int:
    """Say how much there is; delete what is asked for."""
    oldest = time.time() - arguments.older_than * DAY
    with open_studio(arguments) as studio:
        files = [file for file in studio.rendered_files() if file.used_at <= oldest]
        kinds = {
            READY: [file for file in files if not file.was_taken],
            DRAGGED: [file for file in files if file.was_taken],
        }
        kinds[GONE] = [file for file in kinds[DRAGGED] if _is_gone(studio, file.clip_id)]
        if arguments.clear:
            chosen = {READY: [], GONE: kinds[GONE], ALL: kinds[DRAGGED]}[arguments.clear]
            _agree(arguments, chosen)
            studio.delete_rendered([*kinds[READY], *chosen])
            kinds = {"deleted": [*kinds[READY], *chosen]}
        place = str(studio.data.rendered)
    if arguments.json:
        print(json.dumps({"folder": place, **{name: _sum(kinds[name]) for name in kinds}}))
        return DONE
    words = {
        DRAGGED: "dragged or copied",
        GONE: "  of these, of takes that are gone",
        READY: "made ready, never dragged",
        "deleted": "deleted",
    }
    for name, text in words.items():
        if name in kinds:
            print(f"{text}: {_text(kinds[name])}")
    if not arguments.clear:
        print(f"folder: {place}")
    return DONE


def _is_gone(studio: Studio, clip_id: str) -> bool:
    try:
        studio.clip(clip_id)
    except LibraryError:
        return True
    return False


def _agree(arguments: argparse.Namespace, taken: Sequence[RenderedFile]) -> None:
    """Raises UsageError unless the user wants files gone that a DAW may play."""
    if not taken or arguments.yes:
        return
    warning = f"{_text(taken)} were dragged or copied: projects that play them will miss them"
    if not is_interactive():
        raise UsageError(warning, "Add --yes to delete them.")
    if not agrees(f"{warning}. Delete them?"):
        raise UsageError("Nothing was deleted", "Answer y to delete the files.")


def _sum(files: Sequence[RenderedFile]) -> dict[str, int]:
    return {"files": len(files), "bytes": sum(file.size for file in files)}


def _text(files: Sequence[RenderedFile]) -> str:
    count = "1 file" if len(files) == 1 else f"{len(files)} files"
    return f"{count}, {bytes_text(sum(file.size for file in files))}"
