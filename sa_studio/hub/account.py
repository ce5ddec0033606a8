"""The access token for the hub: from the OS keyring, the environment, or the hub's own cache."""

from __future__ import annotations

import logging
import os
from pathlib import Path

from sa_studio.errors import HubError
from sa_studio.hub.client import HubClient
from sa_studio.hub.refusals import RetryLater
from sa_studio.model_offers import HubAccount

log = logging.getLogger(__name__)

KEYRING_SERVICE = "SA Studio"
KEYRING_USER = "hub token"
TOKEN_VARIABLES = ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN")


def find_token() -> tuple[str | None, str]:
    """The token to use, and where it came from as :class:`HubAccount` says; no network."""
    from huggingface_hub import constants

    stored = _from_keyring()
    if stored:
        return stored, "keyring"
    for variable in TOKEN_VARIABLES:
        if token := os.environ.get(variable, "").strip():
            return token, "environment"
    # read here: the hub's own function may go and renew a token that is about to expire
    try:
        token = Path(constants.HF_TOKEN_PATH).read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        return None, ""
    return (token, "hub cache") if token else (None, "")


def account() -> HubAccount:
    """Where a token would come from; the hub is not asked whose it is."""
    return HubAccount(find_token()[1])


def ask_hub(repository: str) -> HubAccount:
    """Ask the hub whose token would be used; without one, whether it answers at all.

    Args:
        repository: one that everybody may read.

    Raises:
        NotLoggedIn: the hub does not know the token.
        HubError: the hub cannot be reached, or has a problem.
    """
    token, source = find_token()
    if token is not None:
        return HubAccount(source, HubClient(token).account_name())
    try:
        HubClient().listing(repository)
    except RetryLater as later:
        raise later.error from later
    return HubAccount("")


def login(token: str) -> HubAccount:
    """Ask the hub whose token this is, and keep it in the OS keyring.

    Raises:
        NotLoggedIn: the hub does not know it.
        HubError: the hub cannot be reached, or there is no keyring to keep it in.
    """
    token = token.strip()
    name = HubClient(token).account_name()
    import keyring

    try:
        keyring.set_password(KEYRING_SERVICE, KEYRING_USER, token)
    except Exception as error:  # keyrings are other programs, and raise what they like
        log.info("the keyring does not take the token: %r", error)
        raise HubError(
            f"The token is good (it is {name}'s), but this computer has no keyring to keep it in",
            "Give the token with each download, or set the environment variable HF_TOKEN.",
        ) from error
    return HubAccount("keyring", name)


def logout() -> None:
    """Forget the token in the OS keyring.

    Raises:
        HubError: the keyring does not let go of it.
    """
    import keyring

    if not _from_keyring():
        return
    try:
        keyring.delete_password(KEYRING_SERVICE, KEYRING_USER)
    except Exception as error:
        raise HubError(
            f"The keyring does not let go of the token ({error})",
            f"Delete the entry {KEYRING_SERVICE!r} in the keyring's own program.",
        ) from error


def _from_keyring() -> str | None:
    import keyring

    try:
        return keyring.get_password(KEYRING_SERVICE, KEYRING_USER)
    except Exception as error:  # noqa: BLE001 (as above)
        # none there, or it is locked: the other places may have a token
        log.info("the keyring gives no token: %r", error)
        return None
