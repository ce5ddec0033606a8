"""``models verify`` and ``remove``: whether models are as they were, and letting them go."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sa_studio.amounts import bytes_text
from sa_studio.cli.arguments import UsageError
from sa_studio.cli.asking import agrees, is_interactive
from sa_studio.cli.exit_status import DONE
from sa_studio.cli.studio import open_studio
from sa_studio.cli.transfer_bar import TransferBar
from sa_studio.errors import ModelError
from sa_studio.model_offers import OfferState

if TYPE_CHECKING:
    from sa_studio.service import Studio


def add_to(models: Any) -> None:
    """Add the commands to the grammar."""
    verify = models.add_parser("verify", help="hash the files again and compare")
    verify.add_argument("models", nargs="*", metavar="ID", help="all that are installed, if none")
    verify.add_argument("--json", action="store_true", help="one JSON object a line per file")
    verify.set_defaults(command=run_verify)
    remove = models.add_parser("remove", help="delete a model, or what a download left of it")
    remove.add_argument("model", metavar="ID")
    remove.add_argument("--yes", action="store_true", help="do not ask")
    remove.set_defaults(command=run_remove)


def run_verify(arguments: argparse.Namespace) -> int:
    """Check every file of the models.

    Raises:
        ModelError: a file is not what was installed; it is the first such that is named.
    """
    problem: ModelError | None = None
    with open_studio(arguments) as studio:
        for model in arguments.models or _everything(studio):
            with TransferBar() as bar:
                checks = studio.shelf.verify(model, bar.report, bar.cancel)
            bad = [check for check in checks if check.problem]
            if arguments.json:
                for check in checks:
                    print(json.dumps({"id": model, **asdict(check)}))
            elif not bad:
                total = bytes_text(sum(check.bytes for check in checks))
                print(f"{model}  {len(checks)} files, {total}: as installed")
            for check in bad:
                if not arguments.json:
                    print(f"{model}  {check.file} {check.problem}")
                problem = problem or ModelError(
                    f"{check.file} of {model} {check.problem}", _how_to_renew(studio, model)
                )
    if problem is not None:
        raise problem
    return DONE


def _everything(studio: Studio) -> list[str]:
    """Models and the shared pieces that are here."""
    pieces = [
        offer.id
        for offer in studio.shelf.offers()
        if offer.is_shared_piece and offer.state is OfferState.INSTALLED
    ]
    return [*(item.id for item in studio.shelf.installed()), *pieces]


def _how_to_renew(studio: Studio, model: str) -> str:
    if studio.shelf.describe(model).is_bundled:
        return "Install SA Studio again."
    return f"Remove it (sa-studio models remove {model}), and download or import it again."


def run_remove(arguments: argparse.Namespace) -> int:
    """Delete a model, or what an unfinished download left.

    Raises:
        UsageError: nobody can be asked whether it is meant.
        ModelError: there is no such model, or it must stay.
    """
    with open_studio(arguments) as studio:
        partial = {
            offer.id: offer.present_bytes
            for offer in studio.shelf.offers()
            if offer.state is OfferState.PARTIAL
        }
        if arguments.model in partial:
            what = f"the {bytes_text(partial[arguments.model])} of {arguments.model} that are here"
            action = studio.shelf.discard_partial
        else:
            item = studio.shelf.describe(arguments.model)
            what = f"{item.id} ({bytes_text(item.total_bytes)})"
            if item.is_linked:
                what = f"the entry {item.id}; the files in {str(item.folder)!r} stay"
            action = studio.shelf.remove
        if not arguments.yes:
            if not is_interactive():
                raise UsageError(f"This would delete {what}", "Give --yes if that is meant.")
            if not agrees(f"Delete {what}?"):
                return DONE
        action(arguments.model)
    return DONE
