"""``sa-studio models``: what is installed, what can be had, and getting it."""

from __future__ import annotations

from typing import Any

from sa_studio.cli.models import account, download, importing, listing, upkeep


def add_to(commands: Any) -> None:
    """Add the commands to the grammar."""
    models = commands.add_parser(
        "models", help="what is installed, what can be downloaded or imported"
    ).add_subparsers(required=True, title="commands", metavar="COMMAND")
    for part in (listing, download, importing, upkeep, account):
        part.add_to(models)
