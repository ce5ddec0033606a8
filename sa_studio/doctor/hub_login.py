"""Whether the hub will give what it gives only to some."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict

from sa_studio.doctor.finding import Finding, State
from sa_studio.service import Studio

NAME = "Hub login"


def examine_hub_login(studio: Studio, *, online: bool) -> Iterator[Finding]:
    """Where a token for the hub comes from; ``online`` asks the hub whose it is.

    Raises:
        HubError: the hub cannot be reached, or does not know the token.
    """
    account = studio.shelf.ask_hub() if online else studio.shelf.account()
    reached = "; the hub answers" if online else ""
    if account.token_source:
        owner = f", of {account.name}," if account.name else ""
        text = f"the token of the {account.token_source}{owner} is used{reached}"
        yield Finding(NAME, State.OK, text, details=asdict(account))
    else:
        hint = "Only models whose licence is accepted on the hub need it: sa-studio models login"
        yield Finding(NAME, State.NOTE, f"not logged in{reached}", hint, asdict(account))
