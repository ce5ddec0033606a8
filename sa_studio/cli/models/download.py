"""``models download``: get a model from the hub, once its licence is accepted."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sa_studio.amounts import bytes_text
from sa_studio.cli.arguments import UsageError
from sa_studio.cli.asking import STDIN, agrees, is_interactive, read_token
from sa_studio.cli.exit_status import DONE
from sa_studio.cli.studio import open_studio
from sa_studio.cli.transfer_bar import TransferBar
from sa_studio.errors import HubError, LicenceNotAccepted, NotLoggedIn, TransferCancelled
from sa_studio.model_offers import Offer, OfferState

if TYPE_CHECKING:
    from sa_studio.service import Studio

TOKENS_PAGE = "https://huggingface.co/settings/tokens"


def add_to(models: Any) -> None:
    """Add the command to the grammar."""
    download = models.add_parser("download", help="get a model from the hub")
    download.add_argument("model", metavar="ID", help="one of: sa-studio models catalog")
    download.add_argument(
        "--accept-licence",
        action="store_true",
        help="you have read its licence and accept it; else you are asked",
    )
    download.add_argument(
        "--token",
        metavar="TOKEN|-",
        help="an access token for the hub, used this once; - reads it from stdin, where no other "
        "user of this computer can see it",
    )
    download.add_argument("--json", action="store_true", help="one JSON object: id and folder")
    download.set_defaults(command=run)


def run(arguments: argparse.Namespace) -> int:
    """Download the model; prints its folder."""
    with open_studio(arguments) as studio:
        offer = studio.shelf.offer(arguments.model)
        wanted = [offer, *map(studio.shelf.offer, offer.needs)]
        missing = [item for item in wanted if item.state is not OfferState.INSTALLED]
        if missing and not arguments.accept_licence:
            _ask_for_acceptance(missing)
        token = read_token() if arguments.token == STDIN else arguments.token
        folder = _download(studio, offer, token)
    print(json.dumps({"id": offer.id, "folder": str(folder)}) if arguments.json else folder)
    return DONE


def _ask_for_acceptance(offers: list[Offer]) -> None:
    """Show the licences of what will be fetched and have them accepted.

    Raises:
        UsageError: nobody can be asked.
        LicenceNotAccepted: the answer was no.
    """
    names = " and ".join(dict.fromkeys(offer.licence.name for offer in offers))
    pages = " ".join(dict.fromkeys(offer.licence.page for offer in offers))
    if not is_interactive():
        raise UsageError(
            f"The {names} must be accepted first",
            f"Read it at {pages} and give --accept-licence.",
        )
    for offer in offers:
        licence = offer.licence
        print(
            f"{offer.title}: {bytes_text(offer.download_bytes)} from {offer.page}\n"
            f"{licence.name}: {licence.summary}\n"
            f"The whole text: {licence.page}",
            file=sys.stderr,
        )
        if licence.must_accept_on_hub:
            print(f"It must be accepted with your account, too: {offer.page}", file=sys.stderr)
    if not agrees(f"Do you accept the {names}?"):
        raise LicenceNotAccepted(
            f"The {names} is not accepted; nothing was downloaded", f"Read it at {pages}"
        )


def _download(studio: Studio, offer: Offer, token: str | None) -> Path:
    """Download; whoever can be asked for a token the hub wants is asked once.

    Raises:
        HubError: as the shelf says.
        TransferCancelled: Ctrl+C was pressed.
    """
    try:
        return _transfer(studio, offer, token)
    except NotLoggedIn as error:
        if not is_interactive() or token is not None:
            raise NotLoggedIn(
                error.message, f"{error.hint} The command: sa-studio models login", error.page
            ) from error
        print(f"sa-studio: {error.one_line()}", file=sys.stderr)
        return _transfer(studio, offer, _keep(studio, read_token(TOKENS_PAGE)))


def _transfer(studio: Studio, offer: Offer, token: str | None) -> Path:
    with TransferBar() as bar:
        try:
            return studio.shelf.download(
                offer.id, licence_accepted=True, token=token, report=bar.report, cancel=bar.cancel
            )
        except TransferCancelled as error:
            raise TransferCancelled(
                "The download was interrupted", "The same command goes on where it stopped."
            ) from error


def _keep(studio: Studio, token: str) -> str:
    """Keep a token that was typed, so that it is typed once; without a keyring it is used now.

    Raises:
        NotLoggedIn: the hub does not know it.
    """
    try:
        studio.shelf.login(token)
    except NotLoggedIn:
        raise
    except HubError as error:
        print(f"sa-studio: {error.one_line()}", file=sys.stderr)
    return token
