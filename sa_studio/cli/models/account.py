"""``models login`` and ``logout``: the account on the hub."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from sa_studio.cli.arguments import UsageError
from sa_studio.cli.asking import STDIN, is_interactive, read_token
from sa_studio.cli.exit_status import DONE
from sa_studio.cli.models.download import TOKENS_PAGE
from sa_studio.cli.studio import open_studio


def add_to(models: Any) -> None:
    """Add the commands to the grammar."""
    login = models.add_parser("login", help="keep an access token for the hub in the OS keyring")
    login.add_argument("--token", metavar="-", help="read the token from stdin")
    login.set_defaults(command=run_login)
    logout = models.add_parser("logout", help="forget that token")
    logout.set_defaults(command=run_logout)


def run_login(arguments: argparse.Namespace) -> int:
    """Ask the hub whose token it is, keep it, and say whose it is.

    Raises:
        UsageError: nobody can type it, or it was written where others can see it.
        HubError: see the shelf.
    """
    if arguments.token not in (None, STDIN):
        raise UsageError(
            "A token on the command line can be seen by other users and stays in the shell's list",
            "Leave it out and type it, or pipe it in with --token -.",
        )
    if arguments.token is None and not is_interactive():
        raise UsageError("Nobody is there to type the token", "Pipe it in with --token -.")
    with open_studio(arguments) as studio:
        account = studio.shelf.login(read_token(TOKENS_PAGE))
    print(f"logged in as {account.name}")
    return DONE


def run_logout(arguments: argparse.Namespace) -> int:
    """Forget the token; says so if another one is still used."""
    with open_studio(arguments) as studio:
        studio.shelf.logout()
        left = studio.shelf.account().token_source
    if left:
        print(f"sa-studio: the token of the {left} is still used", file=sys.stderr)
    return DONE
